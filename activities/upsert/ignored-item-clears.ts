import type { FieldNote } from '../../flows/decision.ts'
import type { ItemReading } from '../../flows/reading.ts'
import { otherSide, type Side } from '../../flows/side.ts'
import { ignoredClears } from './ignored-clears.ts'
import type { ItemsPlan } from './item-edits.ts'
import type { ItemsResult } from './item-links.ts'

type Items = Readonly<Record<Side, { readonly items: readonly ItemReading[] }>>

export interface IgnoredItemClears {
  /** The item's id on the side that kept its values. */
  readonly id: string
  /** By the field's own name. */
  readonly notes: readonly FieldNote[]
}

/**
 * Items of `side` of which values were to be cleared and stand all the same (rule 8): what `ignoredClears` says of a record, of each
 * item that was written.
 * @param before both lists as they were decided on
 * @param after as the side shows them after all writes
 */
export function ignoredItemClears(
  side: Side,
  plan: ItemsPlan,
  before: Items,
  after: Items,
  result: ItemsResult,
): IgnoredItemClears[] {
  return plan.pairsOnly.flatMap((pair) => {
    const [id, fields] = side === 'erp' ? [pair.erpId, pair.writeErp] : [pair.shopId, pair.writeShop]
    if (fields.length === 0 || result.failed.has(id)) return []
    const valuesOf = (items: Items, on: Side, of: string) =>
      items[on].items.find((item) => item.id === of)?.content?.canonical
    const source = valuesOf(before, otherSide(side), side === 'erp' ? pair.shopId : pair.erpId)
    const [earlier, now] = [valuesOf(before, side, id), valuesOf(after, side, id)]
    if (!source || !earlier || !now) return []
    const held = result.withheld.get(id)
    const cleared = fields.filter((field) => source[field] === null && held?.has(field) !== true)
    const notes = ignoredClears(side, cleared, { before: earlier, after: now })
    return notes.length === 0 ? [] : [{ id, notes }]
  })
}
