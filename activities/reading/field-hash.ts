import { hash as oneShotHash } from 'node:crypto'
import { EMPTY_HASH, HASH_CHARACTERS, joinHashes, NO_HASH } from '../../flows/field-hashes.ts'
import type { FieldDefinition, FlowDefinition } from '../../flows/flow-definition.ts'
import type { CanonicalValue, Content } from '../../flows/reading.ts'

/**
 * Four characters (24 bits) that stand for a field's value (E2), salted with the field's permanent number and the
 * version of its canonical rule (E3). undefined: the field does not apply; null: it is empty; both have reserved hashes.
 */
export function fieldHash(
  field: Pick<FieldDefinition, 'number' | 'canonicalVersion'>,
  canonical: CanonicalValue | undefined,
): string {
  if (canonical === undefined) return NO_HASH
  if (canonical === null) return EMPTY_HASH
  return shortHash(`${field.number}.${field.canonicalVersion}.${canonical}`)
}

/** The hashes of a record's fields in the order of the definition. */
export function fieldHashes(definition: FlowDefinition, canonical: Content['canonical']): string {
  return joinHashes(definition.fields.map((field) => fieldHash(field, canonical[field.name])))
}

/** The hash of a vendor's change time as it was spelt (rule 5). NO_HASH for none: no write of ours ever has that mark. */
export function changeMarkOf(changedAt: string | null): string {
  return changedAt === null ? NO_HASH : shortHash(`changedAt.${changedAt}`)
}

/** `____` is a possible hash (24 ones) and `....` is not; both are left alone here, should the alphabet ever change. */
function shortHash(text: string): string {
  for (let salt = 0; ; salt++) {
    const salted = salt === 0 ? text : `${text}\u0000${salt}`
    const hash = oneShotHash('sha256', salted, 'base64url').slice(0, HASH_CHARACTERS)
    if (hash !== NO_HASH && hash !== EMPTY_HASH) return hash
  }
}
