import { type RecordKey, sideOf } from '../../flows/side.ts'
import type { FlowState, LookAgain, Wish } from './flow-state.ts'

/** The list's bound (E10). */
export const LOOK_AGAIN_LIMIT = 5_000
/** Above this many, the watches are not asked for more: their cursors stay where they are. */
export const LOOK_AGAIN_FULL = 2_000
/**
 * What others tell of does not fit above this many; a poll or a sweep finds it again. The rest is for the two watches that may be
 * under way, with a thousand keys each: their cursors move with the answer, so nobody would find these again. A page of a first load
 * has a thousand too, and waits until the list is below LOOK_AGAIN_FULL.
 */
export const TOLD_LIMIT = 3_000

export interface LookAgainAsk {
  readonly key: RecordKey
  readonly why: string
  readonly seenAtMs?: number | null
  readonly notBefore?: number
  /** Given for work that was taken from the list and comes back. */
  readonly attempts?: number
  readonly wish?: Wish
}

/** A key stands in the list once: the earliest sight of a change and a person's wish are kept. */
export function withLookAgain(
  state: FlowState,
  asks: readonly LookAgainAsk[],
  nowMs: number,
  limit: number = LOOK_AGAIN_LIMIT,
): FlowState {
  if (asks.length === 0) return state
  const byKey = new Map(state.lookAgain.map((entry) => [entry.key, entry]))
  for (const ask of asks) {
    const known = byKey.get(ask.key)
    // Work that comes back was in the list before: its cursor has moved, nobody would find it again (E12).
    const isTurnedAway = byKey.size >= limit && !ask.wish && ask.attempts === undefined
    if (!known && isTurnedAway) continue
    byKey.set(ask.key, known ? merged(known, ask) : fresh(ask, nowMs))
  }
  return { ...state, lookAgain: [...byKey.values()] }
}

/** Up to `limit` keys that are due and in nobody's hand, in the order they came; wishes of people first. */
export function takeDue(
  state: FlowState,
  nowMs: number,
  limit: number,
  isFree: (key: RecordKey) => boolean,
): { readonly state: FlowState; readonly taken: readonly LookAgain[] } {
  const due = state.lookAgain.filter((entry) => entry.notBefore <= nowMs && isFree(entry.key))
  const taken = [...due.filter((entry) => entry.wish), ...due.filter((entry) => !entry.wish)].slice(0, limit)
  if (taken.length === 0) return { state, taken }
  const gone = new Set(taken.map((entry) => entry.key))
  return { state: { ...state, lookAgain: state.lookAgain.filter((entry) => !gone.has(entry.key)) }, taken }
}

/** When the next entry falls due; null: nothing waits for a time. */
export function nextDue(state: FlowState, nowMs: number): number | null {
  const times = state.lookAgain.map((entry) => entry.notBefore).filter((time) => time > nowMs)
  return times.length === 0 ? null : times.reduce((a, b) => Math.min(a, b))
}

/** 1 s, doubled each time, an hour at the most. */
export function backoffMs(attempts: number): number {
  return Math.min(3_600_000, 1_000 * 2 ** Math.min(attempts, 12))
}

/** A record that is edited again and again rests some day, and then nobody is to wait for its last edit for long. */
export const LONGEST_STALE_MS = 60_000

/** When a record is looked at again that changed, once more, while it was worked on; at once the first time. */
export function staleMs(attempts: number): number {
  return attempts <= 1 ? 0 : Math.min(LONGEST_STALE_MS, backoffMs(attempts - 1))
}

/**
 * The how-manieth wait for this reason in a row it is. A record that was edited ten times while it was worked on and then waits for
 * another has waited once: counted together, it would be left for a quarter of an hour.
 */
export function waitsInARow(entries: readonly Pick<LookAgain, 'why' | 'attempts'>[], why: string): number {
  return Math.max(0, ...entries.filter((entry) => entry.why === why).map((entry) => entry.attempts)) + 1
}

function fresh(ask: LookAgainAsk, nowMs: number): LookAgain {
  return {
    key: ask.key,
    why: ask.why,
    seenAtMs: ask.seenAtMs ?? null,
    since: nowMs,
    notBefore: ask.notBefore ?? 0,
    attempts: ask.attempts ?? 0,
    wish: ask.wish ?? null,
  }
}

function merged(known: LookAgain, ask: LookAgainAsk): LookAgain {
  return {
    ...known,
    why: ask.why,
    seenAtMs: known.seenAtMs ?? ask.seenAtMs ?? null,
    notBefore: Math.min(known.notBefore, ask.notBefore ?? 0),
    attempts: Math.max(known.attempts, ask.attempts ?? 0),
    wish: ask.wish ?? known.wish,
  }
}

/** A record whose counterpart is in another hand is looked at again this soon. */
export const BUSY_MS = 200
/** A system whose answers take longer than this is down, by its timeouts. */
const LONGEST_BUSY_MS = 30_000

/** … and less soon the longer it goes on: a wait shorter than the other batch's read is over before that one lets go. */
export function busyMs(own: readonly Pick<LookAgain, 'seenAtMs'>[], nowMs: number): number {
  const waitedMs = Math.max(0, ...own.map(({ seenAtMs }) => nowMs - (seenAtMs ?? nowMs)))
  return Math.min(LONGEST_BUSY_MS, Math.max(BUSY_MS, waitedMs / 2))
}

/** When our reads first saw a change of the pair, by side. */
export function firstSeen(entries: readonly LookAgain[]): {
  readonly erp: number | null
  readonly shop: number | null
} {
  const of = (side: 'erp' | 'shop') =>
    entries.find((entry) => sideOf(entry.key) === side && entry.seenAtMs !== null)?.seenAtMs ?? null
  return { erp: of('erp'), shop: of('shop') }
}
