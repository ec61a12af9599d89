import { type CanonicalResult, canonicalAs, type VendorValue } from './canonical-result.ts'
import { tidyText } from './tidy-text.ts'

/** Text of several lines: a line ends in \n however the system that it came from ends them. */
export function toCanonicalText(value: VendorValue): CanonicalResult {
  const tidy = tidyText(value)
  return tidy.ok ? canonicalAs(tidy.text?.replace(/\r\n?/g, '\n') ?? null) : tidy
}
