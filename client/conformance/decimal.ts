import Big from 'big.js'

const pattern = /^-?\d+(\.\d+)?$/

/** A decimal of an answer, text or JSON number; null for anything else. */
export function decimalIn(value: unknown): Big | null {
  if (typeof value === 'number' && Number.isFinite(value)) return new Big(value)
  return typeof value === 'string' && pattern.test(value) ? new Big(value) : null
}

export function isSameDecimal(value: unknown, expected: string): boolean {
  return decimalIn(value)?.eq(expected) ?? false
}

/** Whether a shop that keeps `fewest` to six decimals may have stored this: rounded half-up, a tie away from zero. */
export function isRounded(value: unknown, written: string, fewest: number): boolean {
  const stored = decimalIn(value)
  if (stored === null) return false
  const allowed = Array.from({ length: 7 - fewest }, (_, index) =>
    new Big(written).round(fewest + index, Big.roundHalfUp),
  )
  return allowed.some((each) => each.eq(stored))
}

export interface TotalledLine {
  readonly quantity: unknown
  readonly unitPriceExVat: unknown
  readonly discountPercent: unknown
  readonly vatRate: unknown
}

/** The totals of an order as section 3 of the contract computes them, each line rounded to two decimals. */
export function totalsOf(lines: readonly TotalledLine[]): { readonly exVat: string; readonly incVat: string } {
  let exVat = new Big(0)
  let vat = new Big(0)
  for (const line of lines) {
    const discount = new Big(100).minus(decimalIn(line.discountPercent) ?? 0)
    const amount = (decimalIn(line.quantity) ?? new Big(1)).times(decimalIn(line.unitPriceExVat) ?? 0)
    const net = amount.times(discount).div(100).round(2, Big.roundHalfUp)
    exVat = exVat.plus(net)
    vat = vat.plus(
      net
        .times(decimalIn(line.vatRate) ?? 0)
        .div(100)
        .round(2, Big.roundHalfUp),
    )
  }
  return { exVat: exVat.toFixed(2), incVat: exVat.plus(vat).toFixed(2) }
}
