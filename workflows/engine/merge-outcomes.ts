import type { Decision, FieldNote } from '../../flows/decision.ts'
import { hashAt } from '../../flows/field-hashes.ts'
import type { FlowDefinition } from '../../flows/flow-definition.ts'
import type { Outcome, OutcomeKind } from '../../flows/outcome.ts'
import type { Side } from '../../flows/side.ts'
import type { FlowCounters, Movement, PauseReason } from '../messages.ts'
import type { FlowState, RecentWrite } from './flow-state.ts'
import { withOutcomeInInbox } from './inbox.ts'

const RECENT_MOVEMENTS = 20
const RECENT_WRITES = 500
export const LOOP_WINDOW_MS = 600_000
export const REVERT_WINDOW_MS = 3_600_000

/** A flow pauses itself when this share of the last 500 decided records was refused (E20). */
const REFUSED_SHARE = 0.2
const REFUSALS_KEPT = 500
/** … or when one reason came this many times in a row. */
const SAME_REASON_LIMIT = 100

/** The state after one outcome of one decision: counters, inbox, movements. Pure. `keepsCases`: as in withOutcomeInInbox. */
export function withOutcome(
  definition: FlowDefinition,
  state: FlowState,
  outcome: Outcome,
  decision: Decision | null,
  nowMs: number,
  keepsCases = true,
): FlowState {
  if (outcome.kind === 'deferred') return state
  const wrote = outcome.wrote ?? []
  const movement = movementOf(outcome, decision, nowMs)
  // A stale record is looked at again in a moment, and one that was looked at for nothing, such as a refused record that
  // did not change, is as it was: the inbox and the breaker go by what was decided.
  const saysNothingNew = outcome.kind === 'stale' || (outcome.kind === 'dropped' && decision === null)
  const refused = outcome.kind === 'parked' && outcome.parked?.reason === 'refused'
  return {
    ...state,
    counters: withCounted(state.counters, outcome),
    inbox: saysNothingNew ? state.inbox : withOutcomeInInbox(state.inbox, outcome, nowMs, keepsCases),
    lastChangeTo: {
      erp: wrote.includes('erp') ? nowMs : state.lastChangeTo.erp,
      shop: wrote.includes('shop') ? nowMs : state.lastChangeTo.shop,
    },
    recent: movement ? [movement, ...state.recent].slice(0, RECENT_MOVEMENTS) : state.recent,
    recentWrites: withRecentWrites(definition, state.recentWrites, outcome, decision, nowMs),
    refusals: saysNothingNew ? state.refusals : (state.refusals + (refused ? '1' : '0')).slice(-REFUSALS_KEPT),
    sameReason: refused
      ? outcome.parked?.detail === state.sameReason.detail
        ? { detail: state.sameReason.detail, times: state.sameReason.times + 1 }
        : { detail: outcome.parked?.detail ?? '', times: 1 }
      : saysNothingNew
        ? state.sameReason
        : { detail: '', times: 0 },
  }
}

/** Trips on a rate, not on single refusals; tripping clears the record so that a resume is not undone at once (E20). */
export function withBreaker(state: FlowState, nowMs: number): FlowState {
  const refused = [...state.refusals].filter((mark) => mark === '1').length
  const share = state.refusals.length >= REFUSALS_KEPT && refused > REFUSALS_KEPT * REFUSED_SHARE
  if (!share && state.sameReason.times <= SAME_REASON_LIMIT) return state
  const why = share
    ? `${refused} of the last ${REFUSALS_KEPT} records were refused; see the inbox, mend the cause, then resume`
    : `the same refusal came ${state.sameReason.times} times in a row; see the inbox, mend the cause, then resume`
  const reason: PauseReason = { kind: 'breaker', by: 'kobling', why, at: nowMs }
  return { ...state, pauseReasons: [...state.pauseReasons, reason], refusals: '', sameReason: { detail: '', times: 0 } }
}

/** True when the same field of the pair was already put back within the last hour (rule 7). */
export function wasRevertedLately(state: FlowState, pair: string, field: string, nowMs: number): boolean {
  return state.recentWrites.some(
    (write) => write.pair === pair && write.field === field && write.reverted && nowMs - write.at < REVERT_WINDOW_MS,
  )
}

/**
 * The write would be the fourth of A-B-A-B, going to and fro between the sides: two systems that rewrite each other's
 * value. A person who changes their mind writes to one side only, however often, and never trips it (E20).
 */
export function wouldLoop(
  state: FlowState,
  pair: string,
  field: string,
  next: { to: Side; hash: string },
  nowMs: number,
): boolean {
  const writes = state.recentWrites.filter(
    (write) => write.pair === pair && write.field === field && nowMs - write.at < LOOP_WINDOW_MS,
  )
  const [third, second, first] = [writes.at(-1), writes.at(-2), writes.at(-3)]
  if (!first || !second || !third) return false
  return (
    second.hash === next.hash &&
    second.to === next.to &&
    first.hash === third.hash &&
    first.to === third.to &&
    first.hash !== second.hash &&
    first.to !== second.to
  )
}

function withCounted(counters: FlowCounters, outcome: Outcome): FlowCounters {
  const outcomes: Partial<Record<OutcomeKind, number>> = { ...counters.outcomes }
  outcomes[outcome.kind] = (outcomes[outcome.kind] ?? 0) + 1
  const notes: Record<string, number> = { ...counters.notes }
  for (const note of outcome.notes ?? []) notes[note.kind] = (notes[note.kind] ?? 0) + 1
  const writes = { ...counters.writes }
  for (const side of outcome.wrote ?? []) writes[side] += 1
  return { ...counters, outcomes, notes, writes }
}

function movementOf(outcome: Outcome, decision: Decision | null, nowMs: number): Movement | null {
  const moved: readonly OutcomeKind[] = ['linked', 'created', 'adopted', 'updated', 'deleted']
  if (!moved.includes(outcome.kind)) return null
  const wrote = outcome.wrote ?? []
  return {
    at: nowMs,
    kind: outcome.kind,
    // A create also tells the counterpart our reference; what moved is the record.
    to: decision?.kind === 'create' ? decision.on : wrote.length === 1 ? (wrote[0] ?? null) : null,
    erpId: outcome.erpId ?? null,
    shopId: outcome.shopId ?? null,
    fields: decision?.kind === 'reconcile' ? [...decision.writeErp, ...decision.writeShop] : [],
    label: decision?.kind === 'reconcile' ? decision.erp.label : decision?.kind === 'create' ? decision.from.label : '',
  }
}

function withRecentWrites(
  definition: FlowDefinition,
  known: readonly RecentWrite[],
  outcome: Outcome,
  decision: Decision | null,
  nowMs: number,
): readonly RecentWrite[] {
  if (outcome.kind !== 'updated' || decision?.kind !== 'reconcile') return known
  const notes = (outcome.notes ?? []) as readonly FieldNote[]
  const of = (to: Side, fields: readonly string[]): RecentWrite[] =>
    fields.map((field) => ({
      pair: decision.erp.id,
      field,
      to,
      hash: hashAt(
        decision[to === 'erp' ? 'shop' : 'erp'].hashes,
        definition.fields.findIndex((candidate) => candidate.name === field),
      ),
      at: nowMs,
      reverted: notes.some((note) => note.field === field && note.kind === 'reverted'),
    }))
  return [...known, ...of('erp', decision.writeErp), ...of('shop', decision.writeShop)].slice(-RECENT_WRITES)
}
