/**
 * The hashes of a record's fields stand one after the other in one string, four characters (24 bits) each, in the
 * order of the flow's definition (E2).
 */
export const HASH_CHARACTERS = 4
/** The field does not apply to the record, or the sides have never agreed on it. */
export const NO_HASH = '____'
/** The field is empty. Reserved: no value hashes to it (activities/reading/field-hash.ts). */
export const EMPTY_HASH = '....'

export function hashAt(hashes: string, index: number): string {
  const hash = hashes.slice(index * HASH_CHARACTERS, (index + 1) * HASH_CHARACTERS)
  return hash === '' ? NO_HASH : hash
}

export function joinHashes(hashes: readonly string[]): string {
  return hashes.join('')
}
