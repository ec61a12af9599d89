import Big from 'big.js'
import { type CanonicalResult, canonicalAs, notCanonical, type VendorValue } from './canonical-result.ts'
import { tidyText } from './tidy-text.ts'

/**
 * Exact decimal text without exponent, leading or trailing zeros, never by way of a float; at most `scale` decimals, half
 * away from zero as invoices are rounded (0.125 is 0.13 and -0.125 is -0.13 at two). Compared and written in that form.
 *
 * A JSON number is taken by its shortest spelling, which is what the vendor sent for anything up to 15 digits.
 * @param scale decimals that both sides can show; undefined keeps them all
 */
export function toCanonicalDecimal(value: VendorValue, scale?: number): CanonicalResult {
  if (typeof value === 'number') {
    return Number.isFinite(value) ? canonicalAs(decimalText(new Big(value), scale)) : notADecimal
  }
  const tidy = tidyText(value)
  if (!tidy.ok) return tidy
  if (tidy.text === null) return canonicalAs(null)
  // No exponent, no comma and no blanks between thousands: "1,500" is a thousand and a half to one clerk and one and a
  // half to another.
  return /^[+-]?\d+(\.\d+)?$/.test(tidy.text)
    ? canonicalAs(decimalText(new Big(tidy.text.replace('+', '')), scale))
    : notADecimal
}

const notADecimal = notCanonical('is not a decimal number')

/** Big keeps a sign on zero; -0 and 0 are the same amount. */
export function decimalText(value: Big, scale?: number): string {
  const rounded = scale === undefined ? value : value.round(scale, Big.roundHalfUp)
  return rounded.eq(0) ? '0' : rounded.toFixed()
}

/** The JSON number of a canonical decimal; null where JSON's floats cannot carry all its digits there and back. */
export function exactNumber(canonical: string): number | null {
  if (!/^-?\d+(\.\d+)?$/.test(canonical)) return null
  const number = Number(canonical)
  return Number.isFinite(number) && new Big(number).eq(canonical) ? number : null
}
