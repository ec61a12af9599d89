import { type Field, type FormValues, type Lookup, numberIn, type Option, recordText } from '../../pages/field.ts'
import type { Condition, EntityStore } from '../entity-store.ts'
import { notFound } from '../problem.ts'
import type { SandboxState } from '../sandbox-state.ts'

const suggested = 30

/** Rows that contain every word, as their table has them in `search`. */
export function containing(words: readonly string[]): readonly Condition[] {
  return words.map((word) => ({ sql: 'instr(search, ?) > 0', values: [word.toLowerCase()] }))
}

/** The same of rows that belong to a customer: by words of the customer too. */
export function containingOrOf(customerColumn: string, words: readonly string[]): readonly Condition[] {
  const customers = 'SELECT id FROM customers WHERE instr(search, ?) > 0'
  return words.map((word) => ({
    sql: `instr(record.search, ?) > 0 OR ${customerColumn} IN (${customers})`,
    values: [word.toLowerCase(), word.toLowerCase()],
  }))
}

export function customerLookup(state: SandboxState): Lookup {
  return lookupIn(state.customers, {
    plural: 'customers',
    isCode: (typed) => (isWhole(typed) ? { sql: 'number = ?', values: [Number(typed)] } : null),
    labelOf: ({ Number: number, Name: name }) => `${number ?? ''} ${name ?? ''}`.trim(),
  })
}

export function departmentLookup(state: SandboxState): Lookup {
  return lookupIn(state.departments, { plural: 'departments', isCode: byCode, labelOf: codeAndName })
}

export function productLookup(state: SandboxState): Lookup {
  return lookupIn(state.products, { plural: 'products', isCode: byCode, labelOf: codeAndName })
}

export function productGroupLookup(state: SandboxState): Lookup {
  return lookupIn(state.productGroups, { plural: 'product groups', isCode: byCode, labelOf: codeAndName })
}

/** The record of an id in an address. @throws Problem 404 */
export function recordAt<Dto>(store: EntityStore<Dto>, noun: string, id: string): Dto {
  const record = isWhole(id) ? store.get(Number(id)) : null
  if (!record) throw notFound(`${noun} with id = ${id} not found.`)
  return record
}

/** What the inputs of these fields hold for a record as it is stored. */
export function shownValues(fields: readonly Field[], record: Readonly<Record<string, unknown>>): FormValues {
  return Object.fromEntries(
    fields.map((field) => {
      const value = field.name
        .split('.')
        .reduce<unknown>((outer, part) => (outer as Record<string, unknown> | null | undefined)?.[part], record)
      return [field.name, shownValue(field, value)]
    }),
  )
}

function shownValue(field: Field, value: unknown): string {
  if (typeof value === 'boolean') return value ? 'yes' : ''
  if (value === null || value === undefined) return ''
  const option = field.kind === 'record' ? field.lookup.find(String(value)) : undefined
  return option ? recordText(option) : String(value)
}

interface LookedUp<Dto> {
  readonly plural: string
  /** How the whole text may name one by its own code. */
  readonly isCode: (typed: string) => Condition | null
  readonly labelOf: (record: Dto) => string
}

function lookupIn<Dto extends { readonly Id: number }>(
  store: EntityStore<Dto>,
  { plural, isCode, labelOf }: LookedUp<Dto>,
): Lookup {
  const optionOf = (record: Dto): Option => ({ value: String(record.Id), label: labelOf(record) })
  const latest = { orderBy: 'changed DESC, id DESC', offset: 0 }
  return {
    plural,
    suggest: () => store.seen({ ...latest, where: [], limit: suggested }).map(optionOf),
    find: (typed) => {
      const number = numberIn(typed)
      const code = isCode(typed.trim())
      const found = (isWhole(number) ? store.get(Number(number)) : null) ?? (code === null ? null : store.find(code))
      return found ? optionOf(found) : undefined
    },
    search: (words, limit) => store.seen({ ...latest, where: containing(words), limit }).map(optionOf),
  }
}

function byCode(typed: string): Condition {
  return { sql: 'code = ?', values: [typed] }
}

function codeAndName({
  Code: code,
  Name: name,
}: {
  readonly Code: string | null
  readonly Name: string | null
}): string {
  return [code, name].filter(Boolean).join(' ')
}

function isWhole(text: string): boolean {
  return /^\d{1,15}$/.test(text)
}
