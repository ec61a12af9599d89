import { HASH_CHARACTERS, hashAt, NO_HASH } from './field-hashes.ts'
import type { ItemReading } from './reading.ts'
import type { ItemLink } from './row.ts'

/**
 * The link of an item that was being made in PowerOffice and is found there by its reference: agreed is what it was given. Two
 * attempts may have given it different values: PowerOffice shows whose it is, unless it was edited since; then it is the later one's.
 */
export function linkAsFound(link: ItemLink, made: Pick<ItemReading, 'id' | 'hashes'>): ItemLink {
  const isEarlier = link.shopBase !== '' && showsAll(link.shopBase, made.hashes)
  return { erpId: made.id, shopId: link.shopId, base: isEarlier ? link.shopBase : link.base, shopBase: '' }
}

/**
 * The link of an item that was being made in the webshop while its source went away in PowerOffice, so that nobody can ask for it
 * again under its key: the first that shows exactly what it was given. null: none does, it was not made or is somebody's by now.
 */
export function linkAsShown(
  link: ItemLink,
  free: readonly ItemReading[],
): { readonly shop: ItemReading; readonly link: ItemLink } | null {
  for (const given of [link.base, link.shopBase]) {
    const shop = given === '' ? undefined : free.find((item) => showsAll(given, item.hashes))
    if (shop) return { shop, link: { erpId: link.erpId, shopId: shop.id, base: given, shopBase: '' } }
  }
  return null
}

function showsAll(given: string, hashes: string): boolean {
  for (let index = 0; index * HASH_CHARACTERS < given.length; index++) {
    const hash = hashAt(given, index)
    if (hash !== NO_HASH && hash !== hashAt(hashes, index)) return false
  }
  return true
}
