import { reasonOf } from './monotonic-clock.ts'

/** Equal calls in flight are one call. */
export interface SharedCalls {
  /**
   * Joins the call under `key` that is under way, or starts one. A caller's signal ends its own wait; the call itself is
   * cancelled when nobody waits for it any more.
   * @param start may say `close()`: whoever comes later begins a call of its own, as the answer may be older than its question
   */
  run<T>(key: string, signal: AbortSignal, start: (signal: AbortSignal, close: () => void) => Promise<T>): Promise<T>
}

interface Running {
  readonly promise: Promise<unknown>
  readonly controller: AbortController
  waiters: number
}

export function createSharedCalls(): SharedCalls {
  const running = new Map<string, Running>()

  function begin(key: string, start: (signal: AbortSignal, close: () => void) => Promise<unknown>): Running {
    const controller = new AbortController()
    let isClosed = false
    let call: Running | null = null
    const close = () => {
      isClosed = true
      if (call !== null && running.get(key) === call) running.delete(key)
    }
    const promise = start(controller.signal, close).finally(close)
    call = { promise, controller, waiters: 0 }
    if (!isClosed) running.set(key, call)
    return call
  }

  return {
    run: <T>(key: string, signal: AbortSignal, start: (signal: AbortSignal, close: () => void) => Promise<T>) =>
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
  }
}
