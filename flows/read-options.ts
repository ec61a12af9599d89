import { listed } from './environment-values.ts'
import { type CompanyOptions, defaultOptions } from './flow-options.ts'
import { type OptionShape, optionShapes } from './option-shapes.ts'

/** The options file as it was found. */
export interface OptionsFile {
  /** How sentences name it. */
  readonly path: string
  readonly text: string
}

/**
 * What a company chose, over the defaults. Pure. Strict: an unknown name or a wrong value throws an Error of one sentence
 * that names the file, the place, the value and what to write.
 * @param file null: there is none, and everything is as by default
 */
export function readOptions(file: OptionsFile | null): CompanyOptions {
  if (file === null) return defaultOptions
  const given = parse(file)
  // The shapes and the type are held together by test/settings.test.ts: every default passes, and no member is missing.
  return merged(optionShapes, { given, otherwise: defaultOptions, path: '' }, file) as CompanyOptions
}

function parse({ path, text }: OptionsFile): unknown {
  try {
    return JSON.parse(text)
  } catch (error) {
    const where = error instanceof Error ? error.message : String(error)
    throw new Error(`${path} is not JSON (${where}): write one object, such as {"firstAgreement": "erp"}.`)
  }
}

interface Place {
  readonly given: unknown
  readonly otherwise: unknown
  /** '' for the whole file. */
  readonly path: string
}

function merged(shape: OptionShape, place: Place, file: OptionsFile): unknown {
  const { given, otherwise, path } = place
  if (shape.kind === 'value') {
    if (shape.isValid(given)) return given
    throw wrongAt(file, place, shape.values)
  }
  if (!isObject(given)) throw wrongAt(file, place, 'an object in braces')
  const before = isObject(otherwise) ? otherwise : {}
  const entries = Object.entries(given).map(([name, value]) => {
    const inner = path === '' ? name : `${path}.${name}`
    const place = { given: value, otherwise: own(before, name), path: inner }
    return [name, merged(memberOf(shape, name, inner, file), place, file)] as const
  })
  return { ...before, ...Object.fromEntries(entries) }
}

function memberOf(
  shape: Exclude<OptionShape, { readonly kind: 'value' }>,
  name: string,
  path: string,
  file: OptionsFile,
): OptionShape {
  if (shape.kind === 'table') {
    if (shape.isKey(name)) return shape.of
    throw new Error(`${file.path}: ${path} is no option: in place of "${name}" write ${shape.keys}.`)
  }
  const member = own(shape.members, name)
  if (member !== undefined) return member
  const names = Object.keys(shape.members)
  throw new Error(`${file.path}: ${path} is no option: in place of "${name}" write ${listed(names, 'or')}.`)
}

function wrongAt(file: OptionsFile, { path, given }: Place, instead: string): Error {
  const where = path === '' ? `${file.path} is` : `${file.path}: ${path} is`
  return new Error(`${where} ${JSON.stringify(given)}: write ${instead}.`)
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** A name from a file may be one that every object has (`constructor`). */
function own<T>(object: Readonly<Record<string, T>>, name: string): T | undefined {
  return Object.hasOwn(object, name) ? object[name] : undefined
}
