import type { FieldNote } from './decision.ts'
import type { CanonicalValue } from './reading.ts'
import type { SeenReason } from './row.ts'
import type { RecordKey, Side } from './side.ts'

/** Every record of a page or chunk ends in exactly one of these (E12). */
export const outcomeKinds = [
  'linked',
  'created',
  'adopted',
  'updated',
  'deleted',
  'unchanged',
  'stale',
  'parked',
  'waiting',
  'deferred',
  'outOfScope',
  'dropped',
] as const
export type OutcomeKind = (typeof outcomeKinds)[number]

/** A value that was written over, so that it can be explained and undone. */
export interface Replaced {
  readonly side: Side
  readonly field: string
  readonly from: CanonicalValue
  readonly to: CanonicalValue
}

export interface Outcome {
  readonly kind: OutcomeKind
  readonly erpId?: string
  readonly shopId?: string
  /** Which side was written, for "last change each way"; absent when none was. */
  readonly wrote?: readonly Side[]
  readonly replaced?: readonly Replaced[]
  readonly notes?: readonly FieldNote[]
  /** With `parked`: why, the vendor's words or ours, how people call the record, and whose copy is in the way. */
  readonly parked?: {
    readonly reason: SeenReason
    readonly side: Side
    readonly label: string
    readonly detail: string
    readonly others?: readonly RecordKey[]
  }
  /** It is looked at again after this many milliseconds: something of it waits for what was just done. */
  readonly againMs?: number
  /** With `deferred` and `stale`: not before this time (milliseconds since 1970). */
  readonly notBefore?: number
}
