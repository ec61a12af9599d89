import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { RecordKey } from '../flows/side.ts'
import type { FlowState, LookAgain } from '../workflows/engine/flow-state.ts'
import {
  backoffMs,
  busyMs,
  firstSeen,
  LOOK_AGAIN_LIMIT,
  type LookAgainAsk,
  nextDue,
  staleMs,
  TOLD_LIMIT,
  takeDue,
  waitsInARow,
  withLookAgain,
} from '../workflows/engine/look-again.ts'
import { freshState } from './support/fresh-state.ts'

const NOW = 50_000
const everyKeyIsFree = (): boolean => true

const key = fc.constantFrom<RecordKey>('erp:1', 'erp:2', 'shop:a', 'shop:b')
const ask: fc.Arbitrary<LookAgainAsk> = fc.record(
  {
    key,
    why: fc.constantFrom('changed', 'sweep'),
    seenAtMs: fc.option(fc.constantFrom(10, 20)),
    notBefore: fc.constantFrom(0, NOW - 1, NOW + 1, NOW + 9),
    attempts: fc.nat({ max: 3 }),
    wish: fc.constant({ kind: 'retry' as const, by: 'Kari' }),
  },
  { requiredKeys: ['key', 'why'] },
)
const asks = fc.array(ask, { maxLength: 8 })

function listed(...given: readonly LookAgainAsk[]): FlowState {
  return withLookAgain(freshState, given, NOW)
}

function entry(rest: Partial<LookAgain> & Pick<LookAgain, 'key'>): LookAgain {
  return { why: 'changed', seenAtMs: null, since: NOW, notBefore: 0, attempts: 0, wish: null, ...rest }
}

function manyKeys(count: number): LookAgainAsk[] {
  return Array.from({ length: count }, (_, index) => ({ key: `shop:c-${index}` as const, why: 'webhook' }))
}

describe('E10: one durable list of keys', () => {
  test('a key stands in the list once, however often it is told', () => {
    fc.assert(
      fc.property(asks, (given) => {
        const keys = listed(...given).lookAgain.map((found) => found.key)
        expect(keys).toEqual([...new Set(given.map((one) => one.key))])
      }),
    )
  })

  test('told again, the earliest sight, the earliest time and the most attempts count, and the newest reason', () => {
    const again = withLookAgain(
      listed({ key: 'erp:1', why: 'changed', seenAtMs: 10, notBefore: 900, attempts: 3 }),
      [{ key: 'erp:1', why: 'sweep', seenAtMs: 20, notBefore: 700, attempts: 1 }],
      NOW + 5,
    )
    expect(again.lookAgain).toEqual([entry({ key: 'erp:1', why: 'sweep', seenAtMs: 10, notBefore: 700, attempts: 3 })])
  })

  test('what others tell of leaves room for the answers of two watches, whose cursors move with them', () => {
    const told = withLookAgain(freshState, manyKeys(LOOK_AGAIN_LIMIT), NOW, TOLD_LIMIT)
    expect(told.lookAgain).toHaveLength(TOLD_LIMIT)
    const watched = Array.from({ length: 2_000 }, (_, index) => ({ key: `erp:${index}` as const, why: 'changed' }))
    const both = withLookAgain(told, watched, NOW)
    expect(both.lookAgain.slice(TOLD_LIMIT).map((found) => found.key)).toEqual(watched.map((one) => one.key))
  })

  test('a change that is seen while a retry waits is looked at now', () => {
    const state = withLookAgain(
      listed({ key: 'erp:1', why: 'stale', notBefore: NOW + 99 }),
      [{ key: 'erp:1', why: 'changed' }],
      NOW,
    )
    expect(nextDue(state, NOW)).toBeNull()
    expect(takeDue(state, NOW, 10, everyKeyIsFree).taken.map((taken) => taken.key)).toEqual(['erp:1'])
  })

  test('a person’s wish survives what is told afterwards, and a newer wish replaces it', () => {
    const wish = { kind: 'link', by: 'Kari', shopId: 'c-7' } as const
    const state = withLookAgain(
      listed({ key: 'erp:1', why: 'linked by hand', wish }),
      [{ key: 'erp:1', why: 'sweep' }],
      NOW,
    )
    expect(state.lookAgain).toEqual([entry({ key: 'erp:1', why: 'sweep', wish })])
    const unlink = { kind: 'unlink', by: 'Ola' } as const
    expect(withLookAgain(state, [{ key: 'erp:1', why: 'asked', wish: unlink }], NOW).lookAgain).toEqual([
      entry({ key: 'erp:1', why: 'asked', wish: unlink }),
    ])
  })

  test('telling nothing changes nothing, and what is told stays plain JSON', () => {
    expect(withLookAgain(freshState, [], NOW)).toBe(freshState)
    fc.assert(
      fc.property(asks, (given) => {
        const state = listed(...given)
        expect(JSON.parse(JSON.stringify(state))).toEqual(state)
      }),
    )
  })
})

describe('the bound', () => {
  const full = listed(...manyKeys(LOOK_AGAIN_LIMIT))

  test('E10: at its bound the list takes no more news: a sweep or poll finds them again', () => {
    expect(LOOK_AGAIN_LIMIT).toBe(5_000)
    expect(listed(...manyKeys(LOOK_AGAIN_LIMIT + 5)).lookAgain).toEqual(full.lookAgain)
  })

  test('at its bound the list still takes a person’s wish and news of keys that it holds', () => {
    const wished = withLookAgain(full, [{ key: 'erp:9', why: 'asked', wish: { kind: 'retry', by: 'Kari' } }], NOW)
    expect(wished.lookAgain).toHaveLength(LOOK_AGAIN_LIMIT + 1)
    const told = withLookAgain(full, [{ key: 'shop:c-0', why: 'sweep' }], NOW)
    expect(told.lookAgain[0]).toEqual(entry({ key: 'shop:c-0', why: 'sweep' }))
  })

  test('E12: work that comes back unfinished is never turned away: its cursor has moved, nobody would find it again', () => {
    const back = withLookAgain(full, [{ key: 'erp:9', why: 'changed meanwhile', attempts: 1 }], NOW)
    expect(back.lookAgain.at(-1)).toEqual(entry({ key: 'erp:9', why: 'changed meanwhile', attempts: 1 }))
  })
})

describe('taking what is due', () => {
  test('whatever is taken or left, no entry is lost or doubled', () => {
    fc.assert(
      fc.property(asks, fc.integer({ min: 1, max: 4 }), fc.uniqueArray(key), (given, limit, held) => {
        const state = listed(...given)
        const { state: rest, taken } = takeDue(state, NOW, limit, (one) => !held.includes(one))
        const byKey = (a: LookAgain, b: LookAgain): number => (a.key < b.key ? -1 : 1)
        expect([...rest.lookAgain, ...taken].sort(byKey)).toEqual([...state.lookAgain].sort(byKey))
        expect(taken.length).toBeLessThanOrEqual(limit)
        expect(taken.filter((one) => held.includes(one.key) || one.notBefore > NOW)).toEqual([])
      }),
    )
  })

  test('a person’s wishes come first, then what came first', () => {
    const state = listed(
      { key: 'erp:1', why: 'sweep' },
      { key: 'erp:2', why: 'sweep' },
      { key: 'shop:a', why: 'asked', wish: { kind: 'retry', by: 'Kari' } },
    )
    const { taken, state: rest } = takeDue(state, NOW, 2, everyKeyIsFree)
    expect([taken.map((one) => one.key), rest.lookAgain.map((one) => one.key)]).toEqual([
      ['shop:a', 'erp:1'],
      ['erp:2'],
    ])
  })

  test('E9: a key in somebody’s hand stays in the list', () => {
    const state = listed({ key: 'erp:1', why: 'sweep' }, { key: 'erp:2', why: 'sweep' })
    const { taken } = takeDue(state, NOW, 5, (one) => one !== 'erp:1')
    expect(taken.map((one) => one.key)).toEqual(['erp:2'])
  })

  test('when nothing is due the state is the same one, so that the loop rests', () => {
    const state = listed({ key: 'erp:1', why: 'stale', notBefore: NOW + 1 })
    expect(takeDue(state, NOW, 5, everyKeyIsFree)).toEqual({ state, taken: [] })
    expect(takeDue(state, NOW, 5, everyKeyIsFree).state).toBe(state)
  })

  test('the next due time is the earliest that is still to come', () => {
    const state = listed(
      { key: 'erp:1', why: 'stale', notBefore: NOW + 9 },
      { key: 'erp:2', why: 'stale', notBefore: NOW + 1 },
      { key: 'shop:a', why: 'sweep' },
    )
    expect([nextDue(state, NOW), nextDue(state, NOW + 1), nextDue(state, NOW + 9)]).toEqual([NOW + 1, NOW + 9, null])
  })
})

test('retries wait a second, then twice as long each time, an hour at the most', () => {
  expect([0, 1, 2, 3, 11].map(backoffMs)).toEqual([1_000, 2_000, 4_000, 8_000, 2_048_000])
  expect([12, 13, 400].map(backoffMs)).toEqual([3_600_000, 3_600_000, 3_600_000])
})

test('E12: a record that changes again and again while it is worked on is looked at less and less often, but every minute at the least', () => {
  expect([1, 2, 3, 6, 7, 8, 400].map((attempts) => staleMs(attempts) / 1_000)).toEqual([0, 2, 4, 32, 60, 60, 60])
})

test('E12: a record that waits for another after it was edited ten times has waited once, and is looked at again in two seconds', () => {
  const edited = entry({ key: 'shop:a', why: 'changed meanwhile', attempts: 10 })
  const waited = entry({ key: 'erp:1', why: 'waits for another record', attempts: 3 })
  expect(backoffMs(waitsInARow([edited], 'waits for another record'))).toBe(2_000)
  expect(waitsInARow([edited, waited], 'waits for another record')).toBe(4)
  expect(waitsInARow([], 'waits')).toBe(1)
})

test('rule 5: the time a change was first seen is kept a side', () => {
  const entries = [
    entry({ key: 'erp:1' }),
    entry({ key: 'shop:a', seenAtMs: 20 }),
    entry({ key: 'erp:2', seenAtMs: 10 }),
  ]
  expect(firstSeen(entries)).toEqual({ erp: 10, shop: 20 })
  expect(firstSeen([])).toEqual({ erp: null, shop: null })
})

test('E9: a record whose counterpart is in another hand is looked at again soon, and less soon the longer that goes on', () => {
  const seen = (ago: number | null) => ({ seenAtMs: ago === null ? null : NOW - ago })
  expect(busyMs([seen(null)], NOW)).toBe(200)
  expect(busyMs([seen(100), seen(null)], NOW)).toBe(200)
  expect(busyMs([seen(1_000), seen(4_000)], NOW)).toBe(2_000)
  expect(busyMs([seen(NOW)], 10 * NOW)).toBe(30_000)
})
