import type { CreateDecision } from '../../flows/decision.ts'
import { UNFINISHED_MS } from '../../flows/row.ts'
import { SETTLE_MS } from './apply-park.ts'
import type { Chunk } from './chunk.ts'
import { creatingRowIn } from './creating-row.ts'
import { refusesTwin } from './twin.ts'

/**
 * A request that a dying worker sent may arrive long after: its chunk may announce a create twelve seconds before it sends
 * it, and what is between takes it for ten more and a while.
 */
export const LANDING_MS = 4 * SETTLE_MS

/**
 * An earlier attempt's create was looked for and not found, which says nothing yet: it may still arrive, and nothing on the
 * other side would refuse one of the two (E18).
 * @returns when it must have arrived, milliseconds since 1970; null: it must have by now, or a system keeps our reference unique or
 * knows a repeated request
 */
export async function landedBy(chunk: Chunk, decision: CreateDecision): Promise<number | null> {
  const collection = chunk.collections[decision.on]
  if (refusesTwin(collection) || (await collection.repeatsCreation?.(chunk.context))) return null
  const now = Date.now()
  const row = creatingRowIn(decision)
  if (row === undefined) return now + LANDING_MS
  // Of another process, whose clock may differ: a time far ahead is no reason to wait until then.
  return Math.abs(now - row.since) < LANDING_MS ? row.since + LANDING_MS : null
}

/**
 * Whether what an earlier attempt sent may arrive from now on. Only where nobody waited for it, since the system itself refuses a
 * second one or knows a repeated request; and not long after.
 */
export async function mayStillLand(chunk: Chunk, decision: CreateDecision): Promise<boolean> {
  const row = creatingRowIn(decision)
  if (row === undefined || Date.now() - row.since >= UNFINISHED_MS) return false
  const collection = chunk.collections[decision.on]
  return refusesTwin(collection) || (await collection.repeatsCreation?.(chunk.context)) === true
}
