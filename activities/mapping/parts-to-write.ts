import type { JsonValue } from '../../flows/json.ts'
import type { CanonicalValue } from '../../flows/reading.ts'
import { decodeParts } from '../canonical/group.ts'
import type { JsonObject } from '../connector.ts'

/** The parts of a group, as typed where that differs from the canonical form. */
export function partsToWrite(canonical: CanonicalValue, written: JsonValue | undefined): JsonObject {
  return typeof written === 'object' && written !== null && !Array.isArray(written)
    ? (written as JsonObject)
    : decodeParts(canonical)
}
