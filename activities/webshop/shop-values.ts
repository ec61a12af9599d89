import Big from 'big.js'
import { z } from 'zod'
import { toCanonicalDecimal } from '../canonical/decimal.ts'

/** How values stand in a shop's JSON: texts may come as numbers, absent and null are the same. */

export const text = z
  .union([z.string(), z.number().transform(String)])
  .nullish()
  .transform((value) => value ?? null)

/** Decimal text. A JSON number is taken by its shortest spelling, and never with an exponent. */
export const decimal = z
  .union([z.string(), z.number().transform((value) => new Big(value).toFixed())])
  .nullish()
  .transform((value) => value ?? null)

/** A decimal that is worked with as it stands, by no field of a flow: what is none must not get that far. */
export const amount = decimal.transform((value, context) => {
  const result = toCanonicalDecimal(value)
  // As the shop writes it, which people are shown.
  if (result.ok) return value?.trim().replace(/^\+/, '') || null
  context.addIssue(result.problem)
  return z.NEVER
})

/** The contract's alphabet: anything else would not survive in our references. A number beyond 2^53 has lost digits already. */
export const id = z
  .union([z.string(), z.int().transform(String)])
  .pipe(z.string().regex(/^[A-Za-z0-9._-]{1,40}$/, 'expected 1 to 40 characters of A-Z a-z 0-9 . _ -'))

/** The id of another record. */
export const reference = z
  .union([z.literal('').transform(() => null), id])
  .nullish()
  .transform((value) => value ?? null)

export const active = z
  .boolean()
  .nullish()
  .transform((value) => value ?? true)

export const address = z
  .object({ line1: text, line2: text, zip: text, city: text, country: text })
  .nullish()
  .transform((value) => value ?? null)
