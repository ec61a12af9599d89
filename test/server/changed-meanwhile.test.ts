import { afterEach, expect, test } from 'vitest'
import { flowNames } from '../../flows/flow-definition.ts'
import { koblingOf } from '../support/kobling.ts'
import {
  addLineArticles,
  allSettled,
  erpOrderOf,
  linesAgree,
  placeOrder,
  plainErpLines,
  plainShopLines,
  shopCompany,
  shopLine,
  shopOrderOf,
  shopProduct,
} from '../support/orders.ts'
import { startWorld, until, type World } from '../support/world.ts'

/** Edits that are made while nobody watches: before a flow's own first load begins, and while there is no flow at all. */

let world: World

afterEach(async () => {
  await world.close()
})

test.each([
  { side: 'the webshop', edit: (w: World, _erpId: string, shopId: string) => editInShop(w, shopId) },
  { side: 'PowerOffice', edit: (w: World, erpId: string) => editInPowerOffice(w, erpId) },
])(
  'E13: a line edited in $side after its order was created, while other orders are still being loaded, is carried over',
  async ({ edit }) => {
    world = await startWorld()
    addLineArticles(world)
    const [buyer] = world.erp.customers.insert([{ Name: 'Bokført AS', EmailAddress: 'bok@fjordnett.example' }])
    const [article] = world.erp.products.insert([
      { Code: 'BOK-1', Name: 'Perm', UnitPrice: 49.5, StandardSalesAccount: 3000, UnitOfMeasureCode: 'EA' },
    ])
    const erpId = world.erp.salesOrders.create({
      CustomerId: buyer?.Id,
      SalesOrderLines: [{ LineType: 'Normal', ProductId: article?.Id, Description: 'Perm', Quantity: 1, SortOrder: 0 }],
    }).order.Id
    // What the webshop alone has is created last, and this one keeps the first load of the orders going.
    const last = placeOrder(world, shopCompany(world), [shopLine(shopProduct(world))])
    world.erp.faults.plan({ kind: 'latency', method: 'POST', path: 'SalesOrders/Complete', latencyMs: 4_000 })
    await world.startWorker()
    for (const flow of flowNames) await world.of(flow).start()

    const shopId = await shopOrderOf(world, erpId)
    edit(world, erpId, shopId)
    expect((await world.of('salesOrders').status()).load?.endedAt).toBeNull()

    await erpOrderOf(world, last)
    await until('the edit to arrive', async () =>
      [plainErpLines(world, erpId), plainShopLines(world, shopId)].every(([line]) => line?.description === 'Ringperm'),
    )
    await allSettled(world)
    await linesAgree(world, erpId, shopId)
  },
)

function editInShop({ shop: { orders } }: World, shopId: string): void {
  orders.editLine(shopId, orders.get(shopId)?.lines[0]?.id ?? '', { description: 'Ringperm' })
}

function editInPowerOffice({ erp: { salesOrders } }: World, erpId: string): void {
  salesOrders.editLine(erpId, salesOrders.linesOf(erpId)[0]?.Id ?? '', { Description: 'Ringperm' })
}

test('E6: what was edited in the webshop between the end of a flow and its new start over the same memory is carried over', async () => {
  world = await startWorld()
  const ids = [shopCompany(world), shopCompany(world), shopCompany(world)]
  const [edited, removed] = ids
  await world.startWorker()
  await world.startFlow()
  await world.settled()
  await world.handle.terminate('as docs/runbook.md says')
  world.shop.customers.edit(edited ?? '', { name: 'Nytt Navn AS' })
  world.shop.customers.remove(removed ?? '')
  await world.resetCounts()

  expect((await koblingOf(world.settings)('start', 'customers')).code).toBe(0)
  await until('PowerOffice to follow', async () =>
    world.erp.customers.all().some(({ Name: name }) => name === 'Nytt Navn AS'),
  )
  const status = await world.settled()
  expect(world.erp.counts.report().writes).toBe(1)
  // The webshop's own word of a deletion retires the link (rule 13).
  expect({ phase: status.phase, links: status.links }).toEqual({ phase: 'live', links: 2 })
  expect((await world.rows()).filter((row) => row.kind === 'gone')).toMatchObject([{ shopId: removed, gone: 'shop' }])
})

test('E20: a webshop that shows next to nothing when a flow is started anew over its memory changes nothing, and the flow says so', async () => {
  world = await startWorld()
  const ids = Array.from({ length: 25 }, () => shopCompany(world))
  await world.startWorker()
  await world.startFlow()
  await world.settled()
  await world.handle.terminate('as docs/runbook.md says')
  for (const id of ids) world.shop.customers.remove(id)
  await world.resetCounts()

  expect((await koblingOf(world.settings)('start', 'customers')).code).toBe(0)
  const { pauseReasons, links } = await until('the breaker to trip', async () => {
    const status = await world.status()
    return status.phase === 'paused' ? status : undefined
  })
  expect(pauseReasons[0]?.why).toContain('25 of 25 linked records vanished from the webshop at once')
  expect(links).toBe(25)
  expect(world.erp.counts.report().writes + (await world.shopCounts()).writes).toBe(0)
})
