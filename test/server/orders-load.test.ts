import { afterAll, beforeAll, expect, test } from 'vitest'
import {
  addLineArticles,
  allSettled,
  plainErpLines,
  plainShopLines,
  shopCompany,
  shopProduct,
  startOrderWorld,
} from '../support/orders.ts'
import { until, type World } from '../support/world.ts'

const ORDERS = 1_000
const LINES = 5

let world: World

beforeAll(async () => {
  // PowerOffice is not polled meanwhile: what is counted is the orders' own traffic, however long it takes on a busy machine.
  world = await startOrderWorld({ erpPollMs: 3_600_000, shopPollMs: 1_000, requestsPerSecond: 500 })
  addLineArticles(world)
})
afterAll(async () => {
  await world.close()
})

test(`${ORDERS} orders of ${LINES} lines cost one POST each and at most five percent more, and no line is lost, doubled or swapped`, async () => {
  const customers = Array.from({ length: 20 }, () => shopCompany(world))
  const products = Array.from({ length: 25 }, () => shopProduct(world))
  await until('customers and products to be linked', async () =>
    [
      ...customers.map((id) => world.shop.customers.get(id)?.erpId),
      ...products.map((id) => world.shop.products.get(id)?.erpId),
    ].every((erpId) => erpId !== null && erpId !== undefined),
  )
  await allSettled(world)
  await world.resetCounts()
  const ids = world.shop.insertOrders(
    Array.from({ length: ORDERS }, (_, order) => ({
      customerId: customers[order % customers.length] ?? '',
      currency: 'NOK',
      orderedAt: '2026-11-20T10:00:00Z',
      lines: Array.from({ length: LINES }, (_unused, line) => ({
        kind: 'product' as const,
        productId: products[(order * LINES + line) % products.length] ?? '',
        description: `Ordre ${order} linje ${line}`,
        quantity: String(line + 1),
        unit: 'EA',
        unitPriceExVat: `${order}.${line}0`,
        vatRate: '25',
      })),
    })),
  )
  await until(
    'all orders to be linked',
    async () => ids.every((id) => world.shop.orders.get(id)?.erpId?.startsWith('order:') === true),
    240_000,
  )
  await allSettled(world)

  expect(world.erp.salesOrders.count()).toBe(ORDERS)
  for (const id of ids) {
    const erpId = world.shop.orders.get(id)?.erpId?.slice('order:'.length) ?? ''
    expect(plainErpLines(world, erpId)).toEqual(plainShopLines(world, id))
  }
  const { byRoute } = world.erp.counts.report()
  const requests = Object.entries(byRoute).filter(
    ([route]) => !route.includes('ContactDeliveryAddresses') && !route.includes('Token'),
  )
  const all = requests.reduce((sum, [, count]) => sum + count, 0)
  expect(byRoute['POST /v2/SalesOrders/Complete']).toBe(ORDERS)
  expect(all / ORDERS, JSON.stringify(byRoute)).toBeLessThanOrEqual(1.05)
}, 300_000)
