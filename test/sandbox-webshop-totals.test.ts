import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { moneyDecimal, plainDecimal, roundHalfUp, shownJson, unlessEqual } from '../sandbox/webshop/decimals.ts'
import { totalsOf } from '../sandbox/webshop/order-totals.ts'

const line = (unitPriceExVat: string, rest: object = {}) => ({
  quantity: '1',
  unitPriceExVat,
  discountPercent: null,
  vatRate: '25',
  ...rest,
})
const totals = (exVat: string, incVat: string) => ({ totalExVat: exVat, totalIncVat: incVat })

describe('totals of an order', () => {
  test('each line is rounded by itself, half up, and so is its VAT', () => {
    expect(totalsOf([line('0.005')])).toEqual(totals('0.01', '0.01'))
    expect(totalsOf([line('0.005'), line('0.005')])).toEqual(totals('0.02', '0.02'))
    expect(totalsOf([line('0.10'), line('0.10')])).toEqual(totals('0.20', '0.26'))
    expect(totalsOf([line('1.005')])).toEqual(totals('1.01', '1.26'))
  })

  test('three decimals of quantity, six of price and of discount, zero prices and missing values', () => {
    expect(totalsOf([line('33.333333', { quantity: '1.234', discountPercent: '12.345678' })])).toEqual(
      totals('36.06', '45.08'),
    )
    expect(totalsOf([line('0'), line('9.99', { discountPercent: '100' })])).toEqual(totals('0.00', '0.00'))
    expect(totalsOf([{ quantity: null, unitPriceExVat: null, discountPercent: null, vatRate: null }])).toEqual(
      totals('0.00', '0.00'),
    )
    expect(totalsOf([line('79', { quantity: null, vatRate: null })])).toEqual(totals('79.00', '79.00'))
    expect(totalsOf([])).toEqual(totals('0.00', '0.00'))
  })

  const micro = (max: number) => fc.integer({ min: -max, max }).map((millionths) => (millionths / 1e6).toFixed(6))
  const anyLine = fc.record({
    quantity: fc.integer({ min: -50_000, max: 50_000 }).map((thousandths) => (thousandths / 1000).toFixed(3)),
    unitPriceExVat: micro(2_000_000_000),
    discountPercent: fc.option(fc.nat(100_000_000).map((millionths) => (millionths / 1e6).toFixed(6))),
    vatRate: fc.constantFrom('0', '12', '15', '25', null),
  })

  test('law: an order and its credit, line by line with the opposite quantity, cancel to the last øre', () => {
    fc.assert(
      fc.property(fc.array(anyLine, { maxLength: 5 }), (lines) => {
        const credit = lines.map((each) => ({ ...each, quantity: plainDecimal(-Number(each.quantity)) }))
        expect(totalsOf([...lines, ...credit])).toEqual(totals('0.00', '0.00'))
      }),
      { seed: 25 },
    )
  })

  test('law: totals are those of whole øre computed with integers, in any order of the lines', () => {
    const digits = (text: string) => BigInt(text.replace('.', ''))
    const divideHalfUp = (value: bigint, by: bigint) => {
      const half = value < 0n ? -by / 2n : by / 2n
      return (value + half) / by
    }
    fc.assert(
      fc.property(fc.array(anyLine, { maxLength: 5 }), (lines) => {
        let net = 0n
        let vat = 0n
        for (const each of lines) {
          const paid = 100_000_000n - digits(each.discountPercent ?? '0.000000')
          // 3 decimals of quantity, 6 of price, 6 and 2 of the percentage; 2 are kept.
          const lineNet = divideHalfUp(digits(each.quantity) * digits(each.unitPriceExVat) * paid, 10n ** 15n)
          net += lineNet
          vat += divideHalfUp(lineNet * BigInt(each.vatRate ?? 0), 100n)
        }
        const found = totalsOf(lines.toReversed())
        expect([digits(found.totalExVat), digits(found.totalIncVat)]).toEqual([net, net + vat])
      }),
      { seed: 15 },
    )
  })
})

describe('decimals', () => {
  test('money has at least two decimals and keeps more; other decimals are as short as can be; zero has no sign', () => {
    expect(['499', '499.5', '0.333333', '1.500000', '-0', '007'].map(moneyDecimal)).toEqual([
      '499.00',
      '499.50',
      '0.333333',
      '1.50',
      '0.00',
      '7.00',
    ])
    expect(['25.00', '0.5', '-0.0', '1000000', 0.1].map(plainDecimal)).toEqual(['25', '0.5', '0', '1000000', '0.1'])
  })

  test('a tie is rounded away from zero', () => {
    expect(['1.005', '-1.005', '1.0049'].map((value) => roundHalfUp(value, 2).toFixed(2))).toEqual([
      '1.01',
      '-1.01',
      '1.00',
    ])
  })

  test('what is stored stays when the number is the same', () => {
    expect([
      unlessEqual('499.0000', '499.00'),
      unlessEqual('499', '499.01'),
      unlessEqual(null, '1'),
      unlessEqual('1', null),
    ]).toEqual(['499.0000', '499.01', '1', null])
  })

  test('as JSON numbers only decimals change, not numbers that are text', () => {
    const record = {
      number: '007',
      erpStock: '12.500',
      lines: [{ quantity: '2', unitPriceExVat: '0.10', sku: '1', vatRate: null }],
    }
    expect(shownJson(JSON.stringify(record), { decimalsAs: 'numbers' })).toBe(
      '{"number":"007","erpStock":12.5,"lines":[{"quantity":2,"unitPriceExVat":0.1,"sku":"1","vatRate":null}]}',
    )
    expect(shownJson(JSON.stringify(record), { decimalsAs: 'text' })).toBe(JSON.stringify(record))
  })
})
