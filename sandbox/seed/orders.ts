import type { CustomerSeed } from './customers.ts'
import { erpOrders } from './erp-orders.ts'
import { createIdentitySource } from './identity.ts'
import { type SeedOptions, sizeOr, streamOf } from './options.ts'
import type { ErpSeedOrder, ShopSeedOrder } from './order-types.ts'
import type { ProductSeed } from './products.ts'
import { shopOrders } from './shop-orders.ts'
import type { FlowExpectation } from './types.ts'

export type { ErpSeedOrder, ErpSeedOrderLine, ShopSeedOrder, ShopSeedOrderLine } from './order-types.ts'

const demoCount = 150
const erpShare = 0.4
const discounts = ['10', '5', '7.5', '15', '2.25'] as const

export interface OrderSeed {
  readonly erp: readonly ErpSeedOrder[]
  readonly shop: readonly ShopSeedOrder[]
  /** Customers of the ERP, by their place in the list, with a discount that their orders inherit. */
  readonly customerDiscounts: readonly { readonly customer: number; readonly discountPercent: string }[]
  readonly expectation: FlowExpectation
  /** The same groups counted in lines. */
  readonly lineExpectation: FlowExpectation
}

/** Orders of both sides, none of them known to the other. They name only customers and products that will be linked. */
export function seedOrders(customers: CustomerSeed, products: ProductSeed, options: SeedOptions = {}): OrderSeed {
  const count = sizeOr(options, demoCount)
  const source = createIdentitySource(streamOf(options, 'orders'))
  const customerDiscounts = source.faker.helpers
    .arrayElements(customers.orderable.erp, discounts.length)
    .map((customer, place) => ({ customer, discountPercent: discounts[place] ?? '10' }))
  const erp = erpOrders({
    source,
    count: Math.round(count * erpShare),
    customers: customers.orderable.erp,
    discounted: customerDiscounts.map(({ customer }) => customer),
    sellable: products.sellable.erp,
  })
  const shop = shopOrders({
    source,
    count: count - erp.length,
    customers: customers.orderable.shop,
    sellable: products.sellable.shop,
  })
  const aside = new Set([...shop.waiting, ...shop.dormant])
  const expected = (amount: (orders: readonly { readonly lines: readonly unknown[] }[]) => number) => ({
    pairs: 0,
    erpOnly: amount(erp),
    shopOnly: amount(shop.orders.filter((_, index) => !aside.has(index))),
    ambiguous: 0,
    refused: 0,
    waiting: amount(shop.orders.filter((_, index) => shop.waiting.includes(index))),
    dormantErp: 0,
    dormantShop: amount(shop.orders.filter((_, index) => shop.dormant.includes(index))),
  })
  return {
    erp,
    shop: shop.orders,
    customerDiscounts,
    expectation: expected((orders) => orders.length),
    lineExpectation: expected((orders) => orders.reduce((sum, { lines }) => sum + lines.length, 0)),
  }
}
