import type { FlowName } from '../../flows/flow-definition.ts'
import type { Side } from '../../flows/side.ts'

/**
 * Wakes the watches of this process (E24): a webhook makes the watch look now instead of at its next poll. Nothing is
 * lost without it, so a call for a watch that does not sleep here is only remembered for its next sleep.
 */
export interface WakeCalls {
  /** true: a watch of this process heard it or will, at its next sleep. */
  wake(connection: string, flow: FlowName, side: Side): boolean
  /** Sleeps until woken, cancelled or `ms` have passed; true when woken. */
  sleep(connection: string, flow: FlowName, side: Side, ms: number, signal: AbortSignal): Promise<boolean>
  /** A watch runs in this process from now on, until the returned function is called. */
  attend(connection: string, flow: FlowName, side: Side): () => void
}

export function createWakeCalls(): WakeCalls {
  const attending = new Map<string, number>()
  const sleeping = new Map<string, () => void>()
  const called = new Set<string>()
  const name = (connection: string, flow: FlowName, side: Side): string => `${connection}.${flow}.${side}`

  return {
    wake: (connection, flow, side) => {
      const key = name(connection, flow, side)
      if ((attending.get(key) ?? 0) === 0) return false
      called.add(key)
      sleeping.get(key)?.()
      return true
    },
    attend: (connection, flow, side) => {
      const key = name(connection, flow, side)
      attending.set(key, (attending.get(key) ?? 0) + 1)
      return () => attending.set(key, (attending.get(key) ?? 1) - 1)
    },
    sleep: (connection, flow, side, ms, signal) => {
      const key = name(connection, flow, side)
      if (called.delete(key)) return Promise.resolve(true)
      if (signal.aborted) return Promise.resolve(false)
      return new Promise((resolve) => {
        const end = (): void => {
          clearTimeout(timer)
          signal.removeEventListener('abort', end)
          if (sleeping.get(key) === end) sleeping.delete(key)
          resolve(called.delete(key))
        }
        const timer = setTimeout(end, ms)
        signal.addEventListener('abort', end)
        sleeping.set(key, end)
      })
    },
  }
}
