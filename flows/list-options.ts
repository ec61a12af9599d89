import { type CompanyOptions, defaultOptions } from './flow-options.ts'
import { type OptionShape, optionShapes } from './option-shapes.ts'

/** One option as people are told of it. */
export interface ListedOption {
  /** `salesOrders.push`; a table's entries are one option: `products.vatAccounts.<rate>`. */
  readonly path: string
  readonly values: string
  readonly meaning: string
  readonly byDefault: unknown
  readonly effective: unknown
}

/** Every option in the order of the options file, with its default and what holds now. */
export function listOptions(options: CompanyOptions): ListedOption[] {
  return optionsOf(optionShapes, { path: '', byDefault: defaultOptions, effective: options })
}

interface Place {
  readonly path: string
  readonly byDefault: unknown
  readonly effective: unknown
}

function optionsOf(shape: OptionShape, place: Place): ListedOption[] {
  if (shape.kind !== 'group') return [tableOrValue(shape, place)]
  return Object.entries(shape.members).flatMap(([name, member]) =>
    optionsOf(member, {
      path: below(place.path, name),
      byDefault: memberOf(place.byDefault, name),
      effective: memberOf(place.effective, name),
    }),
  )
}

function tableOrValue(shape: Exclude<OptionShape, { readonly kind: 'group' }>, place: Place): ListedOption {
  let { path } = place
  let inner: OptionShape = shape
  while (inner.kind === 'table') {
    path = below(path, inner.key)
    inner = inner.of
  }
  if (inner.kind === 'group') throw new Error(`${path}: a table of groups has no place in the list of options.`)
  return { ...place, path, values: inner.values, meaning: inner.meaning }
}

function below(path: string, name: string): string {
  return path === '' ? name : `${path}.${name}`
}

function memberOf(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? (value as Readonly<Record<string, unknown>>)[name] : undefined
}

/** The table of docs/connect-your-systems.md, as Markdown. */
export function optionsTable(): string {
  const rows = listOptions(defaultOptions).map(({ path, byDefault, values, meaning }) => {
    const cells = [`\`${path}\``, defaultText(byDefault), cell(values), cell(meaning)]
    return `| ${cells.join(' | ')} |`
  })
  return ['| option | default | write | |', '| --- | --- | --- | --- |', ...rows].join('\n')
}

const tableBegins = '<!-- options: made by docs/generate-options.ts -->'
const tableEnds = '<!-- end of options -->'

/** The page with the table as it is now, between its marks. */
export function withOptionsTable(page: string): string {
  const [before, rest = ''] = page.split(tableBegins)
  const [, after] = rest.split(tableEnds)
  if (before === undefined || after === undefined) throw new Error('The page has no marks for the table of options.')
  return `${before}${tableBegins}\n\n${optionsTable()}\n\n${tableEnds}${after}`
}

function defaultText(value: unknown): string {
  if (typeof value !== 'object' || value === null) return `\`${JSON.stringify(value)}\``
  const entries = Object.entries(value)
  return entries.length === 0 ? 'none' : entries.map(([key, of]) => `\`${key}\`: \`${JSON.stringify(of)}\``).join(', ')
}

function cell(text: string): string {
  return text.replaceAll('|', '/').replaceAll('<', '&lt;')
}
