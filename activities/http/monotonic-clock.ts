/** Time that never jumps, handed in so that tests can own it. */
export interface MonotonicClock {
  /** Milliseconds since some fixed moment, with fraction. */
  nowMs(): number
  /** Calls `run` once, not before `delayMs` have passed. @returns takes it back */
  after(delayMs: number, run: () => void): () => void
}

export const monotonicClock: MonotonicClock = {
  nowMs: () => performance.now(),
  after: (delayMs, run) => {
    // Node drops the fraction of a delay, and would then call up to a millisecond early.
    const timer = setTimeout(run, Math.ceil(delayMs))
    return () => clearTimeout(timer)
  },
}

/** Resolves after `delayMs`; rejects with the signal's reason when that comes first. */
export function pause(clock: MonotonicClock, delayMs: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    if (signal.aborted) {
      reject(reasonOf(signal))
      return
    }
    const onAbort = () => {
      takeBack()
      reject(reasonOf(signal))
    }
    const takeBack = clock.after(delayMs, () => {
      signal.removeEventListener('abort', onAbort)
      resolve()
    })
    signal.addEventListener('abort', onAbort, { once: true })
  })
}

/** Whoever aborts usually says why with an error (Temporal's CancelledFailure); it must arrive as it was given. */
export function reasonOf(signal: AbortSignal): Error {
  const reason: unknown = signal.reason
  return reason instanceof Error ? reason : new Error('The request was cancelled.')
}
