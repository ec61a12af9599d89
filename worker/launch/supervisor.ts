/** Something that was started and has to be stopped before what was started earlier. */
export interface Stoppable {
  stop(graceMs: number): Promise<void>
  /** At once, without a chance to finish. */
  kill(): void
}

/**
 * npm passes a terminal's Ctrl-C on to us after the terminal itself did, so one key press arrives twice. Nobody means two presses by
 * so short a time.
 */
const samePressMs = 700

const stopSignals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const

/**
 * Runs what `npm start` starts until a signal or the end of something that must not end, then stops it in reverse order. A second
 * Ctrl-C hurries: what is left is killed.
 */
export class Supervisor {
  readonly #say: (sentence: string) => void
  readonly #started: { readonly thing: Stoppable; readonly graceMs: number }[] = []
  readonly #stopping = new AbortController()
  #firstSignalAt: number | undefined
  #failed = false

  constructor(say: (sentence: string) => void) {
    this.#say = say
  }

  /** Aborted when stopping begins; what takes long while starting listens to it. */
  get signal(): AbortSignal {
    return this.#stopping.signal
  }

  /** Takes over something that was started. While stopping, it is stopped at once. */
  add(thing: Stoppable, graceMs: number): void {
    this.#started.push({ thing, graceMs })
  }

  /** Stops everything because of `sentence`; the exit code tells of it. */
  fail(sentence: string): void {
    if (this.#stopping.signal.aborted) return
    console.error(sentence)
    this.#failed = true
    this.#stopping.abort()
  }

  /** @returns the exit code */
  async run(start: (supervisor: Supervisor) => Promise<void>): Promise<number> {
    const onSignal = (name: NodeJS.Signals) => this.#receive(name)
    for (const name of stopSignals) process.on(name, onSignal)
    const asked = new Promise<void>((resolve) => {
      this.signal.addEventListener('abort', () => resolve(), { once: true })
    })
    const starting = start(this).catch((error: unknown) => {
      this.fail(error instanceof Error ? error.message : String(error))
    })
    await asked
    await this.#stopAll()
    // A start that was under way ends when what it waits for is gone; what it started meanwhile is stopped too.
    await starting
    await this.#stopAll()
    for (const name of stopSignals) process.off(name, onSignal)
    return this.#failed ? 1 : 0
  }

  #receive(name: NodeJS.Signals): void {
    if (this.#firstSignalAt === undefined) {
      this.#firstSignalAt = Date.now()
      this.#say(name === 'SIGINT' ? 'Stopping; Ctrl-C again hurries.' : 'Stopping.')
      this.#stopping.abort()
      return
    }
    if (Date.now() - this.#firstSignalAt < samePressMs) return
    this.#say('Hurrying: what is left is killed, and goes on where it was at the next start.')
    for (const { thing } of this.#started) thing.kill()
    process.exit(this.#failed ? 1 : 0)
  }

  async #stopAll(): Promise<void> {
    for (let last = this.#started.at(-1); last !== undefined; last = this.#started.at(-1)) {
      await last.thing.stop(last.graceMs)
      this.#started.pop()
    }
  }
}
