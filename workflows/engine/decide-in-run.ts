import { patched } from '@temporalio/workflow'
import type { Decision } from '../../flows/decision.ts'
import type { Outcome } from '../../flows/outcome.ts'
import type { Pair } from '../../flows/pair.ts'
import type { RecordKey } from '../../flows/side.ts'
import { type DecideContext, decidePair } from '../decide/decide-pair.ts'
import type { InboxEntry } from '../messages.ts'
import type { FlowRun } from './flow-run.ts'
import type { FlowState, LookAgain, Wish } from './flow-state.ts'
import { keepsCase } from './inbox.ts'
import { firstSeen, withLookAgain } from './look-again.ts'
import { wasRevertedLately, withOutcome, wouldLoop } from './merge-outcomes.ts'
import { idsOf, keysOfIds, keysOfPair } from './pair-keys.ts'
import { isFull, waitForRoom } from './room.ts'
import { isWaitedFor } from './waited-links.ts'

/** A decision on its way, with the entries that asked for it. */
export interface Decided {
  readonly decision: Decision
  readonly entries: readonly LookAgain[]
}

/** Decides one pair with what this run knows; null when there is nothing to carry out, which is counted at once (E12). */
export function decideInRun(run: FlowRun, pair: Pair, entries: readonly LookAgain[]): Decision | null {
  const verdict = decidePair(run.definition, pair, contextFor(run, pair, entries))
  if (verdict.kind === 'create' && verdict.on === 'erp' && isFull(run.state())) {
    // PowerOffice would refuse it as it refuses all others: one sentence in the inbox stands for them.
    const nowMs = Date.now()
    adoptOutcome(run, { kind: 'waiting', ...idsOf(pair) }, null)
    run.set(withLookAgain(run.state(), waitForRoom(keysOfPair(pair), wishOf(entries), nowMs), nowMs))
    return null
  }
  if (verdict.kind !== 'nothing') return verdict
  adoptOutcome(run, { kind: verdict.why, ...idsOf(pair) }, null)
  if (entries.some((entry) => entry.wish?.kind === 'link')) run.set(withLinkNotMade(run.state(), pair, Date.now()))
  return null
}

/** A person asked for a link that cannot be: they are told, until something becomes of one of the two records. */
function withLinkNotMade(state: FlowState, pair: Pair, nowMs: number): FlowState {
  const { erpId = null, shopId = null } = idsOf(pair)
  const missing = [pair.erp, pair.shop].some((side) => side.kind !== 'present')
  const entry: InboxEntry = {
    id: `link:${erpId}/${shopId}`,
    pile: 'needsYou',
    reason: 'link',
    erpId,
    shopId,
    label: '',
    detail: missing
      ? 'It could not be linked: one of the two records does not exist.'
      : 'It could not be linked: one of the two is linked to another record.',
    wayOut: missing
      ? 'Look at the ids and link again.'
      : 'Unlink the other pair first (kobling unlink), then link again.',
    field: null,
    others: [],
    since: nowMs,
    attempts: 1,
  }
  return { ...state, inbox: [...state.inbox.filter((other) => other.id !== entry.id), entry] }
}

function contextFor(run: FlowRun, pair: Pair, entries: readonly LookAgain[]): DecideContext {
  const nowMs = Date.now()
  const state = run.state()
  const erpId = idsOf(pair).erpId ?? ''
  const wish = wishOf(entries)
  return {
    nowMs,
    firstAgreement: state.options.company?.firstAgreement ?? 'erp',
    company: state.options.company ?? NO_CHOICES,
    firstSeenMs: firstSeen(entries),
    revertedLately: (field) => wasRevertedLately(state, erpId, field, nowMs),
    wouldLoop: (field, to, hash) => wouldLoop(state, erpId, field, { to, hash }, nowMs),
    wish: wish ? wishInDecision(wish) : { kind: 'none' },
    isWaitedFor: isWaitedFor(state, keysOfPair(pair)),
    missingTwice: entries.some((entry) => entry.why === 'missing'),
    keepsListsThatAreOver: () => !patched('lists-that-are-over-leave-the-inbox'),
  }
}

const NO_CHOICES = { createInactive: false, creation: {}, cancelDrafts: 'approve' } as const

function wishOf(entries: readonly LookAgain[]): Wish | null {
  return entries.find((entry) => entry.wish)?.wish ?? null
}

function wishInDecision(wish: Wish): DecideContext['wish'] {
  const { by } = wish
  return wish.kind === 'unlink' ? { kind: 'unlink', by, shopId: wish.shopId ?? '' } : { kind: wish.kind, by }
}

/** Takes one outcome into the state. When a record of an ambiguous case found its place, the others are tried again. */
export function adoptOutcome(run: FlowRun, outcome: Outcome, decision: Decision | null): void {
  const isOpen = outcome.kind === 'parked' || outcome.kind === 'stale'
  const namesakes = isOpen ? [] : [...namesakesOf(run, outcome), ...leftBehind(run, outcome)]
  const nowMs = Date.now()
  const keepsCases =
    run.state().inbox.some((entry) => keepsCase(entry, outcome)) && patched('ambiguous-cases-stay-listed')
  const next = withOutcome(run.definition, run.state(), outcome, decision, nowMs, keepsCases)
  run.set(
    withLookAgain(
      next,
      namesakes.map((key) => ({ key, why: 'its namesake was settled' })),
      nowMs,
    ),
  )
}

/** A link was refused, and one of the two found another counterpart: the entry closes, and nothing else would tell of the other. */
function leftBehind(run: FlowRun, { erpId, shopId }: Outcome): RecordKey[] {
  if (erpId === undefined || shopId === undefined) return []
  const left = run.state().inbox.flatMap((entry): RecordKey[] => {
    if (entry.erpId === null || entry.shopId === null || entry.reason !== 'refused') return []
    if (entry.erpId === erpId && entry.shopId !== shopId) return [`shop:${entry.shopId}`]
    return entry.shopId === shopId && entry.erpId !== erpId ? [`erp:${entry.erpId}`] : []
  })
  return left.length > 0 && patched('left-behind-is-looked-at') ? left : []
}

function namesakesOf(run: FlowRun, outcome: Outcome): RecordKey[] {
  const own = keysOfIds(outcome)
  return run
    .state()
    .inbox.flatMap((entry) =>
      entry.reason === 'ambiguous' && entry.others.some((key) => own.includes(key))
        ? entry.others.filter((key) => !own.includes(key))
        : [],
    )
}
