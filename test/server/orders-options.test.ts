import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { defaultOptions } from '../../flows/flow-options.ts'
import {
  addLineArticles,
  allSettled,
  erpOrderOf,
  linesAgree,
  placeOrder,
  shopCompany,
  shopLine,
  shopProduct,
  startOrderWorld,
} from '../support/orders.ts'
import { until, type World } from '../support/world.ts'

let world: World

/** Both systems with a company that chose otherwise than the defaults where this file asks for it. */
beforeAll(async () => {
  world = await startOrderWorld({
    company: { salesOrders: { ...defaultOptions.salesOrders, cancelDrafts: 'atOnce' } },
  })
  addLineArticles(world)
})
afterAll(async () => {
  await world.close()
})

const inboxOf = async (shopId: string) =>
  (await world.of('salesOrders').inbox()).filter((entry) => entry.shopId === shopId)

async function linkedOrder(...args: Parameters<typeof placeOrder> extends [unknown, ...infer Rest] ? Rest : never) {
  const shopId = placeOrder(world, ...args)
  const erpId = await erpOrderOf(world, shopId)
  await linesAgree(world, erpId, shopId)
  await allSettled(world)
  return { shopId, erpId }
}

describe('refunds', () => {
  test('a refund waits for the invoice of the order that it takes back, and then names it', async () => {
    const customerId = shopCompany(world)
    const productId = shopProduct(world)
    const sold = await linkedOrder(customerId, [shopLine(productId)])
    const refundId = placeOrder(world, customerId, [shopLine(productId, { quantity: '-1' })], {
      creditsOrderId: sold.shopId,
    })
    const [entry] = await until('the refund to wait', async () => {
      const entries = await inboxOf(refundId)
      return entries.length > 0 && entries
    })
    expect(entry).toMatchObject({ pile: 'waitsByItself', reason: 'waiting' })
    expect(entry?.detail).toContain(`invoice of order ${sold.shopId}`)
    const invoice = world.erp.salesOrders.invoice(sold.erpId)
    const refundErp = await erpOrderOf(world, refundId)
    await allSettled(world)
    expect(world.erp.salesOrders.get(refundErp)).toMatchObject({
      RelatedInvoiceNo: Number(invoice.InvoiceNo),
      NetAmount: -100,
    })
    expect(await inboxOf(refundId)).toEqual([])
  })

  test('one that names no order is made as it is and listed, and holds nobody up', async () => {
    const customerId = shopCompany(world)
    const { shopId, erpId } = await linkedOrder(customerId, [shopLine(shopProduct(world), { quantity: '-1' })])
    expect(world.erp.salesOrders.get(erpId)).toMatchObject({ RelatedInvoiceNo: null, NetAmount: -100 })
    expect(await inboxOf(shopId)).toMatchObject([{ pile: 'needsYou', field: 'credit' }])
  })

  test('one whose order gets no invoice any more is made without and listed', async () => {
    const customerId = shopCompany(world)
    const productId = shopProduct(world)
    const cancelled = placeOrder(world, customerId, [shopLine(productId)], { status: 'cancelled' })
    const { shopId, erpId } = await linkedOrder(customerId, [shopLine(productId, { quantity: '-1' })], {
      creditsOrderId: cancelled,
    })
    expect(world.erp.salesOrders.get(erpId)?.RelatedInvoiceNo).toBeNull()
    expect(await inboxOf(shopId)).toMatchObject([{ field: 'credit', detail: expect.stringContaining('no invoice') }])
  })
})

test('cancelDrafts atOnce: a draft whose order was cancelled in the webshop is deleted without a question', async () => {
  const { shopId, erpId } = await linkedOrder(shopCompany(world), [shopLine(shopProduct(world))])
  world.shop.orders.edit(shopId, { status: 'cancelled' })
  await until('the draft to be deleted', async () => world.erp.salesOrders.get(erpId) === null)
  await allSettled(world)
  expect(await inboxOf(shopId)).toEqual([])
  expect(world.shop.orders.get(shopId)?.status).toBe('cancelled')
})

test('cancelDrafts atOnce: an order that went further than a draft is listed all the same', async () => {
  const { shopId, erpId } = await linkedOrder(shopCompany(world), [shopLine(shopProduct(world))])
  world.erp.salesOrders.confirm(erpId)
  await until('the webshop to follow', async () => world.shop.orders.get(shopId)?.status === 'confirmed')
  await allSettled(world)
  world.shop.orders.edit(shopId, { status: 'cancelled' })
  const [entry] = await until('the order to be listed', async () => {
    const entries = await inboxOf(shopId)
    return entries.length > 0 && entries
  })
  expect(entry).toMatchObject({ reason: 'cancelled', pile: 'needsYou' })
  expect(world.erp.salesOrders.get(erpId)?.SalesOrderStatus).toBe('Confirmed')
})
