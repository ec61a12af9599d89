import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { type Order, replace, type Shop, startShop } from './sandbox-poweroffice-orders-fixtures.ts'
import { resetSandbox } from './sandbox-poweroffice-support.ts'

// What switches of all entities do to orders in particular; each position by itself is checked in sandbox-poweroffice-positions.test.ts.

let shop: Shop

beforeAll(async () => {
  shop = await startShop()
})
afterEach(() => resetSandbox(shop.api.sandbox))
afterAll(() => shop.api.sandbox.close())

describe('switches that all entities share', () => {
  test('unknownReferenceOnPost: 400 instead of 404', async () => {
    shop.set({ unknownReferenceOnPost: '400' })
    expect((await shop.post({ CustomerId: 7 })).status).toBe(400)
  })

  test('laterFilters: ignored, the filters select nothing less; or refused', async () => {
    const one = await shop.create()
    await shop.create()
    shop.set({ laterFilters: 'ignored' })
    const listed = (await shop.api.get(`/SalesOrders?salesOrderNos=${one.SalesOrderNo}`)).json as Order[]
    expect(listed.length).toBeGreaterThan(1)
    shop.set({ laterFilters: '400' })
    expect((await shop.api.get('/SalesOrders?externalImportReferences=x')).status).toBe(400)
  })

  test('lateVisibility: a new order is read by id at once, and listed later', async () => {
    shop.set({ lateVisibility: 600_000 })
    const order = await shop.create()
    expect((await shop.api.get(`/SalesOrders/${order.Id}`)).status).toBe(200)
    expect((await shop.api.get(`/SalesOrders?salesOrderNos=${order.SalesOrderNo}`)).status).toBe(204)
  })

  test('equalTimestamps: orders inserted together share one change time', () => {
    shop.set({ equalTimestamps: 'on' })
    const order = { CustomerId: shop.customer.Id }
    const inserted = shop.api.sandbox.salesOrders.insert([order, order, order])
    const times = inserted.map(({ Id: id }) => shop.api.sandbox.salesOrders.get(id)?.LastChangedDateTimeOffset)
    expect(new Set(times).size).toBe(1)
  })

  test('the form of answers: keys of nested lines, dates with a time', async () => {
    const order = await shop.create({ SalesOrderDate: '2026-11-20', SalesOrderLines: [{ Description: 'x' }] })
    shop.set({ responseKeyCasing: 'camelNested', dateOnlyFields: 'withTime' })
    expect(await shop.complete(order.Id)).toMatchObject({
      SalesOrderDate: '2026-11-20T00:00:00',
      SalesOrderLines: [{ description: 'x', sortOrder: 0 }],
    })
  })

  test('listOrder: by change time, by id, or shuffled', async () => {
    const [one, two] = [await shop.create(), await shop.create()]
    await shop.api.patch(`/SalesOrders/${one.Id}`, [replace('/ContractNo', 'x')])
    const ask = async () =>
      ((await shop.api.get(`/SalesOrders?salesOrderNos=${one.SalesOrderNo}-${two.SalesOrderNo}`)).json as Order[]).map(
        ({ Id }) => Id,
      )
    expect(await ask()).toEqual([one.Id, two.Id])
    shop.set({ listOrder: 'lastChanged' })
    expect(await ask()).toEqual([two.Id, one.Id])
    shop.set({ listOrder: 'id' })
    expect(await ask()).toEqual([one.Id, two.Id].sort())
    shop.set({ listOrder: 'shuffled' })
    expect((await ask()).sort()).toEqual([one.Id, two.Id].sort())
  })
})
