import { z } from '@hono/zod-openapi'
import { text } from './field-schemas.ts'
import { isJsonObject } from './json.ts'

export const address = z
  .object({
    line1: text.describe('Street and number, or a box.'),
    line2: text,
    zip: text.describe('Text: a Norwegian one may begin with 0.'),
    city: text,
    country: text.describe('Two capital letters of ISO 3166-1, such as NO; stored as written.'),
  })
  .partial()
  .nullable()
  .openapi('Address')

export interface Address {
  readonly line1: string | null
  readonly line2: string | null
  readonly zip: string | null
  readonly city: string | null
  readonly country: string | null
}

/** Every part named; an address without any part is no address. */
export function wholeAddress(parts: { [part in keyof Address]?: string | null | undefined } | null): Address | null {
  if (!isJsonObject(parts)) return null
  const { line1 = null, line2 = null, zip = null, city = null, country = null } = parts
  const whole: Address = { line1, line2, zip, city, country }
  return Object.values(whole).every((part) => part === null) ? null : whole
}

/** For people, on one line. */
export function addressText(address: Address | null): string {
  if (address === null) return ''
  const place = [address.zip, address.city].filter(Boolean).join(' ')
  return [address.line1, address.line2, place, address.country].filter(Boolean).join(', ')
}
