import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { defaultOptions } from '../../flows/flow-options.ts'
import { REOPENED_FLAG } from '../../flows/row.ts'
import {
  addLineArticles,
  allSettled,
  erpOrderOf,
  freight,
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
    company: {
      salesOrders: {
        ...defaultOptions.salesOrders,
        cancelDrafts: 'atOnce',
        editConfirmed: 'reopen',
        roundingLine: 'on',
      },
    },
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

describe('roundingLine on', () => {
  test('a new order that lacks an øre by rounding gets a line of its own in PowerOffice that closes it, and none in the webshop', async () => {
    // PowerOffice rounds the sum, the webshop each line: 0.25 against 0.26.
    world.erp.settings.change({ amountRounding: 'sum' })
    const productId = shopProduct(world)
    const line = shopLine(productId, { quantity: '1', unitPriceExVat: '0.10' })
    const shopId = placeOrder(world, shopCompany(world), [line, line])
    const erpId = await erpOrderOf(world, shopId)
    await allSettled(world)
    const closing = world.erp.salesOrders.linesOf(erpId).at(-1)
    expect(closing).toMatchObject({ Quantity: 1, ProductUnitPrice: 0.01, ExternalImportReference: `rounding:${erpId}` })
    expect(world.erp.products.get(closing?.ProductId ?? 0)?.Code).toBe('AVRUNDING')
    expect(Number(world.erp.salesOrders.get(erpId)?.TotalAmount)).toBe(0.26)
    expect(world.shop.orders.get(shopId)).toMatchObject({ totalIncVat: '0.26' })
    expect(world.shop.orders.get(shopId)?.lines).toHaveLength(2)
    // It stays out of the way of what follows.
    world.shop.orders.editLine(shopId, world.shop.orders.get(shopId)?.lines[0]?.id ?? '', { quantity: '3' })
    await until('the edit to arrive', async () => Number(world.erp.salesOrders.linesOf(erpId)[0]?.Quantity) === 3)
    await allSettled(world)
    expect(world.erp.salesOrders.linesOf(erpId)).toHaveLength(3)
    expect(world.shop.orders.get(shopId)?.lines).toHaveLength(2)
    world.erp.settings.change({ amountRounding: 'eachLine' })
  })

  test('an order whose totals agree gets none', async () => {
    const { erpId } = await linkedOrder(shopCompany(world), [shopLine(shopProduct(world))])
    expect(world.erp.salesOrders.linesOf(erpId)).toHaveLength(1)
  })
})

test('lines that shrink in PowerOffice on a confirmed order are listed until a person changes them in the webshop', async () => {
  const productId = shopProduct(world)
  const { shopId, erpId } = await linkedOrder(shopCompany(world), [
    shopLine(productId, { quantity: '5' }),
    shopLine(productId),
  ])
  world.erp.salesOrders.confirm(erpId)
  await until('the webshop to follow', async () => world.shop.orders.get(shopId)?.status === 'confirmed')
  await allSettled(world)
  const [first, second] = world.erp.salesOrders.linesOf(erpId).map((line) => line.Id)
  // PowerOffice's own screens may edit what its interface does not.
  world.erp.settings.change({ confirmedOrderEdit: 'accepted' })
  world.erp.salesOrders.editLine(erpId, first ?? '', { Quantity: 3 })
  world.erp.salesOrders.removeLine(erpId, second ?? '')
  world.erp.settings.change({ confirmedOrderEdit: '400' })
  const linesInbox = async () => (await world.of('salesOrderLines').inbox()).filter((entry) => entry.erpId === erpId)
  await until('both lines to be listed', async () => (await linesInbox()).length === 2)
  expect((await linesInbox()).map((entry) => [entry.pile, entry.field]).sort()).toEqual([
    ['needsYou', 'line 1 quantity'],
    ['needsYou', 'line 2'],
  ])
  const shopLines = () => world.shop.orders.get(shopId)?.lines ?? []
  expect(shopLines().map((line) => Number(line.quantity))).toEqual([5, 2])
  world.shop.orders.removeLine(shopId, shopLines()[1]?.id ?? '')
  world.shop.orders.editLine(shopId, shopLines()[0]?.id ?? '', { quantity: '3' })
  await until('the entries to close', async () => (await linesInbox()).length === 0)
  await linesAgree(world, erpId, shopId)
})

describe('editConfirmed reopen', () => {
  let shopId: string
  let erpId: string
  beforeEach(async () => {
    const productId = shopProduct(world)
    const order = await linkedOrder(shopCompany(world), [shopLine(productId), shopLine(productId)])
    ;({ shopId, erpId } = order)
    world.erp.salesOrders.confirm(erpId)
    await until('the webshop to follow', async () => world.shop.orders.get(shopId)?.status === 'confirmed')
    await allSettled(world)
  })
  const status = () => world.erp.salesOrders.get(erpId)?.SalesOrderStatus
  const firstLine = () => world.shop.orders.get(shopId)?.lines[0]?.id ?? ''
  const quantity = () => Number(world.erp.salesOrders.linesOf(erpId)[0]?.Quantity)

  test('an edit of a confirmed order’s header and lines arrives, and the order is confirmed afterwards on both sides', async () => {
    world.shop.orders.edit(shopId, { purchaseOrderReference: 'Endret' })
    world.shop.orders.editLine(shopId, firstLine(), { quantity: '9' })
    await until(
      'both edits to arrive',
      async () => quantity() === 9 && world.erp.salesOrders.get(erpId)?.PurchaseOrderReference === 'Endret',
    )
    await allSettled(world)
    await until('the order to be confirmed', async () => status() === 'Confirmed')
    expect(world.shop.orders.get(shopId)?.status).toBe('confirmed')
    await until('nothing to be listed', async () => (await inboxOf(shopId)).length === 0)
    await linesAgree(world, erpId, shopId)
    await nothingHeldOpen()
  })

  test('a line added and one removed arrive alike', async () => {
    world.shop.orders.addLine(shopId, { ...freight })
    world.shop.orders.removeLine(shopId, firstLine())
    await until('the lines to arrive', async () => {
      const lines = world.erp.salesOrders.linesOf(erpId)
      return lines.length === 2 && lines[1]?.Description === 'Frakt'
    })
    await allSettled(world)
    expect(status()).toBe('Confirmed')
    await nothingHeldOpen()
  })

  test('what PowerOffice refuses is listed, and the order is confirmed all the same', async () => {
    world.erp.faults.plan({ kind: 'status', method: 'PATCH', path: '/Lines/', status: 422, count: 1 })
    world.shop.orders.editLine(shopId, firstLine(), { quantity: '9' })
    await until('the line to be listed', async () =>
      (await world.of('salesOrderLines').inbox()).some((entry) => entry.erpId === erpId),
    )
    await allSettled(world)
    expect([status(), quantity()]).toEqual(['Confirmed', 2])
    await nothingHeldOpen()
  })

  test('the worker dies while the order is open: it ends confirmed, with the edit', async () => {
    world.erp.faults.plan({ kind: 'latency', method: 'PATCH', path: '/Lines/', latencyMs: 3_000, when: 'before' })
    world.shop.orders.editLine(shopId, firstLine(), { quantity: '9' })
    await until('the order to be open', async () => status() === 'Draft')
    await world.stopWorker()
    await world.startWorker()
    await until('the edit to arrive', async () => quantity() === 9 && status() === 'Confirmed')
    await allSettled(world)
    expect([status(), world.shop.orders.get(shopId)?.status]).toEqual(['Confirmed', 'confirmed'])
    await nothingHeldOpen()
  })

  async function nothingHeldOpen() {
    for (const flow of ['salesOrders', 'salesOrderLines'] as const) {
      const rows = (await world.of(flow).rows()).filter((row) => row.kind === 'linked' && row.erpId === erpId)
      expect(rows).toHaveLength(1)
      expect(rows).not.toContainEqual(expect.objectContaining({ flags: expect.stringContaining(REOPENED_FLAG) }))
    }
  }
})
