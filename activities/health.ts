import { sides } from '../flows/side.ts'
import type { Pulse } from './heartbeat.ts'
import type { WorldRequest } from './live/world-request.ts'
import { collectionOf } from './systems/systems.ts'
import { VendorTrouble } from './vendor-trouble.ts'

/** The first look comes after this long: the trouble was real a moment ago, and a loop of look and fail costs history. */
const FIRST_MS = 1_000
const LONGEST_MS = 30_000

/** Returns when both systems serve the flow's own records again and every leaf of the memory answers. */
export async function waitForHealth(request: WorldRequest, pulse: Pulse): Promise<{ waitedMs: number }> {
  const began = performance.now()
  let pauseMs = FIRST_MS
  for (;;) {
    await pause(pauseMs, pulse.signal)
    pulse.signal.throwIfAborted()
    try {
      for (const side of sides) {
        await request.systems[side].checkHealth(request.context)
        // The system may answer while this collection does not; an id that cannot exist reads it without loading anything.
        await collectionOf(request.systems, side, request.definition.name).readMany(['0'], request.context)
      }
      if (request.directory.shards.length > 0)
        await request.memory.discover(request.address, request.directory, pulse.signal)
      return { waitedMs: Math.round(performance.now() - began) }
    } catch (error) {
      if (!(error instanceof VendorTrouble)) throw error
      pulse.say(error.trouble.message)
    }
    pauseMs = Math.min(LONGEST_MS, pauseMs * 2)
  }
}

function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const end = (): void => {
      clearTimeout(timer)
      signal.removeEventListener('abort', end)
      resolve()
    }
    const timer = setTimeout(end, ms)
    signal.addEventListener('abort', end)
  })
}
