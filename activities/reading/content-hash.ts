import { hash } from 'node:crypto'
import type { FlowDefinition } from '../../flows/flow-definition.ts'
import type { CanonicalValue } from '../../flows/reading.ts'

const hashBytes = 8

export interface HashedContent {
  readonly canonical: Readonly<Record<string, CanonicalValue>>
  readonly outOfScope: string | null
  readonly dormant: boolean
}

/**
 * *seen* (E2): 64 bits, eleven characters, over everything that a decision could depend on. The same for both sides when
 * they show the same content (a row stores it once then), and unmoved by a field's new name or place in the definition.
 */
export function contentHash(definition: FlowDefinition, content: HashedContent): string {
  return hash64(JSON.stringify([valuesByNumber(definition, content.canonical), content.outOfScope, content.dormant]))
}

export interface HashedList {
  /** In the order of the list. */
  readonly items: readonly { readonly id: string; readonly canonical: HashedContent['canonical'] }[]
  readonly outOfScope: string | null
  readonly isLocked: boolean
  readonly isFinal: boolean
}

/** *seen* of a record in a flow of lists (E22): its items with their ids, values and order, and what may be edited. */
export function listHash(definition: FlowDefinition, list: HashedList): string {
  const items = list.items.map(({ id, canonical }) => [id, valuesByNumber(definition, canonical)])
  return hash64(`list.${JSON.stringify([items, list.outOfScope, list.isLocked, list.isFinal])}`)
}

/** *seen* of a list that this read did not ask for: by what its record tells of it (ParsedRecord.seenText). */
export function toldListHash(seenText: string, outOfScope: string | null): string {
  return hash64(`told.${JSON.stringify([seenText, outOfScope])}`)
}

function valuesByNumber(definition: FlowDefinition, canonical: HashedContent['canonical']) {
  const values: [number: number, version: number, value: CanonicalValue][] = []
  for (const { name, number, canonicalVersion } of fieldsByNumber(definition)) {
    const value = canonical[name]
    if (value !== undefined) values.push([number, canonicalVersion, value])
  }
  return values
}

/** Definitions never change; sorting the fields for every record would. */
const sortedFields = new WeakMap<FlowDefinition['fields'], FlowDefinition['fields']>()

function fieldsByNumber({ fields }: FlowDefinition): FlowDefinition['fields'] {
  const known = sortedFields.get(fields)
  if (known) return known
  const sorted = [...fields].sort((a, b) => a.number - b.number)
  sortedFields.set(fields, sorted)
  return sorted
}

/** *seen* of a record that does not parse, from its raw JSON: its row is dropped by it like any other (docs/engine.md). */
export function rawContentHash(rawText: string): string {
  return hash64(`raw.${rawText}`)
}

function hash64(text: string): string {
  return hash('sha256', text, 'buffer').subarray(0, hashBytes).toString('base64url')
}
