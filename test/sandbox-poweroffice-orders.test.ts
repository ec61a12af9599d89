import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import {
  type CompleteOrder,
  detailOf,
  firstLine,
  type Line,
  type Order,
  replace,
  type Shop,
  startShop,
} from './sandbox-poweroffice-orders-fixtures.ts'
import { resetSandbox } from './sandbox-poweroffice-support.ts'

// Sales orders and their lines as a client meets them. Switches have a file of their own.

let shop: Shop

beforeAll(async () => {
  shop = await startShop()
})
afterEach(() => resetSandbox(shop.api.sandbox))
afterAll(() => shop.api.sandbox.close())

const noSuchId = '0b0e7e0e-0000-4000-8000-000000000000'

describe('creating an order', () => {
  test('answers the complete record: head as stored, lines with price, unit and text copied from the product', async () => {
    const { customer, coffee } = shop
    const order = await shop.create({
      ExternalImportReference: 'web:1001',
      ImportedOrderNo: 1001,
      SalesOrderDate: '2026-11-20',
      SalesOrderLines: [{ ProductCode: coffee.Code, Quantity: 2, ExternalImportReference: 'l1' }],
    })
    expect(order).toMatchObject({
      CustomerId: customer.Id,
      CustomerNo: customer.Number,
      CurrencyCode: null,
      DeliveryDate: null,
      DepartmentId: null,
      ExternalImportReference: 'web:1001',
      ImportedOrderNo: 1001,
      IsCreatedByCurrentIntegration: true,
      LineCount: 1,
      NetAmount: 200,
      PaymentTermId: null,
      SalesOrderDate: '2026-11-20',
      SalesOrderStatus: 'Draft',
      TotalAmount: 250,
    })
    expect(order.SalesOrderLines).toEqual([
      expect.objectContaining({
        Allowance: null,
        Description: 'Kaffe',
        ExternalImportReference: 'l1',
        LineType: 'Normal',
        NetAmount: 200,
        ProductCode: 'KAFFE',
        ProductId: coffee.Id,
        ProductUnitCost: 60,
        ProductUnitPrice: 100,
        Quantity: 2,
        SalesOrderId: order.Id,
        SortOrder: 0,
        TotalAmount: 250,
        UnitOfMeasureCode: 'EA',
        UseStandardSalesAccount: null,
        VatAmount: 50,
        VatCode: '3',
        VatRate: 0.25,
      }),
    ])
    expect(await shop.complete(order.Id)).toEqual(order)
  })

  test('numbers orders one after the other and gives each a GUID', async () => {
    const [first, second] = [await shop.create(), await shop.create()]
    expect(second.SalesOrderNo).toBe(first.SalesOrderNo + 1)
    expect(first.Id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-/)
  })

  test('exists at /SalesOrders/Complete only: POST /SalesOrders is unknown to the gateway', async () => {
    const answer = await shop.api.post('/SalesOrders', { CustomerId: shop.customer.Id })
    expect(answer).toMatchObject({ status: 404, json: { statusCode: '404', message: 'Resource not found' } })
  })

  test('takes the customer by Id before its number, and answers 404 for one that nobody knows', async () => {
    const { customer, special } = shop
    expect(await shop.create({ CustomerId: null, CustomerNo: special.Number })).toMatchObject({
      CustomerId: special.Id,
    })
    expect(await shop.create({ CustomerId: customer.Id, CustomerNo: special.Number })).toMatchObject({
      CustomerNo: customer.Number,
    })
    const unknown = await shop.post({ CustomerId: 7 })
    expect(unknown).toMatchObject({
      status: 404,
      json: { title: 'SalesOrder validation error(s)', detail: 'Customer with id = 7 not found.' },
    })
  })

  test.each([
    ['a product', { SalesOrderLines: [{ ProductCode: 'NEI', Quantity: 1 }] }],
    ['a department', { DepartmentCode: '99' }],
    ['a department of a line', { SalesOrderLines: [{ DepartmentId: 99, Description: 'x' }] }],
    ['a payment term', { PaymentTermId: 99 }],
    ['a delivery address', { ContactDeliveryAddressId: 99 }],
    ['a contact person', { CustomerReferenceContactPersonId: 99 }],
    ['a project', { ProjectId: 5 }],
    ['an employee', { SalesPersonEmployeeId: 5 }],
    ['an accrual account', { SalesOrderLines: [{ Description: 'x', Accrual: { ResultAccountNo: 9999 } }] }],
  ])('answers 404 for %s that does not exist', async (_, properties) => {
    const before = shop.api.sandbox.salesOrders.count()
    const answer = await shop.post(properties)
    expect(answer).toMatchObject({ status: 404, json: { detail: expect.stringContaining('not found') } })
    expect(shop.api.sandbox.salesOrders.count()).toBe(before)
  })

  test.each([
    ['VatCode on a line', { SalesOrderLines: [{ VatCode: '3' }] }],
    ['computed amounts', { NetAmount: 10 }],
    ['a number for the status', { SalesOrderStatus: 1 }],
    ['text for a quantity', { SalesOrderLines: [{ Quantity: '2' }] }],
    ['an allowance over 100 percent', { SalesOrderLines: [{ Allowance: 100.5 }] }],
    ['a product without a quantity', { SalesOrderLines: [{ ProductCode: 'KAFFE' }] }],
    ['a negative SortOrder', { SalesOrderLines: [{ SortOrder: -1 }] }],
    ['a currency that is no code', { CurrencyCode: 'kroner' }],
    ['an exchange rate of nothing', { CurrencyExchangeRate: 0 }],
  ])('refuses %s', async (_, properties) => {
    expect((await shop.post(properties)).status).toBe(400)
  })

  test('refuses another customer’s delivery address', async () => {
    const answer = await shop.post({ ContactDeliveryAddressId: shop.addresses[0] })
    expect(answer).toMatchObject({ status: 400, json: { detail: expect.stringContaining('ContactDeliveryAddressId') } })
  })

  test('needs the role for writing; the role for reading is not enough', async () => {
    shop.set({ missingPrivileges: ['SalesOrders_Full'] })
    expect((await shop.post()).status).toBe(403)
    expect((await shop.api.get('/SalesOrders')).status).not.toBe(403)
    expect((await shop.api.get(`/SalesOrders/sentState?id=${noSuchId}`)).status).toBe(403)
  })
})

describe('VAT and amounts', () => {
  test('each line has the VAT of the account that its product is sold through', async () => {
    const { coffee, cake } = shop
    const order = await shop.create({
      SalesOrderLines: [
        { ProductId: coffee.Id, Quantity: 1 },
        { ProductId: cake.Id, Quantity: 3 },
        { ProductId: coffee.Id, Quantity: 1, UseStandardSalesAccount: false },
      ],
    })
    expect(order.SalesOrderLines).toMatchObject([
      { VatCode: '3', VatRate: 0.25, VatAmount: 25 },
      { VatCode: '31', VatRate: 0.15, VatAmount: 13.5 },
      { VatCode: '5', VatRate: 0, VatAmount: 0 },
    ])
    expect(order).toMatchObject({ NetAmount: 290, TotalAmount: 328.5 })
  })

  test('a VAT-free customer buys through the optional account, unless the line says otherwise, and gets its own allowance', async () => {
    const { special, coffee } = shop
    const order = await shop.create({
      CustomerId: special.Id,
      SalesOrderLines: [
        { ProductId: coffee.Id, Quantity: 1 },
        { ProductId: coffee.Id, Quantity: 1, UseStandardSalesAccount: true, Allowance: 0 },
      ],
    })
    expect(order.SalesOrderLines).toMatchObject([
      { VatCode: '5', NetAmount: 90, TotalAmount: 90, Allowance: null },
      { VatCode: '3', NetAmount: 100, TotalAmount: 125, Allowance: 0 },
    ])
  })

  test('another customer on the head changes the amounts of the lines', async () => {
    const order = await shop.create({ SalesOrderLines: [{ ProductId: shop.coffee.Id, Quantity: 1 }] })
    const answer = await shop.api.patch(`/SalesOrders/${order.Id}`, [replace('/CustomerId', shop.special.Id)])
    expect(answer.json).toMatchObject({ CustomerNo: shop.special.Number, NetAmount: 90, TotalAmount: 90 })
  })

  test('texts, and lines without product, quantity or price, amount to 0', async () => {
    const order = await shop.create({
      SalesOrderLines: [
        { LineType: 'Text', Description: 'Takk', ProductId: shop.coffee.Id, Quantity: 5 },
        { Description: 'Uten vare', Quantity: 2, ProductUnitPrice: 50 },
      ],
    })
    const nothing = { NetAmount: 0, VatAmount: 0, TotalAmount: 0, VatCode: null, VatRate: null }
    expect(order.SalesOrderLines).toMatchObject([nothing, nothing])
    expect(order).toMatchObject({ NetAmount: 0, TotalAmount: 0, LineCount: 2 })
  })

  test('carry no residue of binary fractions', async () => {
    const line = (price: number) => ({ ProductId: shop.coffee.Id, Quantity: 1, ProductUnitPrice: price })
    const order = await shop.create({ SalesOrderLines: [line(0.1), line(0.2)] })
    expect(order.NetAmount).toBe(0.3)
  })

  test('a negative sum makes a credit draft, and only that may name the invoice it credits', async () => {
    const { api } = shop
    const sold = await shop.create({ SalesOrderLines: [{ ProductId: shop.cake.Id, Quantity: 1 }] })
    const { InvoiceNo: invoiceNo } = api.sandbox.salesOrders.invoice(sold.Id)
    const credit = await shop.create({
      RelatedInvoiceNo: invoiceNo,
      SalesOrderLines: [{ ProductId: shop.cake.Id, Quantity: -1 }],
    })
    expect(credit).toMatchObject({ NetAmount: -30, TotalAmount: -34.5, RelatedInvoiceNo: invoiceNo })
    const debit = { SalesOrderLines: [{ ProductId: shop.cake.Id, Quantity: 1 }] }
    expect((await shop.post({ ...debit, RelatedInvoiceNo: invoiceNo })).status).toBe(400)
    expect((await shop.api.patch(`/SalesOrders/${credit.Id}`, [replace('/RelatedInvoiceNo', 1)])).status).toBe(404)
  })
})

describe('inheritance', () => {
  test('stored values are shown unless asked: null where the customer decides', async () => {
    const { special, department, addresses, coffee } = shop
    const order = await shop.create({
      CustomerId: special.Id,
      SalesOrderLines: [{ ProductId: coffee.Id, Quantity: 1 }],
    })
    expect(await shop.complete(order.Id)).toMatchObject({
      CurrencyCode: null,
      CurrencyExchangeRate: null,
      DepartmentId: null,
      DepartmentCode: null,
      PaymentTermId: null,
      ContactDeliveryAddressId: null,
      SalesOrderLines: [{ Allowance: null, DepartmentId: null, UseStandardSalesAccount: null }],
    })
    const inherited = {
      CurrencyCode: 'EUR',
      CurrencyExchangeRate: 1,
      DepartmentId: department.Id,
      DepartmentCode: '10',
      PaymentTerm: 30,
      ContactDeliveryAddressId: addresses[0],
    }
    expect(await shop.complete(order.Id, '?showInherited=true')).toMatchObject({
      ...inherited,
      SalesOrderLines: [{ Allowance: 10, DepartmentId: department.Id, UseStandardSalesAccount: false }],
    })
    expect((await shop.api.get(`/SalesOrders/${order.Id}?showInherited=true`)).json).toMatchObject(inherited)
    const listed = await shop.api.get(`/SalesOrders?salesOrderNos=${order.SalesOrderNo}&showInherited=true`)
    expect(listed.json).toMatchObject([inherited])
  })

  test('a line inherits the head’s department, and -1 is none at all, as Id and as Code', async () => {
    const { special, department, otherDepartment } = shop
    const order = await shop.create({
      CustomerId: special.Id,
      DepartmentId: otherDepartment.Id,
      SalesOrderLines: [{ Description: 'a' }, { Description: 'b', DepartmentCode: '-1' }],
    })
    expect(order).toMatchObject({ DepartmentCode: '20' })
    expect(order.SalesOrderLines).toMatchObject([{ DepartmentId: null }, { DepartmentId: -1, DepartmentCode: null }])
    const shown = await shop.complete(order.Id, '?showInherited=true')
    expect(shown.SalesOrderLines).toMatchObject([{ DepartmentId: otherDepartment.Id }, { DepartmentId: null }])
    const none = await shop.api.patch(`/SalesOrders/${order.Id}`, [replace('/DepartmentId', -1)])
    expect(none.json).toMatchObject({ DepartmentId: -1, DepartmentCode: null })
    const afterwards = await shop.complete(order.Id, '?showInherited=true')
    expect(afterwards).toMatchObject({ DepartmentId: null })
    expect(firstLine(afterwards).DepartmentId).toBeNull()
    expect(department.Id).not.toBe(otherDepartment.Id)
  })

  test('with a contact person, CustomerReference reads back as that person’s name, and the text is there again without', async () => {
    const { api, customer } = shop
    const person = api.sandbox.salesOrders.addContactPerson({ ContactId: customer.Id, Name: 'Kari Nordmann' })
    const order = await shop.create({ CustomerReference: 'Vår ref 7', CustomerReferenceContactPersonId: person.Id })
    expect(order).toMatchObject({ CustomerReference: 'Kari Nordmann' })
    const listed = await api.get(`/SalesOrders?salesOrderNos=${order.SalesOrderNo}`)
    expect(listed.json).toMatchObject([{ CustomerReference: 'Kari Nordmann' }])
    const patched = await api.patch(`/SalesOrders/${order.Id}`, [replace('/CustomerReference', 'Ny ref')])
    expect(patched.json).toMatchObject({ CustomerReference: 'Kari Nordmann' })
    const cleared = await api.patch(`/SalesOrders/${order.Id}`, [replace('/CustomerReferenceContactPersonId', null)])
    expect(cleared.json).toMatchObject({ CustomerReference: 'Ny ref' })
  })
})

describe('reading orders', () => {
  const numbers = (json: unknown) => (json as Order[]).map(({ SalesOrderNo }) => SalesOrderNo)

  test('the list has heads without lines, and 204 when nothing matches', async () => {
    const order = await shop.create({ SalesOrderLines: [{ Description: 'x' }] })
    const listed = (await shop.api.get(`/SalesOrders?salesOrderNos=${order.SalesOrderNo}`)).json as Order[]
    const { SalesOrderLines: _, ...head } = order
    expect(listed).toEqual([head])
    expect((await shop.api.get('/SalesOrders?salesOrderNos=1')).status).toBe(204)
  })

  test('filters select by customer, department, status, references, numbers and change time', async () => {
    const { special, customer, otherDepartment } = shop
    const base = { CustomerId: special.Id, DepartmentId: otherDepartment.Id }
    const one = await shop.create({ ...base, ExternalImportReference: 'f:1', ImportedOrderNo: 71 })
    const two = await shop.create({ ...base, ExternalImportReference: 'f:2', SalesOrderStatus: 'Confirmed' })
    const three = await shop.create({ CustomerId: special.Id, ImportedOrderNo: 72 })
    const both = `salesOrderNos=${one.SalesOrderNo}-${three.SalesOrderNo}`
    const ask = async (query: string) => {
      const answer = await shop.api.get(`/SalesOrders?${both}&${query}`)
      return answer.status === 204 ? [] : numbers(answer.json).map((number) => number - one.SalesOrderNo)
    }
    expect(await ask(`customerNos=${special.Number}`)).toEqual([0, 1, 2])
    expect(await ask(`customerNos=${customer.Number}`)).toEqual([])
    expect(await ask('departmentCodes=20')).toEqual([0, 1])
    expect(await ask('departmentCodes=-1')).toEqual([2])
    expect(await ask('departmentCodes=20,-1')).toEqual([0, 1, 2])
    expect(await ask('orderStatus=confirmed')).toEqual([1])
    expect(await ask('externalImportReferences=f:2, f:1')).toEqual([0, 1])
    expect(await ask('importedOrderNos=71-72')).toEqual([0, 2])
    expect(await ask('projectCodes=P1')).toEqual([])
    expect(await ask('projectCodes=-1&includeSubProject=true')).toEqual([0, 1, 2])
    const since = encodeURIComponent(two.LastChangedDateTimeOffset)
    expect(await ask(`lastChangedDateTimeOffsetGreaterThan=${since}`)).toEqual([2])
    expect((await shop.api.get('/SalesOrders?orderStatus=Sent')).status).toBe(400)
  })

  test('onlyCreatedByCurrentIntegration leaves out what people made', async () => {
    const own = await shop.create()
    const theirs = shop.api.sandbox.salesOrders.create({ CustomerId: shop.customer.Id }).order
    const range = `salesOrderNos=${own.SalesOrderNo}-${theirs.SalesOrderNo}`
    const ask = async (value: string) =>
      numbers((await shop.api.get(`/SalesOrders?${range}&onlyCreatedByCurrentIntegration=${value}`)).json)
    expect(await ask('true')).toEqual([own.SalesOrderNo])
    expect(await ask('false')).toEqual([own.SalesOrderNo, theirs.SalesOrderNo])
  })

  test('an unknown id is 404, and what is no GUID is 400', async () => {
    for (const path of [
      `/SalesOrders/${noSuchId}`,
      `/SalesOrders/${noSuchId}/Complete`,
      `/SalesOrders/${noSuchId}/Lines`,
    ]) {
      expect(await shop.api.get(path)).toMatchObject({
        status: 404,
        json: { title: 'Object(s) not found', detail: `SalesOrder with id = ${noSuchId} not found.` },
      })
    }
    expect((await shop.api.request('GET', '/SalesOrders/17')).status).toBe(400)
    const { Id: id } = await shop.create()
    expect((await shop.api.get(`/SalesOrders/${id.toUpperCase()}`)).status).toBe(200)
  })
})

describe('changing a head', () => {
  test('moves its change time, shows the twins, and leaves the lines alone', async () => {
    const order = await shop.create({ SalesOrderLines: [{ ProductId: shop.cake.Id, Quantity: 1 }] })
    const answer = await shop.api.patch(`/SalesOrders/${order.Id}`, [
      replace('/DepartmentId', shop.department.Id),
      replace('/PurchaseOrderReference', 'PO 9'),
    ])
    expect(answer).toMatchObject({ status: 200, json: { DepartmentCode: '10', PurchaseOrderReference: 'PO 9' } })
    const after = await shop.complete(order.Id)
    expect(after.LastChangedDateTimeOffset > order.LastChangedDateTimeOffset).toBe(true)
    expect(after.SalesOrderLines).toEqual(order.SalesOrderLines)
  })

  test('a patch that changes nothing moves nothing', async () => {
    const order = await shop.create({ PurchaseOrderReference: 'PO 9' })
    const answer = await shop.api.patch(`/SalesOrders/${order.Id}`, [replace('/PurchaseOrderReference', 'PO 9')])
    expect(answer.json).toMatchObject({ LastChangedDateTimeOffset: order.LastChangedDateTimeOffset })
  })

  test('refuses lines, twins and computed values: they are no part of the patch', async () => {
    const { Id: id } = await shop.create()
    for (const path of ['/SalesOrderLines', '/CustomerNo', '/NetAmount', '/SalesOrderNo', '/PaymentTerm']) {
      expect(await shop.api.patch(`/SalesOrders/${id}`, [replace(path, 1)])).toMatchObject({
        status: 400,
        json: { title: 'SalesOrder validation error(s)', detail: expect.stringContaining('was not found') },
      })
    }
  })

  test('a failing test operation applies nothing', async () => {
    const { Id: id } = await shop.create({ ContractNo: 'A' })
    const operations = [{ op: 'test', path: '/ContractNo', value: 'B' }, replace('/ContractNo', 'C')]
    expect((await shop.api.patch(`/SalesOrders/${id}`, operations)).status).toBe(400)
    expect((await shop.api.get(`/SalesOrders/${id}`)).json).toMatchObject({ ContractNo: 'A' })
  })

  test('ImportedOrderNo can be set only on orders that the API made', async () => {
    const own = await shop.create()
    expect((await shop.api.patch(`/SalesOrders/${own.Id}`, [replace('/ImportedOrderNo', 5)])).status).toBe(200)
    const theirs = shop.api.sandbox.salesOrders.create({ CustomerId: shop.customer.Id }).order
    expect((await shop.api.patch(`/SalesOrders/${theirs.Id}`, [replace('/ImportedOrderNo', 5)])).status).toBe(400)
  })
})

describe('lines', () => {
  test('are listed, added, read, changed and removed below their order, in their order', async () => {
    const { api, coffee, cake } = shop
    const order = await shop.create({ SalesOrderLines: [{ ProductId: coffee.Id, Quantity: 1 }] })
    const path = `/SalesOrders/${order.Id}/Lines`
    const added = await api.post(path, { ProductCode: cake.Code, Quantity: 2 })
    expect(added).toMatchObject({ status: 201, json: { SortOrder: 1, NetAmount: 60, UnitOfMeasureCode: 'KGM' } })
    const { Id: lineId } = added.json as Line
    expect((await api.get(`${path}/${lineId}`)).json).toEqual(added.json)
    const patched = await api.patch(`${path}/${lineId}`, [replace('/Quantity', 3), replace('/SortOrder', 0)])
    expect(patched).toMatchObject({ status: 200, json: { Id: lineId, NetAmount: 90, TotalAmount: 103.5 } })
    expect((await api.get(path)).json).toMatchObject([{ ProductCode: 'KAFFE' }, { ProductCode: 'KAKE' }])
    expect(await shop.complete(order.Id)).toMatchObject({ LineCount: 2, NetAmount: 190, TotalAmount: 228.5 })
    expect((await api.delete(`${path}/${lineId}`)).status).toBe(200)
    expect(await shop.complete(order.Id)).toMatchObject({ LineCount: 1, NetAmount: 100, TotalAmount: 125 })
    expect((await api.get(`${path}/${lineId}`)).status).toBe(404)
  })

  test('without lines the list is 204', async () => {
    const { Id: id } = await shop.create()
    expect((await shop.api.get(`/SalesOrders/${id}/Lines`)).status).toBe(204)
  })

  test('pages and fields work on lines too', async () => {
    const order = await shop.create({ SalesOrderLines: [{ Description: 'a' }, { Description: 'b' }] })
    const answer = await shop.api.get(`/SalesOrders/${order.Id}/Lines?PageSize=1&PageNumber=2&Fields=Description`)
    expect(answer.json).toEqual([{ Description: 'b' }])
  })

  test('a line is found below its own order only', async () => {
    const [one, other] = [
      await shop.create({ SalesOrderLines: [{ Description: 'x' }] }),
      await shop.create({ SalesOrderLines: [{ Description: 'y' }] }),
    ]
    const path = `/SalesOrders/${one.Id}/Lines/${firstLine(other).Id}`
    expect((await shop.api.get(path)).status).toBe(404)
    expect((await shop.api.patch(path, [replace('/Description', 'z')])).status).toBe(404)
    expect((await shop.api.delete(path)).status).toBe(404)
  })

  test('a new product brings its code along, and neither price nor text: those are copied at creation', async () => {
    const order = await shop.create({ SalesOrderLines: [{ ProductId: shop.coffee.Id, Quantity: 1 }] })
    const path = `/SalesOrders/${order.Id}/Lines/${firstLine(order).Id}`
    const answer = await shop.api.patch(path, [replace('/ProductId', shop.cake.Id)])
    expect(answer.json).toMatchObject({
      ProductCode: 'KAKE',
      Description: 'Kaffe',
      ProductUnitPrice: 100,
      VatRate: 0.15,
      TotalAmount: 115,
    })
  })

  test('a later change of the product’s price or name does not reach lines; a new code does', async () => {
    const { Id: id } = shop.api.sandbox.products.insert([{ Name: 'Te', Code: 'TE', UnitPrice: 10 }])[0] ?? { Id: 0 }
    const order = await shop.create({ SalesOrderLines: [{ ProductId: id, Quantity: 1 }] })
    shop.api.sandbox.products.edit(id, { UnitPrice: 12, Name: 'Grønn te', Code: 'TE2' })
    expect((await shop.complete(order.Id)).SalesOrderLines).toMatchObject([
      { ProductUnitPrice: 10, Description: 'Te', ProductCode: 'TE2', NetAmount: 10 },
    ])
  })

  test('references are unique within one order, and free in another', async () => {
    const line = { Description: 'x', ExternalImportReference: 'l1' }
    const order = await shop.create({ SalesOrderLines: [line] })
    const again = await shop.api.post(`/SalesOrders/${order.Id}/Lines`, line)
    expect(again.status).toBe(400)
    expect(detailOf(again)).toContain(firstLine(order).Id)
    expect((await shop.post({ SalesOrderLines: [line, line] })).status).toBe(400)
    await shop.create({ SalesOrderLines: [line] })
  })

  test('an accrual shows its accounts by Id and number, and is patched by Id', async () => {
    const accrual = { FromDate: '2026-12-01', ToDate: '2027-05-31', ResultAccountNo: 3000 }
    const order = await shop.create({ SalesOrderLines: [{ Description: 'Abonnement', Accrual: accrual }] })
    const stored = { ...accrual, IsActive: true, BalanceAccountId: null, ResultAccountId: expect.any(Number) }
    expect(firstLine(order).Accrual).toMatchObject(stored)
    const path = `/SalesOrders/${order.Id}/Lines/${firstLine(order).Id}`
    const patched = await shop.api.patch(path, [replace('/Accrual/ToDate', '2027-06-30')])
    expect(patched.json).toMatchObject({ Accrual: { ...stored, ToDate: '2027-06-30' } })
    const cleared = await shop.api.patch(path, [replace('/Accrual', null)])
    expect(cleared.json).not.toHaveProperty('Accrual')
  })
})

describe('a confirmed order', () => {
  const confirmed = (): Promise<CompleteOrder> =>
    shop.create({
      SalesOrderStatus: 'Confirmed',
      SalesOrderLines: [{ ProductId: shop.coffee.Id, Quantity: 3 }, { Description: 'x' }],
    })
  const stock = () => shop.api.sandbox.products.get(shop.coffee.Id)

  test('is locked, head and lines; only the status may be set back to Draft, alone', async () => {
    const { api } = shop
    const order = await confirmed()
    const line = `/SalesOrders/${order.Id}/Lines/${firstLine(order).Id}`
    const toDraft = replace('/SalesOrderStatus', 'Draft')
    for (const answer of [
      await api.patch(`/SalesOrders/${order.Id}`, [replace('/ContractNo', 'x')]),
      await api.patch(`/SalesOrders/${order.Id}`, [toDraft, replace('/ContractNo', 'x')]),
      await api.post(`/SalesOrders/${order.Id}/Lines`, { Description: 'y' }),
      await api.patch(line, [replace('/Quantity', 4)]),
      await api.delete(line),
    ]) {
      expect(answer).toMatchObject({ status: 400, json: { title: 'SalesOrder validation error(s)' } })
    }
    expect(await shop.complete(order.Id)).toEqual(order)
    expect((await api.patch(`/SalesOrders/${order.Id}`, [toDraft])).json).toMatchObject({ SalesOrderStatus: 'Draft' })
    expect((await api.patch(line, [replace('/Quantity', 4)])).status).toBe(200)
  })

  test('cannot be deleted', async () => {
    const order = await confirmed()
    expect(await shop.api.delete(`/SalesOrders/${order.Id}`)).toMatchObject({
      status: 409,
      json: { title: 'SalesOrder conflict' },
    })
  })

  test('reserves stock, and lets it go when set back to Draft', async () => {
    const before = stock()
    const order = await confirmed()
    expect(stock()?.StockAvailable).toBe(Number(before?.StockAvailable) - 3)
    expect(stock()).toMatchObject({
      StockOnHand: before?.StockOnHand,
      LastChangedDateTimeOffset: before?.LastChangedDateTimeOffset,
    })
    await shop.api.patch(`/SalesOrders/${order.Id}`, [replace('/SalesOrderStatus', 'Draft')])
    expect(stock()?.StockAvailable).toBe(before?.StockAvailable)
  })
})

describe('deleting', () => {
  test('takes head and lines away without a trace', async () => {
    const order = await shop.create({ SalesOrderLines: [{ Description: 'x' }] })
    expect(await shop.api.delete(`/SalesOrders/${order.Id}`)).toMatchObject({ status: 200, text: '' })
    expect((await shop.api.get(`/SalesOrders/${order.Id}`)).status).toBe(404)
    expect((await shop.api.get(`/SalesOrders/${order.Id}/Lines/${firstLine(order).Id}`)).status).toBe(404)
    expect((await shop.api.delete(`/SalesOrders/${order.Id}`)).status).toBe(404)
  })

  test('an order keeps its customer, products and departments from being deleted, until it is gone', async () => {
    const { api } = shop
    const { Id: customerId } = (await api.post('/Customers', { Name: 'Ny AS', EmailAddress: 'n@x.example' })).json as {
      Id: number
    }
    const [department] = api.sandbox.departments.insert([{ Name: 'Ny' }])
    const [product] = api.sandbox.products.insert([{ Name: 'Ny' }])
    const order = await shop.create({
      CustomerId: customerId,
      SalesOrderLines: [{ ProductId: product?.Id, Quantity: 1, DepartmentId: department?.Id }],
    })
    const paths = [`/Customers/${customerId}`, `/Products/${product?.Id}`, `/Departments/${department?.Id}`]
    for (const path of paths) expect((await api.delete(path)).status).toBe(409)
    await api.delete(`/SalesOrders/${order.Id}`)
    for (const path of paths) expect((await api.delete(path)).status).toBe(200)
  })
})
