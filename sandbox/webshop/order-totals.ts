import Big from 'big.js'
import { roundHalfUp } from './decimals.ts'
import type { OrderLine } from './line-schema.ts'

export interface OrderTotals {
  readonly totalExVat: string
  readonly totalIncVat: string
}

type Amounts = Pick<OrderLine, 'quantity' | 'unitPriceExVat' | 'discountPercent' | 'vatRate'>

const hundredth = '0.01'

/** Pure. Each line is rounded to two decimals, and so is its VAT; a line without a quantity counts once. */
export function totalsOf(lines: readonly Amounts[]): OrderTotals {
  let exVat = new Big(0)
  let vat = new Big(0)
  for (const line of lines) {
    const paidPercent = new Big(100).minus(line.discountPercent ?? 0)
    const exact = new Big(line.quantity ?? 1)
      .times(line.unitPriceExVat ?? 0)
      .times(paidPercent)
      .times(hundredth)
    const net = roundHalfUp(exact, 2)
    exVat = exVat.plus(net)
    vat = vat.plus(roundHalfUp(net.times(line.vatRate ?? 0).times(hundredth), 2))
  }
  return { totalExVat: amount(exVat), totalIncVat: amount(exVat.plus(vat)) }
}

const amount = (value: Big) => (value.eq(0) ? '0.00' : value.toFixed(2))
