import type { FlowName } from '../../flows/flow-definition.ts'
import type { Side } from '../../flows/side.ts'

/**
 * Wakes the watches of this process (E24): a webhook makes the watch look now instead of at its next poll. Nothing is
 * lost without it, so a call for a watch that does not sleep here is only remembered for its next sleep.
 */
export interface WakeCalls {
  /** true: every watch of this process that attends heard it, or will at its next sleep. */
  wake(connection: string, flow: FlowName, side: Side): boolean
  /** A watch runs in this process from now on, until it leaves. */
  attend(connection: string, flow: FlowName, side: Side): Attendance
}

/**
 * One watch's own ear. Two of one side attend while an old one, whose flow has already asked for another, does not know
 * it yet: a call that only the old one heard would be lost until the next poll.
 */
export interface Attendance {
  /** Sleeps until woken, cancelled or `ms` have passed; true when woken. */
  sleep(ms: number, signal: AbortSignal): Promise<boolean>
  leave(): void
}

export function createWakeCalls(): WakeCalls {
  const attending = new Map<string, Set<() => void>>()

  return {
    wake: (connection, flow, side) => {
      const watches = attending.get(nameOf(connection, flow, side)) ?? new Set()
      for (const call of watches) call()
      return watches.size > 0
    },
    attend: (connection, flow, side) => {
      const name = nameOf(connection, flow, side)
      let isCalled = false
      let rouse = (): void => undefined
      const call = (): void => {
        isCalled = true
        rouse()
      }
      const watches = attending.get(name) ?? new Set()
      attending.set(name, watches.add(call))
      return {
        sleep: async (ms, signal) => {
          if (!isCalled && !signal.aborted) await rest(ms, signal, (end) => (rouse = end))
          const isWoken = isCalled
          isCalled = false
          return isWoken
        },
        leave: () => {
          watches.delete(call)
          if (watches.size === 0 && attending.get(name) === watches) attending.delete(name)
        },
      }
    },
  }
}

function rest(ms: number, signal: AbortSignal, onRouse: (end: () => void) => void): Promise<void> {
  return new Promise((resolve) => {
    const end = (): void => {
      clearTimeout(timer)
      signal.removeEventListener('abort', end)
      resolve()
    }
    const timer = setTimeout(end, ms)
    signal.addEventListener('abort', end)
    onRouse(end)
  })
}

function nameOf(connection: string, flow: FlowName, side: Side): string {
  return `${connection}.${flow}.${side}`
}
