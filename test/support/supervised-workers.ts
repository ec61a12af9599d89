import { setTimeout as pause } from 'node:timers/promises'
import type { TestProcess } from './processes.ts'

/** Workers that are started again whenever they end, as `npm start` does. */
export interface SupervisedWorkers {
  /** kill -9, and returns when the one in its place serves. */
  kill(which: number): Promise<void>
  allServe(): Promise<void>
  /** The one that runs at present. */
  process(which: number): TestProcess | undefined
  /** kill -9 of all, and no further one is started. */
  end(): Promise<void>
}

const restartAfterMs = 1_000
/** One that cannot start so many times in a row has a reason that goes away by no waiting. */
const mostStarts = 30

export function superviseWorkers(options: {
  readonly count: number
  readonly start: (which: number) => TestProcess
  /** Hears of each that nobody killed. */
  readonly say: (words: string) => void
}): SupervisedWorkers {
  const { start, say } = options
  let hasEnded = false
  const running: (TestProcess | undefined)[] = []
  const serving: Promise<void>[] = []
  for (let which = 0; which < options.count; which += 1) serve(which)
  return {
    kill: async (which) => {
      const worker = running[which]
      // Whoever looks after it must not start another beside ours.
      running[which] = undefined
      await worker?.kill()
      serve(which)
      await serving[which]
    },
    allServe: async () => void (await Promise.all(serving)),
    process: (which) => running[which],
    end: async () => {
      hasEnded = true
      await Promise.all(running.map((worker) => worker?.kill()))
    },
  }

  function serve(which: number): void {
    const served = begin(which)
    serving[which] = served
    // Whoever waits for it hears of its failure.
    served.catch(() => undefined)
  }

  async function begin(which: number): Promise<void> {
    for (let attempt = 1; ; attempt += 1) {
      const worker = start(which)
      running[which] = worker
      try {
        await worker.said('worker serving')
        void worker.ended.then(() => restart(which, worker))
        return
      } catch (error) {
        // Killed by us, as is one that says nothing for minutes.
        const isOurs = running[which] === worker
        await worker.kill()
        if (hasEnded || !isOurs || attempt >= mostStarts) throw error
        say(`worker ${which} did not start: ${error instanceof Error ? error.message : String(error)}`)
        await pause(restartAfterMs)
        if (hasEnded || running[which] !== worker) throw error
      }
    }
  }

  function restart(which: number, worker: TestProcess): void {
    if (hasEnded || running[which] !== worker) return
    say(`worker ${which} ended by itself, and is started again`)
    serve(which)
  }
}
