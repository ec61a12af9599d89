import Big from 'big.js'
import type { VatRate } from './ledger.ts'

const halfUp = 1

/** A price as printed on the shelf, without its VAT, rounded to so many decimals. */
export function withoutVat(priceIncVat: string | number, rate: VatRate, decimals: number): string {
  return new Big(priceIncVat).times(100).div(new Big(rate).plus(100)).round(decimals, halfUp).toString()
}

/** As shops print amounts: at least two decimals. */
export function printed(amount: string): string {
  const decimals = amount.split('.')[1]?.length ?? 0
  return new Big(amount).toFixed(Math.max(2, decimals))
}
