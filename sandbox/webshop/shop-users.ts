import type { Collection, SharedFields } from './collection.ts'
import { openWrites } from './collection-writes.ts'
import type { CustomerFields } from './customer-schema.ts'
import { customers } from './customers.ts'
import type { OrderLine } from './line-schema.ts'
import { openOrderLineWrites } from './order-line-writes.ts'
import type { OrderFields } from './order-schema.ts'
import { orders } from './orders.ts'
import type { ProductFields } from './product-schema.ts'
import { products } from './products.ts'
import type { RecordStore, StoredRecord } from './record-store.ts'
import type { Shop } from './shop.ts'

type Body = Readonly<Record<string, unknown>>

/**
 * What the shop's own users do, from within the process: the same rules, versions and webhooks as with the key
 * `sandbox-shopkeeper` over HTTP, always on the record as it is now. Decimals are read as text, whatever the settings.
 */
export interface ShopUsers<Fields> {
  /** undefined when it was never there or was deleted. */
  get(id: string): StoredRecord<Fields> | undefined
  /** @throws Problem 404 | 410 as the API answers it */
  existing(id: string): StoredRecord<Fields>
  /** In the order of their latest changes, without tombstones. */
  all(): StoredRecord<Fields>[]
  count(): number
  /** @throws Problem as the API answers it */
  create(body: Body): StoredRecord<Fields>
  /** @param patch as of a PATCH @throws Problem as the API answers it */
  edit(id: string, patch: Body): StoredRecord<Fields>
  /** @throws Problem as the API answers it */
  remove(id: string): void
}

export interface OrderUsers extends ShopUsers<OrderFields> {
  addLine(orderId: string, body: Body): OrderLine
  editLine(orderId: string, lineId: string, patch: Body): OrderLine
  removeLine(orderId: string, lineId: string): void
}

export interface AllShopUsers {
  readonly customers: ShopUsers<CustomerFields>
  readonly products: ShopUsers<ProductFields>
  readonly orders: OrderUsers
}

export function openShopUsers(shop: Shop): AllShopUsers {
  const lines = openOrderLineWrites(shop)
  const context = () => shop.writeContext('shopkeeper')
  return {
    customers: usersOf(shop, customers, shop.stores.customers),
    products: usersOf(shop, products, shop.stores.products),
    orders: {
      ...usersOf(shop, orders, shop.stores.orders),
      addLine: (orderId, body) => lines.add(lines.getOrder(orderId), body, context()).line,
      editLine: (orderId, lineId, patch) => lines.change(lines.getOrder(orderId), lineId, patch, context()).line,
      removeLine: (orderId, lineId) => {
        lines.remove(lines.getOrder(orderId), lineId)
      },
    },
  }
}

function usersOf<Fields extends SharedFields>(
  shop: Shop,
  collection: Collection<Fields>,
  store: RecordStore<Fields>,
): ShopUsers<Fields> {
  const writes = openWrites(shop, collection, store)
  const context = () => shop.writeContext('shopkeeper')
  return {
    get: (id) => {
      const found = store.find(id)
      return found.kind === 'live' ? found.record : undefined
    },
    existing: (id) => writes.getLive(id),
    all: () => {
      const page = store.changedAfter(0, { limit: store.highestOrdinal(), withTombstones: false })
      return page.items.map((json) => JSON.parse(json) as StoredRecord<Fields>)
    },
    count: () => store.count(),
    create: (body) => writes.create(body, context()),
    edit: (id, patch) => writes.update(writes.getLive(id), patch, context()),
    remove: (id) => {
      writes.remove(writes.getLive(id), context())
    },
  }
}
