import type { SqlValue } from './database.ts'
import type { Problem } from './problem.ts'
import type { JsonObject } from './schema.ts'

/** Stores whose records others may point to. */
export const entityNames = [
  'customers',
  'departments',
  'products',
  'productGroups',
  'accounts',
  'vatCodes',
  'paymentTerms',
  'deliveryTerms',
  'deliveryAddresses',
] as const

export type EntityName = (typeof entityNames)[number]

/** As much of the sandbox's state as looking up needs. */
type Stores = Readonly<Record<EntityName, Findable>>

export interface Findable {
  get(id: number): Readonly<Record<string, unknown>> | null
  find(condition: {
    readonly sql: string
    readonly values: readonly SqlValue[]
  }): Readonly<Record<string, unknown>> | null
}

/**
 * How one record points to another: by Id everywhere, by a Code or No on POST only, and answers show both.
 * Declared once with the table, it serves look-ups on write, the 409 of a delete, and keeps the shown twins true.
 */
export interface Reference {
  /** `DepartmentId` */
  readonly id: string
  /** Column of the pointing table that holds the Id. */
  readonly column: string
  readonly to: EntityName
  /** As the texts call the other record: `Department with id = 7 not found.` */
  readonly noun: string
  readonly key?: ReferenceKey
  /** Further properties shown here and taken from the other record: own name to the other's. */
  readonly shown?: Readonly<Record<string, string>>
}

export interface ReferenceKey {
  /** `DepartmentCode` here is `Code` there, column `code`; `word` names it in refusals. */
  readonly property: string
  readonly of: string
  readonly column: string
  readonly word: string
  /** A value that names nobody is kept as it came. */
  readonly isFreeText?: true
  /** Where two records may share the key: this property decides, when sent. */
  readonly narrowedBy?: { readonly property: string; readonly column: string }
}

type Unknown = (detail: string) => Problem

/** Ids and keys as they belong together, for a POST: an Id wins over its key, silently (README.md). */
export function settleReferences(
  stores: Stores,
  references: readonly Reference[],
  sent: JsonObject,
  unknown: Unknown,
): JsonObject {
  const all: JsonObject = {}
  for (const reference of references) Object.assign(all, settled(stores, reference, sent, unknown))
  return all
}

/** The same for a PATCH: only what it wrote, and clearing the Id clears what it brought along. */
export function settleWritten(
  stores: Stores,
  references: readonly Reference[],
  changes: JsonObject,
  unknown: Unknown,
): JsonObject {
  const written = references.filter((reference) => reference.id in changes)
  return Object.assign(
    {},
    ...written.map((reference) =>
      isGiven(changes[reference.id]) ? settled(stores, reference, changes, unknown) : shownOf(reference, null),
    ),
  ) as JsonObject
}

export function isGiven(value: unknown): boolean {
  return value !== undefined && value !== null
}

/** What the pointing record shows of the other one, null for each where there is none. */
export function shownOf(reference: Reference, target: JsonObject | null): JsonObject {
  const shown: JsonObject = { [reference.id]: target?.Id ?? null }
  if (reference.key) shown[reference.key.property] = target?.[reference.key.of] ?? null
  for (const [own, other] of Object.entries(reference.shown ?? {})) shown[own] = target?.[other] ?? null
  return shown
}

function settled(stores: Stores, reference: Reference, sent: JsonObject, unknown: Unknown): JsonObject {
  const id = sent[reference.id]
  if (isGiven(id)) {
    const target = stores[reference.to].get(Number(id))
    if (!target) throw unknown(`${reference.noun} with id = ${String(id)} not found.`)
    return shownOf(reference, { ...target })
  }
  const { key } = reference
  if (!key || !isGiven(sent[key.property])) return {}
  const value = sent[key.property]
  const target = findByKey(stores, reference, key, sent)
  if (target) return shownOf(reference, target)
  if (key.isFreeText) return { ...shownOf(reference, null), [key.property]: value }
  const named = typeof value === 'string' ? `'${value}'` : String(value)
  throw unknown(`${reference.noun} with ${key.word} = ${named} not found.`)
}

function findByKey(stores: Stores, reference: Reference, key: ReferenceKey, sent: JsonObject): JsonObject | null {
  const narrowing = key.narrowedBy && isGiven(sent[key.narrowedBy.property]) ? key.narrowedBy : null
  const target = stores[reference.to].find({
    sql: narrowing ? `${key.column} = ? AND ${narrowing.column} = ?` : `${key.column} = ?`,
    values: [sent[key.property] as SqlValue, ...(narrowing ? [sent[narrowing.property] as SqlValue] : [])],
  })
  return target ? { ...target } : null
}
