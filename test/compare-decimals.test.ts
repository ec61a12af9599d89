import Big from 'big.js'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { toCanonicalDecimal } from '../activities/canonical/decimal.ts'
import { compareMagnitudes } from '../flows/compare-decimals.ts'

const decimal = fc
  .record({ units: fc.integer({ min: -10_000, max: 10_000 }), scale: fc.integer({ min: 0, max: 6 }) })
  .map(({ units, scale }) => {
    const result = toCanonicalDecimal(Big(units).div(Big(10).pow(scale)).toFixed())
    return result.ok ? (result.canonical ?? '0') : '0'
  })

test('magnitudes of canonical decimals are compared by their digits as by exact arithmetic', () => {
  fc.assert(
    fc.property(decimal, decimal, (a, b) => {
      expect(compareMagnitudes(a, b)).toBe(Big(a).abs().cmp(Big(b).abs()))
    }),
  )
  expect(compareMagnitudes('2', '10')).toBe(-1)
  expect(compareMagnitudes('0.3', '0.25')).toBe(1)
  expect(compareMagnitudes('-1.5', '1.5')).toBe(0)
})
