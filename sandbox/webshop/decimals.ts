import { z } from '@hono/zod-openapi'
import Big from 'big.js'
import type { Settings } from './settings.ts'

const pattern = /^-?\d{1,12}(\.\d{1,6})?$/
const isDecimal = (value: number) => pattern.test(new Big(value).toFixed())

const notDecimal = {
  error:
    'Must be a decimal number, as text such as "499.00", with at most twelve digits before the point and six after.',
}

/** A decimal in a request: text, or a JSON number, as the contract has it of readers. */
export const decimal = z.union(
  [
    z.string().regex(pattern, notDecimal),
    z.number().gt(-1e12, notDecimal).lt(1e12, notDecimal).refine(isDecimal, notDecimal),
  ],
  notDecimal,
)
export type GivenDecimal = z.infer<typeof decimal>

/** A decimal in an answer. */
export const shownDecimal = z.string().regex(pattern).describe('Decimal text, such as "499.00".')

/** How an answer shows what a request may give as text or number; it means the same there. */
export const shownAs = (given: z.ZodType) => shownDecimal.nullable().describe(given.description ?? '')

/** Quantities, rates and percents: as short as can be, "25". */
export function plainDecimal(value: Big | GivenDecimal): string {
  const exact = new Big(value)
  return exact.eq(0) ? '0' : exact.toFixed()
}

/** Prices and amounts: at least two decimals, "499.00". */
export function moneyDecimal(value: Big | GivenDecimal): string {
  const plain = plainDecimal(value)
  const decimals = plain.split('.')[1]?.length ?? 0
  return decimals >= 2 ? plain : new Big(plain).toFixed(2)
}

/** Ties go away from zero, so that a credit note cancels its order to the last øre. */
export function roundHalfUp(value: Big | GivenDecimal, decimals: number): Big {
  return new Big(value).round(decimals, Big.roundHalfUp)
}

/** What is stored when the number is the same: writing 499 over "499.0000" changes nothing. */
export function unlessEqual(before: string | null, next: string | null): string | null {
  return before !== null && next !== null && new Big(before).eq(next) ? before : next
}

/** The members that are decimals, wherever they stand in a record. */
const decimalNames = new Set([
  'priceExVat',
  'erpStock',
  'vatRate',
  'quantity',
  'unitPriceExVat',
  'discountPercent',
  'totalExVat',
  'totalIncVat',
  'invoiceBalance',
])

/** A record's JSON as this shop shows it: decimals as text, or as JSON numbers where the setting says so. */
export function shownJson(json: string, { decimalsAs }: Pick<Settings, 'decimalsAs'>): string {
  if (decimalsAs === 'text') return json
  return JSON.stringify(
    JSON.parse(json, (name, value: unknown) =>
      decimalNames.has(name) && typeof value === 'string' ? Number(value) : value,
    ),
  )
}
