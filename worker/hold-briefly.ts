import type { AsyncLocalStorage } from 'node:async_hooks'

/**
 * Has a storage of the SDK keep its value only until the function that it is run with first waits, instead of wherever that leads to.
 * Once any AsyncLocalStorage is in use, Node 20 calls a hook for each promise of the process and takes a slower way to await: three
 * times the time for an await that has nothing to wait for (measured 2026-11-27), and a worker awaits some hundred times for each record.
 * What needs the value takes it at once: activities/heartbeat.ts an activity's context, the SDK's client a request's headers.
 */
export function holdBriefly<T>(storage: AsyncLocalStorage<T>): void {
  let held: T | undefined
  storage.getStore = () => held
  storage.run = (value: T, work: (...args: never[]) => unknown, ...args: never[]) => {
    const before = held
    held = value
    try {
      return work(...args) as never
    } finally {
      held = before
    }
  }
  storage.disable()
}
