import { type Directory, firstShardOf } from '../../flows/directory.ts'
import type { FlowName } from '../../flows/flow-definition.ts'
import type { FirstLoadPosition, MissingId, Preview, RoomNotice, Trouble } from '../../flows/port.ts'
import type { Rotation } from '../../flows/rotation.ts'
import type { RecordKey, Side } from '../../flows/side.ts'
import { FLOW_STATE_VERSION } from '../../flows/state-version.ts'
import type {
  FlowCounters,
  FlowInput,
  FlowOptions,
  FlowPhase,
  InboxEntry,
  Movement,
  PauseReason,
  WaitedLink,
} from '../messages.ts'
import { upgradeState } from './upgrade-state.ts'

/** One record to be looked at again: a key, never content (E10). */
export interface LookAgain {
  readonly key: RecordKey
  readonly why: string
  /** When our reads first saw the change, for the rule `latest`; null: it did not come by a change. */
  readonly seenAtMs: number | null
  readonly since: number
  readonly notBefore: number
  readonly attempts: number
  /** What a person asked for, carried to the decision. */
  readonly wish: Wish | null
}

export interface Wish {
  readonly kind: 'link' | 'unlink' | 'retry' | 'create' | 'approveDelete'
  readonly by: string
  /** With `link`: the webshop id to link the PowerOffice record of the key with. */
  readonly shopId?: string
}

export interface LoadState {
  /** The next page to ask for; null: the load is complete. */
  readonly position: FirstLoadPosition | null
  /** Tells this load's cached lists from an earlier start's. */
  readonly loadId: string
  readonly totals: { readonly erp: number; readonly shop: number }
  readonly startedAt: number
  readonly endedAt: number | null
}

/** How often a field was cleared on one side lately. */
export interface Emptied {
  readonly count: number
  readonly since: number
}

/** A field we wrote lately: enough to see two systems rewriting each other, and an edit put back twice (E20, rule 7). */
export interface RecentWrite {
  readonly pair: string
  readonly field: string
  readonly to: Side
  readonly hash: string
  readonly at: number
  readonly reverted: boolean
}

/**
 * Everything a flow carries from run to run: plain JSON with a version, no Map, Set, Date or class instance. A change of
 * its shape raises `v` and teaches `upgradeState` the step (upgrade-state.ts).
 */
export interface FlowState {
  readonly v: typeof FLOW_STATE_VERSION
  readonly connection: string
  readonly flow: FlowName
  readonly options: FlowOptions
  readonly directory: Directory
  readonly nextShard: number
  /** Leaves that asked to be split and were not yet: a leaf whose split stopped half way refuses writes (E7). */
  readonly wantedSplits: readonly number[]
  readonly cursors: Readonly<Record<Side, string | null>>
  readonly load: LoadState
  readonly lookAgain: readonly LookAgain[]
  readonly inbox: readonly InboxEntry[]
  readonly counters: FlowCounters
  /** Linked rows a leaf, by its number: every put answers with the leaf's own count. */
  readonly linked: Readonly<Record<string, number>>
  readonly lastChangeTo: Readonly<Record<Side, number | null>>
  readonly recent: readonly Movement[]
  readonly recentWrites: readonly RecentWrite[]
  readonly pauseReasons: readonly PauseReason[]
  readonly stopped: boolean
  readonly trouble: Trouble | null
  /** How often trouble came back soon after it had ended: what looks healthy and fails again is asked less and less. */
  readonly troubleStreak: { readonly count: number; readonly lastAt: number }
  readonly approved: { readonly by: string; readonly at: number } | null
  readonly preview: Preview | null
  readonly sweep: { readonly at: number; readonly records: number } | null
  readonly missing: readonly MissingId[]
  /** Where the reading of open lists in full stands (E23); null: not begun, or the flow has none. */
  readonly rotation: Rotation | null
  readonly room: RoomNotice | null
  /** Records of this flow that others wait for to be linked, with who waits (E23). */
  readonly waited: readonly WaitedLink[]
  /** What keeps this flow's own first load from beginning; null: nothing. */
  readonly waitsFor: string | null
  /** A system has no such collection: the flow rests and says so. */
  readonly idle: string | null
  /** What a system does not offer, in a sentence, as it said last; null: nothing is missing. */
  readonly limits: string | null
  /** Fields cleared lately, by side and name (E20). */
  readonly emptied: Readonly<Record<string, Emptied>>
  readonly emptyingAllowedUntil: number
  /** The last 500 decided records, one character each: `1` refused (E20). */
  readonly refusals: string
  readonly sameReason: { readonly detail: string; readonly times: number }
  readonly runs: readonly { readonly ordinal: number; readonly runId: string }[]
  readonly runOrdinal: number
  readonly startedAt: number
  readonly firstApplyDone: boolean
  /** Nothing is applied before this time: an attempt of an earlier run may still be under way (E24). */
  readonly quietUntilMs?: number
}

export const FIRST_POSITION: FirstLoadPosition = { step: 'pairs', afterId: '' }

/** The state of a flow that starts from nothing: safe, since it links what matches before it creates anything. */
export function initialState(input: FlowInput, now: { readonly atMs: number; readonly runId: string }): FlowState {
  return {
    v: FLOW_STATE_VERSION,
    connection: input.connection,
    flow: input.flow,
    options: input.options,
    directory: { generation: input.generation ?? 1, shards: [] },
    nextShard: firstShardOf(input.generation ?? 1),
    wantedSplits: [],
    cursors: { erp: null, shop: null },
    load: {
      position: FIRST_POSITION,
      loadId: now.runId,
      totals: { erp: 0, shop: 0 },
      startedAt: now.atMs,
      endedAt: null,
    },
    lookAgain: [],
    inbox: [],
    counters: { outcomes: {}, notes: {}, dropped: 0, writes: { erp: 0, shop: 0 } },
    linked: {},
    lastChangeTo: { erp: null, shop: null },
    recent: [],
    recentWrites: [],
    pauseReasons: [],
    stopped: false,
    trouble: null,
    troubleStreak: { count: 0, lastAt: 0 },
    approved: null,
    preview: null,
    sweep: null,
    missing: [],
    rotation: null,
    room: null,
    waited: [],
    waitsFor: null,
    idle: null,
    limits: null,
    emptied: {},
    emptyingAllowedUntil: 0,
    refusals: '',
    sameReason: { detail: '', times: 0 },
    runs: [],
    runOrdinal: 0,
    startedAt: now.atMs,
    firstApplyDone: false,
  }
}

/** Every run begins here: carried state of any earlier version becomes today's. Pure. */
export function migrate(
  input: FlowInput | FlowState,
  now: { readonly atMs: number; readonly runId: string },
): FlowState {
  const state = 'directory' in input ? (upgradeState({ ...input }) as unknown as FlowState) : initialState(input, now)
  const ordinal = state.runOrdinal + 1
  return {
    ...state,
    runOrdinal: ordinal,
    // Rows point to run ordinals; 500 runs back is further than retention keeps histories (E27).
    runs: [...state.runs, { ordinal, runId: now.runId }].slice(-500),
  }
}

export function linksOf(state: FlowState): number {
  return Object.values(state.linked).reduce((sum, count) => sum + count, 0)
}

export function phaseOf(state: FlowState): FlowPhase {
  if (state.stopped) return 'stopped'
  if (state.pauseReasons.length > 0) return 'paused'
  if (state.trouble) return 'blocked'
  return state.load.position === null ? 'live' : 'initial'
}
