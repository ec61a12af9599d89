/**
 * Waits for `work` until the signal is aborted, and no longer: the work itself goes on, and nobody hears of how it ends.
 * @throws the signal's reason, or what the work throws
 */
export async function untilAborted<T>(signal: AbortSignal, work: () => Promise<T>): Promise<T> {
  signal.throwIfAborted()
  return orSooner(work, (end) => {
    const abort = (): void => end(signal.reason)
    signal.addEventListener('abort', abort)
    return () => signal.removeEventListener('abort', abort)
  })
}

/**
 * Waits for `work` until then and no longer, as above.
 * @param deadline milliseconds since the epoch, or a date
 * @throws NoAnswerInTime, or what the work throws
 */
export async function until<T>(deadline: number | Date, work: () => Promise<T>): Promise<T> {
  const ms = Math.max(0, Number(deadline) - Date.now())
  return orSooner(work, (end) => {
    const timer = setTimeout(() => end(new NoAnswerInTime(`DEADLINE_EXCEEDED: no answer within ${ms} ms`)), ms)
    return () => clearTimeout(timer)
  })
}

/** Named as gRPC names it: whoever asks again after a gRPC deadline does so after this one. */
export class NoAnswerInTime extends Error {}

/** @param watch is given what ends the waiting with an error, and answers what is called when it is over */
function orSooner<T>(work: () => Promise<T>, watch: (end: (reason: unknown) => void) => () => void): Promise<T> {
  return new Promise<T>((resolve, reject) => {
    const stopWatching = watch((reason) => {
      stopWatching()
      reject(reason instanceof Error ? reason : new Error(String(reason)))
    })
    work().then(
      (value) => {
        stopWatching()
        resolve(value)
      },
      (error: unknown) => {
        stopWatching()
        reject(error instanceof Error ? error : new Error(String(error)))
      },
    )
  })
}
