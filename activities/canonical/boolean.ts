import { type CanonicalResult, canonicalAs, notCanonical, type VendorValue } from './canonical-result.ts'
import { jsonTypeOf } from './tidy-text.ts'

/** `true`, `false` or empty; the same words as text are taken too, anything else is never read as one of them. */
export function toCanonicalBoolean(value: VendorValue): CanonicalResult {
  if (value === undefined || value === null) return canonicalAs(null)
  if (value === true || value === 'true') return canonicalAs('true')
  if (value === false || value === 'false') return canonicalAs('false')
  return notCanonical(`is ${jsonTypeOf(value)} where true or false is expected`)
}
