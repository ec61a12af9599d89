import type { FlowName } from './flow-definition.ts'
import type { EncodedRow } from './row-codec.ts'
import type { RecordKey, Side } from './side.ts'
import { LEAF_STATE_VERSION } from './state-version.ts'

/** The shapes in which the link memory is spoken to: leaves are workflows, read by query, written by update (E4 to E8). */

export interface PutItem {
  readonly key: RecordKey
  /** The row text that the writer read; null: none. Compared before anything is stored (E5). */
  readonly expect: string | null
  /** The new row; null takes the row out. */
  readonly row: string | null
}

export type PutAnswer =
  | { readonly kind: 'done' }
  /** Somebody else was faster: the row as it stands. */
  | { readonly kind: 'refused'; readonly row: string | null }
  /** The range has moved to another leaf. */
  | { readonly kind: 'moved'; readonly shard: number; readonly low: string }

export interface PutResult {
  readonly answers: readonly PutAnswer[]
  readonly bytes: number
  /** Linked rows that this leaf holds now. */
  readonly linked: number
  /** Since when, by the leaf's own clock; absent from leaves that an earlier version serves. */
  readonly linkedAt?: number
  readonly wantsSplit: boolean
}

export interface LookupAsk {
  /** Row keys held by this leaf's range. */
  readonly keys: readonly RecordKey[]
  /** Webshop ids to be found among linked and gone rows. */
  readonly shopIds: readonly string[]
}

export interface LookupResult {
  /** Encoded rows, each once. */
  readonly rows: readonly string[]
  /** Ranges that were split off this leaf: keys at `low` and above live in that leaf (E7). */
  readonly moved: readonly { readonly low: string; readonly shard: number }[]
}

export interface ShardSummary {
  readonly shard: number
  readonly side: Side
  readonly low: string
  readonly rows: number
  readonly linked: number
  /** Since when it holds so many, as in the answer to a put. */
  readonly linkedAt?: number
  readonly bytes: number
  /** Number of the leaf that is being split off; null: none is. */
  readonly splitting: number | null
  /** It is larger than a leaf should be, as of now; absent from leaves that an earlier version serves. */
  readonly wantsSplit?: boolean
  /** Numbers of the leaves that were split off it. */
  readonly movedTo?: readonly number[]
  readonly historyEvents: number
}

export interface SplitPlan {
  /** The new leaf: the one asked for, or the one that an unfinished split began with. */
  readonly newNumber: number
  /** First id of the new leaf. */
  readonly low: string
  /** Where the parent's range ended before: the new leaf's range ends there. */
  readonly high: string | null
  readonly rows: readonly EncodedRow[]
  /** The new leaf holds the range already: an attempt before this one finished, only its answer was lost. */
  readonly isDone: boolean
}

/** What a leaf of the link memory carries from run to run: plain JSON with a version. */
export interface LeafState {
  readonly v: typeof LEAF_STATE_VERSION
  readonly connection: string
  readonly flow: FlowName
  readonly shard: number
  readonly side: Side
  /** First id of this leaf's range; '' for the first leaf. */
  readonly low: string
  /** First id that is no longer this leaf's; null for the last leaf. */
  readonly high: string | null
  readonly rows: readonly EncodedRow[]
  /** Ranges that were split off, nearest last: who asks here is sent there (E7). */
  readonly moved: readonly { readonly low: string; readonly shard: number }[]
  readonly splitting: { readonly low: string; readonly newNumber: number } | null
  /** Text size at which the leaf asks to be split. */
  readonly splitAtBytes: number
  /** History size at which the leaf continues as new (E8); a knob for tests. */
  readonly maxHistoryBytes: number
}

/**
 * 384 KiB of row text: some 3,300 links. A leaf's state is one payload of at most 2 MiB, so four leaves' worth of room
 * remains for one that could not be split in time (E4).
 */
export const SPLIT_AT_BYTES = 384 * 1024

/** Four times smaller than what the server suggests: a leaf is loaded often, and its history is its load time (E8). */
export const MAX_HISTORY_BYTES = 1024 * 1024

export function emptyLeaf(address: {
  connection: string
  flow: FlowName
  shard: number
  side: Side
  low: string
}): LeafState {
  return {
    v: LEAF_STATE_VERSION,
    ...address,
    high: null,
    rows: [],
    moved: [],
    splitting: null,
    splitAtBytes: SPLIT_AT_BYTES,
    maxHistoryBytes: MAX_HISTORY_BYTES,
  }
}
