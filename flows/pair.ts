import type { NotOffered } from './not-offered.ts'
import type { SideState } from './reading.ts'
import type { Row } from './row.ts'
import type { RecordKey } from './side.ts'

/** `by` of a record that came back after its deletion and of the counterpart that it had (rule 13). */
export const byReappearance = 'reappearance'

/** What matching said of a record without a link (rule 1). */
export type Match =
  /** Nobody asked: the pair is linked, or there is nothing to match. */
  | { readonly kind: 'notAsked' }
  | { readonly kind: 'none' }
  /** The other side of the pair is the one candidate; `by` names the key, `reference` for our own reference. */
  | { readonly kind: 'matched'; readonly by: string }
  | { readonly kind: 'ambiguous'; readonly by: string; readonly members: readonly RecordKey[]; readonly why: string }

/** Everything that a decision about one pair may use. */
export interface Pair {
  readonly erp: SideState
  readonly shop: SideState
  /** Every row that the memory holds for the two records. */
  readonly rows: readonly Row[]
  readonly match: Match
  /** One character a field: `1` where the two sides' canonical values differ, by value, not by hash. '' with one side. */
  readonly differs: string
  /**
   * Where a create of ours may have made one of the two: one character a field, `1` where that one shows what it was created
   * with, in its own spelling. Absent: nobody can tell.
   */
  readonly asCreated?: string
  /** A create of ours is in doubt, and the record that matches by a key names nobody, as all do that we make there: somebody made it. */
  readonly isOthers?: true
  /** Absent: both systems offer everything. */
  readonly notOffered?: NotOffered
}
