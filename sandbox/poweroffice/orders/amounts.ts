import { Big } from 'big.js'
import type { Switches } from '../settings.ts'

export interface Priced {
  readonly quantity: number
  readonly unitPrice: number
  /** Discount; negative is a surcharge. */
  readonly allowancePercent: number
  /** 0.25 is 25 percent. */
  readonly vatRate: number
}

/** Exact, so that sums of many lines carry no residue of binary fractions. */
export interface Amounts {
  readonly net: Big
  readonly vat: Big
  readonly total: Big
}

type Rounding = Switches['amountRounding']

const decimals = 2
const zero = new Big(0)

export const noAmounts: Amounts = { net: zero, vat: zero, total: zero }

/** net = quantity x unit price x (1 - allowance/100), VAT = net x rate. How the vendor rounds is not known (README.md). */
export function lineAmounts(line: Priced, rounding: Rounding): Amounts {
  const share = new Big(100).minus(line.allowancePercent).times('0.01')
  const net = roundedLine(new Big(line.quantity).times(line.unitPrice).times(share), rounding)
  const vat = roundedLine(net.times(line.vatRate), rounding)
  return { net, vat, total: net.plus(vat) }
}

export function sumOfLines(lines: readonly Amounts[], rounding: Rounding): Amounts {
  const sum = (of: (line: Amounts) => Big) => {
    const exact = lines.reduce((total, line) => total.plus(of(line)), zero)
    return rounding === 'sum' ? exact.round(decimals, Big.roundHalfUp) : exact
  }
  return { net: sum(({ net }) => net), vat: sum(({ vat }) => vat), total: sum(({ total }) => total) }
}

/** An amount in another currency, as it is posted. */
export function posted(amount: number, exchangeRate: number): number {
  return new Big(amount).times(exchangeRate).round(decimals, Big.roundHalfUp).toNumber()
}

function roundedLine(amount: Big, rounding: Rounding): Big {
  switch (rounding) {
    case 'eachLine':
      // big.js calls it half up; it is away from zero for negative amounts too.
      return amount.round(decimals, Big.roundHalfUp)
    case 'eachLineHalfToEven':
      return amount.round(decimals, Big.roundHalfEven)
    case 'sum':
    case 'none':
      return amount
  }
}
