import type { MonotonicClock } from '../../activities/http/monotonic-clock.ts'

/** Time that moves only when a test says so. Timers may be made to run late, as real ones do. */
export interface SimulatedClock extends MonotonicClock {
  /** Runs every timer up to `ms` from now, in order, with the promises that each of them settles. */
  advance(ms: number): Promise<void>
}

interface Timer {
  readonly dueMs: number
  readonly order: number
  readonly run: () => void
}

export function createSimulatedClock(latenessMs: () => number = () => 0): SimulatedClock {
  let nowMs = 0
  let order = 0
  let timers: Timer[] = []
  return {
    nowMs: () => nowMs,
    after: (delayMs, run) => {
      order += 1
      const timer = { dueMs: nowMs + Math.max(0, delayMs) + latenessMs(), order, run }
      timers.push(timer)
      return () => {
        timers = timers.filter((each) => each !== timer)
      }
    },
    advance: async (ms) => {
      const endMs = nowMs + ms
      await settled()
      for (;;) {
        const next = timers.filter((timer) => timer.dueMs <= endMs).toSorted(byDueTime)[0]
        if (!next) break
        timers = timers.filter((timer) => timer !== next)
        nowMs = Math.max(nowMs, next.dueMs)
        next.run()
        await settled()
      }
      nowMs = endMs
    },
  }
}

const byDueTime = (a: Timer, b: Timer) => a.dueMs - b.dueMs || a.order - b.order

/** Promise reactions that wait for nothing else run to their end. */
async function settled(): Promise<void> {
  for (let turns = 0; turns < 12; turns += 1) await Promise.resolve()
}

/** The same numbers for the same seed, from 0 up to 1 (mulberry32). */
export function seededRandom(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
}
