import Big from 'big.js'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { roundingRest, totalsNote } from '../activities/upsert/totals.ts'

const totals = (net: string, gross: string) => ({ net, gross })
const shop = totals('100.00', '125.00')

describe('totals of both systems', () => {
  test.each([
    ['125.00', 3],
    ['125.05', 3],
    ['124.90', 10],
  ])('%s with VAT for 125.00 of %i lines is rounding', (gross, lines) => {
    expect(totalsNote(totals('100.00', gross), shop, lines)).toBeNull()
  })

  test.each([
    [totals('100.00', '125.06'), 3],
    [totals('99.94', '125.00'), 5],
    [totals('100.00', '124.89'), 10],
  ])('%o of %i lines is more, and a person is shown both', (erp, lines) => {
    expect(totalsNote(erp, shop, lines)?.detail).toContain(`${erp.net} without and ${erp.gross} with VAT`)
    expect(roundingRest(erp, shop, lines)).toBeNull()
  })

  test('a side that says nothing differs in nothing', () => {
    expect([totalsNote(undefined, shop, 1), roundingRest(shop, undefined, 1)]).toEqual([null, null])
  })

  test('law: the rest closes what the customer pays, to the last digit, and is none where nothing is lacking', () => {
    const øre = fc.integer({ min: 12_480, max: 12_520 }).map((value) => (value / 100).toFixed(2))
    fc.assert(
      fc.property(øre, fc.integer({ min: 1, max: 30 }), (gross, lines) => {
        const rest = roundingRest(totals('100.00', gross), shop, lines)
        const lacks = Big(shop.gross).minus(gross)
        const isRounding = lacks.abs().lte(Math.max(5, lines) / 100)
        expect(rest).toBe(isRounding && !lacks.eq(0) ? lacks.toFixed() : null)
      }),
    )
  })
})
