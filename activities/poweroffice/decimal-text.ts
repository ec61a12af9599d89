import Big from 'big.js'
import type { JsonValue } from '../../flows/json.ts'
import { decimalText, exactNumber, toCanonicalDecimal } from '../canonical/decimal.ts'

/** Exact decimal text of a JSON number: its shortest spelling, which is what was sent for anything up to 15 digits. */
export function decimalOf(number: number): string
export function decimalOf(number: number | null): string | null
export function decimalOf(number: number | null): string | null {
  return number === null ? null : decimalText(new Big(number))
}

/** A rate of 0..1 in percent: 0.15 is exactly "15". */
export function percentOfRate(rate: number): string {
  return decimalText(new Big(rate).times(100))
}

export function sameDecimal(one: string, other: string): boolean {
  return new Big(one).eq(new Big(other))
}

/**
 * The JSON number that PowerOffice is sent for a decimal. null for no value; undefined for what is no decimal, or has more
 * digits than a JSON number keeps there.
 */
export function jsonNumberOf(value: JsonValue | undefined): number | null | undefined {
  if (value === null || value === undefined) return null
  if (typeof value !== 'number' && typeof value !== 'string') return undefined
  const decimal = toCanonicalDecimal(value)
  if (!decimal.ok) return undefined
  return decimal.canonical === null ? null : (exactNumber(decimal.canonical) ?? undefined)
}
