import { linkAsFound, linkAsShown } from '../../flows/item-being-made.ts'
import type { ItemReading } from '../../flows/reading.ts'
import type { ItemLink } from '../../flows/row.ts'

/** How the items of two lists belong together. Every item of either side is in exactly one group. */
export interface ItemPairing {
  /** `link` null: not linked before; found by reference, by what they show, or by their place. */
  readonly pairs: readonly { readonly erp: ItemReading; readonly shop: ItemReading; readonly link: ItemLink | null }[]
  /** Linked before, and PowerOffice's item is not there any more. */
  readonly erpGone: readonly { readonly shop: ItemReading; readonly link: ItemLink }[]
  readonly shopGone: readonly { readonly erp: ItemReading; readonly link: ItemLink }[]
  /** Never linked. */
  readonly erpOnly: readonly ItemReading[]
  readonly shopOnly: readonly ItemReading[]
  /** An earlier attempt to make the webshop's item may have landed or not (E18). */
  readonly uncertain: readonly ItemReading[]
}

/**
 * Items are linked by origin, never by guess: by the memory, else by our reference, and only where neither says anything, as
 * after a crash between a write and its row, by showing exactly the same. `place`: what is left is paired by its place, for
 * lists that were made one from the other (a new order, the lines of an invoice).
 */
export function pairItems(
  erpItems: readonly ItemReading[],
  shopItems: readonly ItemReading[],
  links: readonly ItemLink[],
  options: { readonly byPlace: (erp: ItemReading, shop: ItemReading) => boolean },
): ItemPairing {
  const erpById = new Map(erpItems.map((item) => [item.id, item]))
  const shopById = new Map(shopItems.map((item) => [item.id, item]))
  const pairs: { erp: ItemReading; shop: ItemReading; link: ItemLink | null }[] = []
  const uncertain: ItemReading[] = []
  const erpGoneLinks: ItemLink[] = []
  /** Removed before it was known to be made: what was made is not wanted any more. */
  const sourceGone: ItemLink[] = []
  const shopGone: { erp: ItemReading; link: ItemLink }[] = []
  const take = (item: ItemReading, from: Map<string, ItemReading>): boolean => from.delete(item.id)

  for (const link of links) {
    const shop = shopById.get(link.shopId)
    if (link.erpId === '') {
      // It carries our reference, if it was made; else it is made again.
      const made = shop && [...erpById.values()].find((item) => item.reference === shop.id)
      if (!made) continue
      pairs.push({ erp: made, shop, link: linkAsFound(link, made) })
      take(made, erpById)
      take(shop, shopById)
      continue
    }
    const erp = erpById.get(link.erpId)
    if (link.shopId === '') {
      if (erp && take(erp, erpById)) uncertain.push(erp)
      else if (!erp) sourceGone.push(link)
    } else if (erp && shop) {
      pairs.push({ erp, shop, link })
      take(erp, erpById)
      take(shop, shopById)
    } else if (erp) {
      shopGone.push({ erp, link })
      take(erp, erpById)
    } else if (shop) erpGoneLinks.push(link)
  }

  // An invoice has lines of its own, which carry the reference of the order's line or stand in its place.
  const erpGone: { shop: ItemReading; link: ItemLink }[] = []
  for (const link of erpGoneLinks) {
    const shop = shopById.get(link.shopId) as ItemReading
    take(shop, shopById)
    const rank = links.indexOf(link)
    const heir =
      [...erpById.values()].find((item) => item.reference === shop.id) ??
      [erpItems[rank]].find(
        (item) => item && erpById.has(item.id) && item.reference === null && options.byPlace(item, shop),
      )
    if (heir && take(heir, erpById)) pairs.push({ erp: heir, shop, link })
    else erpGone.push({ shop, link })
  }

  for (const erp of [...erpById.values()]) {
    const shop = erp.reference === null ? undefined : shopById.get(erp.reference)
    if (!shop) continue
    pairs.push({ erp, shop, link: null })
    take(erp, erpById)
    take(shop, shopById)
  }
  for (const erp of [...erpById.values()]) {
    if (erp.reference !== null) continue
    const shop = [...shopById.values()].find((item) => item.seen === erp.seen)
    if (!shop) continue
    pairs.push({ erp, shop, link: null })
    take(erp, erpById)
    take(shop, shopById)
  }
  if (links.length === 0 && erpById.size === shopById.size) {
    const rest = [...shopById.values()]
    for (const [index, erp] of [...erpById.values()].entries()) {
      const shop = rest[index]
      if (!shop || erp.reference !== null || !options.byPlace(erp, shop)) continue
      pairs.push({ erp, shop, link: null })
      take(erp, erpById)
      take(shop, shopById)
    }
  }
  for (const link of sourceGone) {
    const made = linkAsShown(link, [...shopById.values()])
    if (made && take(made.shop, shopById)) erpGone.push(made)
  }
  return { pairs, erpGone, shopGone, erpOnly: [...erpById.values()], shopOnly: [...shopById.values()], uncertain }
}
