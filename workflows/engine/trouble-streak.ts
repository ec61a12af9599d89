import type { FlowState } from './flow-state.ts'

export type TroubleStreak = FlowState['troubleStreak']

/** Trouble within this time of the last one belongs to the same outage. */
const STREAK_MS = 300_000

/**
 * How often trouble has come back by now. Pure.
 * @param isOngoing several tasks may run into the same outage: it counts once
 * @param hasMoved something was carried over since the last trouble: a system that fails now and then is no outage, and a flow
 * that waits ever longer for it would fall behind
 */
export function streakAfter(
  { count, lastAt }: TroubleStreak,
  now: { readonly atMs: number; readonly isOngoing: boolean; readonly hasMoved: boolean },
): TroubleStreak {
  if (now.isOngoing) return { count, lastAt: now.atMs }
  const isSameOutage = now.atMs - lastAt < STREAK_MS && !now.hasMoved
  return { count: isSameOutage ? count + 1 : 0, lastAt: now.atMs }
}

/** 1 s at first, doubled each time the trouble comes back, half a minute at the most: a loop of look and fail costs history. */
export function firstPauseMs({ count }: TroubleStreak): number {
  return Math.min(30_000, 1_000 * 2 ** Math.min(count, 5))
}
