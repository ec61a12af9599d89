import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import {
  type CompleteOrder,
  detailOf,
  firstLine,
  replace,
  type Shop,
  startShop,
} from './sandbox-poweroffice-orders-fixtures.ts'
import { type Answered, resetSandbox } from './sandbox-poweroffice-support.ts'

// From an order to an invoice: sending, the handover between the two addresses, what the invoice shows, payments.

let shop: Shop

beforeAll(async () => {
  shop = await startShop()
})
afterEach(() => resetSandbox(shop.api.sandbox))
afterAll(() => shop.api.sandbox.close())

interface Invoice {
  readonly Id: string
  readonly InvoiceNo: number
  readonly SentDateTimeOffset: string
  readonly BalanceLastChangedDateTimeOffset: string
  readonly LastChangedDateTimeOffset: string
  readonly VoucherDate: string
  readonly [property: string]: unknown
}

const anyDates = 'fromDate=2000-01-01&toDate=2099-12-31'
const send = (id: string, body: unknown = {}) => shop.api.post(`/SalesOrders/${id}/createAndSendInvoice`, body)
const sentState = async (id: string) => (await shop.api.get(`/SalesOrders/sentState?id=${id}`)).json
const statuses = async (id: string) => [
  (await shop.api.get(`/SalesOrders/${id}`)).status,
  (await shop.api.get(`/OutgoingInvoices/${id}`)).status,
]

function sellable(properties: Record<string, unknown> = {}): Promise<CompleteOrder> {
  return shop.create({
    SalesOrderLines: [
      { ProductId: shop.coffee.Id, Quantity: 2, ExternalImportReference: 'l1' },
      { LineType: 'Text', Description: 'Takk for handelen', ExternalImportReference: 'l2' },
    ],
    ...properties,
  })
}

async function invoiced(properties: Record<string, unknown> = {}): Promise<Invoice> {
  const order = await sellable(properties)
  expect((await send(order.Id)).status).toBe(202)
  return (await shop.api.get(`/OutgoingInvoices/${order.Id}`)).json as Invoice
}

describe('sending', () => {
  test('answers 202 with the request and where to look, and the order has become an invoice of the same id', async () => {
    const order = await sellable()
    const answer = await send(order.Id, { VoucherDate: '2026-11-01' })
    expect(answer).toMatchObject({
      status: 202,
      json: {
        Id: order.Id,
        DeliveryType: 'Auto',
        EmailAddress: null,
        VoucherDate: '2026-11-01',
        OverrideDueDate: null,
      },
    })
    const location = new URL(answer.headers.get('location') ?? '')
    expect(location.pathname + location.search).toBe(`/v2/SalesOrders/sentState?id=${order.Id}`)
    expect(await statuses(order.Id)).toEqual([404, 200])
    expect((await shop.api.get(`/SalesOrders?salesOrderNos=${order.SalesOrderNo}`)).status).toBe(204)
    expect((await shop.api.get(`/SalesOrders/${order.Id}/Lines/${firstLine(order).Id}`)).status).toBe(404)
  })

  test('works without a body', async () => {
    const { Id: id } = await sellable()
    expect((await shop.api.request('POST', `/SalesOrders/${id}/createAndSendInvoice`)).status).toBe(202)
    expect(await statuses(id)).toEqual([404, 200])
  })

  test('takes goods from stock and lets go what was reserved', async () => {
    const stock = () => shop.api.sandbox.products.get(shop.coffee.Id)
    const before = Number(stock()?.StockOnHand)
    const order = await sellable({ SalesOrderStatus: 'Confirmed' })
    expect(stock()).toMatchObject({ StockOnHand: before, StockAvailable: before - 2 })
    await send(order.Id)
    expect(stock()).toMatchObject({ StockOnHand: before - 2, StockAvailable: before - 2 })
  })

  test('sentState tells what was sent, goes on doing so, takes several ids, and knows nobody else', async () => {
    const [sent, unsent] = [await sellable(), await sellable()]
    await send(sent.Id)
    const { InvoiceNo: invoiceNo } = shop.api.sandbox.outgoingInvoices.get(sent.Id) ?? {}
    expect(await sentState(`${sent.Id},${unsent.Id}`)).toEqual([
      {
        Id: sent.Id,
        DueDate: expect.any(String),
        InvoiceDeliveryType: 'PdfByEmail',
        InvoiceNo: invoiceNo,
        IsInvoiceBeingProcessed: false,
        LastErrorMessage: null,
        SentDateTimeOffset: expect.any(String),
      },
      {
        Id: unsent.Id,
        DueDate: null,
        InvoiceNo: null,
        IsInvoiceBeingProcessed: false,
        LastErrorMessage: null,
        SentDateTimeOffset: null,
      },
    ])
    const nobody = '0b0e7e0e-0000-4000-8000-000000000000'
    expect((await shop.api.get(`/SalesOrders/sentState?id=${nobody}`)).status).toBe(404)
    expect((await shop.api.get('/SalesOrders/sentState')).status).toBe(204)
    expect((await shop.api.get('/SalesOrders/sentState?id=17')).status).toBe(400)
  })

  test('an order without lines is accepted and ends in an error message; it stays an order', async () => {
    const { Id: id } = await shop.create()
    expect((await send(id)).status).toBe(202)
    expect(await sentState(id)).toMatchObject([
      { IsInvoiceBeingProcessed: false, LastErrorMessage: 'The order has no lines.' },
    ])
    expect(await statuses(id)).toEqual([200, 404])
  })

  test('PdfByEmail needs an address of the customer or the request; Auto follows the customer', async () => {
    const [printed] = shop.api.sandbox.customers.insert([{ Name: 'Uten e-post AS' }])
    const fresh = () => sellable({ CustomerId: printed?.Id })
    const failed = await fresh()
    await send(failed.Id, { DeliveryType: 'PdfByEmail' })
    expect(await sentState(failed.Id)).toMatchObject([{ LastErrorMessage: 'The customer has no e-mail address.' }])
    await send(failed.Id, { DeliveryType: 'PdfByEmail', EmailAddress: 'x@y.example' })
    expect(await sentState(failed.Id)).toMatchObject([{ LastErrorMessage: null, InvoiceDeliveryType: 'PdfByEmail' }])
    const auto = await fresh()
    await send(auto.Id)
    expect(await sentState(auto.Id)).toMatchObject([{ InvoiceDeliveryType: 'Print' }])
  })

  test('unknown orders are 404 and unknown properties 400', async () => {
    expect((await send('0b0e7e0e-0000-4000-8000-000000000000')).status).toBe(404)
    const { Id: id } = await sellable()
    expect((await send(id, { DeliveryType: 'Pigeon' })).status).toBe(400)
    expect((await send(id, { Date: '2026-11-01' })).status).toBe(400)
  })

  test('allowSendInvoice missing: 400 Missing privilege, whatever the roles', async () => {
    shop.set({ allowSendInvoice: 'missing' })
    const { Id: id } = await sellable()
    expect(await send(id)).toMatchObject({ status: 400, json: { title: 'Missing privilege' } })
    expect(await statuses(id)).toEqual([200, 404])
  })
})

describe('invoicingDelay', () => {
  test('the order waits, locked, until its time has come', async () => {
    const { api } = shop
    shop.set({ invoicingDelay: 60_000 })
    const order = await sellable()
    expect((await send(order.Id)).status).toBe(202)
    expect(await sentState(order.Id)).toMatchObject([{ IsInvoiceBeingProcessed: true, SentDateTimeOffset: null }])
    expect(await statuses(order.Id)).toEqual([200, 404])
    expect((await send(order.Id)).status).toBe(400)
    expect((await api.patch(`/SalesOrders/${order.Id}`, [replace('/ContractNo', 'x')])).status).toBe(400)
    expect((await api.post(`/SalesOrders/${order.Id}/Lines`, { Description: 'x' })).status).toBe(400)
    expect((await api.delete(`/SalesOrders/${order.Id}`)).status).toBe(400)
    // The sandbox's own clock, moved past the delay.
    shop.set({ clockSkewMs: 61_000 })
    expect(await sentState(order.Id)).toMatchObject([{ IsInvoiceBeingProcessed: false, LastErrorMessage: null }])
    expect(await statuses(order.Id)).toEqual([404, 200])
  })

  test('invoicingOutcome error: it ends in a message, the order is free again and may be sent again', async () => {
    shop.set({ invoicingOutcome: 'error' })
    const order = await sellable()
    await send(order.Id)
    expect(await sentState(order.Id)).toMatchObject([
      { IsInvoiceBeingProcessed: false, LastErrorMessage: 'The invoice could not be sent.', SentDateTimeOffset: null },
    ])
    expect((await shop.api.patch(`/SalesOrders/${order.Id}`, [replace('/ContractNo', 'x')])).status).toBe(200)
    shop.set({ invoicingOutcome: 'sent' })
    await send(order.Id)
    expect(await sentState(order.Id)).toMatchObject([
      { LastErrorMessage: null, SentDateTimeOffset: expect.any(String) },
    ])
  })
})

describe('getOrderAfterInvoicing', () => {
  async function beforeAndAfter(getOrderAfterInvoicing: 'orderLingers' | 'both404' | 'both200') {
    shop.set({ getOrderAfterInvoicing, afterInvoicingMs: 60_000 })
    const order = await sellable()
    await send(order.Id)
    const listed = await shop.api.get(`/OutgoingInvoices?${anyDates}&invoiceIds=${order.Id}`)
    const before = { ...(await paired(order.Id)), listed: listed.status }
    const complete = await shop.complete(order.Id)
    shop.set({ clockSkewMs: 61_000 })
    const after = await paired(order.Id)
    shop.set({ clockSkewMs: 0 })
    return { order, before, after, complete }
  }
  const paired = async (id: string) => {
    const [order, invoice] = await statuses(id)
    return { order, invoice }
  }
  const settled = { order: 404, invoice: 200 }

  test('orderLingers: the order is read as it was, the invoice not yet', async () => {
    const { order, before, after, complete } = await beforeAndAfter('orderLingers')
    expect(before).toEqual({ order: 200, invoice: 404, listed: 204 })
    expect(complete).toEqual(order)
    expect(after).toEqual(settled)
  })

  test('both404: for a while there is neither', async () => {
    const { before, after } = await beforeAndAfter('both404')
    expect(before).toEqual({ order: 404, invoice: 404, listed: 204 })
    expect(after).toEqual(settled)
  })

  test('both200: for a while there are both, and the order takes no edits any more', async () => {
    const { order, before, after } = await beforeAndAfter('both200')
    expect(before).toEqual({ order: 200, invoice: 200, listed: 200 })
    expect((await shop.api.patch(`/SalesOrders/${order.Id}`, [replace('/ContractNo', 'x')])).status).toBe(404)
    expect(after).toEqual(settled)
  })
})

test('invoiceKeepsOrderId no: the invoice has an id of its own and carries the reference', async () => {
  shop.set({ invoiceKeepsOrderId: 'no' })
  const order = await sellable({ ExternalImportReference: 'other-id' })
  await send(order.Id)
  expect(await statuses(order.Id)).toEqual([404, 404])
  const listed = await shop.api.get(`/OutgoingInvoices?${anyDates}&customerNos=${shop.customer.Number}`)
  const invoice = (listed.json as Invoice[]).find(
    ({ ExternalImportReference }) => ExternalImportReference === 'other-id',
  )
  expect(invoice).toMatchObject({ OrderNo: order.SalesOrderNo, Id: expect.not.stringContaining(order.Id) })
  expect(await sentState(order.Id)).toMatchObject([{ InvoiceNo: invoice?.InvoiceNo }])
})

describe('an invoice', () => {
  test('has the inherited values that were used, and carries numbers and references over', async () => {
    const { special, department, coffee } = shop
    const order = await shop.create({
      CustomerId: special.Id,
      ExternalImportReference: 'web:77',
      ImportedOrderNo: 77,
      CurrencyExchangeRate: 11.5,
      SalesOrderDate: '2026-10-30',
      SalesOrderLines: [{ ProductId: coffee.Id, Quantity: 2 }],
    })
    await send(order.Id, { VoucherDate: '2026-11-15' })
    expect((await shop.api.get(`/OutgoingInvoices/${order.Id}`)).json).toMatchObject({
      Balance: 180,
      CurrencyCode: 'EUR',
      CustomerNo: special.Number,
      DeliveryAddress1: 'Kaia 1',
      DeliveryAddressZipCode: '5003',
      DepartmentId: department.Id,
      DueDate: '2026-12-15',
      ExternalImportReference: 'web:77',
      ImportedOrderNo: 77,
      IsReversed: false,
      NetAmount: 180,
      NetPostedAmount: 2070,
      OrderDate: '2026-10-30',
      OrderNo: order.SalesOrderNo,
      PaymentTerm: 30,
      TotalAmount: 180,
      VoucherDate: '2026-11-15',
      VoucherType: 'OutgoingInvoice',
    })
  })

  test('has lines made anew: own whole-number ids, the order’s references, order and amounts, and the account they went to', async () => {
    const order = await sellable()
    await send(order.Id)
    const answer = await shop.api.get(`/OutgoingInvoices/${order.Id}/Lines`)
    expect(answer.json).toMatchObject([
      {
        Id: expect.any(Number),
        AccountNo: 3000,
        ExternalImportReference: 'l1',
        SortOrder: 0,
        ProductCode: 'KAFFE',
        NetAmount: 200,
        VatAmount: 50,
        VatRate: 0.25,
        TotalAmount: 250,
      },
      { AccountNo: null, ExternalImportReference: 'l2', SortOrder: 1, LineType: 'Text', TotalAmount: 0, VatRate: 0 },
    ])
  })

  test('is priced with what the customer has on the day of sending, not with what it had when the order was made', async () => {
    const { customers } = shop.api.sandbox
    const [customer] = customers.insert([{ Name: 'Rabatt AS', EmailAddress: 'r@x.example', Allowance: 10 }])
    const order = await sellable({ CustomerId: customer?.Id })
    customers.edit(customer?.Id ?? 0, { Allowance: 50 })
    expect(await shop.complete(order.Id)).toMatchObject({ NetAmount: 180 })
    await send(order.Id)
    expect((await shop.api.get(`/OutgoingInvoices/${order.Id}`)).json).toMatchObject({ NetAmount: 100, Balance: 125 })
    const lines = await shop.api.get(`/OutgoingInvoices/${order.Id}/Lines`)
    expect(lines.json).toMatchObject([{ Allowance: 50, NetAmount: 100 }, {}])
  })

  test('is a credit note where the sum is negative', async () => {
    const credit = await invoiced({ SalesOrderLines: [{ ProductId: shop.cake.Id, Quantity: -1 }] })
    expect(credit).toMatchObject({ VoucherType: 'OutgoingCreditNote', TotalAmount: -34.5, Balance: -34.5 })
  })

  test('numbers go up by one', async () => {
    const [first, second] = [await invoiced(), await invoiced()]
    expect(second.InvoiceNo).toBe(first.InvoiceNo + 1)
  })

  test('keeps its customer, products and departments from being deleted, and the customer from being archived while it is unpaid', async () => {
    const { api } = shop
    const [customer] = api.sandbox.customers.insert([{ Name: 'Skyldner AS', EmailAddress: 's@x.example' }])
    const [product] = api.sandbox.products.insert([{ Name: 'Solgt', UnitPrice: 10 }])
    const invoice = await invoiced({
      CustomerId: customer?.Id,
      SalesOrderLines: [{ ProductId: product?.Id, Quantity: 1, DepartmentId: shop.department.Id }],
    })
    for (const path of [
      `/Customers/${customer?.Id}`,
      `/Products/${product?.Id}`,
      `/Departments/${shop.department.Id}`,
    ]) {
      expect((await api.delete(path)).status).toBe(409)
    }
    const archive = () => api.patch(`/Customers/${customer?.Id}`, [replace('/IsArchived', true)])
    expect(await archive()).toMatchObject({ status: 400, json: { detail: expect.stringContaining('balance') } })
    api.sandbox.outgoingInvoices.bookPayment(invoice.Id, 12.5)
    expect((await archive()).status).toBe(200)
  })

  test('a customer that gets another number keeps the old one on old invoices', async () => {
    const { api } = shop
    const [customer] = api.sandbox.customers.insert([{ Name: 'Gammel AS', EmailAddress: 's@x.example' }])
    const invoice = await invoiced({ CustomerId: customer?.Id })
    api.sandbox.customers.edit(customer?.Id ?? 0, { Number: 19_500 })
    expect((await api.get(`/OutgoingInvoices/${invoice.Id}`)).json).toMatchObject({ CustomerNo: invoice.CustomerNo })
  })
})

describe('the list of invoices', () => {
  const ids = ({ status, json }: Answered) => (status === 204 ? [] : (json as Invoice[]).map(({ Id }) => Id))

  test('invoiceListDates: needs both dates, unless optional', async () => {
    const invoice = await invoiced()
    for (const query of ['', '?fromDate=2026-01-01', '?toDate=2026-12-31', `?invoiceIds=${invoice.Id}`]) {
      expect(await shop.api.get(`/OutgoingInvoices${query}`)).toMatchObject({
        status: 400,
        json: { title: 'Invalid resourceParameter' },
      })
    }
    shop.set({ invoiceListDates: 'optional' })
    expect(ids(await shop.api.get(`/OutgoingInvoices?invoiceIds=${invoice.Id.toUpperCase()}`))).toEqual([invoice.Id])
  })

  test('selects by voucher date, ends included, by ids, numbers, sending and what is unpaid', async () => {
    const order = await sellable({ CustomMatchingReference: 'kid-1', DepartmentId: shop.department.Id })
    await send(order.Id, { VoucherDate: '2020-02-29' })
    const one = (await shop.api.get(`/OutgoingInvoices/${order.Id}`)).json as Invoice
    const two = await invoiced()
    const both = `invoiceIds=${one.Id},${two.Id}`
    const ask = async (query: string) => ids(await shop.api.get(`/OutgoingInvoices?${both}&${query}`))
    expect(await ask('fromDate=2020-02-29&toDate=2020-02-29')).toEqual([one.Id])
    expect(await ask('fromDate=2020-03-01&toDate=2099-12-31')).toEqual([two.Id])
    expect(await ask(`${anyDates}&invoiceNos=${two.InvoiceNo}`)).toEqual([two.Id])
    expect(await ask(`${anyDates}&customMatchingReferences=kid-1`)).toEqual([one.Id])
    expect(await ask(`${anyDates}&departmentCodes=10`)).toEqual([one.Id])
    expect(await ask(`${anyDates}&departmentCodes=-1`)).toEqual([two.Id])
    const since = encodeURIComponent(one.SentDateTimeOffset)
    expect(await ask(`${anyDates}&sentDateTimeOffsetGreaterThan=${since}`)).toEqual([two.Id])
    shop.api.sandbox.outgoingInvoices.bookPayment(two.Id, 250)
    expect(await ask(`${anyDates}&onlyUnpaidInvoices=true`)).toEqual([one.Id])
    expect((await shop.api.get('/OutgoingInvoices?fromDate=x&toDate=2026-01-01')).status).toBe(400)
  })

  test('a payment moves the balance and its own change time, and no other', async () => {
    const invoice = await invoiced()
    const paid = shop.api.sandbox.outgoingInvoices.bookPayment(invoice.Id, 99.9)
    expect(paid).toMatchObject({ Balance: 150.1, LastChangedDateTimeOffset: invoice.LastChangedDateTimeOffset })
    const changedSince = async (time: string) =>
      ids(
        await shop.api.get(
          `/OutgoingInvoices?${anyDates}&invoiceIds=${invoice.Id}&balanceLastChangedDateTimeOffsetGreaterThan=${encodeURIComponent(time)}`,
        ),
      )
    expect(await changedSince(invoice.BalanceLastChangedDateTimeOffset)).toEqual([invoice.Id])
    expect(await changedSince(paid.BalanceLastChangedDateTimeOffset)).toEqual([])
  })
})

describe('outgoingInvoiceRole', () => {
  test('missing: every probe is 403, though the order’s roles are there', async () => {
    const invoice = await invoiced()
    shop.set({ outgoingInvoiceRole: 'missing' })
    expect((await shop.api.get(`/OutgoingInvoices/${invoice.Id}`)).status).toBe(403)
    expect((await shop.api.get(`/OutgoingInvoices?${anyDates}`)).status).toBe(403)
    expect((await shop.api.get(`/SalesOrders/${invoice.Id}`)).status).toBe(404)
    const information = await shop.api.get('/ClientIntegrationInformation')
    expect((information.json as { ValidPrivileges: string[] }).ValidPrivileges).not.toContain('OutgoingInvoice')
  })
})

test('an unknown invoice is 404', async () => {
  const answer = await shop.api.get('/OutgoingInvoices/0b0e7e0e-0000-4000-8000-000000000000')
  expect(answer.status).toBe(404)
  expect(detailOf(answer)).toContain('OutgoingInvoice')
})
