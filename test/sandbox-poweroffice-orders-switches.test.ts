import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import {
  detailOf,
  firstLine,
  type Order,
  replace,
  type Shop,
  startShop,
} from './sandbox-poweroffice-orders-fixtures.ts'
import { rawRequest, resetSandbox } from './sandbox-poweroffice-support.ts'

// Every switch of orders once, with each of its alternatives; those of invoicing are beside the invoices.

let shop: Shop

beforeAll(async () => {
  shop = await startShop()
})
afterEach(() => resetSandbox(shop.api.sandbox))
afterAll(() => shop.api.sandbox.close())

let made = 0
const reference = () => {
  made += 1
  return `ref:${made}`
}

describe('orderCustomerRequired', () => {
  test('400: an order needs a customer', async () => {
    expect(await shop.post({ CustomerId: null })).toMatchObject({ status: 400 })
    const { Id: id } = await shop.create()
    expect((await shop.api.patch(`/SalesOrders/${id}`, [replace('/CustomerId', null)])).status).toBe(400)
  })

  test('accepted: it does not', async () => {
    shop.set({ orderCustomerRequired: 'accepted' })
    expect(await shop.create({ CustomerId: null })).toMatchObject({ CustomerId: null, CustomerNo: null })
  })
})

describe('amountRounding', () => {
  const lines = (count: number) => ({
    SalesOrderLines: Array.from({ length: count }, () => ({
      ProductId: shop.coffee.Id,
      Quantity: 1,
      ProductUnitPrice: 0.125,
    })),
  })

  test.each([
    ['eachLine', 0.13, 0.39, 0.48],
    ['eachLineHalfToEven', 0.12, 0.36, 0.45],
    ['sum', 0.125, 0.38, 0.47],
    ['none', 0.125, 0.375, 0.46875],
  ] as const)('%s', async (amountRounding, lineNet, net, total) => {
    shop.set({ amountRounding })
    const order = await shop.create(lines(3))
    expect(firstLine(order).NetAmount).toBe(lineNet)
    expect(order).toMatchObject({ NetAmount: net, TotalAmount: total })
  })
})

describe('lineWriteMovesOrder', () => {
  async function afterEachLineWrite(): Promise<readonly string[]> {
    const { api } = shop
    const order = await shop.create({ SalesOrderLines: [{ Description: 'x' }] })
    const path = `/SalesOrders/${order.Id}/Lines`
    const changed = async () => ((await api.get(`/SalesOrders/${order.Id}`)).json as Order).LastChangedDateTimeOffset
    const times = [await changed()]
    await api.post(path, { Description: 'y' })
    times.push(await changed())
    await api.patch(`${path}/${firstLine(order).Id}`, [replace('/Description', 'z')])
    times.push(await changed())
    await api.delete(`${path}/${firstLine(order).Id}`)
    times.push(await changed())
    expect(await shop.complete(order.Id)).toMatchObject({ LineCount: 1 })
    return times
  }

  test('yes: every line write moves the order', async () => {
    const times = await afterEachLineWrite()
    expect(new Set(times).size).toBe(4)
    expect([...times].sort()).toEqual(times)
  })

  test('no: none does, though count and amounts follow', async () => {
    shop.set({ lineWriteMovesOrder: 'no' })
    expect(new Set(await afterEachLineWrite()).size).toBe(1)
  })
})

describe('confirmedOrderEdit', () => {
  async function edits() {
    const { api } = shop
    const order = await shop.create({
      SalesOrderStatus: 'Confirmed',
      SalesOrderLines: [{ ProductId: shop.coffee.Id, Quantity: 1 }],
    })
    const path = `/SalesOrders/${order.Id}`
    return [
      await rawRequest(api, 'PATCH', path, [replace('/ContractNo', 'x')]),
      await rawRequest(api, 'POST', `${path}/Lines`, { Description: 'y' }),
      await rawRequest(api, 'PATCH', `${path}/Lines/${firstLine(order).Id}`, [replace('/Quantity', 4)]),
      await rawRequest(api, 'DELETE', `${path}/Lines/${firstLine(order).Id}`, undefined),
    ].map(({ status }) => status)
  }

  test('409', async () => {
    shop.set({ confirmedOrderEdit: '409' })
    expect(await edits()).toEqual([409, 409, 409, 409])
  })

  test('accepted: and what is reserved follows the lines', async () => {
    shop.set({ confirmedOrderEdit: 'accepted' })
    const available = () => Number(shop.api.sandbox.products.get(shop.coffee.Id)?.StockAvailable)
    const before = available()
    expect(await edits()).toEqual([200, 201, 200, 200])
    expect(available()).toBe(before)
    const order = await shop.create({
      SalesOrderStatus: 'Confirmed',
      SalesOrderLines: [{ ProductId: shop.coffee.Id, Quantity: 1 }],
    })
    await shop.api.patch(`/SalesOrders/${order.Id}/Lines/${firstLine(order).Id}`, [replace('/Quantity', 4)])
    expect(available()).toBe(before - 4)
  })
})

describe('confirmedOrderDelete', () => {
  test('400 or accepted, and an accepted one lets the stock go', async () => {
    const available = () => Number(shop.api.sandbox.products.get(shop.coffee.Id)?.StockAvailable)
    const before = available()
    const { Id: id } = await shop.create({
      SalesOrderStatus: 'Confirmed',
      SalesOrderLines: [{ ProductId: shop.coffee.Id, Quantity: 2 }],
    })
    expect(available()).toBe(before - 2)
    shop.set({ confirmedOrderDelete: '400' })
    expect((await shop.api.delete(`/SalesOrders/${id}`)).status).toBe(400)
    shop.set({ confirmedOrderDelete: 'accepted' })
    expect((await shop.api.delete(`/SalesOrders/${id}`)).status).toBe(200)
    expect(available()).toBe(before)
  })
})

describe('duplicateOrderReference', () => {
  test('400: the refusal names the order that has it, on create and on change', async () => {
    const taken = reference()
    const order = await shop.create({ ExternalImportReference: taken })
    const again = await shop.post({ ExternalImportReference: taken })
    expect(again).toMatchObject({ status: 400, json: { title: 'SalesOrder validation error(s)' } })
    expect(detailOf(again)).toBe(`ExternalImportReference is already in use. '${taken}' is used on Id = ${order.Id}.`)
    const other = await shop.create({ ExternalImportReference: reference() })
    const moved = await shop.api.patch(`/SalesOrders/${other.Id}`, [replace('/ExternalImportReference', taken)])
    expect(moved.status).toBe(400)
  })

  test('400WithoutId, 409 and accepted', async () => {
    const taken = reference()
    const order = await shop.create({ ExternalImportReference: taken })
    const again = () =>
      rawRequest(shop.api, 'POST', '/SalesOrders/Complete', {
        CustomerId: shop.customer.Id,
        ExternalImportReference: taken,
      })
    shop.set({ duplicateOrderReference: '400WithoutId' })
    const nameless = await again()
    expect(nameless.status).toBe(400)
    expect(detailOf(nameless)).not.toContain(order.Id)
    shop.set({ duplicateOrderReference: '409' })
    expect(await again()).toMatchObject({ status: 409, json: { detail: expect.stringContaining(order.Id) } })
    shop.set({ duplicateOrderReference: 'accepted' })
    expect((await again()).status).toBe(201)
  })
})

describe('orderReferenceAfterDelete', () => {
  const deletedReference = async () => {
    const taken = reference()
    const order = await shop.create({ ExternalImportReference: taken })
    await shop.api.delete(`/SalesOrders/${order.Id}`)
    return taken
  }

  test('freed: another order may have it', async () => {
    expect((await shop.post({ ExternalImportReference: await deletedReference() })).status).toBe(201)
  })

  test('reserved: none may', async () => {
    shop.set({ orderReferenceAfterDelete: 'reserved' })
    expect((await shop.post({ ExternalImportReference: await deletedReference() })).status).toBe(400)
  })
})

describe('orderReferenceAfterInvoicing', () => {
  const invoicedReference = async () => {
    const taken = reference()
    const order = await shop.create({ ExternalImportReference: taken, SalesOrderLines: [{ Description: 'x' }] })
    shop.api.sandbox.salesOrders.invoice(order.Id)
    return { taken, id: order.Id }
  }

  test('reserved: the refusal names the invoice', async () => {
    const { taken, id } = await invoicedReference()
    const again = await shop.post({ ExternalImportReference: taken })
    expect(again.status).toBe(400)
    expect(detailOf(again)).toContain(id)
  })

  test('freed: another order may have it', async () => {
    shop.set({ orderReferenceAfterInvoicing: 'freed' })
    expect((await shop.post({ ExternalImportReference: (await invoicedReference()).taken })).status).toBe(201)
  })
})

describe('orderReferenceMaxLength', () => {
  const [fifty, more] = ['r'.repeat(50), 'r'.repeat(51)]
  const withLine = (text: string) => ({ SalesOrderLines: [{ Description: 'x', ExternalImportReference: text }] })

  test('none: any length', async () => {
    expect((await shop.post({ ExternalImportReference: more, ...withLine(more) })).status).toBe(201)
  })

  test('50: longer ones are refused, on heads and lines', async () => {
    shop.set({ orderReferenceMaxLength: 50 })
    expect((await shop.post({ ExternalImportReference: fifty, ...withLine(fifty) })).status).toBe(201)
    expect((await shop.post({ ExternalImportReference: `${more}!` })).status).toBe(400)
    expect((await shop.post(withLine(more))).status).toBe(400)
  })
})

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
