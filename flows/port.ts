import type { Decision } from './decision.ts'
import type { Directory } from './directory.ts'
import type { FlowName } from './flow-definition.ts'
import type { LinkCounts } from './link-counts.ts'
import type { Outcome } from './outcome.ts'
import type { Pair } from './pair.ts'
import type { Rotation } from './rotation.ts'
import type { RecordKey, Side } from './side.ts'

/**
 * The port between what decides (workflows/) and what touches the world (activities/). Every answer is a union: a
 * system that cannot be reached is an answer, not an exception, so that the flow can say so and wait (E17).
 */
export interface FlowActivities {
  /** Watches one side; returns when something really differs from what the memory has seen, or hourly (E11, E14, E15). */
  fetchChanges(input: WatchInput): Promise<WatchAnswer>
  /** One page of the first load, matched against the whole of the other side (E13). */
  fetchFirstLoad(input: FirstLoadInput): Promise<FirstLoadAnswer>
  /** Reads both sides of the given records, with their rows, matching those without a link (E10). */
  fetchRecords(input: FetchRecordsInput): Promise<FetchRecordsAnswer>
  /** Carries decisions out and puts their rows; one outcome a decision, in the same order (E12, E17, E18, E19). */
  upsertRecords(input: UpsertInput): Promise<UpsertAnswer>
  /** Returns when both systems and the memory answer again; heartbeats meanwhile, with what is wrong. */
  waitUntilHealthy(
    input: FlowAddress & { readonly directory: Directory; readonly firstPauseMs: number },
  ): Promise<{ readonly waitedMs: number }>
  /** Returns when the first loads of the named flows have ended, or nobody runs them (E23); heartbeats meanwhile. */
  awaitFlows(input: FlowAddress & { readonly flows: readonly FlowName[] }): Promise<void>
  /**
   * Starts the first leaf of each side where it does not exist yet. A memory that outlived its flow is taken over whole:
   * the answer names every leaf there is.
   */
  startShards(input: FlowAddress & { readonly directory: Directory }): Promise<
    Answer<
      {
        readonly kind: 'started'
        readonly directory: Directory
      } & LinkCounts
    >
  >
  /**
   * Splits a leaf that grew too large (E7); safe to repeat. The answer names the new leaf: `newNumber`, or the one that an
   * unfinished split began with. `unneeded`: the leaf was split since it asked.
   */
  splitShard(
    input: FlowAddress & { readonly shard: number; readonly newNumber: number },
  ): Promise<
    Answer<
      | ({ readonly kind: 'split'; readonly low: string; readonly number: number } & LinkCounts)
      | { readonly kind: 'unneeded' }
    >
  >
  /** Whom we speak to and what a first start would do, without writing anything (rule 15). */
  previewFirstContact(
    input: FlowAddress & { readonly directory: Directory; readonly loadId: string },
  ): Promise<Answer<{ readonly kind: 'preview'; readonly preview: Preview }>>
}

export interface FlowAddress {
  readonly connection: string
  readonly flow: FlowName
}

/** Why something could not be had; `who` is expected to act. Never holds secrets or personal data. */
export interface Trouble {
  readonly type: 'RateLimited' | 'Unreachable' | 'NotAuthorised' | 'ContractChanged' | 'MemoryUnavailable'
  readonly where: Side | 'memory'
  /** One sentence in plain English with the next step. */
  readonly message: string
}

export type Answer<T> = T | { readonly kind: 'trouble'; readonly trouble: Trouble }

export interface WatchInput extends FlowAddress {
  readonly side: Side
  /** Opaque; null begins at now minus the overlap. */
  readonly cursor: string | null
  readonly directory: Directory
  /** The first load is under way: what it has listed is its business, and no sweep runs before it ends. */
  readonly loading: boolean
  /** When the last sweep ended, milliseconds since 1970 (erp only); null: never. */
  readonly sweptAt: number | null
  /** Ids that the previous sweeps did not find, with the time when that was first seen (E16). */
  readonly missing: readonly MissingId[]
  /** What the flow knows of PowerOffice's room for new records; a sweep that finds it otherwise comes back to say so. */
  readonly room: RoomNotice | null
  /** Where the reading of open lists in full stands; null: not begun, or none to read. */
  readonly rotation: Rotation | null
}

export interface MissingId {
  readonly id: string
  readonly since: number
}

/** A record that must be looked at; never content (E10). `changedAt`: when our read first saw the change (rule 5). */
export interface ChangedKey {
  readonly key: RecordKey
  readonly why: 'changed' | 'sweep' | 'missing' | 'tombstone'
  readonly seenAtMs: number
}

export type WatchAnswer = Answer<{
  readonly kind: 'changes'
  readonly cursor: string
  readonly changed: readonly ChangedKey[]
  /** Records that were looked at and dropped by `seen` since the last answer. */
  readonly dropped: number
  /** A finished sweep: when, how many records, and what it did not find. null: no sweep in this answer. */
  readonly sweep: {
    readonly at: number
    readonly records: number
    readonly missing: readonly MissingId[]
    readonly room: RoomNotice | null
    readonly rotation: Rotation | null
  } | null
}>

/** Where a first load stands: pairs that share a key first, then what exists on one side only (E13), then what the memory knew otherwise. */
export interface FirstLoadPosition {
  readonly step: 'pairs' | 'ambiguous' | 'erpOnly' | 'shopOnly' | 'changed'
  readonly afterId: string
}

export interface FirstLoadInput extends FlowAddress {
  readonly position: FirstLoadPosition
  readonly directory: Directory
  /** Tells the load of one start from that of the next; the lists are cached under it. */
  readonly loadId: string
  readonly limit: number
}

export type FirstLoadAnswer = Answer<{
  readonly kind: 'page'
  readonly pairs: readonly Pair[]
  /** Records that are read and decided one by one, as after a change (lists of items; what the memory knew otherwise). */
  readonly lookAt?: readonly RecordKey[]
  /** How many of all these the webshop does not list any more, told once: many at once trip the breaker (E20). */
  readonly vanished?: number
  /** null: the load is complete. */
  readonly next: FirstLoadPosition | null
  /** This system has no such collection: the flow is idle and says so. */
  readonly idle?: string
  /** What a system does not offer, in a sentence; absent or null: nothing is missing. */
  readonly limits?: string | null
  /** Where the live watches begin: the systems' times before anything was listed, minus the overlap. */
  readonly cursors: { readonly erp: string; readonly shop: string }
  readonly totals: { readonly erp: number; readonly shop: number }
  readonly room: RoomNotice | null
}>

export interface FetchRecordsInput extends FlowAddress {
  readonly keys: readonly RecordKey[]
  /** Pairs that a person asks to link: `[erp id, webshop id]`; both are read and matched by hand. */
  readonly linkByHand: readonly (readonly [string, string])[]
  readonly directory: Directory
}

export type FetchRecordsAnswer = Answer<{
  readonly kind: 'records'
  /** One entry a key (or link by hand), in the order asked; keys of one pair may give the same pair twice. */
  readonly pairs: readonly { readonly keys: readonly RecordKey[]; readonly pair: Pair }[]
  /** Keys that were not read this time, since the answer had grown large (lists of items): they are asked for again. */
  readonly left?: readonly RecordKey[]
  /** As in FirstLoadAnswer. */
  readonly limits?: string | null
}>

export interface UpsertInput extends FlowAddress {
  readonly decisions: readonly Decision[]
  readonly directory: Directory
  /** Part of every row's pointer: which run decided (E27). */
  readonly run: number
  /** Live work goes before backfill at the rate limiter. */
  readonly priority: 'live' | 'backfill'
  /** The first apply after a start from nothing or a reset waits this long, so that an abandoned attempt has ended (E24). */
  readonly waitFirstMs: number
}

/** With the linked rows of every leaf that was put to. */
export type UpsertAnswer = Answer<
  LinkCounts & {
    readonly kind: 'outcomes'
    /** One a decision, in the same order. */
    readonly outcomes: readonly Outcome[]
    /** Leaves that grew past their size and want to be split. */
    readonly split: readonly number[]
    /** A system stopped answering in the middle; the rest is `deferred`. */
    readonly trouble: Trouble | null
  }
>

/**
 * What stands in the way of new records in PowerOffice, now or soon: customer numbers run out (`low`, `full`), or the
 * accounts that the options name for them are not as the options say (`accounts`).
 */
export interface RoomNotice {
  readonly level: 'low' | 'full' | 'accounts'
  /** One sentence with what to do. */
  readonly message: string
}

/** What a first start would do (rule 15): counts, and at most ten labels each. */
export interface Preview {
  readonly company: string
  readonly production: boolean
  readonly link: number
  readonly createInErp: number
  readonly createInShop: number
  readonly overwriteErp: number
  readonly overwriteShop: number
  readonly ambiguous: number
  readonly outOfScope: number
  /** What a system does not offer and is therefore not counted, in a sentence. */
  readonly limits?: string | null
  readonly examples: Readonly<Record<string, readonly string[]>>
}
