import type { FieldNote, ReconcileItemsDecision } from '../../flows/decision.ts'
import { givenBefore, isBeingMade } from '../../flows/item-being-made.ts'
import type { ItemReading } from '../../flows/reading.ts'
import type { ItemLink, Row } from '../../flows/row.ts'
import type { Side } from '../../flows/side.ts'
import type { ItemAnswer } from '../connector.ts'
import type { Chunk } from './chunk.ts'
import { findMadeItem, landedGiven } from './find-made-item.ts'
import { editsFor, type ItemsPlan } from './item-edits.ts'
import type { ItemsResult } from './item-links.ts'
import { itemLinksIn } from './items-row.ts'
import { type ReadList, readListNow } from './list-now.ts'
import { words } from './write-side.ts'

/**
 * The planned edits of one list, one request each, noted in `result`. `isBroken`: the work stopped, since the list is another than it was
 * taken for, or the fate of an edit is not known.
 */
export async function writeList(
  chunk: Chunk,
  decision: ReconcileItemsDecision,
  plan: ItemsPlan,
  side: Side,
  lists: Readonly<Record<Side, ReadList>>,
  result: ItemsResult,
  rows: readonly Row[],
): Promise<{ readonly wrote: boolean; readonly isBroken: boolean; readonly notes: readonly FieldNote[] }> {
  const collection = chunk.collections[side]
  const notes: FieldNote[] = []
  let { record } = lists[side]
  let wrote = false
  const pending = itemLinksIn(rows)
  for (const { edit, key, withheld, label } of editsFor(chunk.definition, decision, plan, side, lists)) {
    if (withheld.length > 0) {
      notes.push(...withheld.map((note) => ({ ...note, field: `${label} ${note.field}` })))
      result.withheld.set(key, new Set(withheld.map((note) => note.field)))
    }
    if (edit === null) continue
    chunk.pulse.assertAlive()
    let answer = await collection.editItem?.(record, edit, chunk.context)
    while ((answer?.kind === 'keyUsed' || answer?.kind === 'removedSince') && edit.kind === 'add') {
      const made = answer.kind === 'keyUsed' ? madeEarlier(pending, key, lists.shop.items, plan) : undefined
      const found = made ?? removedUnlinked(decision, pending, key, answer)
      if (found) {
        result.found.set(key, found)
        return { wrote, isBroken: true, notes }
      }
      // Nothing of ours tells of what was made under that key, and it is gone: this is another item, under the next.
      answer = await collection.editItem?.(record, { ...edit, creation: answer.creation + 1 }, chunk.context)
    }
    switch (answer?.kind) {
      case 'done':
        wrote = true
        if (edit.kind === 'add' && answer.item && answer.isEarlier) {
          // What both sides show by now is compared with what it was given before anything else is done to the list.
          result.found.set(key, { shopId: answer.item.id, base: pending.find(isOf(key))?.base ?? '' })
          return { wrote, isBroken: true, notes }
        }
        if (edit.kind === 'add' && answer.item) result.added[side].set(key, answer.item.id)
        if (answer.item && (edit.kind === 'change' || answer.isAsMade))
          result.answered[side].set(answer.item.id, answer.item)
        record = { ...record, version: answer.version ?? record.version }
        break
      case 'refused':
        // Somebody confirmed the order meanwhile: that is no refusal of the line.
        if (side === 'erp' && (await isLockedNow(chunk, lists.erp))) return { wrote, isBroken: true, notes }
        result.failed.add(key)
        notes.push({ field: label, kind: 'asks', detail: words(answer) })
        break
      case 'missing':
      case 'stale':
      case 'uncertain':
      case 'keyUsed':
      case 'removedSince':
      case undefined:
        return { wrote, isBroken: true, notes }
    }
  }
  return { wrote, isBroken: false, notes }
}

const isOf =
  (erpId: string) =>
  (link: ItemLink): boolean =>
    link.erpId === erpId

/** The webshop's item that an earlier attempt made from this one of PowerOffice, with other values than it has now. */
function madeEarlier(
  links: readonly ItemLink[],
  erpId: string,
  shopItems: readonly ItemReading[],
  plan: ItemsPlan,
): { readonly shopId: string; readonly base: string } | undefined {
  const linked = new Set([...links.map((link) => link.shopId), ...plan.pairsOnly.map((pair) => pair.shopId)])
  const own = links.find(isOf(erpId))
  // What was given before is the likelier one: what is given now was just refused.
  const given = own ? [...givenBefore(own), own.base].filter((hashes) => hashes !== '') : []
  const claimed = links.flatMap((link) => (link.shopId === '' && link.erpId !== erpId ? [link.base] : []))
  const free = shopItems.filter((item) => !linked.has(item.id))
  const item = findMadeItem(given, free, claimed)
  return item && { shopId: item.id, base: landedGiven(given, item) }
}

/**
 * The webshop's item that an earlier attempt made from this one of PowerOffice, and that people have removed before we knew of it:
 * the same as if they had done so after the two were linked (E22). An id that no item has, where we were not told of it, says just that.
 */
function removedUnlinked(
  decision: ReconcileItemsDecision,
  pending: readonly ItemLink[],
  erpId: string,
  answer: ItemAnswer,
): { readonly shopId: string; readonly base: string } | undefined {
  const wasBegun = itemLinksIn(decision.rows).some((link) => link.erpId === erpId && isBeingMade(link, 'shop'))
  const own = pending.find(isOf(erpId))
  if (!wasBegun || !own) return undefined
  // What is given now was given then, or was just refused.
  return answer.kind === 'removedSince'
    ? { shopId: answer.id, base: own.base }
    : { shopId: `?${erpId}`, base: givenBefore(own)[0] ?? own.base }
}

async function isLockedNow(chunk: Chunk, { record }: ReadList): Promise<boolean> {
  if (record.isLocked === true) return false
  return (await readListNow(chunk, 'erp', record.id))?.record.isLocked === true
}
