import fc from 'fast-check'
import { expect, test } from 'vitest'
import { changeTime, laterSide, TOO_CLOSE_MS } from '../workflows/decide/change-time.ts'
import { reading } from './support/pair-samples.ts'

const record = reading('erp', {}, { changedAtMs: 9_000, changeMark: 'mark', groupChangedAtMs: { address: 4_000 } })

test('rule 5: a field with a change time of its own is dated by it, whoever wrote the record since', () => {
  expect(changeTime(record, 'address', 'mark', 1_000)).toBe(4_000)
})

test('rule 5: a field without one is dated by its record', () => {
  expect(changeTime(record, 'name', 'else', 1_000)).toBe(9_000)
})

test('rule 5: a record that still shows the time of our own last write is dated by when its change was first seen', () => {
  expect(changeTime(record, 'name', 'mark', 1_000)).toBe(1_000)
  expect(changeTime(record, 'name', 'mark', null)).toBeNull()
})

test('rule 5: a record without a change time is dated by when its change was first seen', () => {
  expect(changeTime({ ...record, changedAtMs: null }, 'name', '', 1_000)).toBe(1_000)
})

test('rule 5: edits five seconds apart can be told apart, closer ones cannot', () => {
  expect(laterSide(10_000, 10_000 + TOO_CLOSE_MS)).toBe('shop')
  expect(laterSide(10_000 + TOO_CLOSE_MS, 10_000)).toBe('erp')
  expect(laterSide(10_000, 10_000 + TOO_CLOSE_MS - 1)).toBe('unclear')
  expect(TOO_CLOSE_MS).toBe(5_000)
})

test('rule 5: an unknown time says nothing about which edit was later', () => {
  const time = fc.option(fc.integer({ min: 0, max: 20_000 }))
  fc.assert(
    fc.property(time, (other) => {
      expect([laterSide(null, other), laterSide(other, null)]).toEqual(['unclear', 'unclear'])
    }),
  )
})

test('swapping the times swaps the later side', () => {
  const time = fc.integer({ min: 0, max: 20_000 })
  const swapped = { erp: 'shop', shop: 'erp', unclear: 'unclear' } as const
  fc.assert(
    fc.property(time, time, (a, b) => {
      expect(laterSide(b, a)).toBe(swapped[laterSide(a, b)])
    }),
  )
})
