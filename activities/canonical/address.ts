import type { CanonicalValue } from '../../flows/reading.ts'
import { type CanonicalResult, canonicalAs, type VendorValue } from './canonical-result.ts'
import { decodeParts, encodeParts, type Parts, tidyParts } from './group.ts'

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

/** The country of a canonical address. */
export function countryOf(address: CanonicalValue): string {
  return decodeParts(address)['country'] ?? homeCountry
}

/** Codes have two letters; a country that is spelt out is left as it is. */
function countryCode(text: string): string {
  return /^[a-z]{2}$/i.test(text) ? text.toUpperCase() : text
}
