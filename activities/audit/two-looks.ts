import type { Difference } from '../../flows/audit.ts'
import type { RecordKey } from '../../flows/side.ts'

export interface Confirmed {
  readonly drift: readonly Difference[]
  /** Seen once only, changed between the looks, or of records under way. */
  readonly inFlight: number
}

/**
 * What two looks with a pause in between saw alike, and nobody is working on: a live edit that is on its way shows once, or
 * otherwise the second time. Pure.
 */
export function confirmed(
  first: readonly Difference[],
  second: readonly Difference[],
  underWay: ReadonlySet<RecordKey>,
): Confirmed {
  const seenBefore = new Set(first.map(identityOf))
  const drift = second.filter(
    (difference) => seenBefore.has(identityOf(difference)) && !difference.keys.some((key) => underWay.has(key)),
  )
  const standing = new Set(drift.map(identityOf))
  const all = new Set([...first, ...second].map(({ kind, keys }) => `${kind} ${keys.join(' ')}`))
  const still = new Set(second.map(({ kind, keys }) => `${kind} ${keys.join(' ')}`))
  // What the second look does not show any more has arrived meanwhile: nothing is to be said of it.
  const inFlight = [...all].filter((name) => still.has(name)).length - standing.size
  return { drift, inFlight }
}

function identityOf({ kind, keys, fields, mark }: Difference): string {
  return JSON.stringify([kind, keys, fields, mark])
}
