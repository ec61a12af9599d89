import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { InvoicingFailed } from '../sandbox/poweroffice/orders/invoice-order.ts'
import { startPowerOfficeSandbox } from '../sandbox/poweroffice/server.ts'
import {
  type CompleteOrder,
  firstLine,
  type Line,
  type Shop,
  startShop,
} from './sandbox-poweroffice-orders-fixtures.ts'
import { adminRequest, resetSandbox } from './sandbox-poweroffice-support.ts'

// Orders past the API: people in the ERP, seeds in bulk, and what survives a restart.

let shop: Shop

beforeAll(async () => {
  shop = await startShop()
})
afterEach(() => resetSandbox(shop.api.sandbox))
afterAll(() => shop.api.sandbox.close())

const admin = (method: string, path: string, body?: unknown) => adminRequest(shop.api, method, path, body)
const helpers = () => shop.api.sandbox.salesOrders

describe('a person in the ERP', () => {
  test('makes an order that is not the integration’s, and edits, extends and thins it out', async () => {
    const { order } = helpers().create({
      CustomerId: shop.customer.Id,
      SalesOrderLines: [{ ProductId: shop.coffee.Id, Quantity: 1 }],
    })
    expect(order).toMatchObject({ IsCreatedByCurrentIntegration: false, NetAmount: 100 })
    helpers().edit(order.Id, { PurchaseOrderReference: 'PO 1' })
    const added = helpers().addLine(order.Id, { ProductId: shop.cake.Id, Quantity: 2 })
    helpers().editLine(order.Id, added.Id, { Quantity: 1 })
    const [first] = helpers().linesOf(order.Id)
    helpers().removeLine(order.Id, first?.Id ?? '')
    expect(await shop.complete(order.Id)).toMatchObject({
      PurchaseOrderReference: 'PO 1',
      NetAmount: 30,
      SalesOrderLines: [{ ProductCode: 'KAKE', Quantity: 1 }],
    })
    const times = [order.LastChangedDateTimeOffset, helpers().get(order.Id)?.LastChangedDateTimeOffset ?? '']
    expect([...times].sort()).toEqual(times)
    expect(times[0]).not.toBe(times[1])
  })

  test('cannot give an imported order number, nor edit what no patch does', () => {
    expect(() => helpers().create({ CustomerId: shop.customer.Id, ImportedOrderNo: 1 })).toThrow('ImportedOrderNo')
    const { order } = helpers().create({ CustomerId: shop.customer.Id })
    expect(() => helpers().edit(order.Id, { NetAmount: 1 })).toThrow('NetAmount cannot be edited here.')
  })

  test('confirms, invoices at once and removes without a trace', async () => {
    shop.set({ invoicingDelay: 60_000 })
    const order = await shop.create({ SalesOrderLines: [{ ProductId: shop.cake.Id, Quantity: 1 }] })
    expect(helpers().confirm(order.Id)).toMatchObject({ SalesOrderStatus: 'Confirmed' })
    expect(helpers().invoice(order.Id)).toMatchObject({ Id: order.Id, TotalAmount: 34.5 })
    expect(shop.api.sandbox.outgoingInvoices.linesOf(order.Id)).toHaveLength(1)
    const doomed = await shop.create({ SalesOrderStatus: 'Confirmed' })
    helpers().remove(doomed.Id)
    helpers().remove(doomed.Id)
    expect(helpers().get(doomed.Id)).toBeNull()
  })

  test('is told why an order cannot be invoiced', async () => {
    const { Id: id } = await shop.create()
    expect(() => helpers().invoice(id)).toThrow(InvoicingFailed)
    expect(helpers().get(id)?.Id).toBe(id)
  })
})

describe('admin endpoints', () => {
  test('do the same over HTTP', async () => {
    const created = await admin('POST', '/orders', {
      CustomerId: shop.customer.Id,
      SalesOrderLines: [{ ProductId: shop.coffee.Id, Quantity: 1 }],
    })
    expect(created.status).toBe(201)
    const { Id: id } = created.json as CompleteOrder
    const line = await admin('POST', `/orders/${id}/lines`, { ProductId: shop.cake.Id, Quantity: 1 })
    expect(line).toMatchObject({ status: 201, json: { NetAmount: 30 } })
    const { Id: lineId } = line.json as Line
    expect((await admin('PATCH', `/orders/${id}/lines/${lineId}`, { Quantity: 2 })).json).toMatchObject({
      NetAmount: 60,
    })
    expect((await admin('DELETE', `/orders/${id}/lines/${lineId}`)).status).toBe(200)
    expect((await admin('PATCH', `/orders/${id}`, { ContractNo: 'K' })).json).toMatchObject({ ContractNo: 'K' })
    expect((await admin('POST', `/orders/${id}/confirm`)).json).toMatchObject({ SalesOrderStatus: 'Confirmed' })
    expect(await admin('PATCH', `/orders/${id}`, { ContractNo: 'L' })).toMatchObject({
      status: 400,
      json: { error: expect.stringContaining('confirmed') },
    })
    expect(await admin('POST', `/orders/${id}/invoice`, { VoucherDate: '2026-11-02' })).toMatchObject({
      status: 201,
      json: { Id: id, VoucherDate: '2026-11-02', Balance: 125 },
    })
    expect((await admin('POST', `/invoices/${id}/payments`, { amount: 25 })).json).toMatchObject({ Balance: 100 })
    expect((await admin('POST', `/invoices/${id}/payments`, { amount: 'all' })).status).toBe(400)
  })

  test('remove an order; name what is wrong or missing', async () => {
    const { Id: id } = await shop.create()
    expect((await admin('DELETE', `/orders/${id}`)).json).toEqual({ removed: id })
    expect((await admin('DELETE', `/orders/${id}`)).status).toBe(404)
    expect((await admin('POST', '/orders/bulk', {})).status).toBe(400)
    const empty = await shop.create()
    expect(await admin('POST', `/orders/${empty.Id}/invoice`)).toMatchObject({
      status: 400,
      json: { error: 'The order has no lines.' },
    })
  })

  test('keep contact persons, whose new name shows on orders at once', async () => {
    const added = await admin('POST', '/contact-persons', { ContactId: shop.customer.Id, Name: 'Ola' })
    const { Id: personId } = added.json as { Id: number }
    const order = await shop.create({ CustomerReferenceContactPersonId: personId })
    expect((await admin('PATCH', `/contact-persons/${personId}`, { Name: 'Ola Nordmann' })).status).toBe(200)
    expect(await shop.complete(order.Id)).toMatchObject({ CustomerReference: 'Ola Nordmann' })
    expect((await admin('PATCH', '/contact-persons/1', { Name: 'x' })).status).toBe(404)
    expect((await admin('POST', '/contact-persons', { Name: 'x' })).status).toBe(400)
  })
})

test('the pages list orders and invoices, found by number or reference', async () => {
  const page = async (path: string, search: string) =>
    (await fetch(`${shop.api.sandbox.origin}${path}?q=${encodeURIComponent(search)}`)).text()
  const lines = { SalesOrderLines: [{ ProductId: shop.cake.Id, Quantity: 1 }] }
  const order = await shop.create({ ...lines, ExternalImportReference: 'page:1' })
  const sent = await shop.create({ ...lines, ExternalImportReference: 'page:2' })
  const { InvoiceNo: invoiceNo } = helpers().invoice(sent.Id)
  const orders = await page('/sales-orders', 'page:1')
  expect(orders).toContain(String(order.SalesOrderNo))
  expect(orders).toContain('<td class="">Draft</td>')
  expect(await page('/sales-orders', 'page:2')).toContain('No sales orders found.')
  expect(await page('/outgoing-invoices', 'page:2')).toContain(String(invoiceNo))
})

describe('a bulk insert', () => {
  test('takes orders with their lines, priced and numbered, rules aside, and answers ids in the order given', async () => {
    const entry = (reference: string) => ({
      CustomerId: shop.customer.Id,
      ExternalImportReference: reference,
      SalesOrderLines: [
        { ProductId: shop.coffee.Id, Quantity: 1, SortOrder: 1 },
        { ProductCode: 'KAKE', Quantity: 1, SortOrder: 0 },
      ],
    })
    const answer = await admin('POST', '/orders/bulk', [
      entry('bulk:1'),
      { ...entry('bulk:1'), IsCreatedByCurrentIntegration: true, ImportedOrderNo: 5 },
    ])
    expect(answer.status).toBe(201)
    const [first, second] = answer.json as { Id: string; LineIds: string[]; SalesOrderNo: number }[]
    expect(second?.SalesOrderNo).toBe((first?.SalesOrderNo ?? 0) + 1)
    const order = await shop.complete(first?.Id ?? '')
    expect(order).toMatchObject({ NetAmount: 130, TotalAmount: 159.5, IsCreatedByCurrentIntegration: false })
    expect(order.SalesOrderLines.map(({ Id }) => Id)).toEqual([...(first?.LineIds ?? [])].reverse())
    expect(await shop.complete(second?.Id ?? '')).toMatchObject({ IsCreatedByCurrentIntegration: true })
  })

  test('is all or nothing: an unknown reference stores none of them', () => {
    const before = helpers().count()
    const list = [{ CustomerId: shop.customer.Id }, { CustomerId: 7 }]
    expect(() => helpers().insert(list)).toThrow('Customer with id = 7 not found.')
    expect(helpers().count()).toBe(before)
  })

  test('confirmed orders in it reserve stock', () => {
    const available = () => Number(shop.api.sandbox.products.get(shop.coffee.Id)?.StockAvailable)
    const before = available()
    const line = { ProductId: shop.coffee.Id, Quantity: 2 }
    helpers().insert([{ CustomerId: shop.customer.Id, SalesOrderStatus: 'Confirmed', SalesOrderLines: [line, line] }])
    expect(available()).toBe(before - 4)
  })
})

test('orders, lines, invoices and number series survive a restart', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'kobling-orders-'))
  const options = { port: 0, dataFile: join(folder, 'poweroffice.sqlite'), seed: 'none' } as const
  try {
    const first = await startPowerOfficeSandbox({ ...options, switches: { getOrderAfterInvoicing: '404' } })
    const [customer] = first.customers.insert([{ Name: 'Varig AS', EmailAddress: 'v@x.example' }])
    const line = { Description: 'x' }
    const [kept, sent] = first.salesOrders.insert([
      { CustomerId: customer?.Id, SalesOrderLines: [line, line] },
      { CustomerId: customer?.Id, SalesOrderLines: [line] },
    ])
    const invoice = first.salesOrders.invoice(sent?.Id ?? '')
    const before = first.salesOrders.get(kept?.Id ?? '')
    await first.close()
    const second = await startPowerOfficeSandbox(options)
    expect(second.salesOrders.get(kept?.Id ?? '')).toEqual(before)
    expect(second.salesOrders.linesOf(kept?.Id ?? '')).toHaveLength(2)
    expect(second.outgoingInvoices.get(invoice.Id)).toEqual(invoice)
    const [next] = second.salesOrders.insert([{ CustomerId: customer?.Id }])
    expect(next?.SalesOrderNo).toBe((sent?.SalesOrderNo ?? 0) + 1)
    await second.close()
  } finally {
    await rm(folder, { recursive: true })
  }
})

test('lines stand by SortOrder, and those of one SortOrder in order of creation, whatever is edited since', async () => {
  const order = await shop.create({
    SalesOrderLines: ['a', 'b', 'c'].map((text) => ({ Description: text, SortOrder: 4 })),
  })
  helpers().editLine(order.Id, firstLine(order).Id, { Description: 'A' })
  const texts = (await shop.complete(order.Id)).SalesOrderLines.map(({ Description: text }) => text)
  expect(texts).toEqual(['A', 'b', 'c'])
  const listed = (await shop.api.get(`/SalesOrders/${order.Id}/Lines`)).json as Line[]
  expect(listed.map(({ Description: text }) => text)).toEqual(texts)
  const added = await shop.api.post(`/SalesOrders/${order.Id}/Lines`, { Description: 'd' })
  expect(added.json).toMatchObject({ SortOrder: 5 })
})
