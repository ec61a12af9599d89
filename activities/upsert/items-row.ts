import { hashAt, joinHashes, NO_HASH } from '../../flows/field-hashes.ts'
import type { FieldDefinition, FlowDefinition } from '../../flows/flow-definition.ts'
import type { ItemReading, Reading } from '../../flows/reading.ts'
import { type ItemLink, type LinkedRow, OPEN_FLAG, type Row, rowKey } from '../../flows/row.ts'
import { recordKey, type Side } from '../../flows/side.ts'
import type { WorldRequest } from '../live/world-request.ts'
import { rowsByRecord } from '../memory/rows-by-record.ts'
import { removing, replacing } from './chunk.ts'
import { newLinkedRow } from './linked-row.ts'

/** The fields of a record that is created on that side: what travels there, and what is given at creation only. */
export function fieldsAtCreation(definition: FlowDefinition, on: Side): FieldDefinition[] {
  return definition.fields.filter((field) =>
    field.createdOn ? field.createdOn.includes(on) : field.direction !== (on === 'erp' ? 'toShop' : 'toErp'),
  )
}

/**
 * The memory of two lists of which one was just made from the other, in one request (E22). Items belong together by our
 * reference, else by their place. null: the answer does not show them all, and the flow of lists finds out by itself.
 */
export function createdItemsRow(
  definition: FlowDefinition,
  on: Side,
  lists: { readonly erp: Reading; readonly shop: Reading },
  /** Fields by item id of the source that were not sent after all. */
  withheld: ReadonlyMap<string, ReadonlySet<string>>,
  pointer: string,
): { readonly row: LinkedRow; readonly isComplete: boolean } | null {
  const made = lists[on].items ?? []
  const source = lists[on === 'erp' ? 'shop' : 'erp'].items ?? []
  const pairs = source.map((item, index) => {
    const own = made.find((other) => other.reference === item.id) ?? made[index]
    return own && (own.reference === null || own.reference === item.id) ? { item, own } : null
  })
  if (made.length !== source.length || pairs.some((pair) => pair === null)) return null
  const sent = new Set(fieldsAtCreation(definition, on).map((field) => field.name))
  let isComplete = true
  const items: ItemLink[] = pairs.flatMap((pair) => {
    if (!pair) return []
    const [erp, shop] = on === 'erp' ? [pair.own, pair.item] : [pair.item, pair.own]
    const link = linkOf(
      definition,
      erp,
      shop,
      (field) => sent.has(field) && withheld.get(pair.item.id)?.has(field) !== true,
    )
    isComplete &&= link.isComplete
    return [link.link]
  })
  const row: LinkedRow = {
    ...emptyListRow(definition, lists, pointer),
    // What is not agreed yet must be looked at: nothing counts as seen.
    erpSeen: isComplete ? lists.erp.seen : '',
    shopSeen: isComplete ? lists.shop.seen : '',
    flags: isComplete ? '' : OPEN_FLAG,
    items,
  }
  return { row, isComplete }
}

/** The memory of two lists that belong together and of which nothing is known yet. */
export function emptyListRow(
  definition: FlowDefinition,
  pair: { readonly erp: { readonly id: string }; readonly shop: { readonly id: string } },
  pointer: string,
): LinkedRow & { readonly items: readonly ItemLink[] } {
  return { ...newLinkedRow(definition, pair, pointer), items: [] }
}

/** @param isSent the field was written from the one item to the other */
function linkOf(
  definition: FlowDefinition,
  erp: ItemReading,
  shop: ItemReading,
  isSent: (field: string) => boolean,
): { link: ItemLink; isComplete: boolean } {
  let isComplete = true
  const base: string[] = []
  const shopBase: string[] = []
  definition.fields.forEach((field, index) => {
    const now = { erp: hashAt(erp.hashes, index), shop: hashAt(shop.hashes, index) }
    const isAgreed = now.erp === now.shop || isSent(field.name)
    isComplete &&= isAgreed
    base.push(isAgreed ? now.erp : NO_HASH)
    shopBase.push(isAgreed ? now.shop : NO_HASH)
  })
  const [erpForm, shopForm] = [joinHashes(base), joinHashes(shopBase)]
  return {
    link: { erpId: erp.id, shopId: shop.id, base: erpForm, shopBase: shopForm === erpForm ? '' : shopForm },
    isComplete,
  }
}

/**
 * Puts the lists' rows into the memory of the flow that keeps them, before the records' own rows say that all is done: a crash
 * in between leads to adoption, which finds them. A flow that does not run begins with what it finds (list-load.ts).
 */
export async function putItemsRows(request: WorldRequest, rows: readonly LinkedRow[]): Promise<void> {
  const { address, otherFlows, memory, context } = request
  const { items } = request.definition
  if (items === undefined || rows.length === 0) return
  const other = { connection: address.connection, flow: items }
  const directory = await otherFlows.directoryOf(other, context.signal)
  if (directory === null) return
  const keys = rows.flatMap((row) => [recordKey('erp', row.erpId), recordKey('shop', row.shopId)])
  const byRecord = rowsByRecord(await memory.lookup(other, directory, keys, context.signal))
  const puts = rows.flatMap((row) => {
    const before = [
      ...new Set([
        ...(byRecord.get(recordKey('erp', row.erpId)) ?? []),
        ...(byRecord.get(recordKey('shop', row.shopId)) ?? []),
      ]),
    ]
    // An earlier attempt put it, and its flow may have gone on from there.
    if (before.some((old) => old.kind === 'linked')) return []
    return [
      ...before.filter((old) => rowKey(old) !== rowKey(row) && old.kind !== 'apart').map(removing),
      replacing(before, row),
    ]
  })
  // A refused put means that somebody was faster; what stands there was read from the systems just now.
  await memory.put(other, directory, puts, context.signal)
}

/** The links of the items of two lists, as the row of the two holds them. */
export function itemLinksIn(rows: readonly Row[]): readonly ItemLink[] {
  return rows.find((row): row is LinkedRow => row.kind === 'linked')?.items ?? []
}
