import { afterAll, beforeAll, expect, test } from 'vitest'
import { flowNames } from '../../flows/flow-definition.ts'
import { type CrashWorld, startCrashWorld } from '../support/crash-world.ts'
import { plainErpLines, plainShopLines, shopCompany, shopProduct } from '../support/orders.ts'
import { seededRandom } from '../support/seeded-random.ts'
import { until } from '../support/world.ts'

const KILLS = 20
const ORDERS = 1_000
const LINES = 5
const random = seededRandom(20_261_125)
let world: CrashWorld
let orderIds: string[]
/** Orders that had reached PowerOffice at each kill. */
const ordersAtKill: number[] = []

beforeAll(async () => {
  world = await startCrashWorld({ seed: 'none', flows: flowNames, pollSeconds: 1 })
  const customers = Array.from({ length: 10 }, () => shopCompany(world))
  const products = Array.from({ length: 15 }, () => shopProduct(world))
  await world.startFlow()
  await world.startWorker()
  await until('customers and products to be linked', async () =>
    [
      ...customers.map((id) => world.shop.customers.get(id)?.erpId),
      ...products.map((id) => world.shop.products.get(id)?.erpId),
    ].every((erpId) => typeof erpId === 'string'),
  )
  await world.settled()
  orderIds = world.shop.insertOrders(
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
  for (let kill = 1; kill <= KILLS; kill += 1) {
    // Counted in what the systems have seen, so that a slow machine is killed at the same places.
    await world.progress({ writes: random.between(1, 60), requests: 400 })
    await world.killWorker()
    ordersAtKill.push(world.erp.salesOrders.count())
    editSomeLines(kill)
    await world.startWorker()
  }
  await until(
    'all orders to be linked',
    async () => orderIds.every((id) => world.shop.orders.get(id)?.erpId?.startsWith('order:') === true),
    240_000,
  )
  await world.settled()
  await world.settled()
}, 1_500_000)
afterAll(async () => {
  await world?.close()
})

/** People edit lines of orders that are linked, on both sides, while nobody looks. */
function editSomeLines(kill: number): void {
  const linked = orderIds.filter((id) => world.shop.orders.get(id)?.erpId?.startsWith('order:') === true)
  const [one, other] = [linked[random.between(0, linked.length - 1)], linked[random.between(0, linked.length - 1)]]
  if (one) {
    const line = world.shop.orders.get(one)?.lines[1]
    if (line) world.shop.orders.editLine(one, line.id, { quantity: String(1_000 + kill) })
  }
  const erpId = other && world.shop.orders.get(other)?.erpId?.slice('order:'.length)
  if (!erpId) return
  const line = world.erp.salesOrders.linesOf(erpId)[3]
  if (line) world.erp.salesOrders.editLine(erpId, line.Id, { Quantity: 2_000 + kill })
}

test(`E18, E22: after ${KILLS} kills of the worker every order of ${ORDERS} exists once, with exactly its lines`, () => {
  expect(new Set(ordersAtKill).size).toBeGreaterThan(KILLS / 3)
  expect(world.erp.salesOrders.count()).toBe(ORDERS)
  const named = orderIds.map((id) => world.shop.orders.get(id)?.erpId ?? '')
  expect(new Set(named).size).toBe(ORDERS)
  const differing = orderIds.filter((id, index) => {
    const erpId = named[index]?.slice('order:'.length) ?? ''
    return JSON.stringify(plainErpLines(world, erpId)) !== JSON.stringify(plainShopLines(world, id))
  })
  expect(differing).toEqual([])
})
