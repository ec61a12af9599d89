import { buildCustomers, type CustomerSeed } from './customers.ts'
import { departmentExpectation, seedDepartments } from './departments.ts'
import type { SeedOptions } from './options.ts'
import { type OrderSeed, seedOrders } from './orders.ts'
import { productGroups } from './product-groups.ts'
import { type ProductSeed, seedProducts } from './products.ts'
import type { FlowExpectation } from './types.ts'

export interface Everything {
  readonly departments: ReturnType<typeof seedDepartments>
  readonly customers: CustomerSeed
  readonly productGroups: typeof productGroups
  readonly products: ProductSeed
  readonly orders: OrderSeed
}

/** A whole trading company and its webshop, the same on every call and every machine. Orders refer to the other lists. */
export function seedEverything(options: SeedOptions = {}): Everything {
  const customers = buildCustomers(options)
  const products = seedProducts(options)
  return {
    departments: seedDepartments(),
    customers,
    productGroups,
    products,
    orders: seedOrders(customers, products, options),
  }
}

type SeededFlow = 'departments' | 'customers' | 'products' | 'salesOrders' | 'salesOrderLines'

/** What first loads make of it, by flow; lines are counted as lines. */
export function seedExpectations(seed: Everything): Readonly<Record<SeededFlow, FlowExpectation>> {
  const { pairs, erpOnly, shopOnly, ambiguousCases, refused, archivedErpOnly } = seed.customers.expectation
  return {
    departments: departmentExpectation,
    customers: {
      pairs,
      erpOnly,
      shopOnly,
      ambiguous: ambiguousCases,
      refused,
      waiting: 0,
      dormantErp: archivedErpOnly,
      dormantShop: 0,
    },
    products: seed.products.expectation,
    salesOrders: seed.orders.expectation,
    salesOrderLines: seed.orders.lineExpectation,
  }
}
