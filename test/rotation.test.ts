import fc from 'fast-check'
import { expect, test } from 'vitest'
import { nextTurn, ROTATION_MS } from '../activities/watch/rotation.ts'
import { oldestCheck, type Rotation } from '../flows/rotation.ts'

const hour = 3_600_000
const minute = 60_000
const ids = idsUpTo(500)
const start = 1_800_000_000_000

function idsUpTo(count: number): string[] {
  return Array.from({ length: count }, (_, index) => `order-${index}`)
}

interface Sweeps {
  readonly read: readonly string[][]
  readonly rotation: Rotation
}

/** Sweeps at these times, after one at `start` that begins the rotation. */
function sweepAt(times: readonly number[], sweepMs: number, lists = ids, room = 1_000): Sweeps {
  let rotation = nextTurn(lists, null, { nowMs: start, sweepMs, room }).rotation
  const read: string[][] = []
  for (const nowMs of times) {
    const turn = nextTurn(lists, rotation, { nowMs, sweepMs, room })
    rotation = turn.rotation
    read.push([...turn.due])
  }
  return { read, rotation }
}

const every = (ms: number, count: number) => Array.from({ length: count }, (_, index) => start + (index + 1) * ms)

test('E22: in six hours of sweeps every open order has its turn to be read in full exactly once', () => {
  const { read } = sweepAt(every(hour, ROTATION_MS / hour), hour)
  expect(read.flat().sort()).toEqual([...ids].sort())
})

test('E22: sweeps that come late skip no order', () => {
  const { read } = sweepAt(every(61_000, Math.ceil(ROTATION_MS / 61_000)), minute)
  expect(new Set(read.flat())).toEqual(new Set(ids))
})

test('E22: no sweep reads more orders than a twentieth of the rate allows, and the rest has its turn before anything is read again', () => {
  const many = idsUpTo(12_000)
  const { read } = sweepAt(every(10 * minute, 50), 10 * minute, many)
  for (const turn of read) expect(turn.length).toBeLessThanOrEqual(300)
  const readOnce = read.flat()
  expect(new Set(readOnce.slice(0, many.length))).toEqual(new Set(many))
})

test('E22: after a worker was away for a day the pointer catches up, within the rate', () => {
  const { read } = sweepAt([start + 24 * hour, ...every(minute, 30).map((at) => at + 24 * hour)], minute)
  for (const turn of read) expect(turn.length).toBeLessThanOrEqual(30)
  expect(new Set(read.flat())).toEqual(new Set(ids))
})

test('E22: a sweep that has found much already reads only as many as its answer still holds', () => {
  const times = every(hour, 200)
  const { read } = sweepAt(times, hour, ids, 3)
  for (const turn of read) expect(turn.length).toBeLessThanOrEqual(3)
  expect(new Set(read.flat())).toEqual(new Set(ids))
})

test('E23: the oldest check never promises more than was read, whenever the sweeps come', () => {
  fc.assert(
    fc.property(
      fc.array(fc.integer({ min: 1_000, max: 9 * hour }), { minLength: 1, maxLength: 60 }),
      fc.integer({ min: 1, max: 400 }),
      fc.constantFrom(minute, hour),
      (pauses, count, sweepMs) => {
        const lists = idsUpTo(count)
        const lastRead = new Map(lists.map((id) => [id, start]))
        let { rotation } = nextTurn(lists, null, { nowMs: start, sweepMs, room: 1_000 })
        let nowMs = start
        for (const pause of pauses) {
          nowMs += pause
          const turn = nextTurn(lists, rotation, { nowMs, sweepMs, room: 1_000 })
          rotation = turn.rotation
          for (const id of turn.due) lastRead.set(id, nowMs)
          expect(Math.min(...lastRead.values())).toBeGreaterThanOrEqual(oldestCheck(rotation))
        }
      },
    ),
  )
})

test('E23: with punctual sweeps the oldest check is at most a round and a sector old', () => {
  const times = every(minute, 1_000)
  const { rotation } = sweepAt(times, minute)
  const age = start + 1_000 * minute - oldestCheck(rotation)
  expect(age).toBeLessThanOrEqual(ROTATION_MS + ROTATION_MS / 24 + minute)
  expect(age).toBeGreaterThan(0)
})
