import { type CanonicalResult, canonicalAs, type VendorValue } from './canonical-result.ts'
import { tidyText } from './tidy-text.ts'

const digitsOfAGtin = /^(\d{8}|\d{12,14})$/

/**
 * Compared padded to 14 digits, as GS1 has it: a UPC of 12 and the EAN of 13 that begins with a zero are one article.
 * Written as typed. What is no GTIN is text that differs from others, never a record that cannot be read.
 */
export function toCanonicalGtin(value: VendorValue): CanonicalResult {
  // Zeros that a number has lost are those that padding gives back.
  const tidy = tidyText(Number.isSafeInteger(value) ? String(value) : value)
  if (!tidy.ok) return tidy
  if (tidy.text === null) return canonicalAs(null)
  return canonicalAs(digitsOfAGtin.test(tidy.text) ? tidy.text.padStart(14, '0') : tidy.text, tidy.text)
}
