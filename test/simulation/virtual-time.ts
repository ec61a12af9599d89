import { AsyncLocalStorage } from 'node:async_hooks'

/** Whose doing an event is: what belongs to a process dies with it and stands still while it does. null: the world's own. */
export interface Owner {
  readonly process: {
    readonly isDead: boolean
    /** The process stands still (a laptop asleep, SIGSTOP) until then; 0: it runs. */
    readonly stillUntilMs: number
  } | null
}

interface Event {
  atMs: number
  readonly order: number
  readonly owner: Owner
  readonly run: () => void
  /** Nothing waits for what it does: the next event need not wait for promises. */
  readonly isQuiet: boolean
  isOff: boolean
}

/** A workflow task that goes round this often goes round for ever. */
const MOST_WAKINGS = 10_000

const world: Owner = { process: null }
const owners = new AsyncLocalStorage<Owner>()
const realImmediate = setImmediate
const real = {
  setTimeout: globalThis.setTimeout,
  clearTimeout: globalThis.clearTimeout,
  setInterval: globalThis.setInterval,
  clearInterval: globalThis.clearInterval,
  now: Date.now,
}

/** Who is at work: the activity attempt whose code runs, through all its promises. */
export function currentOwner(): Owner {
  return owners.getStore() ?? world
}

/**
 * Time that passes only from event to event. While it is installed, the clocks and timers that the engine's code knows are
 * these, so nothing of it waits for real. Every event's promises come to rest before the next event: a run is repeatable.
 */
export class VirtualTime {
  nowMs: number
  /** Events so far, heartbeats and their like left out. */
  events = 0
  /** Asked whenever everything is at rest: true when something was woken. */
  wakeWaiting = (): boolean => false
  #queue: Event[] = []
  #order = 0

  constructor(startMs: number) {
    this.nowMs = startMs
  }

  in(ms: number, run: () => void, owner: Owner = world, isQuiet = false): Event {
    const event = { atMs: this.nowMs + Math.max(0, ms), order: this.#order++, owner, run, isQuiet, isOff: false }
    this.#queue.push(event)
    return event
  }

  /** Runs the next event and lets its promises come to rest. false: nothing is left to happen. */
  async step(): Promise<boolean> {
    const event = this.#next()
    if (!event) return false
    this.nowMs = Math.max(this.nowMs, event.atMs)
    owners.run(event.owner, event.run)
    if (event.isQuiet) return true
    this.events++
    await this.comeToRest()
    return true
  }

  async comeToRest(): Promise<void> {
    for (let times = 0; times < MOST_WAKINGS; times++) {
      await rest()
      if (!this.wakeWaiting()) return
    }
    throw new Error('the workflow wakes itself for ever')
  }

  async runFor(ms: number): Promise<void> {
    const untilMs = this.nowMs + ms
    let isDue = false
    this.in(ms, () => (isDue = true), world, true)
    while (!isDue && (await this.step()));
    this.nowMs = Math.max(this.nowMs, untilMs)
  }

  async runEvents(count: number): Promise<void> {
    const until = this.events + count
    while (this.events < until && (await this.step()));
  }

  #next(): Event | undefined {
    for (;;) {
      let first: Event | undefined
      for (const event of this.#queue)
        if (!first || event.atMs < first.atMs || (event.atMs === first.atMs && event.order < first.order)) first = event
      if (!first) return undefined
      const { process } = first.owner
      if (process && !process.isDead && !first.isOff && process.stillUntilMs > first.atMs) {
        first.atMs = process.stillUntilMs
        continue
      }
      this.#queue.splice(this.#queue.indexOf(first), 1)
      if (!first.isOff && !process?.isDead) return first
    }
  }

  install(): void {
    const later = (run: (...args: unknown[]) => void, ms: number, args: unknown[]): object =>
      handle(this.in(Math.max(1, ms), () => run(...args), currentOwner()))
    const every = (run: () => void, ms: number): object => {
      const owner = currentOwner()
      const timer = handle(this.in(ms, tick, owner, true))
      return timer
      function tick(): void {
        run()
        if (!timer.event.isOff) timer.event = time.in(ms, tick, owner, true)
      }
    }
    const off = (timer: unknown): void => {
      if (timer instanceof Handle) timer.event.isOff = true
    }
    const time = this
    Object.assign(globalThis, {
      setTimeout: (run: () => void, ms = 0, ...args: unknown[]) => later(run, ms, args),
      setInterval: every,
      clearTimeout: off,
      clearInterval: off,
    })
    Date.now = () => Math.floor(this.nowMs)
    performance.now = () => this.nowMs
  }

  uninstall(): void {
    const { now, ...timers } = real
    Object.assign(globalThis, timers)
    Date.now = now
    Reflect.deleteProperty(performance, 'now')
  }
}

class Handle {
  event: Event
  constructor(event: Event) {
    this.event = event
  }
  unref(): this {
    return this
  }
}

function handle(event: Event): Handle {
  return new Handle(event)
}

function rest(): Promise<void> {
  return new Promise((resolve) => realImmediate(resolve))
}
