import type { ReconcileItemsDecision } from '../../flows/decision.ts'
import type { ItemReading } from '../../flows/reading.ts'
import { type ItemLink, type LinkedRow, OPEN_FLAG, REOPENED_FLAG, type Row } from '../../flows/row.ts'
import type { Side } from '../../flows/side.ts'
import { givenItems } from './announce-items.ts'
import { type Chunk, type Done, replacing } from './chunk.ts'
import type { ItemsPlan } from './item-edits.ts'
import { type ItemsResult, itemLinksAfter, madeLink } from './item-links.ts'
import { emptyListRow, itemLinksIn } from './items-row.ts'
import { type ReadList, readAnswered } from './list-now.ts'
import { linkWithTried } from './tried-writes.ts'

/** What is known of two lists on which the work has begun. */
export interface BegunLists {
  readonly plan: ItemsPlan
  readonly rows: readonly Row[]
  readonly lists: Readonly<Record<Side, ReadList>>
  readonly result: ItemsResult
  /** The order is a draft by our doing, and is confirmed again at the end. */
  readonly isOpen: boolean
}

/**
 * Something of the list was written and then the work stopped: the links that are known now are kept, nothing counts as
 * seen, and the next look finds out the rest.
 */
export async function halfDoneList(
  chunk: Chunk,
  decision: ReconcileItemsDecision,
  previous: LinkedRow | null,
  { rows, result, plan, lists, isOpen }: BegunLists,
): Promise<Done['puts']> {
  const announced = itemLinksIn(rows)
  const isKnownNow = (erpId: string): boolean => result.added.shop.has(erpId) || result.found.has(erpId)
  // What both sides show alike is agreed on, whatever became of the rest: an edit that comes next is measured by it.
  const known = itemLinksAfter(chunk.definition, decision, null, plan.pairsOnly).map((link) => {
    const tried = previous?.items?.find(
      (earlier) => earlier.erpId === link.erpId && earlier.shopId === link.shopId,
    )?.tried
    return tried ? { ...link, tried } : link
  })
  // Agreed is what the new item was given, and no more: people may have been at it since. PowerOffice rounds and spells in its
  // own way, which its answer showed.
  const given = givenItems(chunk, 'shop', lists.erp, [...result.added.shop.keys()])
  const shownAtFirst = await readAnswered(chunk, lists, result)
  const added = (side: Side): ItemLink[] =>
    [...result.added[side]].map(([from, made]) =>
      side === 'shop'
        ? { erpId: from, shopId: made, base: given.get(from) ?? '', shopBase: '' }
        : linkAsMade(chunk, made, from, shownAtFirst.erp.get(made), lists.shop, result.withheld.get(from)),
    )
  const links = [
    ...known
      .filter((link) => link.shopId !== '' && !isKnownNow(link.erpId))
      .map((link) => linkWithTried(chunk.definition, decision, link)),
    ...added('erp'),
    ...added('shop'),
    ...[...result.found].map(([erpId, { shopId, base }]) => ({ erpId, shopId, base, shopBase: '' })),
    ...announced.filter((link) => link.shopId === '' && plan.adds.shop.includes(link.erpId) && !isKnownNow(link.erpId)),
    // Removed at its source before it was known to be made: what was made goes as well, once it is found.
    ...announced.filter((link) => link.shopId === '' && !lists.erp.items.some((item) => item.id === link.erpId)),
    ...announced.filter(
      (link) => link.erpId === '' && plan.adds.erp.includes(link.shopId) && !result.added.erp.has(link.shopId),
    ),
  ]
  const row: LinkedRow = {
    ...(previous ?? emptyListRow(chunk.definition, decision, chunk.pointer)),
    erpSeen: '',
    shopSeen: '',
    flags: isOpen ? OPEN_FLAG + REOPENED_FLAG : OPEN_FLAG,
    definition: chunk.definition.version,
    items: links,
  }
  return [replacing(rows, row)]
}

/** Of an item whose making was not heard of, nothing is agreed on: what both sides show is found out by the next look. */
function linkAsMade(
  chunk: Chunk,
  erpId: string,
  shopId: string,
  made: ItemReading | undefined,
  shop: ReadList,
  withheld: ReadonlySet<string> | undefined,
): ItemLink {
  const source = shop.items.find((item) => item.id === shopId)
  if (!made || !source) return { erpId, shopId, base: '', shopBase: '' }
  return madeLink(chunk.definition, 'erp', made, source, withheld)
}
