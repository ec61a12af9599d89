import type { FieldNote, ReconcileItemsDecision } from '../../flows/decision.ts'
import type { Outcome } from '../../flows/outcome.ts'
import type { ItemReading } from '../../flows/reading.ts'
import { type LinkedRow, OPEN_FLAG, REOPENED_FLAG, type Row } from '../../flows/row.ts'
import { type Side, sides } from '../../flows/side.ts'
import { announceItems } from './announce-items.ts'
import { cleared } from './apply-reconcile.ts'
import { type Chunk, type Done, replacing } from './chunk.ts'
import { finishList } from './finish-list.ts'
import { halfDoneList } from './half-done-list.ts'
import { markReopened, setLocked } from './hold-open.ts'
import { type ItemsPlan, planItems } from './item-edits.ts'
import { type ItemsResult, itemLinksAfter } from './item-links.ts'
import { emptyListRow } from './items-row.ts'
import { type ReadList, readListNow } from './list-now.ts'
import { registerWaits } from './wait-for-links.ts'
import { writeList } from './write-list.ts'

/**
 * Carries two lists over into each other, PowerOffice first (E22). Both are read whole just before, and nothing is written
 * unless they show what was decided on; one request an item, each guarded by the record's version where there is one. What
 * the memory keeps is what both sides show afterwards, never what was hoped for.
 */
export async function applyItems(chunk: Chunk, decision: ReconcileItemsDecision): Promise<Done> {
  const ids = { erpId: decision.erp.id, shopId: decision.shop.id }
  const stale: Done = { outcome: { kind: 'stale', ...ids }, puts: [] }
  const previous = decision.rows.find((row): row is LinkedRow => row.kind === 'linked') ?? null
  await registerOpen(chunk, decision)
  const plan = planItems(decision)
  const isHeld = previous?.flags.includes(REOPENED_FLAG) === true && decision.erp.isFinal !== true
  if (!plan.writes.erp && !plan.writes.shop && !isHeld) return remembered(chunk, decision, previous, plan)

  const before: Partial<Record<Side, ReadList>> = {}
  for (const side of sides) {
    const list = await readListNow(chunk, side, decision[side].id)
    if (list?.reading.seen !== decision[side].seen) return stale
    before[side] = list
  }
  const lists = before as Record<Side, ReadList>
  const isOpen = isHeld || (plan.writes.erp && decision.erp.isLocked === true && decision.erp.isFinal !== true)
  let rows = decision.rows
  if (sides.some((side) => plan.adds[side].length > 0)) {
    // Should the answer to one of these be lost, the next look finds it by its reference, or repeats it under its key (E18).
    const announced = await announceItems(chunk, decision, previous, plan, lists)
    if (announced === null) return stale
    rows = announced
  }
  if (plan.writes.erp && isOpen && lists.erp.record.isLocked === true) {
    const opened = await openLists(chunk, decision, rows, lists.erp)
    if (opened === null) return stale
    rows = opened.rows
    lists.erp = opened.list
  }

  const result: ItemsResult = {
    added: { erp: new Map(), shop: new Map() },
    answered: { erp: new Map(), shop: new Map() },
    found: new Map(),
    failed: new Set(),
    withheld: new Map(),
  }
  const notes: FieldNote[] = [...decision.notes]
  const wrote: Side[] = []
  for (const side of sides) {
    if (!plan.writes[side]) continue
    const written = await writeList(chunk, decision, plan, side, lists, result, rows)
    notes.push(...written.notes)
    if (written.wrote) wrote.push(side)
    if (written.isBroken)
      return { ...stale, puts: await halfDoneList(chunk, decision, previous, { rows, result, plan, lists, isOpen }) }
  }
  const after = await afterWrites(chunk, decision, lists, wrote)
  if (after === null)
    return { ...stale, puts: await halfDoneList(chunk, decision, previous, { rows, result, plan, lists, isOpen }) }
  return finishList(chunk, decision, previous, { plan, rows, lists, after, result, notes, wrote, isOpen })
}

/** PowerOffice's list with its order set back to draft; null: it is not as it was, or somebody was faster. */
async function openLists(
  chunk: Chunk,
  decision: ReconcileItemsDecision,
  rows: readonly Row[],
  { record, reading }: ReadList,
): Promise<{ readonly rows: readonly Row[]; readonly list: ReadList } | null> {
  const row = rows.find((candidate): candidate is LinkedRow => candidate.kind === 'linked')
  const marked = row ? await markReopened(chunk, rows, row) : null
  if (marked === null || !(await setLocked(chunk, record, false))) return null
  const list = await readListNow(chunk, 'erp', decision.erp.id)
  const shown = (items: readonly ItemReading[] = []) => items.map(({ id, seen }) => [id, seen]).join()
  return list && shown(list.items) === shown(reading.items) ? { rows: marked, list } : null
}

/** What waits for a link of another flow's record is told by that flow (E23). */
async function registerOpen(chunk: Chunk, decision: ReconcileItemsDecision): Promise<void> {
  if (!decision.notes.some((note) => note.kind === 'waits')) return
  const waits = sides.flatMap((side) => decision[side].items?.flatMap((item) => item.unlinked ?? []) ?? [])
  if (waits.length > 0) await registerWaits(chunk, `erp:${decision.erp.id}`, waits)
}

/** Both sides as they are after the writes: only what was written is read again. */
async function afterWrites(
  chunk: Chunk,
  decision: ReconcileItemsDecision,
  lists: Readonly<Record<Side, ReadList>>,
  wrote: readonly Side[],
): Promise<Record<Side, ReadList> | null> {
  const after = { ...lists }
  for (const side of wrote) {
    const now = await readListNow(chunk, side, decision[side].id)
    if (now === null) return null
    after[side] = now
  }
  return after
}

/** Nothing to write: what both sides show, and what a person has to see, is remembered. */
function remembered(chunk: Chunk, decision: ReconcileItemsDecision, previous: LinkedRow | null, plan: ItemsPlan): Done {
  const row: LinkedRow = {
    ...(previous ?? emptyListRow(chunk.definition, decision, chunk.pointer)),
    erpSeen: decision.erp.seen,
    shopSeen: decision.shop.seen,
    flags: decision.isOpen ? OPEN_FLAG : '',
    definition: chunk.definition.version,
    pointer: chunk.pointer,
    items: itemLinksAfter(chunk.definition, decision, null, plan.pairsOnly),
  }
  const outcome: Outcome = {
    kind: decision.how === 'link' ? 'linked' : 'unchanged',
    erpId: decision.erp.id,
    shopId: decision.shop.id,
    ...(decision.notes.length > 0 ? { notes: decision.notes } : {}),
  }
  return {
    outcome,
    puts: [...cleared(decision.rows, row), replacing(decision.rows, row)],
  }
}
