import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
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
  shopProduct,
  startOrderWorld,
} from '../support/orders.ts'
import { until, type World } from '../support/world.ts'

let world: World
let shopId: string
let erpId: string

beforeAll(async () => {
  world = await startOrderWorld({ sweepMs: 1_000, graceMs: 300 })
  addLineArticles(world)
})
afterAll(async () => {
  await world.close()
})
beforeEach(async () => {
  shopId = placeOrder(world, shopCompany(world), [shopLine(shopProduct(world)), shopLine(shopProduct(world))])
  erpId = await erpOrderOf(world, shopId)
  await linesAgree(world, erpId, shopId)
  await allSettled(world)
})

const shopStatus = (): string | undefined => world.shop.orders.get(shopId)?.status
const firstShopLine = (): string => world.shop.orders.get(shopId)?.lines[0]?.id ?? ''
const inboxOf = async (flow: 'salesOrders' | 'salesOrderLines') =>
  (await world.of(flow).inbox()).filter((entry) => entry.erpId === erpId || entry.shopId === shopId)

describe('the life of an order', () => {
  test('confirmed in PowerOffice it is confirmed in the webshop, and the other way round', async () => {
    world.erp.salesOrders.confirm(erpId)
    await until('the webshop to follow', async () => shopStatus() === 'confirmed')
    const other = placeOrder(world, shopCompany(world), [shopLine(shopProduct(world))])
    const otherErp = await erpOrderOf(world, other)
    world.shop.orders.edit(other, { status: 'confirmed' })
    await until(
      'PowerOffice to follow',
      async () => world.erp.salesOrders.get(otherErp)?.SalesOrderStatus === 'Confirmed',
    )
    await allSettled(world)
    expect(await inboxOf('salesOrders')).toEqual([])
  })

  test('an order that the shop has confirmed already is made as a draft and confirmed once its totals agree', async () => {
    const other = placeOrder(world, shopCompany(world), [shopLine(shopProduct(world))], { status: 'confirmed' })
    const otherErp = await erpOrderOf(world, other)
    await until(
      'PowerOffice to confirm',
      async () => world.erp.salesOrders.get(otherErp)?.SalesOrderStatus === 'Confirmed',
    )
    await allSettled(world)
    expect(world.shop.orders.get(other)?.status).toBe('confirmed')
  })

  test('E22: a status that locks waits for the lines: the edit made just before it arrives first', async () => {
    world.shop.orders.editLine(shopId, firstShopLine(), { quantity: '17' })
    world.shop.orders.edit(shopId, { status: 'confirmed' })
    await until(
      'PowerOffice to confirm',
      async () => world.erp.salesOrders.get(erpId)?.SalesOrderStatus === 'Confirmed',
    )
    expect(plainErpLines(world, erpId)[0]?.quantity).toBe(17)
  })

  test('Confirmed lock: a later edit of the webshop is listed and nothing is written', async () => {
    world.erp.salesOrders.confirm(erpId)
    await until('the webshop to follow', async () => shopStatus() === 'confirmed')
    await allSettled(world)
    await world.resetCounts()
    world.shop.orders.editLine(shopId, firstShopLine(), { quantity: '9' })
    const entry = await until('the edit to be listed', async () => (await inboxOf('salesOrderLines'))[0])
    expect(entry).toMatchObject({ pile: 'needsYou' })
    expect(entry.detail).toContain('confirmed in PowerOffice')
    await allSettled(world)
    expect(world.erp.counts.report().writes).toBe(0)
    // Set back to draft, the edit goes through by itself.
    world.erp.salesOrders.edit(erpId, { SalesOrderStatus: 'Draft' })
    await until('the edit to arrive', async () => plainErpLines(world, erpId)[0]?.quantity === 9)
    await until('the entry to close', async () => (await inboxOf('salesOrderLines')).length === 0)
  })

  test('invoiced in PowerOffice: the webshop gets the final lines first, then status, number, due date and balance, and later only the balance', async () => {
    world.erp.salesOrders.editLine(erpId, world.erp.salesOrders.linesOf(erpId)[1]?.Id ?? '', { Quantity: 5 })
    const invoice = world.erp.salesOrders.invoice(erpId)
    await until('the webshop to be invoiced', async () => shopStatus() === 'invoiced')
    const order = world.shop.orders.get(shopId)
    expect(plainShopLines(world, shopId)[1]?.quantity).toBe(5)
    expect(order).toMatchObject({ invoiceNumber: String(invoice.InvoiceNo) })
    expect(Number(order?.invoiceBalance)).toBe(Number(invoice.Balance))
    expect(order?.invoiceDueDate).toBe(String(invoice.DueDate).slice(0, 10))
    world.erp.outgoingInvoices.bookPayment(erpId, Number(invoice.Balance))
    await until('the balance to follow', async () => Number(world.shop.orders.get(shopId)?.invoiceBalance) === 0)
    await allSettled(world)
    expect(await inboxOf('salesOrders')).toEqual([])
  })

  test('cancelled in the webshop: the draft in PowerOffice is deleted after approval, a confirmed one is listed', async () => {
    world.shop.orders.edit(shopId, { status: 'cancelled' })
    const entry = await until('the order to be listed', async () => (await inboxOf('salesOrders'))[0])
    expect(entry).toMatchObject({ reason: 'cancelled', pile: 'needsYou' })
    expect(world.erp.salesOrders.get(erpId)).not.toBeNull()
    await world.of('salesOrders').handle.executeUpdate('approveDelete', { args: [{ id: entry.id, by: 'a test' }] })
    await until('the draft to be deleted', async () => world.erp.salesOrders.get(erpId) === null)
    await allSettled(world)
    expect(shopStatus()).toBe('cancelled')
  })

  test('E16: deleted in PowerOffice and not invoiced: after two sweeps, a lookup and approval the webshop’s is cancelled', async () => {
    world.erp.salesOrders.remove(erpId)
    const entry = await until('the order to be listed', async () =>
      (await inboxOf('salesOrders')).find((one) => one.detail.includes('two sweeps')),
    )
    expect(entry).toMatchObject({ reason: 'vanished', pile: 'needsYou' })
    expect(shopStatus()).toBe('open')
    await world.of('salesOrders').handle.executeUpdate('approveDelete', { args: [{ id: entry.id, by: 'a test' }] })
    await until('the webshop to cancel', async () => shopStatus() === 'cancelled')
  })

  test('stock is read again after an order was confirmed, although its change time did not move', async () => {
    const [product] = world.erp.products.insert([
      {
        Code: `L-${erpId.slice(0, 6)}`,
        Name: 'Lagervare',
        UnitPrice: 10,
        StandardSalesAccount: 3000,
        IsStockItem: true,
        StockOnHand: 50,
      },
    ])
    const productId = await until(
      'the product to be linked',
      async () => world.shop.products.all().find((one) => one.erpId === `product:${product?.Id}`)?.id,
    )
    expect(Number(world.shop.products.get(productId)?.erpStock)).toBe(50)
    const order = placeOrder(world, shopCompany(world), [shopLine(productId, { quantity: '4' })])
    const orderErp = await erpOrderOf(world, order)
    world.erp.salesOrders.confirm(orderErp)
    await until('the stock to follow', async () => Number(world.shop.products.get(productId)?.erpStock) === 46)
  })
})
