import type { FieldNote, ReconcileItemsDecision } from '../../flows/decision.ts'
import { NO_HASH } from '../../flows/field-hashes.ts'
import { isBeingMade } from '../../flows/item-being-made.ts'
import type { Outcome } from '../../flows/outcome.ts'
import type { ItemReading } from '../../flows/reading.ts'
import { type ItemLink, type LinkedRow, OPEN_FLAG } from '../../flows/row.ts'
import { otherSide, type Side, sides } from '../../flows/side.ts'
import { cleared } from './apply-reconcile.ts'
import { type Chunk, type Done, replacing } from './chunk.ts'
import { type BegunLists, halfDoneList } from './half-done-list.ts'
import { setLocked } from './hold-open.ts'
import { ignoredItemClears } from './ignored-item-clears.ts'
import { labelOf, positionsToMend } from './item-edits.ts'
import { type ItemsResult, itemLinksAfter } from './item-links.ts'
import { emptyListRow, itemLinksIn } from './items-row.ts'
import { type ReadList, readAnswered, readListNow } from './list-now.ts'
import { touchedBy } from './lock-check.ts'
import { tellsOfTouched } from './tell.ts'

interface Finished extends BegunLists {
  readonly after: Readonly<Record<Side, ReadList>>
  readonly notes: readonly FieldNote[]
  readonly wrote: readonly Side[]
}

/** Everything planned was written or refused: places are put right, a held order is confirmed, and what both sides show is remembered. */
export async function finishList(
  chunk: Chunk,
  decision: ReconcileItemsDecision,
  previous: LinkedRow | null,
  finished: Finished,
): Promise<Done> {
  const { plan, result, isOpen: isHeld } = finished
  const wrote = isHeld && !finished.wrote.includes('erp') ? [...finished.wrote, 'erp' as const] : finished.wrote
  let { after } = finished
  // Items may have been put between others: where the order came out differently, every place is written once.
  for (const side of sides) {
    let { record } = after[side]
    const edits = positionsToMend(plan, side, after[side], after[otherSide(side)].items, result)
    if (edits.length === 0) continue
    for (const edit of edits) {
      chunk.pulse.assertAlive()
      const answer = await chunk.collections[side].editItem?.(record, edit, chunk.context)
      if (answer?.kind !== 'done') break
      record = { ...record, version: answer.version ?? record.version }
    }
    const now = await readListNow(chunk, side, decision[side].id)
    if (now) after = { ...after, [side]: now }
  }
  if (isHeld) {
    const isConfirmed = await setLocked(chunk, after.erp.record, true)
    const now = isConfirmed ? await readListNow(chunk, 'erp', decision.erp.id) : null
    if (now === null) {
      const stale = { kind: 'stale' as const, erpId: decision.erp.id, shopId: decision.shop.id }
      return { outcome: stale, puts: await halfDoneList(chunk, decision, previous, finished) }
    }
    after = { ...after, erp: now }
  }
  const notes = [...finished.notes, ...heldClears(finished, after)]
  const shownAtFirst = await readAnswered(chunk, finished.lists, result)
  const links = [
    ...itemLinksAfter(chunk.definition, decision, { ...after, result, shownAtFirst }, plan.pairsOnly),
    // Its reference may be refused since an earlier attempt's is still on its way.
    ...itemLinksIn(finished.rows).filter((link) => isBeingMade(link, 'erp') && result.failed.has(link.shopId)),
  ]
  const isOpen = decision.isOpen || result.failed.size > 0 || [...result.withheld.values()].some((set) => set.size > 0)
  // What the new side states by itself (a VAT rate) is not agreed on yet, and is carried back by the next look.
  const isUnfinished = links.some((link) => hasUnknown(link, result))
  const disturbed =
    sides.some((side) => isDisturbed(decision, finished, after[side], side)) ||
    sides.some((side) => [...shownAtFirst[side].values()].some((first) => isEditedSince(first, after[side])))
  const row: LinkedRow = {
    ...(previous ?? emptyListRow(chunk.definition, decision, chunk.pointer)),
    erpSeen: disturbed || isUnfinished ? '' : after.erp.reading.seen,
    shopSeen: disturbed || isUnfinished ? '' : after.shop.reading.seen,
    flags: isOpen || isUnfinished ? OPEN_FLAG : '',
    definition: chunk.definition.version,
    pointer: chunk.pointer,
    items: links,
  }
  const outcome: Outcome = {
    kind: disturbed ? 'stale' : decision.how === 'link' ? 'linked' : wrote.length > 0 ? 'updated' : 'unchanged',
    erpId: decision.erp.id,
    shopId: decision.shop.id,
    ...(wrote.length > 0 ? { wrote } : {}),
    ...(notes.length > 0 ? { notes } : {}),
    ...(isUnfinished ? { againMs: 0 } : {}),
  }
  return {
    outcome,
    puts: [...cleared(finished.rows, row), replacing(finished.rows, row)],
    // What is held back for a confirmed order follows its lines.
    ...(isHeld ? { tell: tellsOfTouched(chunk, touchedBy(chunk, after.erp)) } : {}),
  }
}

/** What a side kept although it was to be cleared is not agreed on: noted as held back, and told of by the line. */
function heldClears({ plan, lists, result, wrote }: Finished, after: Readonly<Record<Side, ReadList>>): FieldNote[] {
  return wrote.flatMap((side) =>
    ignoredItemClears(side, plan, lists, after, result).flatMap(({ id, notes }) => {
      result.withheld.set(id, new Set([...(result.withheld.get(id) ?? []), ...notes.map((note) => note.field)]))
      const line = labelOf(lists[side].items, id)
      return notes.map((note) => ({ ...note, field: `${line} ${note.field}` }))
    }),
  )
}

function hasUnknown(link: ItemLink, result: ItemsResult): boolean {
  const isNew = [...result.added.erp].some(([, made]) => made === link.erpId) || result.added.shop.has(link.erpId)
  const isHeldBack = result.withheld.has(link.erpId) || result.withheld.has(link.shopId)
  return isNew && !isHeldBack && link.base.includes(NO_HASH)
}

function isEditedSince(first: ItemReading, { items }: ReadList): boolean {
  return items.some((item) => item.id === first.id && item.hashes !== first.hashes)
}

/** An item that nobody of us wrote shows something else than was decided on: it is decided again (rule 14). */
function isDisturbed(
  decision: ReconcileItemsDecision,
  { plan, result, lists }: Finished,
  after: ReadList,
  side: Side,
): boolean {
  const expected = new Set(lists[side].items.map((item) => item.id))
  for (const change of decision.changes) if (change.kind === 'remove' && change.on === side) expected.delete(change.id)
  for (const id of result.added[side].values()) expected.add(id)
  for (const key of result.failed) if (lists[side].items.some((item) => item.id === key)) expected.add(key)
  if (after.items.length !== expected.size || after.items.some((item) => !expected.has(item.id))) return true
  return after.items.some((item) => {
    const earlier = lists[side].items.find((other) => other.id === item.id)
    return earlier !== undefined && !plan.written[side].has(item.id) && earlier.hashes !== item.hashes
  })
}
