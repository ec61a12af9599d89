import { Big } from 'big.js'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { lineAmounts, type Priced, posted, sumOfLines } from '../sandbox/poweroffice/orders/amounts.ts'

// The laws of an order's arithmetic, apart from any order.

const decimal = (digits: number, bound: number) =>
  fc.integer({ min: -bound, max: bound }).map((whole) => new Big(whole).div(new Big(10).pow(digits)).toNumber())

const priced: fc.Arbitrary<Priced> = fc.record({
  quantity: decimal(3, 10_000_000),
  unitPrice: decimal(4, 100_000_000),
  allowancePercent: decimal(2, 10_000),
  vatRate: fc.constantFrom(0, 0.12, 0.15, 0.25),
})
const roundings = ['eachLine', 'eachLineHalfToEven', 'sum', 'none'] as const
const rounding = fc.constantFrom(...roundings)

const one = { quantity: 1, unitPrice: 100, allowancePercent: 0, vatRate: 0.25 }
const netOf = (line: Partial<Priced>, how: (typeof roundings)[number] = 'eachLine') =>
  lineAmounts({ ...one, ...line }, how).net.toNumber()

describe('a line', () => {
  test('is quantity times price, less the allowance, and VAT on top', () => {
    const { net, vat, total } = lineAmounts({ ...one, quantity: 3, allowancePercent: 12.5 }, 'eachLine')
    expect([net.toNumber(), vat.toNumber(), total.toNumber()]).toEqual([262.5, 65.63, 328.13])
  })

  test('a negative allowance is a surcharge, and 100 percent is free', () => {
    expect(netOf({ allowancePercent: -10 })).toBe(110)
    expect(netOf({ allowancePercent: 100 })).toBe(0)
  })

  test('rounds halves away from zero, unless told to round to even or not at all', () => {
    expect([netOf({ unitPrice: 0.125 }), netOf({ unitPrice: -0.125 })]).toEqual([0.13, -0.13])
    expect([0.125, 0.135].map((unitPrice) => netOf({ unitPrice }, 'eachLineHalfToEven'))).toEqual([0.12, 0.14])
    expect(netOf({ unitPrice: 0.125 }, 'sum')).toBe(0.125)
    expect(netOf({ unitPrice: 0.125 }, 'none')).toBe(0.125)
  })

  test('1.005 is rounded as the decimal it is, not as the binary fraction below it', () => {
    expect(netOf({ unitPrice: 1.005 })).toBe(1.01)
  })

  test('total is net plus VAT, and both have two decimals where each line is rounded', () => {
    fc.assert(
      fc.property(priced, rounding, (line, how) => {
        const { net, vat, total } = lineAmounts(line, how)
        expect(net.plus(vat).eq(total)).toBe(true)
        const isRounded = [net, vat].every((amount) => amount.eq(amount.round(2)))
        expect(isRounded || !how.startsWith('eachLine')).toBe(true)
      }),
    )
  })

  test('the same line with the sign turned has the amounts with the sign turned: a credit undoes what it credits', () => {
    fc.assert(
      fc.property(priced, rounding, (line, how) => {
        const [debit, credit] = [lineAmounts(line, how), lineAmounts({ ...line, quantity: -line.quantity }, how)]
        expect(credit.net.eq(debit.net.neg()) && credit.vat.eq(debit.vat.neg())).toBe(true)
      }),
    )
  })
})

describe('an order', () => {
  const linesAndRounding = fc.tuple(fc.array(priced, { maxLength: 12 }), rounding)

  test('is the sum of its lines to the last digit, in whatever order they stand', () => {
    fc.assert(
      fc.property(linesAndRounding, ([lines, how]) => {
        const amounts = lines.map((line) => lineAmounts(line, how))
        const sum = sumOfLines(amounts, how)
        const exact = amounts.reduce((total, line) => total.plus(line.total), new Big(0))
        expect(sum.total.eq(how === 'sum' ? exact.round(2, Big.roundHalfUp) : exact)).toBe(true)
        expect(sumOfLines([...amounts].reverse(), how).net.eq(sum.net)).toBe(true)
      }),
    )
  })

  test('as a JSON number has no more than two decimals, unless nothing is rounded', () => {
    fc.assert(
      fc.property(linesAndRounding, ([lines, how]) => {
        fc.pre(how !== 'none')
        const sum = sumOfLines(
          lines.map((line) => lineAmounts(line, how)),
          how,
        )
        for (const amount of [sum.net, sum.total]) expect(String(amount.toNumber())).toMatch(/^-?\d+(\.\d{1,2})?$/)
      }),
    )
  })

  test('without lines amounts to 0', () => {
    expect(sumOfLines([], 'eachLine').total.toNumber()).toBe(0)
  })
})

test('a posted amount is the amount at the exchange rate, in two decimals', () => {
  expect([posted(100.1, 11.235), posted(-100.1, 11.235), posted(12.34, 1)]).toEqual([1124.62, -1124.62, 12.34])
})
