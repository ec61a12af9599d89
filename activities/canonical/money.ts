import Big from 'big.js'
import { type CanonicalResult, canonicalAs, type VendorValue } from './canonical-result.ts'
import { decimalText, readDecimal } from './decimal.ts'

/**
 * An amount at the scale that both sides can show, half up (0.125 is 0.13, -0.125 is -0.13), as invoices are rounded.
 * Written unrounded: the receiving system rounds by its own rule.
 */
export function toCanonicalMoney(value: VendorValue, decimals: number): CanonicalResult {
  const amount = readDecimal(value)
  if (!amount.ok) return amount
  if (amount.value === null) return canonicalAs(null)
  return canonicalAs(decimalText(amount.value.round(decimals, Big.roundHalfUp)), decimalText(amount.value))
}
