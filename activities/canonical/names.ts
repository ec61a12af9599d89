import { type CanonicalResult, canonicalAs, type VendorValue } from './canonical-result.ts'
import { encodeParts, tidyParts } from './group.ts'

/** First and last name as one value: each alone says nothing of whether a person was renamed. */
export function toCanonicalNames(value: VendorValue): CanonicalResult {
  const tidy = tidyParts(value)
  return tidy.ok ? canonicalAs(encodeParts(tidy.parts)) : tidy
}
