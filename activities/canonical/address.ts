import { type CanonicalResult, canonicalAs, type VendorValue } from './canonical-result.ts'
import { encodeParts, type Parts, tidyParts } from './group.ts'

const homeCountry = 'NO'

/**
 * An address as one value, its country code in upper case. No country means Norway, as PowerOffice has it; so an
 * address that holds nothing but that is no address, which is what PowerOffice shows of customers without one.
 */
export function toCanonicalAddress(value: VendorValue): CanonicalResult {
  const tidy = tidyParts(value)
  if (!tidy.ok) return tidy
  const parts: Parts = { ...tidy.parts, country: countryCode(tidy.parts['country'] ?? homeCountry) }
  const empty = Object.keys(parts).every((name) => parts[name] === (name === 'country' ? homeCountry : null))
  return canonicalAs(empty ? null : encodeParts(parts))
}

/** The country code of an address as a vendor shows it; of none, and of what is no address, the home country's. */
export function countryOf(value: VendorValue): string {
  const tidy = tidyParts(value)
  return tidy.ok ? countryCode(tidy.parts['country'] ?? homeCountry) : homeCountry
}

/** Codes have two letters; a country that is spelt out is left as it is. */
function countryCode(text: string): string {
  return /^[a-z]{2}$/i.test(text) ? text.toUpperCase() : text
}
