import type { Owner, VirtualTime } from './virtual-time.ts'

/** One worker process: it dies, and it can stand still for a while. */
export interface SimulatedProcess {
  readonly number: number
  isDead: boolean
  stillUntilMs: number
  readonly activities: Readonly<Record<string, (input: never) => Promise<unknown>>>
  readonly wake: () => void
}

export interface Task {
  readonly id: string
  readonly name: string
  readonly input: unknown
  attempts: number
  current: Attempt | null
  isOver: boolean
}

/** The SDK sends every beat that comes later than this after the last one it sent (worker/options.ts). */
const SENT_EVERY_MS = 4_000
export const HEARTBEAT_TIMEOUT_MS = 10_000

export class Attempt implements Owner {
  readonly controller = new AbortController()
  readonly task: Task
  readonly number: number
  readonly process: SimulatedProcess
  readonly time: VirtualTime
  lastBeatMs: number

  constructor(task: Task, number: number, process: SimulatedProcess, time: VirtualTime) {
    this.task = task
    this.number = number
    this.process = process
    this.time = time
    this.lastBeatMs = time.nowMs
  }

  isWanted(): boolean {
    return !this.task.isOver && this.task.current === this
  }

  beat(): void {
    if (this.time.nowMs - this.lastBeatMs >= SENT_EVERY_MS) this.lastBeatMs = this.time.nowMs
  }
}
