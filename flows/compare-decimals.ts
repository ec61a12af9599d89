/**
 * Which of two amounts is further from zero: -1, 0 or 1. Both in canonical form (activities/canonical/decimal.ts): no exponent, no
 * leading or trailing zeros. By their digits, since workflow code has no decimals of its own and a float is no decimal.
 */
export function compareMagnitudes(a: string, b: string): -1 | 0 | 1 {
  const [one, other] = [digitsOf(a), digitsOf(b)]
  if (one.whole.length !== other.whole.length) return one.whole.length < other.whole.length ? -1 : 1
  const [left, right] = [one.whole + one.fraction, other.whole + other.fraction]
  return left === right ? 0 : left < right ? -1 : 1
}

function digitsOf(decimal: string): { readonly whole: string; readonly fraction: string } {
  const [whole = '0', fraction = ''] = decimal.replace(/^-/, '').split('.')
  return { whole: whole === '' ? '0' : whole, fraction }
}
