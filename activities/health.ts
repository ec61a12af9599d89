import { sides } from '../flows/side.ts'
import type { Pulse } from './heartbeat.ts'
import type { WorldRequest } from './live/world-request.ts'
import { pause } from './pause.ts'
import { collectionOf } from './systems/systems.ts'
import { VendorTrouble } from './vendor-trouble.ts'

const SHORTEST_MS = 1_000
const LONGEST_MS = 30_000

/** Returns when both systems serve the flow's own records again and every leaf of the memory answers. */
export async function waitForHealth(
  request: WorldRequest,
  pulse: Pulse,
  options: {
    /** The first look comes after this long: the trouble was real a moment ago. */
    readonly firstPauseMs: number
    /** An earlier attempt began this wait and died: it is not begun again, or workers that live for less would never look. */
    readonly isRepeated: boolean
    readonly assertFirstLeaves: () => Promise<void>
  },
): Promise<{ waitedMs: number }> {
  const began = performance.now()
  let pauseMs = options.isRepeated ? 0 : options.firstPauseMs
  for (;;) {
    await pause(pauseMs, pulse.signal)
    pulse.signal.throwIfAborted()
    try {
      for (const side of sides) {
        await request.systems[side].checkHealth(request.context, request.definition.name)
        // The system may answer while this collection does not; an id that cannot exist reads it without loading anything.
        const collection = collectionOf(request.systems, side, request.definition.name)
        await collection.readMany([collection.probeId ?? '0'], request.context)
      }
      if (request.directory.shards.length > 0)
        await request.memory.discover(request.address, request.directory, pulse.signal)
      // A flow that has not yet got its memory waits for leaves of an earlier one that were closed.
      else await options.assertFirstLeaves()
      return { waitedMs: Math.round(performance.now() - began) }
    } catch (error) {
      if (!(error instanceof VendorTrouble)) throw error
      pulse.say(error.trouble.message)
    }
    pauseMs = Math.max(SHORTEST_MS, Math.min(LONGEST_MS, pauseMs * 2))
  }
}
