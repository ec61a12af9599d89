import { compareMagnitudes } from '../../flows/compare-decimals.ts'
import type { FieldNote, ItemChange, ReconcileItemsDecision } from '../../flows/decision.ts'
import { hashAt, NO_HASH } from '../../flows/field-hashes.ts'
import type { FlowDefinition } from '../../flows/flow-definition.ts'
import { basesSinceTried, landedWrite, noteOfLanded } from '../../flows/landed-write.ts'
import { offers } from '../../flows/not-offered.ts'
import type { Pair } from '../../flows/pair.ts'
import type { ItemReading, Reading } from '../../flows/reading.ts'
import { type ItemLink, type LinkedRow, OPEN_FLAG, REOPENED_FLAG } from '../../flows/row.ts'
import { otherSide, type Side } from '../../flows/side.ts'
import { mergeField } from './merge-field.ts'
import { pairItems } from './pair-items.ts'

/**
 * Two lists of one linked pair (E22): items edited, added, removed and moved on either side, merged item by item and field
 * by field. Items have no change time: PowerOffice wins once the record is locked there, else the webshop. Pure.
 */
export function decideItems(
  definition: FlowDefinition,
  pair: Pair,
  erp: Reading,
  shop: Reading,
  row: LinkedRow | null,
  /** What the company chose for the webshop's edits of a confirmed record. */
  editConfirmed: 'list' | 'reopen' = 'list',
): ReconcileItemsDecision {
  const known = row !== null && row.definition === definition.version ? row : null
  const links = row?.items ?? []
  const erpItems = erp.items ?? []
  const shopItems = shop.items ?? []
  const isFinal = erp.isFinal === true
  const isReopened = row?.flags.includes(REOPENED_FLAG) === true
  // While we hold it open it counts as confirmed for who wins, and takes what we opened it for.
  const isErpLocked = erp.isLocked === true || isFinal || isReopened
  const isErpClosed = isErpLocked && (isFinal || row === null || (editConfirmed === 'list' && !isReopened))
  const isShopLocked = shop.isLocked === true
  // What it does not offer is not attempted, and nobody is asked about it (rule 4e).
  const takesNone = (to: Side): boolean => !offers(pair.notOffered, to, 'update')
  // What is delivered in parts shrinks once it is confirmed; an invoice states what became of it in the end.
  const mayBePartial = isErpLocked && !isFinal
  const identity = definition.fields.findIndex((field) => field.type === 'reference')
  const sameProduct = (a: ItemReading, b: ItemReading): boolean =>
    hashAt(a.hashes, identity) === hashAt(b.hashes, identity)
  const pairing = pairItems(erpItems, shopItems, links, { byPlace: sameProduct })

  const changes: ItemChange[] = []
  const notes: FieldNote[] = []
  let isOpen = false
  const open = (field: string, kind: FieldNote['kind'], detail: string): void => {
    isOpen = true
    notes.push({ field, kind, detail })
  }
  const place = (side: Side, item: ItemReading): string =>
    `line ${(side === 'erp' ? erpItems : shopItems).indexOf(item) + 1}`

  // A list that lost all its items at once is an accident or a vanished record, not that many edits.
  const hadItems = links.some((link) => link.erpId !== '' && link.shopId !== '')
  const emptied: Side | null =
    hadItems && erpItems.length === 0 && shopItems.length > 0
      ? 'erp'
      : hadItems && shopItems.length === 0 && erpItems.length > 0
        ? 'shop'
        : null
  if (emptied !== null)
    open(
      'lines',
      'asks',
      `All lines are gone in ${nameOf(emptied)}; nothing was removed in ${nameOf(otherSide(emptied))}.`,
    )

  for (const { erp: erpItem, shop: shopItem, link } of pairing.pairs) changes.push(mergeItem(erpItem, shopItem, link))
  for (const item of pairing.uncertain) add('shop', item)
  for (const { shop: item, link } of pairing.erpGone) remove('shop', item, link)
  for (const { erp: item, link } of pairing.shopGone) remove('erp', item, link)
  for (const item of pairing.erpOnly) {
    // It bears our reference to a line that is not there: it was removed in the webshop (E22).
    if (item.reference !== null) removeNamed(item)
    else add('shop', item)
  }
  for (const item of pairing.shopOnly) {
    if (isFinal) remove('shop', item, null)
    // It may be the one that an unclear attempt made: that is settled first.
    else if (pairing.uncertain.length > 0) {
      open(place('shop', item), 'waits', 'It is settled first what became of a line that was being added.')
      leave(null, item.id)
    } else add('erp', item)
  }

  const reorder = emptied === null ? sideToReorder() : null
  const writes = changes.some(
    (change) =>
      change.kind === 'add' ||
      change.kind === 'remove' ||
      (change.kind === 'pair' && change.writeErp.length + change.writeShop.length > 0),
  )
  return {
    kind: 'reconcileItems',
    how: row === null ? 'link' : writes || reorder !== null || isReopened ? 'update' : 'remember',
    erp,
    shop,
    changes,
    reorder,
    isOpen,
    notes,
    rows: pair.rows,
  }

  function mergeItem(erpItem: ItemReading, shopItem: ItemReading, link: ItemLink | null): ItemChange {
    const writeErp: string[] = []
    const writeShop: string[] = []
    let agreed = ''
    const base = known && link ? link : null
    const sameContent = erpItem.seen === shopItem.seen
    // Different contents under equal hashes: 24 bits collided somewhere, so every field counts as different (E2).
    const collided = !sameContent && erpItem.hashes === shopItem.hashes
    definition.fields.forEach((field, index) => {
      const now = { erp: hashAt(erpItem.hashes, index), shop: hashAt(shopItem.hashes, index) }
      const landed = base ? landedWrite(base.tried, index, now) : null
      const untold = base ? noteOfLanded(base.tried, index, now) : null
      if (untold) notes.push({ ...untold, field: `${place('erp', erpItem)} ${field.name}` })
      const agreedErp = base ? hashAt(base.base, index) : NO_HASH
      const agreedShop = base && base.shopBase !== '' ? hashAt(base.shopBase, index) : agreedErp
      const bases = landed
        ? { erp: landed, shop: landed }
        : basesSinceTried(base?.tried, index, now, { erp: agreedErp, shop: agreedShop })
      const decision = mergeField(
        field,
        {
          erp: { now: now.erp, base: bases.erp },
          shop: { now: now.shop, base: bases.shop },
          differs: !sameContent && (collided || now.erp !== now.shop),
        },
        {
          later: () => 'unclear',
          firstAgreement: isErpLocked ? 'erp' : 'shop',
          revertedLately: false,
          isLocked: isErpLocked,
        },
      )
      if (decision.kind === 'keep') {
        agreed += '1'
        return
      }
      const label = `${place('erp', erpItem)} ${field.name}`
      if (decision.kind === 'leave') {
        if (decision.note)
          open(label, decision.note.kind, decision.note.detail ?? 'Both values stand until a person looks.')
        agreed += '0'
        return
      }
      // What an invoice states is final: it is carried over, whoever changed it last.
      const to: Side = isFinal ? 'shop' : decision.to
      const source = to === 'erp' ? shopItem : erpItem
      const unlinked = source.unlinked?.find((reference) => reference.field === field.name)
      if (takesNone(to)) {
        agreed += '0'
        return
      }
      if (to === 'erp' && isErpClosed) open(label, 'locked', LOCKED.erp)
      else if (to === 'shop' && isShopLocked) open(label, 'locked', LOCKED.shop)
      else if (unlinked) open(label, 'waits', `It names ${unlinked.key}, which has no link yet.`)
      else if (to === 'shop' && mayBePartial && field.measures && isLess(erpItem.amount, shopItem.amount))
        open(label, 'asks', `PowerOffice has ${erpItem.amount} of ${shopItem.amount} on ${PARTIAL}`)
      else {
        ;(to === 'erp' ? writeErp : writeShop).push(field.name)
        if (decision.note) notes.push({ ...decision.note, field: label })
        agreed += '1'
        return
      }
      agreed += '0'
    })
    return { kind: 'pair', erpId: erpItem.id, shopId: shopItem.id, writeErp, writeShop, agreed }
  }

  function add(on: Side, item: ItemReading): void {
    const from = otherSide(on)
    const unlinked = item.unlinked?.[0]
    if (takesNone(on)) {
      // Both values stand.
    } else if (on === 'erp' ? isErpClosed : isShopLocked) open(place(from, item), 'locked', LOCKED[on])
    else if (unlinked) open(place(from, item), 'waits', `It names ${unlinked.key}, which has no link yet.`)
    else if (emptied === null) {
      changes.push({ kind: 'add', on, from: item.id })
      return
    }
    leave(from === 'erp' ? item.id : null, from === 'shop' ? item.id : null)
  }

  /** `on`: the side that still has the item. */
  function remove(on: Side, item: ItemReading, link: ItemLink | null): void {
    const isUntouched = link !== null && known !== null && isAsAgreed(item, on, link)
    if (takesNone(on)) {
      // Both values stand.
    } else if (on === 'erp' ? isErpClosed : isShopLocked) open(place(on, item), 'locked', LOCKED[on])
    else if (on === 'shop' && emptied === null && mayBePartial && item.amount !== undefined)
      open(place(on, item), 'asks', `PowerOffice has none of ${item.amount} on ${PARTIAL}`)
    else if (emptied === null && (isUntouched || isFinal)) {
      const counterpartId = link === null ? '' : on === 'erp' ? link.shopId : link.erpId
      changes.push({ kind: 'remove', on, id: item.id, counterpartId })
      return
    } else if (emptied === null)
      open(
        place(on, item),
        'asks',
        `It was removed in ${nameOf(otherSide(on))} and edited in ${nameOf(on)}: remove it there as well, or add it again.`,
      )
    leave(link?.erpId ?? (on === 'erp' ? item.id : null), link?.shopId ?? (on === 'shop' ? item.id : null))
  }

  function removeNamed(item: ItemReading): void {
    if (isErpClosed) {
      open(place('erp', item), 'locked', LOCKED.erp)
      leave(item.id, null)
    } else changes.push({ kind: 'remove', on: 'erp', id: item.id, counterpartId: item.reference ?? '' })
  }

  function leave(erpId: string | null, shopId: string | null): void {
    changes.push({ kind: 'leave', erpId, shopId })
  }

  function isAsAgreed(item: ItemReading, on: Side, link: ItemLink): boolean {
    const agreedHashes = on === 'erp' || link.shopBase === '' ? link.base : link.shopBase
    return definition.fields.every((field, index) => {
      // What the side does not own may differ without being its edit.
      if (field.direction === (on === 'shop' ? 'toShop' : 'toErp')) return true
      const agreedHash = hashAt(agreedHashes, index)
      return agreedHash === NO_HASH || agreedHash === hashAt(item.hashes, index)
    })
  }

  /** Compared by rank among the items that both sides have, never by number: positions may start at 0 or 1. */
  function sideToReorder(): Side | null {
    const common = pairing.pairs
    const erpOrder = inOrderOf(
      erpItems,
      common.map(({ erp: item, shop: other }) => [item.id, other.id] as const),
    )
    const shopOrder = inOrderOf(
      shopItems,
      common.map(({ shop: item }) => [item.id, item.id] as const),
    )
    if (sameOrder(erpOrder, shopOrder)) return null
    const agreedOrder = links.map((link) => link.shopId).filter((id) => shopOrder.includes(id))
    const isErpMoved =
      known === null ||
      !sameOrder(
        agreedOrder,
        erpOrder.filter((id) => agreedOrder.includes(id)),
      )
    const isShopMoved =
      known === null ||
      !sameOrder(
        agreedOrder,
        shopOrder.filter((id) => agreedOrder.includes(id)),
      )
    const to: Side = isFinal
      ? 'shop'
      : isErpMoved && isShopMoved
        ? isErpLocked
          ? 'shop'
          : 'erp'
        : isErpMoved
          ? 'shop'
          : 'erp'
    if (takesNone(to)) return null
    if (to === 'erp' ? isErpClosed : isShopLocked) {
      open('lines', 'locked', LOCKED[to])
      return null
    }
    return to
  }
}

const LOCKED: Readonly<Record<Side, string>> = {
  erp: 'The order is confirmed in PowerOffice and takes no edits: set it back to draft there, or undo the edit in the webshop.',
  shop: 'The order is invoiced or cancelled in the webshop and takes no edits; both values stand.',
}

const PARTIAL =
  'the confirmed order. Less may be a delivery in parts, so nothing is carried over: change the line in the webshop if it is less for good, or in PowerOffice.'

/** Towards nothing: two taken back are more than one. */
function isLess(erp: string | undefined, shop: string | undefined): boolean {
  if (erp === undefined || shop === undefined) return false
  return compareMagnitudes(erp, shop) < 0
}

/** Webshop ids in the order of `items`, whose ids lead to them. */
function inOrderOf(items: readonly ItemReading[], shopIdOf: readonly (readonly [string, string])[]): string[] {
  const byId = new Map(shopIdOf)
  return items.flatMap((item) => byId.get(item.id) ?? [])
}

function sameOrder(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((id, index) => id === b[index])
}

function nameOf(side: Side): string {
  return side === 'erp' ? 'PowerOffice' : 'the webshop'
}

/** Nothing to write, and the memory says exactly what was found. */
export function isRememberedList(
  definition: FlowDefinition,
  decision: ReconcileItemsDecision,
  row: LinkedRow,
): boolean {
  if (row.definition !== definition.version || decision.how !== 'remember') return false
  // What was in doubt is settled by now, and the row is to say so.
  if (row.items?.some((link) => link.tried !== undefined)) return false
  if (decision.erp.seen !== row.erpSeen || decision.shop.seen !== row.shopSeen) return false
  return decision.isOpen === row.flags.includes(OPEN_FLAG)
}
