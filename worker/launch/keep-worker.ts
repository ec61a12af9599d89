import { setTimeout as pause } from 'node:timers/promises'
import type { Service } from './service.ts'

export interface KeptWorker {
  /** Stops the present worker and starts no other. */
  stop(graceMs: number): Promise<void>
  kill(): void
}

const firstPauseMs = 500
const longestPauseMs = 30_000
/** A worker that served this long was fine: the next death begins with the short pause again. */
const servedWellMs = 60_000

/**
 * Starts the worker and, once one has served, starts another whenever it ends: nothing is lost by a dead worker but time, so there is
 * no reason to give up. The first start is different: what never served has something wrong that people must see.
 */
export async function keepWorker(options: {
  readonly start: () => Promise<Service>
  readonly say: (sentence: string) => void
}): Promise<KeptWorker> {
  const stopped = new AbortController()
  let present: Service | undefined = await options.start()
  const kept = keepOn(present)

  async function keepOn(first: Service): Promise<void> {
    let worker = first
    for (let pauseMs = firstPauseMs; ; pauseMs = Math.min(pauseMs * 2, longestPauseMs)) {
      const beganAt = Date.now()
      const ending = await worker.ended
      present = undefined
      if (Date.now() - beganAt > servedWellMs) pauseMs = firstPauseMs
      const next = await startAnother(ending, pauseMs)
      if (next === undefined) return
      worker = next
    }
  }

  async function startAnother(ending: string, firstPause: number): Promise<Service | undefined> {
    let reason = `The worker ended (${ending})`
    for (let pauseMs = firstPause; !stopped.signal.aborted; pauseMs = Math.min(pauseMs * 2, longestPauseMs)) {
      options.say(`${reason}; another one starts in ${pauseMs / 1000} s. The flows go on where they were.`)
      await pause(pauseMs, undefined, { signal: stopped.signal }).catch(() => {})
      if (stopped.signal.aborted) return undefined
      try {
        const worker = await options.start()
        present = worker
        if (stopped.signal.aborted) {
          worker.kill()
          return undefined
        }
        options.say(`The worker serves again (process ${worker.pid}).`)
        return worker
      } catch (error) {
        reason = error instanceof Error ? error.message : String(error)
      }
    }
    return undefined
  }

  return {
    async stop(graceMs) {
      stopped.abort()
      await present?.stop(graceMs)
      await kept
    },
    kill() {
      stopped.abort()
      present?.kill()
    },
  }
}
