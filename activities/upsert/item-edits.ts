import type { FieldNote, ItemChange, ReconcileItemsDecision } from '../../flows/decision.ts'
import type { FlowDefinition } from '../../flows/flow-definition.ts'
import type { ItemReading } from '../../flows/reading.ts'
import { otherSide, type Side } from '../../flows/side.ts'
import type { ItemEdit, ParsedRecord } from '../connector.ts'
import { writeFields } from '../mapping/write-fields.ts'
import type { ItemsResult } from './item-links.ts'
import { fieldsAtCreation } from './items-row.ts'
import { itemContentOf } from './write-side.ts'

/** What a decision about two lists comes to, side by side. */
export interface ItemsPlan {
  readonly writes: Readonly<Record<Side, boolean>>
  /** Ids of the items of the other side that get a counterpart on this one. */
  readonly adds: Readonly<Record<Side, readonly string[]>>
  /** Ids of this side's items that are written or removed. */
  readonly written: Readonly<Record<Side, ReadonlySet<string>>>
  readonly reorder: Side | null
  readonly pairsOnly: readonly (ItemChange & { readonly kind: 'pair' })[]
}

export function planItems(decision: ReconcileItemsDecision): ItemsPlan {
  const adds: Record<Side, string[]> = { erp: [], shop: [] }
  const written: Record<Side, Set<string>> = { erp: new Set(), shop: new Set() }
  const pairsOnly: (ItemChange & { kind: 'pair' })[] = []
  for (const change of decision.changes) {
    if (change.kind === 'pair') {
      pairsOnly.push(change)
      if (change.writeErp.length > 0) written.erp.add(change.erpId)
      if (change.writeShop.length > 0) written.shop.add(change.shopId)
    } else if (change.kind === 'add') adds[change.on].push(change.from)
    else if (change.kind === 'remove') written[change.on].add(change.id)
  }
  const writes = (side: Side): boolean => adds[side].length > 0 || written[side].size > 0 || decision.reorder === side
  return { writes: { erp: writes('erp'), shop: writes('shop') }, adds, written, reorder: decision.reorder, pairsOnly }
}

export interface PlannedEdit {
  /** The item's id on the side it comes from (adds), else its own. */
  readonly key: string
  /** How people find it: `line 3`. */
  readonly label: string
  /** null: nothing of it can be written. */
  readonly edit: ItemEdit | null
  readonly withheld: readonly FieldNote[]
}

type Lists = Readonly<
  Record<Side, { readonly record: ParsedRecord & { readonly kind: 'record' }; readonly items: readonly ItemReading[] }>
>

/** Removals first, so that places are free; then changes, then new items in the order of the other side. */
export function editsFor(
  definition: FlowDefinition,
  decision: ReconcileItemsDecision,
  plan: ItemsPlan,
  side: Side,
  lists: Lists,
): PlannedEdit[] {
  const own = lists[side].items
  const other = lists[otherSide(side)].items
  const rawOf = (id: string) => lists[side].record.items?.find((item) => item.id === id)?.raw ?? {}
  const edits: PlannedEdit[] = []
  for (const change of decision.changes)
    if (change.kind === 'remove' && change.on === side)
      edits.push({
        key: change.id,
        label: labelOf(own, change.id),
        edit: { kind: 'remove', id: change.id },
        withheld: [],
      })

  const targets = plan.reorder === side ? targetPlaces(plan, side, own, other) : new Map<string, number>()
  for (const change of plan.pairsOnly) {
    const id = side === 'erp' ? change.erpId : change.shopId
    const fields = side === 'erp' ? change.writeErp : change.writeShop
    const source = other.find((item) => item.id === (side === 'erp' ? change.shopId : change.erpId))
    const position = targets.get(id) ?? null
    if (!source || (fields.length === 0 && position === null)) continue
    const { values, withheld } =
      fields.length === 0 ? { values: {}, withheld: [] } : writeFields(definition, side, itemContentOf(source), fields)
    const isEmpty = Object.keys(values).length === 0 && position === null
    edits.push({
      key: id,
      label: labelOf(own, id),
      edit: isEmpty ? null : { kind: 'change', id, current: rawOf(id), values, position },
      withheld,
    })
  }

  const names = fieldsAtCreation(definition, side).map((field) => field.name)
  const leaving = decision.changes.filter((change) => change.kind === 'remove' && change.on === side).length
  let end = own.length - leaving
  for (const source of other) {
    if (!plan.adds[side].includes(source.id)) continue
    const { values, withheld } = writeFields(definition, side, itemContentOf(source), names)
    const rank = other.indexOf(source)
    edits.push({
      key: source.id,
      label: labelOf(other, source.id),
      edit: { kind: 'add', values, counterpartId: source.id, position: Math.min(rank, end) },
      withheld,
    })
    end++
  }
  return edits
}

/**
 * Places to write again when the order came out differently than on the side it follows: an item that went between others,
 * or a system that numbers in its own way.
 */
export function positionsToMend(
  plan: ItemsPlan,
  side: Side,
  { record, items: own }: Lists[Side],
  other: readonly ItemReading[],
  result: ItemsResult,
): ItemEdit[] {
  if (plan.reorder !== side && result.added[side].size === 0) return []
  const counterpart = counterpartOf(plan, side, result)
  const wanted = other.flatMap((item) => counterpart.get(item.id) ?? [])
  const shown = own.map((item) => item.id).filter((id) => wanted.includes(id))
  if (shown.every((id, index) => id === wanted[index])) return []
  // What has no counterpart keeps its place behind the item it follows now.
  const order = [...wanted]
  for (const [index, item] of own.entries()) {
    if (wanted.includes(item.id)) continue
    const before = own[index - 1]
    order.splice(before ? order.indexOf(before.id) + 1 : 0, 0, item.id)
  }
  const rawOf = (id: string) => record.items?.find((item) => item.id === id)?.raw ?? {}
  return order.map((id, position) => ({ kind: 'change', id, current: rawOf(id), values: {}, position }))
}

/** Ids of this side by the ids of the other. */
function counterpartOf(plan: ItemsPlan, side: Side, result: ItemsResult): Map<string, string> {
  const map = new Map(
    plan.pairsOnly.map((pair) =>
      side === 'erp' ? ([pair.shopId, pair.erpId] as const) : ([pair.erpId, pair.shopId] as const),
    ),
  )
  for (const [from, made] of result.added[side]) map.set(from, made)
  for (const [from, made] of result.added[otherSide(side)]) map.set(made, from)
  return map
}

/** Where each linked item of `side` is to stand, when it follows the other side's order. */
function targetPlaces(
  plan: ItemsPlan,
  side: Side,
  own: readonly ItemReading[],
  other: readonly ItemReading[],
): Map<string, number> {
  const counterpart = new Map(
    plan.pairsOnly.map((pair) =>
      side === 'erp' ? ([pair.shopId, pair.erpId] as const) : ([pair.erpId, pair.shopId] as const),
    ),
  )
  const wanted = other.flatMap((item) => counterpart.get(item.id) ?? [])
  // Only the places that linked items hold are dealt out anew: what has no counterpart stays where it is.
  const places = own.flatMap((item, index) => (wanted.includes(item.id) ? [index] : []))
  const targets = new Map<string, number>()
  wanted.forEach((id, rank) => {
    const place = places[rank]
    if (place !== undefined && own[place]?.id !== id) targets.set(id, place)
  })
  return targets
}

/** How people find an item: `line 3`. */
export function labelOf(items: readonly ItemReading[], id: string): string {
  return `line ${items.findIndex((item) => item.id === id) + 1}`
}
