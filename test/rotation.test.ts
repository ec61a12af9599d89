import { expect, test } from 'vitest'
import { dueForReading, ROTATION_MS } from '../activities/watch/rotation.ts'

const ids = Array.from({ length: 500 }, (_, index) => `order-${index}`)

test('E22: in six hours of sweeps every open order has its turn to be read in full exactly once', () => {
  const sweepMs = 3_600_000
  const turns = Array.from({ length: ROTATION_MS / sweepMs }, (_, sweep) =>
    dueForReading(ids, sweep * sweepMs, sweepMs),
  )
  expect(turns.flat().sort()).toEqual([...ids].sort())
})

test('E22: no sweep reads more orders than a twentieth of the rate allows', () => {
  const sweepMs = 60_000
  const many = Array.from({ length: 20_000 }, (_, index) => `order-${index}`)
  for (const sweep of [0, 7]) {
    const due = dueForReading(many, sweep * sweepMs, sweepMs)
    expect(due.length).toBeGreaterThan(0)
    expect(due.length).toBeLessThanOrEqual(30)
  }
})
