import type { JsonValue } from '../../flows/json.ts'
import type { JsonObject } from '../connector.ts'
import { textOf } from './json-text.ts'

/** What becomes of an address on its way to PowerOffice, which takes one only with zip and city (sandbox/poweroffice/README.md). */
export type SettledAddress =
  | { readonly kind: 'send'; readonly address: Readonly<Record<string, string | null>> }
  | { readonly kind: 'empty' }
  | { readonly kind: 'withheld'; readonly detail: string }

/** In the order of the description; the lengths are the vendor's (sandbox/poweroffice/README.md). */
const maxLengths = { AddressLine1: 200, AddressLine2: 200, ZipCode: 50, City: 100 } as const
const called: Readonly<Record<keyof typeof maxLengths, string>> = {
  AddressLine1: 'address line 1',
  AddressLine2: 'address line 2',
  ZipCode: 'the zip code',
  City: 'the city',
}

export function settleAddress(given: JsonValue | undefined): SettledAddress {
  if (given === null || given === undefined || typeof given !== 'object' || Array.isArray(given))
    return { kind: 'empty' }
  const parts = given as JsonObject
  const address: Record<string, string | null> = {}
  for (const name of Object.keys(maxLengths)) address[name] = textOf(parts[name])
  const country = textOf(parts['CountryCode'])
  // A country alone is what a form fills in by itself.
  if (Object.values(address).every((part) => part === null)) return { kind: 'empty' }
  if (address['ZipCode'] === null || address['City'] === null) {
    const missing = [
      ...(address['ZipCode'] === null ? ['a zip code'] : []),
      ...(address['City'] === null ? ['a city'] : []),
    ]
    return withheld(`PowerOffice takes an address only with zip code and city: add ${missing.join(' and ')}.`)
  }
  for (const name of Object.keys(maxLengths) as (keyof typeof maxLengths)[]) {
    const length = [...(address[name] ?? '')].length
    if (length > maxLengths[name]) {
      return withheld(
        `PowerOffice takes at most ${maxLengths[name]} characters in ${called[name]}: shorten it (${length}).`,
      )
    }
  }
  const code = country?.toUpperCase() ?? null
  if (code !== null && !/^[A-Z]{2}$/.test(code)) {
    return withheld('PowerOffice takes a country as its two-letter code, such as NO: correct the country.')
  }
  return { kind: 'send', address: { ...address, CountryCode: code } }
}

function withheld(detail: string): SettledAddress {
  return { kind: 'withheld', detail }
}
