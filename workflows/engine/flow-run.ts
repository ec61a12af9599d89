import type { FlowDefinition } from '../../flows/flow-definition.ts'
import { type LinkCounts, newestCounts } from '../../flows/link-counts.ts'
import type { FlowAddress, Trouble } from '../../flows/port.ts'
import type { RecordKey } from '../../flows/side.ts'
import type { FlowState } from './flow-state.ts'
import { type Hand, openHand } from './hand.ts'
import { streakAfter } from './trouble-streak.ts'

/** One run of a flow: its state, its hand, and what wakes its loop. Tasks share it; nothing of it outlives the run but the state. */
export interface FlowRun {
  readonly definition: FlowDefinition
  readonly address: FlowAddress
  readonly hand: Hand
  /** Those in hand that were told of as gone. */
  readonly lookedFor: Set<RecordKey>
  state(): FlowState
  /** Takes the next state and wakes the loop. */
  set(next: FlowState): void
  setTrouble(trouble: Trouble): void
  /** Keeps what leaves say of their links, though an older answer may come after a newer one. */
  setLinkCounts(counts: LinkCounts): void
  /** Nothing may be started, and what is under way hands its rest back, when this is false. */
  mayWork(): boolean
  /** The run is about to continue as new: nothing long is begun any more. */
  isEnding(): boolean
  /** Leaves of the memory that asked to be split. */
  wantSplit(shards: readonly number[]): void
  takeSplit(): number | undefined
}

export function openFlowRun(
  definition: FlowDefinition,
  opening: FlowState,
  onNews: () => void,
  isEnding: () => boolean,
): FlowRun {
  let state = opening
  // Answers of one run are never compared with those of another: nothing is under way when a run ends.
  let linkedAt: Readonly<Record<number, number>> = {}
  let writtenBefore = opening.counters.writes.erp + opening.counters.writes.shop
  const set = (next: FlowState): void => {
    state = next
    onNews()
  }
  return {
    definition,
    address: { connection: opening.connection, flow: opening.flow },
    hand: openHand(),
    lookedFor: new Set(),
    state: () => state,
    set,
    setTrouble: (trouble) => {
      const { writes } = state.counters
      const written = writes.erp + writes.shop
      const now = { atMs: Date.now(), isOngoing: state.trouble !== null, hasMoved: written > writtenBefore }
      writtenBefore = written
      set({ ...state, trouble, troubleStreak: streakAfter(state.troubleStreak, now) })
    },
    setLinkCounts: (brought) => {
      const counts = newestCounts({ linked: state.linked, linkedAt }, brought)
      linkedAt = counts.linkedAt
      set({ ...state, linked: counts.linked })
    },
    mayWork: () => !state.stopped && state.pauseReasons.length === 0 && state.trouble === null,
    isEnding,
    wantSplit: (shards) => {
      const more = shards.filter((shard) => !state.wantedSplits.includes(shard))
      if (more.length > 0) set({ ...state, wantedSplits: [...state.wantedSplits, ...more] })
    },
    takeSplit: () => {
      const [first, ...rest] = state.wantedSplits
      if (first !== undefined) set({ ...state, wantedSplits: rest })
      return first
    },
  }
}
