import { countByKind, type Difference, type FlowAudit } from '../../flows/audit.ts'
import type { FlowAddress } from '../../flows/port.ts'
import type { RecordKey } from '../../flows/side.ts'
import type { Pulse } from '../heartbeat.ts'
import type { WorldRequest } from '../live/world-request.ts'
import { pause } from '../pause.ts'
import type { FlowKnowledge, FlowQuestions } from './flow-desk.ts'
import { type Look, lookAtFlow } from './look-at-flow.ts'
import { confirmed } from './two-looks.ts'

export interface FlowAuditDeps {
  readonly address: FlowAddress
  readonly pulse: Pulse
  readonly questions: FlowQuestions
  requestFor(knowledge: FlowKnowledge & { kind: 'running' }): WorldRequest
  /** Has the flow's watches look now; true: both run in this process and heard it. */
  wakeWatches(): boolean
  /** The longest time between two polls of the flow's systems. */
  readonly longestPollMs: number
  readonly repair: boolean
}

/**
 * A woken watch has asked its system, and its flow has taken the keys, well within the first of these; on a machine that is
 * overloaded it takes the second. What still differs after both is drift.
 */
const SETTLES_MS = [3_000, 12_000]
/** A flow that waits for a system asks it again every half minute. */
const UNBLOCK_MS = 60_000
/** Keys fed at once: as many as a sweep hands over (E15). */
const FEED_KEYS = 1_000
/** A flow is waited for this long, and this much longer for each key. */
const FED_MS = 60_000
const FED_KEY_MS = 300
const ASK_MS = 500
/** What vanished at once beyond the larger of these looks like an outage and is not fed (E20). */
const VANISHED_LIMIT = 20
const VANISHED_SHARE = 0.02

/**
 * Compares one flow's systems with each other and with its memory. A difference counts when several looks, with pauses between
 * them, see it alike and the flow is not at work on it. With `repair` the flow is told to look at the records: it decides by
 * its own rules; nothing is written here.
 */
export async function auditFlow(deps: FlowAuditDeps): Promise<FlowAudit> {
  const { address, pulse, questions } = deps
  const know = (): Promise<FlowKnowledge> => questions.know(address, pulse.signal)
  const knowledge = await whenUsable(know, pulse)
  const skipped = reasonToSkip(knowledge)
  if (knowledge.kind !== 'running' || skipped !== null) return skippedAudit(address, skipped ?? NOT_STARTED, knowledge)

  const request = deps.requestFor(knowledge)
  const look = async (only?: readonly RecordKey[]): Promise<Look> => {
    const now = await know()
    return lookAtFlow(request, now.kind === 'running' ? now.inbox : [], pulse.say, only)
  }
  const first = await look()
  const base = { flow: address.flow, skipped: null, isIll: false, compared: first.compared, listed: first.listed }
  if (first.differences.length === 0) return { ...base, inFlight: 0, found: [], fed: 0, withheld: 0, remaining: [] }

  let drift: readonly Difference[] = first.differences
  let inFlight = 0
  for (const settleMs of SETTLES_MS) {
    pulse.say(`${drift.length} differences: looking again in a moment`)
    await pause(deps.wakeWatches() ? settleMs : deps.longestPollMs + settleMs, pulse.signal)
    const again = await look(keysOf(first.differences))
    const standing = confirmed(drift, again.differences, await questions.underWay(address, pulse.signal))
    drift = standing.drift
    inFlight = standing.inFlight
    if (drift.length === 0) break
  }
  const found = countByKind(drift)
  const result = { ...base, inFlight, found }
  const { feed, withheld } = chooseFeed(drift, knowledge.status.links)
  if (!deps.repair || feed.length === 0) return { ...result, fed: 0, withheld, remaining: found }

  await feedFlow(deps, request, keysOf(feed))
  const third = await look(keysOf(drift))
  const still = new Set(third.differences.map(nameOf))
  const remaining = drift.filter((difference) => still.has(nameOf(difference)))
  return { ...result, listed: third.listed, fed: keysOf(feed).length, withheld, remaining: countByKind(remaining) }
}

/** Handed over as after a change, some at a time; waits until the flow has looked at them, or has put them off (E10). */
async function feedFlow(deps: FlowAuditDeps, request: WorldRequest, keys: readonly RecordKey[]): Promise<void> {
  const { address, pulse, questions } = deps
  for (let from = 0; from < keys.length; from += FEED_KEYS) {
    const part = keys.slice(from, from + FEED_KEYS)
    pulse.say(`the flow looks at ${from + part.length} of ${keys.length} records`)
    await request.otherFlows.lookAgain(address, part, 'audit')
    const until = Date.now() + FED_MS + part.length * FED_KEY_MS
    // A signal is taken in before the next query is answered, so the keys are under way from here on.
    while (Date.now() < until) {
      const underWay = await questions.underWay(address, pulse.signal)
      if (!part.some((key) => underWay.has(key))) break
      await pause(ASK_MS, pulse.signal)
    }
  }
}

function chooseFeed(drift: readonly Difference[], links: number): { feed: readonly Difference[]; withheld: number } {
  // Two links of one record: deciding either would write one record's values over another's. A person takes one apart.
  const safe = drift.filter(({ kind, fields }) => kind !== 'duplicate' || !fields.includes('link'))
  const vanished = safe.filter(({ kind }) => kind === 'vanished').length
  if (vanished <= Math.max(VANISHED_LIMIT, Math.floor(links * VANISHED_SHARE))) return { feed: safe, withheld: 0 }
  return { feed: safe.filter(({ kind }) => kind !== 'vanished'), withheld: vanished }
}

/** A flow whose memory was just put back needs a moment to notice. */
async function whenUsable(know: () => Promise<FlowKnowledge>, pulse: Pulse): Promise<FlowKnowledge> {
  const until = Date.now() + UNBLOCK_MS
  for (;;) {
    const knowledge = await know()
    if (knowledge.kind !== 'running' || knowledge.status.phase !== 'blocked' || Date.now() > until) return knowledge
    pulse.say(`waits for the flow, which is blocked: ${knowledge.status.trouble?.message ?? ''}`)
    await pause(ASK_MS, pulse.signal)
  }
}

const NOT_STARTED = 'It was never started.'

function reasonToSkip(knowledge: FlowKnowledge): string | null {
  if (knowledge.kind === 'notStarted') return NOT_STARTED
  if (knowledge.kind === 'ended') return 'It has ended: run `kobling check --repair`, or `kobling start` for a new run.'
  const { status, directory } = knowledge
  if (status.phase === 'stopped') return 'It is stopped.'
  if (status.idle !== null) return status.idle
  if (status.phase === 'blocked') return `It is blocked: ${status.trouble?.message ?? 'look at its status'}`
  if (status.phase === 'initial') return 'Its first load is under way: it is compared when that has ended.'
  if (directory.shards.length === 0) return 'It has not written anything yet: it waits to be approved.'
  return null
}

function skippedAudit(address: FlowAddress, skipped: string, knowledge: FlowKnowledge): FlowAudit {
  const isIll = knowledge.kind === 'ended' || (knowledge.kind === 'running' && knowledge.status.phase === 'blocked')
  return {
    flow: address.flow,
    skipped,
    isIll,
    compared: { erp: 0, shop: 0, rows: 0 },
    listed: 0,
    inFlight: 0,
    found: [],
    fed: 0,
    withheld: 0,
    remaining: [],
  }
}

function keysOf(differences: readonly Difference[]): RecordKey[] {
  return [...new Set(differences.flatMap(({ keys }) => keys))]
}

/** Whatever the records show by now, the matter is the same. */
function nameOf({ kind, keys }: Difference): string {
  return `${kind} ${keys.join(' ')}`
}
