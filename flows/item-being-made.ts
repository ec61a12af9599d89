import { HASH_CHARACTERS, hashAt, NO_HASH } from './field-hashes.ts'
import type { ItemReading } from './reading.ts'
import { type ItemLink, idOn } from './row.ts'
import type { Side } from './side.ts'

/**
 * The link of an item that was being made in PowerOffice and is found there by its reference: agreed is what it was given. Several
 * attempts may have given it different values: PowerOffice shows whose it is, unless it was edited since; then it is the later one's.
 */
export function linkAsFound(link: ItemLink, made: Pick<ItemReading, 'id' | 'hashes'>): ItemLink {
  const earlier = givenBefore(link).find((given) => showsAll(given, made.hashes))
  return { erpId: made.id, shopId: link.shopId, base: earlier ?? link.base, shopBase: '' }
}

/** More attempts than these, each of other values, are not told apart: the first of all, which most likely landed, and the latest. */
const EARLIER_KEPT = 4

/** What earlier attempts gave an item that is being made, the latest first: of one length each, one after the other. */
export function givenBefore({ base, shopBase }: Pick<ItemLink, 'base' | 'shopBase'>): string[] {
  const given: string[] = []
  for (let at = 0; base !== '' && at < shopBase.length; at += base.length)
    given.push(shopBase.slice(at, at + base.length))
  return given
}

/** The link of an item that is sent once more, with what it is given now; any of the earlier attempts may have landed. */
export function withGiven(link: ItemLink, base: string): ItemLink {
  if (link.base === base) return link
  const earlier = [link.base, ...givenBefore(link)].filter((given) => given !== base)
  const kept = earlier.length > EARLIER_KEPT ? [...earlier.slice(0, EARLIER_KEPT - 1), ...earlier.slice(-1)] : earlier
  return { ...link, base, shopBase: kept.join('') }
}

/**
 * The link of an item that was being made in the webshop while its source went away in PowerOffice, so that nobody can ask for it
 * again under its key: the first that shows exactly what it was given. null: none does, it was not made or is somebody's by now.
 */
export function linkAsShown(
  link: ItemLink,
  free: readonly ItemReading[],
): { readonly shop: ItemReading; readonly link: ItemLink } | null {
  for (const given of [link.base, ...givenBefore(link)]) {
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

/** Whether an item is being made on that side from the other's: it has no id there yet. */
export function isBeingMade(link: ItemLink, on: Side): boolean {
  return idOn(link, on) === ''
}
