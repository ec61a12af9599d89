import type { ShopSeedDepartment } from '../seed/departments.ts'
import type { Everything } from '../seed/everything.ts'
import type { SeedName, SeedOptions } from '../seed/options.ts'
import type { ShopSeedOrder } from '../seed/orders.ts'
import { type BulkCustomer, insertCustomers } from './bulk-customers.ts'
import { type BulkOrder, insertOrders } from './bulk-orders.ts'
import { insertProducts } from './bulk-products.ts'
import type { Shop } from './shop.ts'

/** Once in the life of the data file, and then wholly or not at all. */
export async function seedShop(shop: Shop, seed: SeedName, options: SeedOptions = {}): Promise<void> {
  if (seed === 'none') return
  const fill = seed === 'all' ? await wholeCompany(options) : await customersAlone(options)
  shop.inTransaction(() => {
    if (shop.claimSeeding()) fill(shop)
  })
}

// Seeds are imported where they are needed: a shop that starts empty need not wait for the names of a thousand people.

async function wholeCompany(options: SeedOptions) {
  const { seedEverything } = await import('../seed/everything.ts')
  return (shop: Shop) => insertEverything(shop, seedEverything(options))
}

async function customersAlone(options: SeedOptions) {
  const { seedCustomers } = await import('../seed/customers.ts')
  return (shop: Shop) => void insertCustomers(shop, seedCustomers(options).shop)
}

function insertEverything(shop: Shop, { customers, departments, products, orders }: Everything): void {
  const customerIds = insertCustomers(shop, customers.shop)
  const departmentIds = insertCustomers(shop, departments.shop.map(departmentCustomer))
  const productIds = insertProducts(shop, products.shop)
  const references: References = {
    customers: customerIds,
    departments: new Map(departments.shop.map((one, index) => [one.customerNumber, departmentIds[index]])),
    products: new Map(products.shop.map((one, index) => [one.sku, productIds[index]])),
  }
  const orderIds = new Map<string, string>()
  const insert = (list: readonly ShopSeedOrder[]) => {
    const ids = insertOrders(
      shop,
      list.map((order) => bulkOrder(order, references, orderIds)),
    )
    list.forEach((order, index) => {
      orderIds.set(order.number, known(ids[index], `order ${order.number}`))
    })
  }
  // A credit names an order by the id that the shop gave it.
  insert(orders.shop.filter((order) => order.credits === null))
  insert(orders.shop.filter((order) => order.credits !== null))
}

interface References {
  readonly customers: readonly string[]
  readonly departments: ReadonlyMap<string, string | undefined>
  readonly products: ReadonlyMap<string, string | undefined>
}

function departmentCustomer(department: ShopSeedDepartment): BulkCustomer {
  return { kind: 'department', ...department }
}

function bulkOrder(
  { customer, department, credits, lines, ...header }: ShopSeedOrder,
  { customers, departments, products }: References,
  orderIds: ReadonlyMap<string, string>,
): BulkOrder {
  return {
    ...header,
    customerId: known(customers[customer], `customer ${customer}`),
    departmentId: department === null ? null : known(departments.get(department), `department ${department}`),
    creditsOrderId: credits === null ? null : known(orderIds.get(credits), `order ${credits}`),
    lines: lines.map((line) => ({
      ...line,
      productId: line.sku === null ? null : known(products.get(line.sku), `product ${line.sku}`),
    })),
  }
}

function known(id: string | undefined, name: string): string {
  if (id === undefined) throw new Error(`the seed refers to ${name}, which it does not have`)
  return id
}
