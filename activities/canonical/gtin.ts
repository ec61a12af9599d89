import { type CanonicalResult, canonicalAs, type VendorValue } from './canonical-result.ts'
import { tidyText } from './tidy-text.ts'

/** 8, 12, 13 or 14 digits are compared padded to 14, and written as typed; anything else is text that differs. */
export function toCanonicalGtin(value: VendorValue): CanonicalResult {
  const tidy = tidyText(typeof value === 'number' ? String(value) : value)
  if (!tidy.ok) return tidy
  if (tidy.text === null) return canonicalAs(null)
  const digits = tidy.text.replace(/[\s-]/g, '')
  return /^(\d{8}|\d{12,14})$/.test(digits) ? canonicalAs(digits.padStart(14, '0'), digits) : canonicalAs(tidy.text)
}
