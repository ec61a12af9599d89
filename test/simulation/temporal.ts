import type { Client } from '@temporalio/client'
import { WorkflowNotFoundError } from '@temporalio/client'
import { CancelledFailure } from '@temporalio/common'
import type { LeafState, LookupAsk, PutItem } from '../../flows/memory.ts'
import {
  closeLeaf,
  type Leaf,
  lookupRows,
  openLeaf,
  putRows,
  rowsAfter,
  wantsSplit,
} from '../../workflows/memory/leaf.ts'
import { Attempt, HEARTBEAT_TIMEOUT_MS, type SimulatedProcess, type Task } from './attempt.ts'
import { currentOwner, type VirtualTime } from './virtual-time.ts'
import type { WorkflowHost } from './workflow-sdk.ts'

const clone = <T>(value: T): T => (value === undefined ? value : (JSON.parse(JSON.stringify(value)) as T))

export interface TemporalOptions {
  readonly time: VirtualTime
  /** Milliseconds of one way between two processes. */
  readonly latencyMs: () => number
  /** The process that takes new work. */
  readonly process: () => SimulatedProcess
  /** Sees what every activity answered, as the flow gets it. */
  readonly onAnswer: (name: string, input: unknown, answer: unknown) => void
}

/**
 * What the engine needs of a Temporal server: activities that are tried again when their process is silent, one flow
 * whose state is never lost, and leaves of the memory that answer by the engine's own code.
 */
export function createTemporal({ time, latencyMs, process, onAnswer }: TemporalOptions) {
  const leaves = new Map<string, Leaf>()
  const handlers = new Map<string, (...args: never[]) => unknown>()
  let waiting: { readonly isTrue: () => boolean; readonly resolve: (isTrue: boolean) => void }[] = []
  let scheduled = 0
  let history = 0
  let runs = 1

  const host: WorkflowHost = {
    schedule: (name, input) => {
      history += 3
      const task: Task = {
        id: String(++scheduled),
        name,
        input: clone(input),
        attempts: 0,
        current: null,
        isOver: false,
      }
      const result = new Promise((resolve, reject) => start(task, resolve, reject))
      return { result, cancel: () => (task.isOver = true) }
    },
    wait: (isTrue, ms) =>
      new Promise((resolve) => {
        const entry = { isTrue, resolve }
        waiting.push(entry)
        if (ms !== undefined)
          time.in(ms, () => {
            if (!waiting.includes(entry)) return
            waiting = waiting.filter((other) => other !== entry)
            resolve(false)
          })
      }),
    handle: (name, run) => handlers.set(name, run),
    get info() {
      return { runId: `run-${runs}`, historyLength: history }
    },
  }

  function start(task: Task, resolve: (answer: unknown) => void, reject: (error: unknown) => void): void {
    time.in(latencyMs(), () => {
      if (task.isOver) return
      const worker = process()
      const attempt = new Attempt(task, ++task.attempts, worker, time)
      task.current = attempt
      watchBeats(attempt)
      time.in(0, () => work(attempt), attempt)
    })

    function work(attempt: Attempt): void {
      const activity = attempt.process.activities[task.name]
      if (!activity) throw new Error(`the simulation has no activity ${task.name}`)
      activity(clone(task.input) as never).then(
        (answer) => time.in(latencyMs(), () => time.in(0, () => complete(attempt, answer)), attempt),
        (error: unknown) => time.in(latencyMs(), () => time.in(0, () => fail(attempt, error)), attempt),
      )
    }

    function complete(attempt: Attempt, answer: unknown): void {
      if (!attempt.isWanted()) return
      task.isOver = true
      const told = clone(answer)
      onAnswer(task.name, task.input, told)
      resolve(told)
    }

    function fail(attempt: Attempt, error: unknown): void {
      if (!attempt.isWanted()) return
      // As in the SDK: whoever was not asked to end, and failed by another's cancellation, is tried again.
      if (error instanceof CancelledFailure && attempt.controller.signal.aborted) {
        task.isOver = true
        reject(error)
      } else again()
    }

    function again(): void {
      task.current = null
      time.in(Math.min(30_000, 1_000 * 2 ** (task.attempts - 1)), () => start(task, resolve, reject))
    }

    function watchBeats(attempt: Attempt): void {
      const left = attempt.lastBeatMs + HEARTBEAT_TIMEOUT_MS - time.nowMs
      time.in(
        left,
        () => {
          if (!attempt.isWanted()) return
          if (time.nowMs - attempt.lastBeatMs >= HEARTBEAT_TIMEOUT_MS) again()
          else watchBeats(attempt)
        },
        undefined,
        true,
      )
    }
  }

  /** A question to the server and its answer, each of which takes its time; the answer dies with whoever asked. */
  function hop<T>(answer: () => T): Promise<T> {
    const owner = currentOwner()
    return new Promise((resolve, reject) => {
      time.in(latencyMs(), () => {
        let settle: () => void
        try {
          const value = clone(answer())
          settle = () => resolve(value)
        } catch (error) {
          settle = () => reject(error)
        }
        time.in(latencyMs(), settle, owner)
      })
    })
  }

  function leafOf(id: string): Leaf {
    const leaf = leaves.get(id)
    if (!leaf) throw new WorkflowNotFoundError('there is no such leaf', id, undefined)
    return leaf
  }

  function ask(id: string, name: string, arg: unknown): unknown {
    const leaf = leaves.get(id)
    const handler = leaf ? undefined : handlers.get(name)
    if (handler) return handler(arg as never)
    switch (name) {
      case 'lookup':
        return lookupRows(leafOf(id), arg as LookupAsk)
      case 'rows': {
        const { afterKey, limit } = arg as { afterKey: string | null; limit: number }
        return rowsAfter(leafOf(id), afterKey, limit)
      }
      case 'summary': {
        const { state, byKey, linked, bytes } = leafOf(id)
        return {
          shard: state.shard,
          side: state.side,
          low: state.low,
          rows: byKey.size,
          linked,
          bytes,
          splitting: null,
          wantsSplit: wantsSplit(leafOf(id)),
          movedTo: state.moved.map((range) => range.shard),
        }
      }
      case 'put1':
        return putRows(leafOf(id), arg as PutItem[], Date.now())
      default:
        throw new Error(`the simulation does not know ${name} of ${id}`)
    }
  }

  const client = {
    connection: { withDeadline: <T>(_deadline: number, work: () => Promise<T>) => work() },
    withAbortSignal: <T>(signal: AbortSignal, work: () => Promise<T>) =>
      new Promise<T>((resolve, reject) => {
        signal.addEventListener('abort', () => reject(signal.reason as Error), { once: true })
        work().then(resolve, reject)
      }),
    workflow: {
      getHandle: (id: string) => ({
        query: (name: string, arg?: unknown) => hop(() => ask(id, name, arg)),
        executeUpdate: (name: string, { args }: { args: unknown[] }) => hop(() => ask(id, name, clone(args[0]))),
        describe: () => hop(() => ({ status: { name: leafOf(id) && 'RUNNING' } })),
      }),
      start: (_type: string, { workflowId, args }: { workflowId: string; args: [LeafState] }) =>
        hop(() => {
          if (!leaves.has(workflowId)) leaves.set(workflowId, openLeaf(clone(args[0])))
        }),
    },
  }

  return {
    host,
    client: client as unknown as Client,
    /** Asks or tells the flow at once. */
    flow: <T>(name: string, arg?: unknown): T => {
      const handler = handlers.get(name)
      if (!handler) throw new Error(`the flow has no handler ${name}`)
      return handler(arg as never) as T
    },
    /** Wakes whatever waits in the workflow and may go on: after every event, as after every workflow task. */
    wakeWaiting: (): boolean => {
      const due = waiting.filter((entry) => entry.isTrue())
      waiting = waiting.filter((entry) => !due.includes(entry))
      for (const entry of due) entry.resolve(true)
      return due.length > 0
    },
    newRun: (): void => {
      runs++
      history = 0
      waiting = []
      handlers.clear()
    },
    rows: (): string[] => [...leaves.values()].flatMap((leaf) => [...closeLeaf(leaf).rows]),
  }
}

export type SimulatedTemporal = ReturnType<typeof createTemporal>
