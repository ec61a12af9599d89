import Big from 'big.js'
import { type CanonicalResult, canonicalAs, type VendorValue } from './canonical-result.ts'
import { tidyText } from './tidy-text.ts'

/** Exact decimal text without exponent, leading or trailing zeros, never by way of a float. */
export function toCanonicalDecimal(value: VendorValue, scale?: number): CanonicalResult {
  const decimal = readDecimal(value)
  if (!decimal.ok) return decimal
  if (decimal.value === null) return canonicalAs(null)
  // Half away from zero, as both systems round amounts (docs/dataflow.md).
  return canonicalAs(decimalText(scale === undefined ? decimal.value : decimal.value.round(scale, Big.roundHalfUp)))
}

export type ReadDecimal =
  | { readonly ok: true; readonly value: Big | null }
  | { readonly ok: false; readonly problem: string }

/** A JSON number is taken by its shortest spelling, which is what the vendor sent for anything up to 15 digits. */
export function readDecimal(value: VendorValue): ReadDecimal {
  if (typeof value === 'number') {
    return Number.isFinite(value)
      ? { ok: true, value: new Big(value) }
      : { ok: false, problem: 'is not a decimal number' }
  }
  const tidy = tidyText(value)
  if (!tidy.ok) return tidy
  if (tidy.text === null) return { ok: true, value: null }
  // No comma and no blanks between thousands: "1,500" is a thousand and a half to one clerk and one and a half to another.
  return /^[+-]?\d+(\.\d+)?$/.test(tidy.text)
    ? { ok: true, value: new Big(tidy.text.replace('+', '')) }
    : { ok: false, problem: 'is not a decimal number' }
}

/** Big keeps a sign on zero; -0 and 0 are the same amount. */
export function decimalText(value: Big): string {
  return value.eq(0) ? '0' : value.toFixed()
}
