import { type CanonicalResult, canonicalAs, type VendorValue } from './canonical-result.ts'
import { tidyText } from './tidy-text.ts'

/** Compared in lower case, written as it was typed. */
export function toCanonicalEmail(value: VendorValue): CanonicalResult {
  const tidy = tidyText(value)
  if (!tidy.ok) return tidy
  // Lower case can take a letter apart (a dotted capital I becomes two code points), hence NFC once more.
  return canonicalAs(tidy.text?.toLowerCase().normalize('NFC') ?? null, tidy.text)
}
