import type { CreateDecision, Decision } from '../../flows/decision.ts'
import type { Outcome } from '../../flows/outcome.ts'
import type { Trouble, UpsertAnswer } from '../../flows/port.ts'
import { type CreatingRow, rowKey } from '../../flows/row.ts'
import { unreachable } from '../../flows/unreachable.ts'
import { VendorTrouble } from '../vendor-trouble.ts'
import { applyCreate, creationAfter, idsOf } from './apply-create.ts'
import { applyForget, applyPark, applyRetire } from './apply-park.ts'
import { applyReconcile } from './apply-reconcile.ts'
import { type Chunk, type Done, replacing } from './chunk.ts'
import { createPutQueue } from './put-queue.ts'

/** Apply works by time (E17): what is not begun by then is deferred, so that every apply ends soon. */
const SOFT_LIMIT_MS = 5_000
/** Records of one chunk under way at once; four chunks make the 32 requests that keep a webshop of 20 ms busy. */
const CONCURRENCY = 8
/** So many records in a row without a clear answer mean that the system is down, not that a record is poisonous. */
const FAILURES_IN_A_ROW = 3

/**
 * Carries out one chunk of decisions: one outcome each, in order (E12), with every row put before it returns.
 */
export async function upsertChunk(chunk: Chunk): Promise<UpsertAnswer> {
  const { decisions } = chunk.input
  const outcomes: (Outcome | undefined)[] = decisions.map(() => undefined)
  const puts = createPutQueue(chunk, (index, outcome) => {
    outcomes[index] = outcome
  })
  const began = performance.now()
  let trouble: Trouble | null = null
  let failuresInARow = 0

  const creating = await announceCreates(chunk, (index, outcome) => {
    outcomes[index] = outcome
  })

  let next = 0
  async function work(): Promise<void> {
    while (next < decisions.length) {
      const index = next++
      const decision = decisions[index]
      if (!decision || outcomes[index] !== undefined) continue
      if (trouble !== null || performance.now() - began > SOFT_LIMIT_MS || chunk.context.signal.aborted) {
        outcomes[index] = { kind: 'deferred', ...keysToIds(decision) }
        continue
      }
      try {
        const done = await applyOne(chunk, decision, creating.get(index) ?? null)
        const isUnclear = done.outcome.parked?.reason === 'waiting'
        failuresInARow = isUnclear ? failuresInARow + 1 : 0
        if (failuresInARow >= FAILURES_IN_A_ROW)
          trouble = {
            type: 'Unreachable',
            where: targetOf(decision),
            message: done.outcome.parked?.detail ?? 'A system does not answer.',
          }
        await puts.add(index, done)
      } catch (error) {
        if (!(error instanceof VendorTrouble)) throw error
        trouble = error.trouble
        outcomes[index] = { kind: 'deferred', ...keysToIds(decision) }
      }
      chunk.pulse.say(`${outcomes.filter(Boolean).length} of ${decisions.length} records`)
    }
  }
  await Promise.all(Array.from({ length: Math.min(CONCURRENCY, decisions.length) }, work))
  const { split, linked } = await puts.flush()

  return {
    kind: 'outcomes',
    outcomes: outcomes.map((outcome, index) => outcome ?? { kind: 'deferred', ...keysToIds(decisions[index]) }),
    split,
    linked,
    trouble,
  }
}

async function applyOne(chunk: Chunk, decision: Decision, creating: CreatingRow | null): Promise<Done> {
  switch (decision.kind) {
    case 'reconcile':
      return applyReconcile(chunk, decision)
    case 'create':
      return applyCreate(
        chunk,
        creating ? withAnnounced(decision, creating) : decision,
        creating,
        chunk.isRepeated || decision.rows.some((row) => row.kind === 'creating'),
      )
    case 'park':
      return applyPark(chunk, decision)
    case 'retire':
      return applyRetire(chunk, decision)
    case 'forget':
      return applyForget(chunk, decision)
    default:
      return unreachable(decision)
  }
}

/** The row that announces the create stands where the record's row of before stood. */
function withAnnounced(decision: CreateDecision, creating: CreatingRow): CreateDecision {
  return { ...decision, rows: [...decision.rows.filter((row) => rowKey(row) !== rowKey(creating)), creating] }
}

/**
 * Before anything is POSTed to PowerOffice, the memory says what is about to be created, and everything that came or
 * changed since the match was made is read and matched again (E18). A webshop's Idempotency-Key makes that needless.
 */
async function announceCreates(
  chunk: Chunk,
  settle: (index: number, outcome: Outcome) => void,
): Promise<Map<number, CreatingRow>> {
  const announced = new Map<number, CreatingRow>()
  const creates = chunk.input.decisions.flatMap((decision, index) =>
    decision.kind === 'create' && decision.on === 'erp' ? [{ decision, index }] : [],
  )
  if (creates.length === 0) return announced
  const rows = creates.map(({ decision }) => creatingRow(decision))
  const report = await chunk.request.memory.put(
    chunk.input,
    chunk.input.directory,
    creates.map(({ decision }, at) => replacing(decision.rows, rows[at] as CreatingRow)),
    chunk.context.signal,
  )
  const world = await chunk.worlds.current(chunk.request)
  for (const [at, { decision, index }] of creates.entries()) {
    const answer = report.answers[at]
    const row = rows[at]
    const source = await chunk.targets.content(decision.from)
    const matched = source ? world.matchOne(source).match.kind : 'none'
    if (answer?.kind !== 'done' || !row || matched === 'matched' || matched === 'ambiguous')
      settle(index, { kind: 'stale', ...idsOf(decision) })
    else announced.set(index, row)
  }
  return announced
}

function creatingRow(decision: CreateDecision): CreatingRow {
  return {
    kind: 'creating',
    side: decision.from.side,
    id: decision.from.id,
    reference: decision.from.id,
    creation: creationAfter(decision),
    since: Date.now(),
  }
}

function targetOf(decision: Decision): 'erp' | 'shop' {
  if (decision.kind === 'create') return decision.on
  return decision.kind === 'reconcile' && decision.writeErp.length > 0 ? 'erp' : 'shop'
}

function keysToIds(decision: Decision | undefined): { erpId?: string; shopId?: string } {
  if (!decision) return {}
  switch (decision.kind) {
    case 'create':
      return idsOf(decision)
    case 'reconcile':
      return { erpId: decision.erp.id, shopId: decision.shop.id }
    case 'park':
      return decision.side === 'erp' ? { erpId: decision.id } : { shopId: decision.id }
    case 'retire':
    case 'forget':
      return {
        ...(decision.erpId === null ? {} : { erpId: decision.erpId }),
        ...(decision.shopId === null ? {} : { shopId: decision.shopId }),
      }
  }
}
