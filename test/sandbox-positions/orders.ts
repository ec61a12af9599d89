import { expect } from 'vitest'
import { type CompleteOrder, detailOf, firstLine, replace, type Shop } from '../sandbox-poweroffice-orders-fixtures.ts'
import { ask, fresh, type PositionChecks } from './position-checks.ts'

type OrderSwitch =
  | 'orderCustomerRequired'
  | 'amountRounding'
  | 'lineWriteMovesOrder'
  | 'confirmedOrderEdit'
  | 'confirmedOrderDelete'
  | 'duplicateOrderReference'
  | 'orderReferenceAfterInvoicing'
  | 'orderReferenceAfterDelete'
  | 'orderReferenceMaxLength'
  | 'getOrderAfterInvoicing'
  | 'afterInvoicingMs'
  | 'invoiceKeepsOrderId'
  | 'invoicingDelay'
  | 'invoicingOutcome'

const anyDates = 'fromDate=2000-01-01&toDate=2099-12-31'

const post = (shop: Shop, properties: Readonly<Record<string, unknown>>) =>
  ask(shop, 'POST', '/SalesOrders/Complete', { CustomerId: shop.customer.Id, ...properties })

const sellable = (shop: Shop, properties: Readonly<Record<string, unknown>> = {}) =>
  shop.create({ SalesOrderLines: [{ ProductId: shop.coffee.Id, Quantity: 1 }], ...properties })

/** Net amounts of a line and of the order, and the order's total, of three lines of 0.125. */
const rounded = async (shop: Shop) => {
  const line = { ProductId: shop.coffee.Id, Quantity: 1, ProductUnitPrice: 0.125 }
  const order = await shop.create({ SalesOrderLines: [line, line, line] })
  return [firstLine(order)['NetAmount'], order['NetAmount'], order['TotalAmount']]
}

/** The order's change time after each write of a line. */
const timesOfLineWrites = async (shop: Shop) => {
  const { api } = shop
  const order = await shop.create({ SalesOrderLines: [{ Description: 'x' }] })
  const path = `/SalesOrders/${order.Id}/Lines`
  const writes = [
    () => api.get(path),
    () => api.post(path, { Description: 'y' }),
    () => api.patch(`${path}/${firstLine(order).Id}`, [replace('/Description', 'z')]),
    () => api.delete(`${path}/${firstLine(order).Id}`),
  ]
  const times: string[] = []
  for (const write of writes) {
    await write()
    times.push(((await api.get(`/SalesOrders/${order.Id}`)).json as CompleteOrder).LastChangedDateTimeOffset)
  }
  // Count and amounts of the head follow in either position.
  expect(await shop.complete(order.Id)).toMatchObject({ LineCount: 1 })
  return times
}

const editsOfConfirmed = async (shop: Shop) => {
  const order = await sellable(shop, { SalesOrderStatus: 'Confirmed' })
  const path = `/SalesOrders/${order.Id}`
  const line = `${path}/Lines/${firstLine(order).Id}`
  return [
    await ask(shop, 'PATCH', path, [replace('/ContractNo', 'x')]),
    await ask(shop, 'POST', `${path}/Lines`, { Description: 'y' }),
    await ask(shop, 'PATCH', line, [replace('/Quantity', 4)]),
    await ask(shop, 'DELETE', line),
  ].map(({ status }) => status)
}

const deletedConfirmed = async (shop: Shop) => {
  const { Id: id } = await sellable(shop, { SalesOrderStatus: 'Confirmed' })
  return (await ask(shop, 'DELETE', `/SalesOrders/${id}`)).status
}

/** A second order with the reference of a first one. */
const duplicate = async (shop: Shop) => {
  const reference = fresh('ref')
  const order = await shop.create({ ExternalImportReference: reference })
  const again = await post(shop, { ExternalImportReference: reference })
  return { status: again.status, namesHolder: detailOf(again)?.includes(order.Id) === true }
}

const afterInvoicing = async (shop: Shop) => {
  const reference = fresh('ref')
  const order = await sellable(shop, { ExternalImportReference: reference })
  shop.api.sandbox.salesOrders.invoice(order.Id)
  return (await post(shop, { ExternalImportReference: reference })).status
}

const afterDeletion = async (shop: Shop) => {
  const reference = fresh('ref')
  const order = await sellable(shop, { ExternalImportReference: reference })
  await shop.api.delete(`/SalesOrders/${order.Id}`)
  return (await post(shop, { ExternalImportReference: reference })).status
}

const lengths = async (shop: Shop, length: number) => {
  const text = 'r'.repeat(length - 4) + fresh('').trim().padStart(4, '0')
  const lines = [{ Description: 'x', ExternalImportReference: 'r'.repeat(length) }]
  return [
    (await post(shop, { ExternalImportReference: text })).status,
    (await post(shop, { SalesOrderLines: lines })).status,
  ]
}

const send = (shop: Shop, id: string) => ask(shop, 'POST', `/SalesOrders/${id}/createAndSendInvoice`, {})

const places = async (shop: Shop, id: string) => [
  (await ask(shop, 'GET', `/SalesOrders/${id}`)).status,
  (await ask(shop, 'GET', `/OutgoingInvoices/${id}`)).status,
]

/** Order and invoice just after invoicing, and once the time of afterInvoicingMs is over by the sandbox's own clock. */
const handover = async (shop: Shop) => {
  shop.set({ afterInvoicingMs: 60_000 })
  const { Id: id } = await sellable(shop)
  expect((await send(shop, id)).status).toBe(202)
  const before = await places(shop, id)
  shop.set({ clockSkewMs: 61_000 })
  return { before, after: await places(shop, id) }
}
const settled = [404, 200]

const sentState = async (shop: Shop, id: string) =>
  (await shop.api.get(`/SalesOrders/sentState?id=${id}`)).json as readonly Readonly<Record<string, unknown>>[]

export const orders: PositionChecks<OrderSwitch> = {
  orderCustomerRequired: {
    '400': async (shop) => {
      expect((await post(shop, { CustomerId: null })).status).toBe(400)
      const { Id: id } = await shop.create()
      expect((await shop.api.patch(`/SalesOrders/${id}`, [replace('/CustomerId', null)])).status).toBe(400)
    },
    accepted: async (shop) => expect(await shop.create({ CustomerId: null })).toMatchObject({ CustomerNo: null }),
  },
  amountRounding: {
    eachLine: async (shop) => expect(await rounded(shop)).toEqual([0.13, 0.39, 0.48]),
    eachLineHalfToEven: async (shop) => expect(await rounded(shop)).toEqual([0.12, 0.36, 0.45]),
    sum: async (shop) => expect(await rounded(shop)).toEqual([0.125, 0.38, 0.47]),
    none: async (shop) => expect(await rounded(shop)).toEqual([0.125, 0.375, 0.46875]),
  },
  lineWriteMovesOrder: {
    yes: async (shop) => {
      const times = await timesOfLineWrites(shop)
      expect(new Set(times).size).toBe(4)
      expect(times.toSorted()).toEqual(times)
    },
    no: async (shop) => expect(new Set(await timesOfLineWrites(shop)).size).toBe(1),
  },
  confirmedOrderEdit: {
    '400': async (shop) => expect(await editsOfConfirmed(shop)).toEqual([400, 400, 400, 400]),
    '409': async (shop) => expect(await editsOfConfirmed(shop)).toEqual([409, 409, 409, 409]),
    accepted: async (shop) => {
      const available = () => Number(shop.api.sandbox.products.get(shop.coffee.Id)?.StockAvailable)
      const before = available()
      expect(await editsOfConfirmed(shop)).toEqual([200, 201, 200, 200])
      // What is reserved follows the lines: its only product line was deleted.
      expect(available()).toBe(before)
    },
  },
  confirmedOrderDelete: {
    '409': async (shop) => expect(await deletedConfirmed(shop)).toBe(409),
    '400': async (shop) => expect(await deletedConfirmed(shop)).toBe(400),
    accepted: async (shop) => {
      const available = () => Number(shop.api.sandbox.products.get(shop.coffee.Id)?.StockAvailable)
      const before = available()
      expect(await deletedConfirmed(shop)).toBe(200)
      expect(available()).toBe(before)
    },
  },
  duplicateOrderReference: {
    '400': async (shop) => {
      expect(await duplicate(shop)).toEqual({ status: 400, namesHolder: true })
      const [one, other] = [await shop.create({ ExternalImportReference: fresh('ref') }), await shop.create()]
      const taken = [replace('/ExternalImportReference', one['ExternalImportReference'])]
      expect((await shop.api.patch(`/SalesOrders/${other.Id}`, taken)).status).toBe(400)
    },
    '400WithoutId': async (shop) => expect(await duplicate(shop)).toEqual({ status: 400, namesHolder: false }),
    '409': async (shop) => expect(await duplicate(shop)).toEqual({ status: 409, namesHolder: true }),
    accepted: async (shop) => expect((await duplicate(shop)).status).toBe(201),
  },
  orderReferenceAfterInvoicing: {
    reserved: async (shop) => expect(await afterInvoicing(shop)).toBe(400),
    freed: async (shop) => expect(await afterInvoicing(shop)).toBe(201),
  },
  orderReferenceAfterDelete: {
    freed: async (shop) => expect(await afterDeletion(shop)).toBe(201),
    reserved: async (shop) => expect(await afterDeletion(shop)).toBe(400),
  },
  orderReferenceMaxLength: {
    none: async (shop) => expect(await lengths(shop, 51)).toEqual([201, 201]),
    '50': async (shop) => {
      shop.set({ orderReferenceMaxLength: 50 })
      expect([await lengths(shop, 50), await lengths(shop, 51)]).toEqual([
        [201, 201],
        [400, 400],
      ])
    },
  },
  getOrderAfterInvoicing: {
    '404': async (shop) => expect(await handover(shop)).toEqual({ before: settled, after: settled }),
    orderLingers: async (shop) => expect(await handover(shop)).toEqual({ before: [200, 404], after: settled }),
    both404: async (shop) => expect(await handover(shop)).toEqual({ before: [404, 404], after: settled }),
    both200: async (shop) => expect(await handover(shop)).toEqual({ before: [200, 200], after: settled }),
  },
  afterInvoicingMs: {
    '2000': async (shop) => {
      shop.set({ getOrderAfterInvoicing: 'both404' })
      const { Id: id } = await sellable(shop)
      await send(shop, id)
      expect(await places(shop, id)).toEqual([404, 404])
      shop.set({ clockSkewMs: 2_001 })
      expect(await places(shop, id)).toEqual(settled)
    },
  },
  invoiceKeepsOrderId: {
    yes: async (shop) => {
      const { Id: id } = await sellable(shop)
      await send(shop, id)
      expect(await places(shop, id)).toEqual(settled)
    },
    no: async (shop) => {
      const reference = fresh('ref')
      const order = await sellable(shop, { ExternalImportReference: reference })
      await send(shop, order.Id)
      expect(await places(shop, order.Id)).toEqual([404, 404])
      const { json } = await shop.api.get(`/OutgoingInvoices?${anyDates}&customerNos=${shop.customer.Number}`)
      expect(json).toContainEqual(
        expect.objectContaining({ OrderNo: order.SalesOrderNo, ExternalImportReference: reference }),
      )
    },
  },
  invoicingDelay: {
    '0': async (shop) => {
      const { Id: id } = await sellable(shop)
      await send(shop, id)
      expect(await sentState(shop, id)).toMatchObject([{ IsInvoiceBeingProcessed: false, LastErrorMessage: null }])
    },
    '60000': async (shop) => {
      shop.set({ invoicingDelay: 60_000 })
      const { Id: id } = await sellable(shop)
      await send(shop, id)
      expect(await sentState(shop, id)).toMatchObject([{ IsInvoiceBeingProcessed: true, SentDateTimeOffset: null }])
      expect((await ask(shop, 'PATCH', `/SalesOrders/${id}`, [replace('/ContractNo', 'x')])).status).toBe(400)
      shop.set({ clockSkewMs: 61_000 })
      expect(await places(shop, id)).toEqual(settled)
    },
  },
  invoicingOutcome: {
    sent: async (shop) => {
      const { Id: id } = await sellable(shop)
      await send(shop, id)
      expect(await sentState(shop, id)).toMatchObject([{ SentDateTimeOffset: expect.any(String) }])
    },
    error: async (shop) => {
      const { Id: id } = await sellable(shop)
      await send(shop, id)
      expect(await sentState(shop, id)).toMatchObject([
        { LastErrorMessage: 'The invoice could not be sent.', SentDateTimeOffset: null },
      ])
      expect((await ask(shop, 'PATCH', `/SalesOrders/${id}`, [replace('/ContractNo', 'x')])).status).toBe(200)
    },
  },
}
