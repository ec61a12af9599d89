import type { JsonValue } from '../../flows/json.ts'
import type { CanonicalValue } from '../../flows/reading.ts'

/** A vendor's value as it came; undefined where the vendor's JSON lacks the property. */
export type VendorValue = JsonValue | undefined

/**
 * `canonical` is what the sides are compared by. `written` is what the other side is sent: the same text, but for values
 * that people typed with care (`Ola@X.no`, `22 33 44 55`). A problem is a phrase that follows the field's name.
 */
export type CanonicalResult =
  | { readonly ok: true; readonly canonical: CanonicalValue; readonly written: JsonValue }
  | { readonly ok: false; readonly problem: string }

export function canonicalAs(canonical: CanonicalValue, written: JsonValue = canonical): CanonicalResult {
  return { ok: true, canonical, written }
}

/** The value itself is not repeated in problems: they are shown and stored, and values are personal. */
export function notCanonical(problem: string): CanonicalResult {
  return { ok: false, problem }
}
