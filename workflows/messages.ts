import { defineQuery, defineSignal, defineUpdate } from '@temporalio/workflow'
import type { Directory } from '../flows/directory.ts'
import type { CreationPolicy, FlowName } from '../flows/flow-definition.ts'
import type { CompanyOptions } from '../flows/flow-options.ts'
import type { LookupAsk, LookupResult, PutItem, PutResult, ShardSummary, SplitPlan } from '../flows/memory.ts'
import type { OutcomeKind } from '../flows/outcome.ts'
import type { Preview, Trouble } from '../flows/port.ts'
import type { SeenReason } from '../flows/row.ts'
import type { RecordKey, Side } from '../flows/side.ts'
import type { DefinitionOptions } from '../flows/with-options.ts'

/** What a flow is started with; every continue-as-new carries the whole state instead (workflows/engine/flow-state.ts). */
export interface FlowInput {
  readonly v: 1
  readonly connection: string
  readonly flow: FlowName
  readonly options: FlowOptions
  /** Of the memory, after it was rebuilt (flows/directory.ts); absent: the first. */
  readonly generation?: number
}

export interface FlowOptions {
  /** First contact is read-only until somebody approves (rule 15). */
  readonly approveFirst: boolean
  /** An earlier run of this flow existed: its last attempts may still be running, so the first apply waits (E24). */
  readonly hadEarlierRun: boolean
  /** Continue as new after this many events; a knob for tests. 0: as the server suggests. */
  readonly maxEvents: number
  /** What the company chose where decisions follow it; absent in runs of before there were choices. */
  readonly company?: FlowChoices
}

/** The part of a company's options that this flow decides by (flows/flow-options.ts). */
export interface FlowChoices {
  readonly firstAgreement: CompanyOptions['firstAgreement']
  readonly createInactive: boolean
  readonly creation: { readonly [side in Side]?: CreationPolicy }
  readonly cancelDrafts: 'approve' | 'atOnce'
  /** What changes the definition (flows/with-options.ts); absent in runs of before these could be chosen. */
  readonly definition?: DefinitionOptions
  /** Absent in flows of before there was the choice: `list`. */
  readonly editConfirmed?: 'list' | 'reopen'
}

/** Somebody waits until a record is linked: `by` is the workflow that waits, `ask` its own record (E23). */
export interface WaitedLink {
  readonly key: RecordKey
  readonly by: string
  readonly ask: RecordKey
}

/** What a flow can be asked and told. Signals are logged and ignored when wrong; updates refuse with a sentence. */

export const flowPhases = ['initial', 'live', 'paused', 'blocked', 'stopped'] as const
export type FlowPhase = (typeof flowPhases)[number]

/** A pause keeps its reasons, so that one resume cannot undo somebody else's pause. */
export interface PauseReason {
  readonly kind: 'person' | 'firstContact' | 'breaker'
  readonly by: string
  readonly why: string
  readonly at: number
}

/** Two piles: what needs a person, and what waits by itself (A34). */
export type InboxPile = 'needsYou' | 'waitsByItself'

export interface InboxEntry {
  /** Stable while the matter lasts: the record's key, with the field for matters of one field. */
  readonly id: string
  readonly pile: InboxPile
  readonly reason: SeenReason | 'field' | 'room' | 'link'
  readonly erpId: string | null
  readonly shopId: string | null
  /** How people call the record. */
  readonly label: string
  /** What is the matter, in the vendor's words or ours. */
  readonly detail: string
  /** One sentence: what to do about it. */
  readonly wayOut: string
  readonly field: string | null
  /** The other records of an ambiguous case. */
  readonly others: readonly RecordKey[]
  readonly since: number
  readonly attempts: number
}

/** One line of "what just moved in which direction": newest first in the status. */
export interface Movement {
  readonly at: number
  readonly kind: OutcomeKind
  /** The side that was written; null for a link that wrote nothing. */
  readonly to: Side | null
  readonly erpId: string | null
  readonly shopId: string | null
  readonly fields: readonly string[]
  readonly label: string
}

export interface FlowCounters {
  readonly outcomes: Readonly<Partial<Record<OutcomeKind, number>>>
  /** Fields settled by a rule: `conflict`, `reverted`, `firstAgreement`, `adjusted`, `withheld`, `loop` … */
  readonly notes: Readonly<Record<string, number>>
  /** Records that were read and dropped because nothing had changed. */
  readonly dropped: number
  readonly writes: Readonly<Record<Side, number>>
}

export interface FlowStatus {
  readonly flow: FlowName
  readonly connection: string
  readonly title: string
  readonly phase: FlowPhase
  readonly pauseReasons: readonly PauseReason[]
  readonly trouble: Trouble | null
  readonly links: number
  readonly counters: FlowCounters
  readonly inboxCount: { readonly needsYou: number; readonly waitsByItself: number }
  readonly inboxByReason: Readonly<Record<string, number>>
  /** Last write to each side, milliseconds since 1970; null: none yet. */
  readonly lastChangeTo: Readonly<Record<Side, number | null>>
  /** The first load: what the lists held and where it stands; null before the first list was read. */
  readonly load: {
    readonly step: string
    readonly erpTotal: number
    readonly shopTotal: number
    readonly startedAt: number
    readonly endedAt: number | null
  } | null
  /** Records that wait to be looked at, and since when the oldest does (the lag); null: none. */
  readonly lookAgain: { readonly count: number; readonly oldestSince: number | null }
  readonly inHand: number
  readonly sweep: { readonly at: number; readonly records: number } | null
  /** Every open list was read in full at this time or later (E23); null: not begun, or the flow has none. */
  readonly oldestCheck: number | null
  readonly recent: readonly Movement[]
  readonly shards: number
  readonly preview: Preview | null
  /** What keeps the first load from beginning, in a sentence; null: nothing. */
  readonly waitsFor: string | null
  /** Why the flow rests for good: a system has no such collection. null: it does not. */
  readonly idle: string | null
  /** What a system does not offer and is not attempted, in a sentence; null: nothing is missing. */
  readonly limits: string | null
  readonly run: { readonly ordinal: number; readonly runId: string; readonly historyEvents: number }
  readonly startedAt: number
}

export interface By {
  readonly by: string
  readonly why?: string
}

export const statusQuery = defineQuery<FlowStatus>('status')
export const inboxQuery = defineQuery<readonly InboxEntry[]>('inbox')
/** Keys in hand now: a watch holds them back (E11). */
export const inHandQuery = defineQuery<readonly RecordKey[]>('inHand')
/** Keys in hand or waiting to be looked at: what is different there is not drift (the audit). */
export const underWayQuery = defineQuery<readonly RecordKey[]>('underWay')
/** All that the flow would carry to its next run, for an export: the state by its version, opaque to whoever asks. */
export const stateQuery = defineQuery<Readonly<Record<string, unknown>>>('state')
/** Everything that is needed to read the memory: its leaves. */
export const directoryQuery = defineQuery<Directory>('directory')
/** Run ordinals and their run ids, newest last (E27). */
export const runsQuery = defineQuery<readonly { readonly ordinal: number; readonly runId: string }[]>('runs')

/** Records that somebody says have changed: keys, never content (E10, E24). */
export const changedSignal = defineSignal<[{ readonly keys: readonly RecordKey[]; readonly why: string }]>('changed')
/** Continue as new soon: a deploy, or a wish for a short history (E25). */
export const rollSignal = defineSignal('roll')

export const pauseUpdate = defineUpdate<FlowPhase, [By]>('pause')
/** Takes back pauses by people and breakers; the first-contact pause needs `approve`. */
export const resumeUpdate = defineUpdate<FlowPhase, [By]>('resume')
export const stopUpdate = defineUpdate<FlowPhase, [By]>('stop')
/** A stopped flow goes on; a running one is left as it is. */
export const startUpdate = defineUpdate<FlowPhase, [By]>('start')
/** Allows the first write to systems that are not on this machine (rule 15). */
export const approveUpdate = defineUpdate<FlowPhase, [By]>('approve')
/** Links a pair by hand; what comes of it shows in the status and the inbox. */
export const linkUpdate = defineUpdate<string, [{ readonly erpId: string; readonly shopId: string } & By]>('link')
/** Takes a link apart; the two are never matched again by themselves. */
export const unlinkUpdate = defineUpdate<string, [{ readonly erpId: string; readonly shopId: string } & By]>('unlink')
/** Looks at an inbox entry (or a record key) again now. */
export const retryUpdate = defineUpdate<number, [{ readonly id: string } & By]>('retry')
/** Creates the counterpart of a record that is listed as ambiguous, unlinked or not to be created: a person says so. */
export const createUpdate = defineUpdate<string, [{ readonly key: RecordKey } & By]>('create')
/** Empties what the state says in words about a person's record, and begins a new run. Answers how many places were emptied. */
export const eraseUpdate = defineUpdate<
  number,
  [{ readonly erpId: string | null; readonly shopId: string | null } & By]
>('erase')
/** Registers who waits for links of this flow's records; signals `changed` to them once there is one (E23). */
export const awaitLinkUpdate = defineUpdate<void, [readonly WaitedLink[]]>('awaitLink')
/** Says yes to a proposed deletion: the remaining record is archived. */
export const approveDeleteUpdate = defineUpdate<string, [{ readonly id: string } & By]>('approveDelete')

/** The link memory's leaf (workflows/link-memory.ts); its shapes stand in flows/memory.ts. */
export const lookupQuery = defineQuery<LookupResult, [LookupAsk]>('lookup')
/** Encoded rows in key order after `afterKey`; at most `limit`. */
export const rowsQuery = defineQuery<readonly string[], [{ readonly afterKey: string | null; readonly limit: number }]>(
  'rows',
)
export const shardSummaryQuery = defineQuery<ShardSummary>('summary')
export const put1Update = defineUpdate<PutResult, [readonly PutItem[]]>('put1')
/** First step of a split: writes are refused until the second (E7). Answers the low key of the new leaf. */
export const beginSplit1Update = defineUpdate<SplitPlan, [{ readonly newNumber: number }]>('beginSplit1')
/** As leaves were split before: only the very last put told whether the right end grows. Nobody sends it any more. */
export const beginSplitUpdate = defineUpdate<SplitPlan, [{ readonly newNumber: number }]>('beginSplit')
export const endSplitUpdate = defineUpdate<void, [{ readonly newNumber: number }]>('endSplit')
