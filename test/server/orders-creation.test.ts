import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import {
  addLineArticles,
  allSettled,
  erpOrderOf,
  freight,
  linesAgree,
  placeOrder,
  shopCompany,
  shopLine,
  shopOrderOf,
  shopProduct,
  startOrderWorld,
} from '../support/orders.ts'
import { until, type World } from '../support/world.ts'

let world: World

beforeAll(async () => {
  world = await startOrderWorld()
  addLineArticles(world)
})
afterAll(async () => {
  await world.close()
})

describe('an order placed in the webshop', () => {
  test('of a new customer for a new product, with freight: customer, product and order arrive in PowerOffice in that order, once, with equal totals', async () => {
    const customerId = shopCompany(world, { name: 'Nykunde AS' })
    const productId = shopProduct(world, { sku: '007', name: 'Hengelås' })
    await world.resetCounts()
    const shopId = placeOrder(world, customerId, [shopLine(productId, { quantity: '3' }), freight], {
      number: '10042',
      purchaseOrderReference: 'PO-7',
    })
    const erpId = await erpOrderOf(world, shopId)
    await allSettled(world)
    await linesAgree(world, erpId, shopId)
    const order = world.erp.salesOrders.get(erpId)
    const shopOrder = world.shop.orders.get(shopId)
    expect(order).toMatchObject({
      ExternalImportReference: expect.stringMatching(new RegExp(`:${shopId}$`)),
      ImportedOrderNo: 10042,
      PurchaseOrderReference: 'PO-7',
      SalesOrderDate: '2026-11-20',
      CurrencyCode: 'NOK',
    })
    expect(Number(order?.NetAmount)).toBe(Number(shopOrder?.totalExVat))
    expect(Number(order?.TotalAmount)).toBe(Number(shopOrder?.totalIncVat))
    expect(shopOrder?.erpOrderNumber).toBe(String(order?.SalesOrderNo))
    expect(world.erp.products.all().filter((product) => product.Code === '007')).toHaveLength(1)
    expect(world.erp.customers.all().filter((customer) => customer.Name === 'Nykunde AS')).toHaveLength(1)
    expect(world.erp.counts.report().byRoute['POST /v2/SalesOrders/Complete']).toBe(1)
  })

  test('E23: it waits with a visible reason until its customer is linked, never blocks others, and goes on by itself', async () => {
    // PowerOffice refuses this organisation number (mod11), so the customer is not linked.
    const refusedId = shopCompany(world, { name: 'Venter AS', organizationNumber: '123456789' })
    const productId = shopProduct(world)
    const waitingId = placeOrder(world, refusedId, [shopLine(productId)])
    const freeId = placeOrder(world, shopCompany(world), [shopLine(productId)])
    await erpOrderOf(world, freeId)
    const entry = await until('the order to be listed', async () =>
      (await world.of('salesOrders').inbox()).find((one) => one.shopId === waitingId),
    )
    expect(entry).toMatchObject({ pile: 'waitsByItself', reason: 'waiting' })
    expect(entry.detail).toContain(`customer ${refusedId} of the webshop`)
    world.shop.customers.edit(refusedId, { organizationNumber: null })
    const erpId = await erpOrderOf(world, waitingId)
    await allSettled(world)
    expect(world.erp.salesOrders.get(erpId)).not.toBeNull()
    expect((await world.of('salesOrders').inbox()).filter((one) => one.shopId === waitingId)).toEqual([])
  })

  test('with discounts, negative quantities, text lines, zero prices, three decimals of quantity and prices of four decimals', async () => {
    const productId = shopProduct(world)
    const shopId = placeOrder(world, shopCompany(world), [
      shopLine(productId, { quantity: '1.125', unitPriceExVat: '79.9200', discountPercent: '12.5' }),
      shopLine(productId, { quantity: '-2', unitPriceExVat: '10.10' }),
      shopLine(productId, { unitPriceExVat: '0' }),
      { kind: 'text', description: 'Leveres før jul: æøå' },
      { kind: 'discount', description: 'Rabattkode', quantity: '1', unitPriceExVat: '-15.00', vatRate: '25' },
      { kind: 'giftcard', description: 'Gavekort', quantity: '1', unitPriceExVat: '-20', vatRate: '25' },
    ])
    const erpId = await erpOrderOf(world, shopId)
    const lines = await linesAgree(world, erpId, shopId)
    expect(lines.map((line) => [line.quantity, line.price, line.discount])).toEqual([
      [1.125, 79.92, 12.5],
      [-2, 10.1, 0],
      [2, 0, 0],
      [0, 0, 0],
      [1, -15, 0],
      [1, -20, 0],
    ])
  })

  test('of two hundred lines goes over whole and in order', async () => {
    const productIds = [shopProduct(world), shopProduct(world), shopProduct(world)]
    const lines = Array.from({ length: 200 }, (_, index) =>
      shopLine(productIds[index % 3] ?? '', { quantity: String(index + 1), description: `Linje ${index + 1}` }),
    )
    const shopId = placeOrder(world, shopCompany(world), lines)
    const erpId = await erpOrderOf(world, shopId)
    expect(await linesAgree(world, erpId, shopId)).toHaveLength(200)
  })

  test('rule 10: a shop order without discount has none in PowerOffice, whatever the customer’s own is', async () => {
    const customerId = shopCompany(world)
    await until('the customer to be linked', async () => world.shop.customers.get(customerId)?.erpId !== null)
    const erpCustomer = Number(world.shop.customers.get(customerId)?.erpId?.slice('customer:'.length))
    world.erp.customers.edit(erpCustomer, { Allowance: 10 })
    const shopId = placeOrder(world, customerId, [shopLine(shopProduct(world))])
    const erpId = await erpOrderOf(world, shopId)
    await allSettled(world)
    expect(world.erp.salesOrders.linesOf(erpId).map((line) => line.Allowance)).toEqual([0])
    expect(Number(world.erp.salesOrders.get(erpId)?.NetAmount)).toBe(200)
  })

  test('a missing article for a line kind holds the order, naming kind and rate', async () => {
    const shopId = placeOrder(world, shopCompany(world), [
      shopLine(shopProduct(world, { vatRate: '15' }), { vatRate: '15' }),
      { ...freight, vatRate: '15' },
    ])
    const entry = await until('the order to be listed', async () =>
      (await world.of('salesOrders').inbox()).find((one) => one.shopId === shopId),
    )
    expect(entry.pile).toBe('needsYou')
    expect(entry.detail).toMatch(/shipping.*15/)
    expect(world.shop.orders.get(shopId)?.erpId).toBeNull()
  })

  test('a delivery address is reused when its content is equal, else a new one is posted', async () => {
    const customerId = shopCompany(world)
    const productId = shopProduct(world)
    const deliveryAddress = { line1: 'Kaia 1', line2: null, zip: '5003', city: 'Bergen', country: 'NO' }
    const first = placeOrder(world, customerId, [shopLine(productId)], { deliveryAddress })
    await erpOrderOf(world, first)
    const second = placeOrder(world, customerId, [shopLine(productId)], { deliveryAddress })
    const erpIds = [await erpOrderOf(world, first), await erpOrderOf(world, second)]
    const addresses = erpIds.map((id) => world.erp.salesOrders.get(id)?.ContactDeliveryAddressId)
    expect(addresses[0]).toBeTruthy()
    expect(addresses[1]).toBe(addresses[0])
  })
})

describe('an order made in PowerOffice', () => {
  test('by a bookkeeper appears in the webshop with its lines', async () => {
    const [customer] = world.erp.customers.insert([{ Name: 'Bokført AS', EmailAddress: 'bok@fjordnett.example' }])
    const [product] = world.erp.products.insert([
      { Code: 'BOK-1', Name: 'Perm', UnitPrice: 49.5, StandardSalesAccount: 3000, UnitOfMeasureCode: 'EA' },
    ])
    const order = world.erp.salesOrders.create({
      CustomerId: customer?.Id,
      PurchaseOrderReference: 'Ordre fra telefon',
      SalesOrderLines: [
        { LineType: 'Normal', ProductId: product?.Id, Quantity: 4, SortOrder: 0 },
        { LineType: 'Text', Description: 'Takk for handelen', SortOrder: 1 },
      ],
    })
    const erpId = order.order.Id
    const shopId = await shopOrderOf(world, erpId)
    await linesAgree(world, erpId, shopId)
    const shopOrder = world.shop.orders.get(shopId)
    expect(shopOrder).toMatchObject({ status: 'open', purchaseOrderReference: 'Ordre fra telefon', currency: 'NOK' })
    expect(shopOrder?.lines.map((line) => [line.kind, Number(line.unitPriceExVat ?? 0)])).toEqual([
      ['product', 49.5],
      ['text', 0],
    ])
    expect(Number(shopOrder?.totalExVat)).toBe(198)
  })

  test('rule 6: once everything is linked, looking at everything again writes nothing', async () => {
    await allSettled(world)
    await world.resetCounts()
    for (const flow of ['salesOrders', 'salesOrderLines'] as const) {
      const rows = await world.of(flow).rows()
      const keys = rows.flatMap((row) => (row.kind === 'linked' ? [`erp:${row.erpId}`] : []))
      expect(keys.length).toBeGreaterThan(0)
      await world.of(flow).handle.signal('changed', { keys, why: 'a test looks at everything' })
    }
    await allSettled(world)
    expect(world.erp.counts.report().writes).toBe(0)
    expect((await world.shopCounts()).writes).toBe(0)
  })
})
