import type { Difference } from '../../flows/audit.ts'
import { hashAt, NO_HASH } from '../../flows/field-hashes.ts'
import type { FlowDefinition } from '../../flows/flow-definition.ts'
import type { NotOffered } from '../../flows/not-offered.ts'
import type { Pair } from '../../flows/pair.ts'
import type { ItemReading, Reading } from '../../flows/reading.ts'
import type { ItemLink, LinkedRow } from '../../flows/row.ts'
import { type RecordKey, recordKey } from '../../flows/side.ts'
import { seenOf } from '../reading/side-state.ts'
import type { Comparison } from './compared-world.ts'
import { isExplained } from './explained.ts'
import { isFinal } from './known-rows.ts'
import type { Listed } from './listed.ts'

export interface ComparedLists {
  readonly definition: FlowDefinition
  /** Both lists of every record that this flow or its parent has linked, with their rows. */
  readonly pairs: readonly Pair[]
  readonly listed: Listed
  readonly notOffered: NotOffered | undefined
}

/**
 * Lists of items against each other and against the memory, item by item and field by field. Pure. Items travel as hashes, so
 * two values that differ under one hash of 24 bits are not told apart here; the whole item's hash of 64 bits is compared too.
 */
export function compareLists(world: ComparedLists): Comparison {
  const differences: Difference[] = []
  let listed = 0
  for (const pair of world.pairs) {
    const found = compareList(world, pair)
    if (!found) continue
    if (found.isListed) listed++
    else differences.push(found.difference)
  }
  return { differences, listed }
}

function compareList(world: ComparedLists, { erp, shop, rows }: Pair) {
  // What became of the record is its own flow's matter; a list that does not parse is listed with its reason.
  if (erp.kind !== 'present' || shop.kind !== 'present') return null
  const keys: RecordKey[] = [recordKey('erp', erp.reading.id), recordKey('shop', shop.reading.id)]
  const row = rows.find((each): each is LinkedRow => each.kind === 'linked')
  const mark = `${seenOf(erp)} ${seenOf(shop)}`
  if (row ? isFinal(row) : erp.reading.isFinal === true || shop.reading.isFinal === true) return null
  if (!row) {
    return {
      difference: { kind: 'missingRow' as const, keys, fields: [], mark },
      isListed: keys.some(world.listed.anything),
    }
  }
  const fields = differingFields(world, row, erp.reading, shop.reading)
  if (fields.length === 0) return null
  return { difference: { kind: 'diverged' as const, keys, fields, mark }, isListed: keys.some(world.listed.anything) }
}

/** Names of the fields in which paired items differ unexplained; `lines` for items without a pair, `order` for their order. */
function differingFields(world: ComparedLists, row: LinkedRow, erp: Reading, shop: Reading): string[] {
  const found = new Set<string>()
  const items = { erp: erp.items ?? [], shop: shop.items ?? [] }
  const links = row.items ?? []
  const paired = links.flatMap((link) => {
    const left = items.erp.find((item) => item.id === link.erpId)
    const right = items.shop.find((item) => item.id === link.shopId)
    return left && right ? [{ link, left, right }] : []
  })
  if (paired.length < items.erp.length || paired.length < items.shop.length || paired.length < links.length)
    found.add('lines')
  for (const { link, left, right } of paired) for (const name of itemFields(world, link, left, right)) found.add(name)
  const order = (list: readonly ItemReading[], idOf: (pair: (typeof paired)[number]) => string): string[] =>
    list.flatMap((item) => paired.filter((pair) => idOf(pair) === item.id).map((pair) => pair.link.erpId))
  const inErp = order(items.erp, ({ link }) => link.erpId)
  const inShop = order(items.shop, ({ link }) => link.shopId)
  if (inErp.some((id, index) => id !== inShop[index])) found.add('order')
  return [...found]
}

function itemFields(world: ComparedLists, link: ItemLink, erp: ItemReading, shop: ItemReading): string[] {
  if (erp.seen === shop.seen) return []
  return world.definition.fields.flatMap((field, index) => {
    const now = { erp: hashAt(erp.hashes, index), shop: hashAt(shop.hashes, index) }
    // The field applies to one of the two only: the field on which that depends differs.
    if (now.erp === now.shop || now.erp === NO_HASH || now.shop === NO_HASH) return []
    const hashes = { erp: erp.hashes, shop: shop.hashes }
    return isExplained(field, index, hashes, link, world.notOffered) ? [] : [field.name]
  })
}
