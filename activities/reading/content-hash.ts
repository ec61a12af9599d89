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
  const fields = definition.fields
    .filter((field) => content.canonical[field.name] !== undefined)
    .sort((a, b) => a.number - b.number)
    .map((field) => [field.number, field.canonicalVersion, content.canonical[field.name]])
  return hash64(JSON.stringify([fields, content.outOfScope, content.dormant]))
}

/** *seen* of a record that does not parse, from its raw JSON: its row is dropped by it like any other (docs/engine.md). */
export function rawContentHash(rawText: string): string {
  return hash64(`raw.${rawText}`)
}

function hash64(text: string): string {
  return hash('sha256', text, 'buffer').subarray(0, hashBytes).toString('base64url')
}
