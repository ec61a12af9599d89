import type { ItemChange, ReconcileItemsDecision } from '../../flows/decision.ts'
import { hashAt, joinHashes, NO_HASH } from '../../flows/field-hashes.ts'
import type { FlowDefinition } from '../../flows/flow-definition.ts'
import { linkAsFound } from '../../flows/item-being-made.ts'
import type { ItemReading } from '../../flows/reading.ts'
import type { ItemLink, LinkedRow } from '../../flows/row.ts'
import type { Side } from '../../flows/side.ts'
import type { ParsedItem } from '../connector.ts'
import { fieldsAtCreation } from './items-row.ts'
import { withLanded } from './tried-writes.ts'

/** What the writes of one list came to, by the keys of the planned edits. */
export interface ItemsResult {
  /** Source item id to the id of what was made from it on this side. */
  readonly added: Readonly<Record<Side, Map<string, string>>>
  /** What was made or changed, as the answer to that showed it, by its id: nobody can have edited it by then. */
  readonly answered: Readonly<Record<Side, Map<string, ParsedItem>>>
  /** What an earlier attempt made in the webshop, by the source item's id, with the hashes that it was given. */
  readonly found: Map<string, { readonly shopId: string; readonly base: string }>
  /** Edits that the system refused. */
  readonly failed: Set<string>
  /** Fields that were not sent, by key. */
  readonly withheld: Map<string, ReadonlySet<string>>
}

/** What items that were just made or changed showed at first, before anybody could edit them, by their ids. */
export type ShownAtFirst = Readonly<Record<Side, ReadonlyMap<string, ItemReading>>>

export interface AfterItems extends Readonly<Record<Side, { readonly items: readonly ItemReading[] }>> {
  readonly result: ItemsResult
  readonly shownAtFirst: ShownAtFirst
}

/**
 * The links of two lists after a decision, in the webshop's order. What was written counts as agreed in the form that the one side had when it was decided on and
 * the other showed at first: what either shows by now may be somebody's edit. What was not written is agreed where the decision says so; all else keeps what
 * was agreed before. `after` null: nothing was written.
 */
export function itemLinksAfter(
  definition: FlowDefinition,
  decision: ReconcileItemsDecision,
  after: AfterItems | null,
  pairs: readonly (ItemChange & { readonly kind: 'pair' })[],
): ItemLink[] {
  const previous = decision.rows.find((row): row is LinkedRow => row.kind === 'linked')
  const known = previous?.items ?? []
  const isCurrent = previous?.definition === definition.version
  const decidedOn = (side: Side) => new Map((decision[side].items ?? []).map((item) => [item.id, item]))
  const decided = { erp: decidedOn('erp'), shop: decidedOn('shop') }
  const now = {
    erp: new Map((after?.erp.items ?? decision.erp.items ?? []).map((item) => [item.id, item])),
    shop: new Map((after?.shop.items ?? decision.shop.items ?? []).map((item) => [item.id, item])),
  }
  const asWritten = (side: Side, id: string) => after?.shownAtFirst[side].get(id) ?? now[side].get(id)
  const links: ItemLink[] = []

  for (const pair of pairs) {
    const erp = decided.erp.get(pair.erpId)
    const shop = decided.shop.get(pair.shopId)
    if (!erp || !shop) continue
    const before = known.find((link) => link.shopId === pair.shopId)
    const found = before?.erpId === '' ? linkAsFound(before, erp) : before
    const earlier = found && isCurrent ? withLanded(definition, found, { erp, shop }) : found
    const isFailed = after?.result.failed.has(pair.erpId) === true || after?.result.failed.has(pair.shopId) === true
    const isWithheld = (field: string): boolean =>
      after?.result.withheld.get(pair.erpId)?.has(field) === true ||
      after?.result.withheld.get(pair.shopId)?.has(field) === true
    const base: string[] = []
    const shopBase: string[] = []
    definition.fields.forEach((field, index) => {
      const before = earlier && isCurrent ? hashAt(earlier.base, index) : NO_HASH
      const shopBefore = earlier && isCurrent && earlier.shopBase !== '' ? hashAt(earlier.shopBase, index) : before
      const isWritten = pair.writeErp.includes(field.name) || pair.writeShop.includes(field.name)
      const isAgreed =
        pair.agreed[index] === '1' && !(isWritten && (isFailed || isWithheld(field.name) || after === null))
      if (!isAgreed) {
        base.push(before)
        shopBase.push(shopBefore)
        return
      }
      const shown = (side: Side, written: readonly string[], item: ItemReading): string =>
        hashAt((written.includes(field.name) ? asWritten(side, item.id) : undefined)?.hashes ?? item.hashes, index)
      base.push(shown('erp', pair.writeErp, erp))
      shopBase.push(shown('shop', pair.writeShop, shop))
    })
    links.push(linkOf(pair.erpId, pair.shopId, base, shopBase))
  }

  for (const side of ['erp', 'shop'] as const)
    for (const [from, made] of after?.result.added[side] ?? []) {
      const [erpId, shopId] = side === 'erp' ? [made, from] : [from, made]
      const erp = side === 'erp' ? asWritten('erp', erpId) : (decided.erp.get(erpId) ?? now.erp.get(erpId))
      const shop = side === 'shop' ? asWritten('shop', shopId) : (decided.shop.get(shopId) ?? now.shop.get(shopId))
      if (erp && shop) links.push(madeLink(definition, side, erp, shop, after?.result.withheld.get(from)))
    }

  for (const change of decision.changes) {
    // A removal that was refused leaves its link standing, as does what a person has to decide.
    const isKept =
      change.kind === 'leave' || (change.kind === 'remove' && (after === null || after.result.failed.has(change.id)))
    if (!isKept) continue
    const erpId = change.kind === 'leave' ? change.erpId : change.on === 'erp' ? change.id : change.counterpartId
    const shopId = change.kind === 'leave' ? change.shopId : change.on === 'shop' ? change.id : change.counterpartId
    const earlier = known.find(
      (link) => (erpId !== '' && link.erpId === erpId) || (shopId !== null && shopId !== '' && link.shopId === shopId),
    )
    if (earlier && !links.includes(earlier)) links.push(earlier)
  }
  const order = [...now.shop.keys()]
  const rank = (link: ItemLink): number => {
    const at = order.indexOf(link.shopId)
    return at < 0 ? order.length : at
  }
  return links.sort((a, b) => rank(a) - rank(b))
}

/** Of an item that was just made from the other: what was sent is agreed in both forms, the rest where it is equal. */
export function madeLink(
  definition: FlowDefinition,
  on: Side,
  erp: ItemReading,
  shop: ItemReading,
  withheld: ReadonlySet<string> | undefined,
): ItemLink {
  const sent = new Set(fieldsAtCreation(definition, on).map((field) => field.name))
  const formOf = (item: ItemReading): string[] =>
    definition.fields.map((field, index) => {
      const isEqual = hashAt(erp.hashes, index) === hashAt(shop.hashes, index)
      const isAgreed = isEqual || (sent.has(field.name) && withheld?.has(field.name) !== true)
      return isAgreed ? hashAt(item.hashes, index) : NO_HASH
    })
  return linkOf(erp.id, shop.id, formOf(erp), formOf(shop))
}

function linkOf(erpId: string, shopId: string, base: readonly string[], shopBase: readonly string[]): ItemLink {
  const [erpForm, shopForm] = [joinHashes(base), joinHashes(shopBase)]
  return { erpId, shopId, base: erpForm, shopBase: shopForm === erpForm ? '' : shopForm }
}
