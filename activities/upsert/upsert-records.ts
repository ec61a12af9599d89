import type { Decision } from '../../flows/decision.ts'
import type { Outcome } from '../../flows/outcome.ts'
import type { Trouble, UpsertAnswer } from '../../flows/port.ts'
import type { CreatingRow } from '../../flows/row.ts'
import { recordKey } from '../../flows/side.ts'
import { unreachable } from '../../flows/unreachable.ts'
import { VendorTrouble } from '../vendor-trouble.ts'
import { createAnnouncer } from './announce-creates.ts'
import { applyCreate } from './apply-create.ts'
import { applyItems } from './apply-items.ts'
import { applyForget, applyPark, applyRetire } from './apply-park.ts'
import { applyReconcile } from './apply-reconcile.ts'
import type { Chunk, Done } from './chunk.ts'
import { withCreatingRow } from './creating-row.ts'
import { idsOf } from './creation.ts'
import { inDoubt } from './in-doubt.ts'
import { createPutQueue } from './put-queue.ts'
import type { Slots } from './slots.ts'

/** Apply works by time (E17): what is not begun by then is deferred, so that every apply ends soon. */
const SOFT_LIMIT_MS = 5_000
/** … but a create that was announced is carried out until then: left undone, it would have to be looked up first. */
const ANNOUNCED_LIMIT_MS = 12_000
/** Records of one chunk under way at once. */
const CONCURRENCY = 8
/** Of all chunks of a first load together: the 32 requests that keep a webshop of 20 ms busy. */
export const SHOP_SLOTS = 32
/** Of these, what each chunk has at least: five chunks leave the other half to the one that goes first. */
export const GUARANTEED_SLOTS = 3
/** Records of one chunk that writes to the webshop in a first load: two chunks fill all slots while others end or begin. */
const SHARED_CONCURRENCY = 16
/** So many records in a row without a clear answer mean that the system is down, not that a record is poisonous. */
const FAILURES_IN_A_ROW = 3

/**
 * Carries out one chunk of decisions: one outcome each, in order (E12), with every row put before it returns.
 * @param toApply the chunk's decisions as an earlier attempt left them (tried-writes.ts)
 * @param slots that the chunks of a first load share for what they write to the webshop; null: the chunk has it to itself
 * @throws VendorTrouble MemoryUnavailable: something may be written that no row tells of, so the attempt must be repeated
 */
export async function upsertChunk(
  chunk: Chunk,
  toApply: readonly (Decision | null)[],
  slots: Slots | null = null,
): Promise<UpsertAnswer> {
  const { decisions } = chunk.input
  const outcomes: (Outcome | undefined)[] = decisions.map(() => undefined)
  let settled = 0
  const puts = createPutQueue(chunk, settle)
  const began = performance.now()
  let trouble: Trouble | null = null
  let memoryTrouble: VendorTrouble | null = null
  let failuresInARow = 0

  const announcer = createAnnouncer(chunk)
  const isWithin = (limitMs: number): boolean => performance.now() - began <= limitMs
  const mayGoOn = (): boolean => trouble === null && isWithin(SOFT_LIMIT_MS)
  const mayBegin = (index: number): boolean =>
    trouble === null &&
    !chunk.context.signal.aborted &&
    isWithin(announcer.isAnnounced(index) ? ANNOUNCED_LIMIT_MS : SOFT_LIMIT_MS)

  const share = slots?.openShare() ?? null
  const unsent: number[] = []
  let next = 0
  async function work(): Promise<void> {
    while (next < decisions.length) {
      const index = next++
      const decided = decisions[index]
      if (!decided) continue
      const decision = toApply[index]
      if (!decision) {
        settle(index, { kind: 'stale', ...keysToIds(decided) })
        continue
      }
      if (!mayBegin(index)) {
        if (announcer.isAnnounced(index)) unsent.push(index)
        await leave(index, decision)
        continue
      }
      try {
        const creating = announcer.isNeeded(index) ? await announcer.announced(index, mayGoOn) : null
        if (creating === 'stale') {
          settle(index, { kind: 'stale', ...keysToIds(decision) })
          continue
        }
        // Who waited for a slot until the time was up has begun nothing.
        const done =
          targetOf(decision) === 'shop' && share !== null
            ? await share.run(async () => (mayBegin(index) ? applyOne(chunk, decision, creating) : null))
            : await applyOne(chunk, decision, creating)
        if (done === null) {
          await leave(index, decision)
          continue
        }
        if (done.isUnsent && done.puts.length === 0) unsent.push(index)
        failuresInARow = done.isUnclear ? failuresInARow + 1 : 0
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
        if (announcer.isAnnounced(index) && !isSent(decision)) unsent.push(index)
        await defer(index, decision)
      }
      chunk.pulse.say(`${settled} of ${decisions.length} records`)
    }
  }
  /** Not begun by this attempt; an earlier one may have created it, and nobody hears of this decision again. */
  async function leave(index: number, decision: Decision): Promise<void> {
    const mayBeMade = chunk.isRepeated && decision.kind === 'create' && !chunk.context.signal.aborted
    if (mayBeMade) await defer(index, decision)
    else settle(index, { kind: 'deferred', ...keysToIds(decision) })
  }
  /** What was cut short may have landed all the same: an answer that is no answer, a system that went down. */
  async function defer(index: number, decision: Decision): Promise<void> {
    const outcome: Outcome = { kind: 'deferred', ...keysToIds(decision) }
    try {
      await puts.add(index, { outcome, puts: inDoubt(chunk, decision) })
    } catch (error) {
      // The memory itself is what does not answer.
      if (!(error instanceof VendorTrouble)) throw error
      memoryTrouble = error
      settle(index, outcome)
    }
  }
  function isSent(decision: Decision): boolean {
    return decision.kind === 'create' && chunk.sent.has(recordKey(decision.from.side, decision.from.id))
  }
  function settle(index: number, outcome: Outcome): void {
    outcomes[index] = outcome
    settled++
  }

  const isShared = share !== null && decisions.every((decision) => targetOf(decision) === 'shop')
  const concurrency = isShared ? SHARED_CONCURRENCY : CONCURRENCY
  await Promise.all(Array.from({ length: Math.min(concurrency, decisions.length) }, work))
  if (memoryTrouble !== null) throw memoryTrouble
  if (unsent.length > 0) await announcer.takeBack(unsent).catch(ignoreTrouble)
  const { split, ...counts } = await puts.flush()

  return {
    kind: 'outcomes',
    outcomes: outcomes.map((outcome, index) => outcome ?? { kind: 'deferred', ...keysToIds(decisions[index]) }),
    split,
    ...counts,
    trouble,
  }
}

/** What could not be taken back is looked for, and waited for. */
function ignoreTrouble(error: unknown): void {
  if (!(error instanceof VendorTrouble)) throw error
}

async function applyOne(chunk: Chunk, decision: Decision, creating: CreatingRow | null): Promise<Done> {
  switch (decision.kind) {
    case 'reconcile':
      return applyReconcile(chunk, decision)
    case 'reconcileItems':
      return applyItems(chunk, decision)
    case 'create':
      return applyCreate(
        chunk,
        creating ? withCreatingRow(decision, creating) : decision,
        creating,
        // An announced create that no earlier attempt announced was never sent: its row would have refused the announcement,
        // and where the row is gone again the link that took its place is seen by whoever announces.
        (creating === null && chunk.isRepeated) || decision.rows.some((row) => row.kind === 'creating'),
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
    case 'reconcileItems':
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
