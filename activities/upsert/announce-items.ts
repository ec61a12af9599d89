import type { ReconcileItemsDecision } from '../../flows/decision.ts'
import { isBeingMade, withGiven } from '../../flows/item-being-made.ts'
import { type ItemLink, idOn, type LinkedRow, OPEN_FLAG, REOPENED_FLAG, type Row } from '../../flows/row.ts'
import { otherSide, type Side, sides } from '../../flows/side.ts'
import { type Chunk, replacing } from './chunk.ts'
import type { ItemsPlan } from './item-edits.ts'
import { itemLinksAfter } from './item-links.ts'
import { emptyListRow } from './items-row.ts'
import type { ReadList } from './list-now.ts'
import { createdItems } from './values-to-create.ts'

/**
 * The row says which items are about to be made, and what each is given, so that one whose answer is lost is told from what
 * people do to it and to its source (E18). null: somebody else was faster.
 */
export async function announceItems(
  chunk: Chunk,
  decision: ReconcileItemsDecision,
  previous: LinkedRow | null,
  plan: ItemsPlan,
  lists: Readonly<Record<Side, ReadList>>,
): Promise<readonly Row[] | null> {
  const known = previous?.items ?? []
  const pending = sides.flatMap((on) =>
    [...givenItems(chunk, on, lists[otherSide(on)], plan.adds[on])].map(([from, base]) =>
      pendingLink(
        on,
        from,
        base,
        known.find((link) => isBeingMade(link, on) && idOn(link, otherSide(on)) === from),
      ),
    ),
  )
  if (pending.every((link) => known.includes(link))) return decision.rows
  const isPending = (link: ItemLink): boolean => sides.some((on) => plan.adds[on].includes(idOn(link, otherSide(on))))
  const row: LinkedRow = {
    ...(previous ?? emptyListRow(chunk.definition, decision, chunk.pointer)),
    erpSeen: '',
    shopSeen: '',
    // An order that stands open by our doing is confirmed again by whoever finds the mark.
    flags: previous?.flags.includes(REOPENED_FLAG) ? OPEN_FLAG + REOPENED_FLAG : OPEN_FLAG,
    // A list that was never linked begins with what the decision pairs, so that only the new items are in doubt.
    items: [
      ...(previous ? known : itemLinksAfter(chunk.definition, decision, null, plan.pairsOnly)).filter(
        (link) => !isPending(link),
      ),
      ...pending,
    ],
  }
  const put = replacing(decision.rows, row)
  const report = await chunk.request.memory.put(chunk.input, chunk.input.directory, [put], chunk.context.signal)
  if (report.answers[0]?.kind !== 'done') return null
  const rest = decision.rows.filter((other) => other.kind !== 'linked')
  return [...rest, row]
}

/** Hashes by id of what new items on `on` are given from these items of the other side. */
export function givenItems(
  chunk: Chunk,
  on: Side,
  source: ReadList,
  ids: readonly string[],
): ReadonlyMap<string, string> {
  const items = source.items.filter((item) => ids.includes(item.id))
  return new Map(createdItems(chunk.definition, on, items))
}

/** Of an item that is being made on `on`: what it is given now, and what attempts before gave, which may have landed. */
function pendingLink(on: Side, from: string, base: string, known: ItemLink | undefined): ItemLink {
  if (known) return withGiven(known, base)
  return { erpId: on === 'erp' ? '' : from, shopId: on === 'shop' ? '' : from, base, shopBase: '' }
}
