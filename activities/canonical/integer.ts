import { type CanonicalResult, canonicalAs, notCanonical, type VendorValue } from './canonical-result.ts'
import { tidyText } from './tidy-text.ts'

/** Text of a whole number without leading zeros, however large; a JSON number must be one that JSON carries exactly. */
export function toCanonicalInteger(value: VendorValue): CanonicalResult {
  if (typeof value === 'number') {
    return Number.isSafeInteger(value) ? canonicalAs(String(value)) : notCanonical('is not a whole number')
  }
  const tidy = tidyText(value)
  if (!tidy.ok) return tidy
  if (tidy.text === null) return canonicalAs(null)
  return /^-?\d+$/.test(tidy.text) ? canonicalAs(BigInt(tidy.text).toString()) : notCanonical('is not a whole number')
}
