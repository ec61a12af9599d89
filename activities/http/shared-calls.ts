import { reasonOf } from './monotonic-clock.ts'

/** Equal calls in flight are one call. */
export interface SharedCalls {
  /**
   * Joins the call under `key` that is under way, or starts one. A caller's signal ends its own wait; the call itself is
   * cancelled when nobody waits for it any more.
   */
  run<T>(key: string, signal: AbortSignal, start: (signal: AbortSignal) => Promise<T>): Promise<T>
  /** Later callers start afresh: after a write, an answer that was asked for before it is out of date. */
  forget(): void
}

interface Running {
  readonly promise: Promise<unknown>
  readonly controller: AbortController
  waiters: number
}

export function createSharedCalls(): SharedCalls {
  let running = new Map<string, Running>()

  function begin(key: string, start: (signal: AbortSignal) => Promise<unknown>): Running {
    const controller = new AbortController()
    const generation = running
    const promise = start(controller.signal).finally(() => {
      if (generation.get(key) === call) generation.delete(key)
    })
    const call: Running = { promise, controller, waiters: 0 }
    generation.set(key, call)
    return call
  }

  return {
    run: <T>(key: string, signal: AbortSignal, start: (signal: AbortSignal) => Promise<T>) =>
      new Promise<T>((resolve, reject) => {
        if (signal.aborted) {
          reject(reasonOf(signal))
          return
        }
        const found = running.get(key)
        const call = found && !found.controller.signal.aborted ? found : begin(key, start)
        call.waiters += 1
        const leave = () => {
          signal.removeEventListener('abort', onAbort)
          call.waiters -= 1
        }
        const onAbort = () => {
          leave()
          if (call.waiters === 0) call.controller.abort(reasonOf(signal))
          reject(reasonOf(signal))
        }
        signal.addEventListener('abort', onAbort, { once: true })
        call.promise.then(
          (value) => {
            leave()
            resolve(value as T) // one key, one kind of call: the caller names both
          },
          (failure: unknown) => {
            leave()
            reject(failure instanceof Error ? failure : new Error(String(failure)))
          },
        )
      }),
    forget: () => {
      running = new Map()
    },
  }
}
