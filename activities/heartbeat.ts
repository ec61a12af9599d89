import { setMaxListeners } from 'node:events'
import { Context } from '@temporalio/activity'

/** Half the heartbeat timeout: a gap this long means that the process slept, and another attempt may be running (E18). */
const LONGEST_GAP_MS = 5_000
const BEAT_MS = 1_000

export interface Pulse {
  readonly activityId: string
  /** 1 for the first. */
  readonly attempt: number
  readonly signal: AbortSignal
  /** What the Temporal UI shows of this attempt. */
  say(words: string): void
  /** Throws when this attempt may no longer be the only one: called before every write. */
  assertAlive(): void
  stop(): void
}

export class LateAttemptError extends Error {}

/** Beats while an activity works, so that cancellation arrives and a dead process is noticed. */
export function startPulse(): Pulse {
  const context = Context.current()
  const { cancellationSignal, info } = context
  // Every request of a chunk listens for cancellation: up to sixteen records, with their reads, puts and waits, and the lists of
  // reference data that all of them wait for.
  setMaxListeners(1_000, cancellationSignal)
  let words = ''
  let lastBeat = performance.now()
  let lastWall = Date.now()
  let late = false
  const beat = (): void => {
    late ||= hasGap()
    lastBeat = performance.now()
    lastWall = Date.now()
    context.heartbeat(words)
  }
  const hasGap = (): boolean => performance.now() - lastBeat > LONGEST_GAP_MS || Date.now() - lastWall > LONGEST_GAP_MS
  const timer = setInterval(beat, BEAT_MS)
  return {
    activityId: info.activityId,
    attempt: info.attempt,
    signal: cancellationSignal,
    say: (next) => {
      words = next
    },
    assertAlive: () => {
      if (late || hasGap()) throw new LateAttemptError(`attempt ${info.attempt} was asleep; the next attempt goes on`)
    },
    stop: () => clearInterval(timer),
  }
}
