import type { Shop } from './shop.ts'
import { openShopUsers } from './shop-users.ts'

/** One stored record that the path of a request names, for faults that are about it. */
export interface AddressedRecord {
  readonly properties: Readonly<Record<string, unknown>>
  /** As one of the shop's own users. @throws Problem */
  edit(changes: Readonly<Record<string, unknown>>): void
}

const recordPath = /^\/api\/(customers|products|orders)\/([^/]+)(?:\/lines\/([^/]+))?$/

/** @returns undefined where the path names no record that is there */
export function recordAt(shop: Shop, path: string): AddressedRecord | undefined {
  const [, collection, id = '', lineId] = recordPath.exec(path) ?? []
  if (collection === undefined) return undefined
  const users = openShopUsers(shop)
  if (lineId !== undefined) {
    const line = users.orders.get(id)?.lines.find((each) => each.id === lineId)
    return line && { properties: { ...line }, edit: (changes) => void users.orders.editLine(id, lineId, changes) }
  }
  const found = users[collection as 'customers' | 'products' | 'orders']
  const record = found.get(id)
  return record && { properties: { ...record }, edit: (changes) => void found.edit(id, changes) }
}
