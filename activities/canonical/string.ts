import { type CanonicalResult, canonicalAs, type VendorValue } from './canonical-result.ts'
import { tidyText } from './tidy-text.ts'

export function toCanonicalString(value: VendorValue): CanonicalResult {
  const tidy = tidyText(value)
  return tidy.ok ? canonicalAs(tidy.text) : tidy
}
