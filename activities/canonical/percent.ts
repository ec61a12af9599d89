import Big from 'big.js'
import { type CanonicalResult, canonicalAs, type VendorValue } from './canonical-result.ts'
import { decimalText, readDecimal } from './decimal.ts'

/** `percent`: 25 means 25 %. `rate`: 0.25 does. */
export type PercentForm = 'percent' | 'rate'

/** Percent as exact decimal text, `25`, from either form. */
export function toCanonicalPercent(value: VendorValue, form: PercentForm): CanonicalResult {
  const number = readDecimal(value)
  if (!number.ok) return number
  if (number.value === null) return canonicalAs(null)
  return canonicalAs(decimalText(form === 'rate' ? number.value.times(100) : number.value))
}

export function fromCanonicalPercent(canonical: string, form: PercentForm): string {
  const percent = new Big(canonical)
  // Moved by the exponent, not divided: big.js cuts quotients after 20 places.
  return decimalText(form === 'rate' ? percent.times('0.01') : percent)
}
