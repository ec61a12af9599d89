import { describe, expect, test } from 'vitest'
import { firstPauseMs, streakAfter, type TroubleStreak } from '../workflows/engine/trouble-streak.ts'

/** A flow that meets trouble every so many milliseconds. */
function pauses(times: number, everyMs: number, hasMoved: boolean): number[] {
  let streak: TroubleStreak = { count: 0, lastAt: 0 }
  return Array.from({ length: times }, (_, nth) => {
    streak = streakAfter(streak, { atMs: 1_000_000 + nth * everyMs, isOngoing: false, hasMoved })
    return firstPauseMs(streak) / 1_000
  })
}

describe('E17: how long a flow waits before it looks whether its trouble is over', () => {
  test('is longer each time the trouble comes back at once', () => {
    expect(pauses(7, 40_000, false)).toEqual([1, 2, 4, 8, 16, 30, 30])
  })

  test('is short again once something was carried over: a system that fails now and then is worked with', () => {
    expect(pauses(7, 40_000, true)).toEqual([1, 1, 1, 1, 1, 1, 1])
  })

  test('is short again after a while', () => {
    expect(pauses(3, 300_000, false)).toEqual([1, 1, 1])
  })

  test('counts what several tasks run into at once as one', () => {
    const streak = streakAfter({ count: 2, lastAt: 5 }, { atMs: 9, isOngoing: true, hasMoved: false })
    expect(streak).toEqual({ count: 2, lastAt: 9 })
  })
})
