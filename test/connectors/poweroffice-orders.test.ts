import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { Collection, Credited, JsonObject, NewItem, ParsedRecord } from '../../activities/connector.ts'
import { longestList } from '../../activities/mapping/longest-list.ts'
import type { PowerOfficeConnector } from '../../activities/poweroffice/connector.ts'
import { defaultOptions } from '../../flows/flow-options.ts'
import type { PowerOfficeSandbox } from '../../sandbox/poweroffice/server.ts'
import type { SwitchChanges } from '../../sandbox/poweroffice/settings.ts'
import { alternatives, connectTo, settleDown, startSandbox } from './poweroffice-support.ts'
import { createSimulatedClock } from './simulated-clock.ts'
import { context, present, troubleOf, written } from './system-under-test.ts'

describe('sales orders in PowerOffice', () => {
  let sandbox: PowerOfficeSandbox
  let connector: PowerOfficeConnector
  let orders: Collection
  let lines: Collection
  let customer: number
  let coffee: number
  let freight: number
  /** Of the webshop's order: another one in every test, since invoices stay and keep their references. */
  let shopId = 'o-0'
  let tests = 0
  const accountId = (number: number) =>
    sandbox.accounts.all().find(({ AccountNo }) => AccountNo === number)?.Id ?? Number.NaN
  const product = (values: Readonly<Record<string, unknown>>) => Number(sandbox.products.insert([values])[0]?.Id)
  const order = (values: Readonly<Record<string, unknown>> = {}) =>
    sandbox.salesOrders.create({
      CustomerId: customer,
      CurrencyCode: 'NOK',
      SalesOrderLines: [{ ProductId: coffee, Quantity: 2, ProductUnitPrice: 50 }],
      ...values,
    }).order.Id
  const head = async (id: string) => present((await orders.readMany([id], context)).get(id))
  const whole = async (id: string, collection = orders) =>
    present(await (collection.readWhole ?? missingMethod)(id, context))
  const missingMethod = () => Promise.reject(new Error('the collection reads nothing whole'))

  beforeAll(async () => {
    sandbox = await startSandbox()
    customer = Number(sandbox.insertCustomers([{ Name: 'Kunde AS', IsPerson: false }])[0]?.Id)
    coffee = product({ Code: 'KAFFE', Name: 'Kaffe', UnitPrice: 50, StandardSalesAccountId: accountId(3020) })
    freight = product({ Code: 'FRAKT', Name: 'Frakt', UnitPrice: 99, StandardSalesAccountId: accountId(3000) })
    product({ Code: 'FRAKT15', Name: 'Frakt mat', UnitPrice: 99, StandardSalesAccountId: accountId(3020) })
  })
  afterAll(() => sandbox.close())
  beforeEach(async () => {
    await settleDown(sandbox)
    tests += 1
    shopId = `o-${tests}00`
    for (const { Id } of sandbox.salesOrders.all()) sandbox.salesOrders.remove(Id)
    for (const { Id } of sandbox.deliveryAddresses.all()) sandbox.deliveryAddresses.remove(Id)
    sandbox.counts.reset()
    connector = connectTo(sandbox)
    orders = connector.collection('salesOrders')
    lines = connector.collection('salesOrderLines')
  })

  const oslo = { AddressLine1: 'Gata 1', AddressLine2: null, ZipCode: '0150', City: 'Oslo', CountryCode: 'NO' }
  const values = (): JsonObject => ({
    CustomerId: String(customer),
    DepartmentId: null,
    CurrencyCode: 'EUR',
    SalesOrderDate: '2026-05-04',
    SalesOrderStatus: 'Draft',
    PurchaseOrderReference: 'PO-7',
    CustomerReference: '',
    ImportedOrderNo: 1001,
    CustomMatchingReference: 'pay-1',
    PaymentMethod: 'invoice30',
  })
  const coffeeLine = (id: string, rest: JsonObject = {}): NewItem => ({
    counterpartId: id,
    values: {
      Kind: 'product',
      ProductId: String(coffee),
      Description: 'Kaffe, malt',
      Quantity: '3',
      ProductUnitPrice: '49.9',
      Allowance: null,
      UnitOfMeasureCode: 'KGM',
      VatPercent: '15',
      ...rest,
    },
  })
  const shipping = (id: string, VatPercent: string | null, kind = 'shipping'): NewItem => ({
    counterpartId: id,
    values: { Kind: kind, Description: 'Frakt', Quantity: '1', ProductUnitPrice: '99', Allowance: '0', VatPercent },
  })
  const textLine = (id: string, rest: JsonObject = {}): NewItem => ({
    counterpartId: id,
    values: { Kind: 'text', Description: 'Takk for handelen', ...rest },
  })
  const create = async (items: readonly NewItem[], id = shopId, given: JsonObject = values(), collection = orders) => {
    const counterpart = { id, creation: 1 }
    const prepared = collection.prepareCreate(given, counterpart, items)
    expect(prepared.refusal).toBeNull()
    return { prepared, answer: await collection.create(prepared.body, counterpart, context) }
  }

  describe('reading', () => {
    test('a head shows what applies, inherited or not', async () => {
      const [{ Id: department } = { Id: 0 }] = sandbox.departments.insert([
        { Code: '77', Name: 'Nord', IsActive: true },
      ])
      sandbox.customers.edit(customer, { DepartmentId: department })
      const inherits = order({ PurchaseOrderReference: 'PO', CustomerReference: 'Kari' })
      const none = order({ DepartmentId: -1 })
      expect((await head(inherits)).raw).toMatchObject({
        CustomerId: customer,
        DepartmentId: department,
        CurrencyCode: 'NOK',
        Status: 'Draft',
        PurchaseOrderReference: 'PO',
        CustomerReference: 'Kari',
        PaymentMethod: null,
        InvoiceNo: null,
      })
      expect((await head(none)).raw['DepartmentId']).toBeNull()
      sandbox.customers.edit(customer, { DepartmentId: null })
    })

    test.each(['Z', '+02:00', 'missing'] as const)(
      'an order without a date is of the day when it was made (timestampZone %s)',
      async (timestampZone) => {
        const id = order()
        const made = (await head(id)).raw['OrderDay']
        expect(made).toMatch(/^\d{4}-\d\d-\d\d$/)
        sandbox.settings.change({ timestampZone })
        expect((await head(id)).raw['OrderDay']).toBe(made)
      },
    )

    test('totals are exact text, and a draft is neither locked nor final', async () => {
      const record = await head(order())
      expect(record).toMatchObject({
        totals: { net: '100', gross: '115' },
        isLocked: false,
        isFinal: false,
        reference: null,
      })
      sandbox.salesOrders.confirm(record.id)
      expect(await head(record.id)).toMatchObject({ isLocked: true, isFinal: false, raw: { Status: 'Confirmed' } })
    })

    test('a delivery address is looked up by its id, once for many orders', async () => {
      const [{ Id: address } = { Id: 0 }] = sandbox.deliveryAddresses.insert([{ ContactId: customer, ...oslo }])
      const ids = [1, 2, 3].map(() => order({ ContactDeliveryAddressId: address }))
      const found = await orders.readMany(ids, context)
      for (const id of ids) expect(present(found.get(id)).raw['DeliveryAddress']).toEqual(oslo)
      expect(sandbox.counts.report().byRoute['GET /v2/ContactDeliveryAddresses/{contactId}/{id}']).toBe(1)
    })

    test('lines come whole, in their order, with kind and exact amounts', async () => {
      const id = order({
        SalesOrderLines: [
          {
            ProductId: coffee,
            Quantity: 0.1,
            ProductUnitPrice: 0.2,
            Allowance: 12.5,
            UnitOfMeasureCode: 'KGM',
            SortOrder: 2,
            ExternalImportReference: 'l-1',
          },
          { ProductId: freight, Quantity: 1, ProductUnitPrice: 99, SortOrder: 1 },
          { LineType: 'Text', Description: 'Obs', SortOrder: 0 },
          {
            LineType: 'InvoiceFee',
            Description: 'Gebyr',
            ProductId: freight,
            Quantity: 1,
            ProductUnitPrice: 30,
            SortOrder: 3,
          },
          { LineType: 'Summary', Description: 'Sum', SortOrder: 4 },
        ],
      })
      for (const collection of [orders, lines]) {
        const { items } = await whole(id, collection)
        expect(items?.map(({ raw }) => raw)).toMatchObject([
          {
            Kind: 'text',
            ProductId: null,
            Description: 'Obs',
            Quantity: null,
            ProductUnitPrice: null,
            VatPercent: null,
          },
          {
            Kind: 'shipping',
            ProductId: null,
            Quantity: '1',
            ProductUnitPrice: '99',
            Allowance: '0',
            VatPercent: '25',
          },
          {
            Kind: 'product',
            ProductId: coffee,
            Quantity: '0.1',
            ProductUnitPrice: '0.2',
            Allowance: '12.5',
            UnitOfMeasureCode: 'KGM',
            VatPercent: '15',
          },
          { Kind: 'payment', ProductId: null, Quantity: '1', ProductUnitPrice: '30' },
        ])
        expect(items?.map(({ reference }) => reference)).toEqual([null, null, 'l-1', null])
      }
    })

    test('a customer’s discount shows on the line that says none of its own', async () => {
      sandbox.customers.edit(customer, { Allowance: 10 })
      const { items } = await whole(order())
      expect(items?.[0]?.raw['Allowance']).toBe('10')
      sandbox.customers.edit(customer, { Allowance: null })
    })

    test('what a list tells of its lines is what the whole order tells, and moves with a line', async () => {
      const id = order()
      const listed = async () => (await lines.listAll(context)).find((record) => record.id === id)
      const before = present(await listed())
      expect(before.items).toBeUndefined()
      expect(before.seenText).toBe((await whole(id, lines)).seenText)
      sandbox.settings.change({ lineWriteMovesOrder: 'no' })
      sandbox.salesOrders.addLine(id, { ProductId: coffee, Quantity: 1, ProductUnitPrice: 1 })
      expect(present(await listed()).seenText).not.toBe(before.seenText)
    })

    test('E23: both flows of orders ask for one list when they meet', async () => {
      order()
      await Promise.all([orders.listAll(context), lines.listAll(context)])
      expect(sandbox.counts.report().byRoute['GET /v2/SalesOrders']).toBe(1)
      const cursor = await orders.startCursor(context)
      sandbox.counts.reset()
      await Promise.all([orders.listChanges(cursor, context), lines.listChanges(cursor, context)])
      expect(sandbox.counts.report().byRoute['GET /v2/SalesOrders']).toBe(1)
    })

    test('E16: an order without its lines is unreadable, not an empty list, and several in a row are a fault of the interface', async () => {
      const id = order()
      const body = { Id: id, SalesOrderStatus: 'Draft', LineCount: 1 }
      sandbox.faults.plan({ kind: 'status', status: 200, path: '/Complete', body, count: 5 })
      for (let times = 1; times < 5; times++)
        expect(await orders.readWhole?.(id, context)).toMatchObject({ kind: 'unreadable', path: 'SalesOrderLines' })
      expect(await troubleOf(whole(id))).toMatchObject({ type: 'ContractChanged' })
    })

    test.each([
      ['null', null, 'SalesOrderLines: is empty where a list is expected'],
      ['no list', { 0: {} }, 'SalesOrderLines: is an object where a list is expected'],
      ['an empty line', [null], 'SalesOrderLines 1 Id: is absent where text or a number is expected'],
      ['an id twice', [{ Id: 7 }, { Id: 7 }], 'SalesOrderLines 2 Id: is that of another line, too'],
      [
        'more lines than travel',
        Array.from({ length: longestList + 1 }, (_, at) => ({ Id: at })),
        'SalesOrderLines: has 1001 lines, more than the 1000 that travel',
      ],
    ])('lines that are none make that order unreadable: %s', async (_title, SalesOrderLines, problem) => {
      const id = order()
      const body = { Id: id, SalesOrderStatus: 'Draft', LineCount: 2, SalesOrderLines }
      sandbox.faults.plan({ kind: 'status', status: 200, path: '/Complete', body })
      const read = await orders.readWhole?.(id, context)
      if (read?.kind !== 'unreadable') throw new Error('it was read')
      expect(`${read.path}: ${read.problem}`).toBe(problem)
    })

    test('an order that says by its own address that it is another one is unreadable, and no end of the flow', async () => {
      const id = order()
      sandbox.faults.plan({ kind: 'status', status: 200, path: `/SalesOrders/${id}`, body: { Id: '0' } })
      const read = await orders.readMany([id], context)
      expect(read.get(id)).toMatchObject({ kind: 'unreadable', id, path: 'Id' })
    })

    test('an id that is none is never asked for by itself: PowerOffice would refuse the address', async () => {
      const customers = connector.collection('customers')
      for (const id of ['no-id-0123456789ab', 'constructor', '0']) {
        expect((await orders.readMany([id], context)).get(id)).toEqual({ kind: 'missing', id, tombstone: false })
        expect((await customers.readMany([id], context)).get(id)).toMatchObject({ kind: 'missing' })
      }
    })
  })

  describe('invoiced orders', () => {
    test('an order that left for the invoices is read there: final, with number, due date and balance', async () => {
      const id = order({ ExternalImportReference: 'test:o-5', PurchaseOrderReference: 'PO' })
      const before = await head(id)
      const invoice = sandbox.salesOrders.invoice(id)
      const after = await head(id)
      expect(after).toMatchObject({
        id,
        reference: 'o-5',
        isLocked: true,
        isFinal: true,
        totals: { net: '100', gross: '115' },
        raw: {
          Status: 'Invoiced',
          SalesOrderNo: before.raw['SalesOrderNo'] ?? null,
          InvoiceNo: String(invoice.InvoiceNo),
          InvoiceBalance: '115',
          PurchaseOrderReference: 'PO',
        },
      })
      expect(after.raw['InvoiceDueDate']).toMatch(/^\d{4}-\d\d-\d\d$/)
      const final = await whole(id)
      expect(final.items?.map(({ raw }) => raw)).toMatchObject([
        { Kind: 'product', ProductId: coffee, Quantity: '2', ProductUnitPrice: '50', Allowance: '0', VatPercent: '15' },
      ])
      expect((await whole(id, lines)).seenText).toBe(final.seenText)
    })

    test('the invoicing and a payment come as changes', async () => {
      const id = order()
      const cursor = await orders.startCursor(context)
      sandbox.salesOrders.invoice(id)
      const invoiced = await orders.listChanges(cursor, context)
      expect(present(invoiced.records.find((record) => record.id === id)).raw['Status']).toBe('Invoiced')
      sandbox.outgoingInvoices.bookPayment(id, 15)
      const paid = await orders.listChanges(invoiced.next, context)
      expect(present(paid.records.find((record) => record.id === id)).raw['InvoiceBalance']).toBe('100')
    })

    test('are part of everything that is listed', async () => {
      const id = order()
      sandbox.salesOrders.invoice(id)
      expect((await orders.listAll(context)).filter((record) => record.id === id)).toMatchObject([{ isFinal: true }])
    })

    test.each<SwitchChanges>([
      { getOrderAfterInvoicing: 'orderLingers', afterInvoicingMs: 60_000 },
      { getOrderAfterInvoicing: 'both200', afterInvoicingMs: 60_000 },
      { getOrderAfterInvoicing: 'both404', afterInvoicingMs: 60_000 },
    ])('an order on its way to being an invoice is never missing (%o)', async (switches) => {
      sandbox.settings.change(switches)
      const id = order()
      sandbox.salesOrders.invoice(id)
      const record = (await orders.readMany([id], context)).get(id)
      expect(record?.kind).toBe(switches.getOrderAfterInvoicing === 'both404' ? 'unreadable' : 'record')
    })

    test('one that was deleted is missing', async () => {
      const id = order()
      sandbox.salesOrders.remove(id)
      expect((await orders.readMany([id], context)).get(id)).toEqual({ kind: 'missing', id, tombstone: false })
      const many = [...Array.from({ length: 9 }, () => order()), id]
      expect((await orders.readMany(many, context)).get(id)).toEqual({ kind: 'missing', id, tombstone: false })
    })

    test('without the role for invoices, invoiced cannot be told from deleted: it says so and names the role', async () => {
      const id = order()
      await head(id)
      sandbox.salesOrders.invoice(id)
      sandbox.settings.change({ outgoingInvoiceRole: 'missing' })
      const record = (await orders.readMany([id], context)).get(id)
      expect(record).toMatchObject({ kind: 'unreadable', id })
      expect(record?.kind === 'unreadable' && record.problem).toMatch(/tell invoiced from deleted.*OutgoingInvoice/)
      expect(await orders.listAll(context)).toEqual([])
      await expect(connector.checkHealth(context, 'salesOrders')).resolves.toBeUndefined()
      expect((await connector.checkRoles(context)).join(' ')).toContain('OutgoingInvoice')
    })

    test('a list without the invoices says so of each order that it does not show, and no longer once the role is granted', async () => {
      const clock = createSimulatedClock()
      orders = connectTo(sandbox, { clock }).collection('salesOrders')
      const id = order()
      sandbox.salesOrders.invoice(id)
      expect(orders.unlisted?.(id)).toBeNull()
      sandbox.settings.change({ outgoingInvoiceRole: 'missing' })
      await orders.listAll(context)
      // The very words of a reading by the id, so that both count as one.
      expect(orders.unlisted?.(id)).toEqual((await orders.readMany([id], context)).get(id))
      sandbox.settings.change({ outgoingInvoiceRole: 'granted' })
      await clock.advance(61_000)
      expect((await orders.listAll(context)).filter((record) => record.id === id)).toMatchObject([{ isFinal: true }])
      expect(orders.unlisted?.(id)).toBeNull()
    })

    test('an invoice that shows no lines yet is listed by itself, and is whole once it does: the flow goes on meanwhile', async () => {
      const id = order()
      sandbox.salesOrders.invoice(id)
      sandbox.faults.plan({ kind: 'status', status: 404, method: 'GET', path: '/Lines' })
      const read = await (lines.readWhole ?? missingMethod)(id, context)
      expect(read).toMatchObject({ kind: 'unreadable', id, problem: expect.stringContaining('looked at again') })
      expect((await whole(id, lines)).items).toHaveLength(1)
    })

    test('lines of one number stand in the order in which they were made, whatever order the list of an invoice comes in', async () => {
      const id = order({
        SalesOrderLines: Array.from({ length: 8 }, (_, index) => ({
          ProductId: coffee,
          Quantity: index + 1,
          SortOrder: Math.min(index, 3),
        })),
      })
      const quantities = async () => (await whole(id)).items?.map(({ raw }) => Number(raw['Quantity']))
      expect(await quantities()).toEqual([1, 2, 3, 4, 5, 6, 7, 8])
      sandbox.settings.change({ listOrder: 'shuffled' })
      sandbox.salesOrders.invoice(id)
      expect(await quantities()).toEqual([1, 2, 3, 4, 5, 6, 7, 8])
    })

    test('an invoice with an id of its own is the order that it was', async () => {
      sandbox.settings.change({ invoiceKeepsOrderId: 'no' })
      const id = order()
      const cursor = await orders.startCursor(context)
      await orders.listAll(context)
      sandbox.salesOrders.invoice(id)
      const { records } = await orders.listChanges(cursor, context)
      expect(records.map((record) => record.id)).toContain(id)
      expect(await head(id)).toMatchObject({ id, isFinal: true })
      expect((await whole(id)).items).toHaveLength(1)
    })

    test('an invoice with an id of its own is no order of its own while its order still stands, and that order afterwards', async () => {
      sandbox.settings.change({
        invoiceKeepsOrderId: 'no',
        getOrderAfterInvoicing: 'both200',
        afterInvoicingMs: 60_000,
      })
      const id = order()
      const cursor = await orders.startCursor(context)
      await orders.listAll(context)
      const invoiceId = sandbox.salesOrders.invoice(id).Id
      const listed = async () => [
        ...(await orders.listAll(context)),
        ...(await orders.listChanges(cursor, context)).records,
      ]
      expect((await listed()).map((record) => record.id)).not.toContain(invoiceId)
      sandbox.settings.change({ clockSkewMs: 61_000 })
      const later = await listed()
      expect(later.map((record) => record.id)).not.toContain(invoiceId)
      expect(later.filter((record) => record.id === id)).toMatchObject([{ isFinal: true }, { isFinal: true }])
    })
  })

  describe('creation', () => {
    const options = {
      ...defaultOptions,
      salesOrders: {
        ...defaultOptions.salesOrders,
        lineProducts: { ...defaultOptions.salesOrders.lineProducts, 'shipping:15': 'FRAKT15' },
      },
    }

    test('rule 10: an order is made with its lines in one request, and nothing is left for PowerOffice to fill in', async () => {
      const { answer } = await create([coffeeLine('l-1'), shipping('l-2', '25'), textLine('l-3')])
      const record = written(answer)
      expect(record).toMatchObject({ reference: shopId, isLocked: false, totals: { net: '248.7' } })
      expect(record.raw).toMatchObject({
        CustomerId: customer,
        CurrencyCode: 'EUR',
        OrderDay: '2026-05-04',
        ImportedOrderNo: 1001,
        CustomMatchingReference: 'pay-1',
        CustomerReference: null,
      })
      expect(record.items?.map(({ reference, raw }) => [reference, raw['Kind'], raw['Allowance']])).toEqual([
        ['l-1', 'product', '0'],
        ['l-2', 'shipping', '0'],
        ['l-3', 'text', null],
      ])
      expect(record.seenText).toBe((await whole(record.id, lines)).seenText)
      expect(sandbox.salesOrders.linesOf(record.id)).toMatchObject([
        {
          LineType: 'Normal',
          ProductId: coffee,
          Quantity: 3,
          ProductUnitPrice: 49.9,
          Allowance: 0,
          SortOrder: 0,
          UnitOfMeasureCode: 'KGM',
        },
        { LineType: 'Normal', ProductId: freight, Quantity: 1, ProductUnitPrice: 99, Allowance: 0, SortOrder: 1 },
        { LineType: 'Text', ProductId: null, SortOrder: 2 },
      ])
    })

    test('the payment method gives the payment term by the table, else the company’s own choice', async () => {
      const [, { Id: term } = { Id: 0 }] = sandbox.paymentTerms.all()
      const withTable = { ...options, salesOrders: { ...options.salesOrders, paymentTerms: { invoice30: term } } }
      const table = connectTo(sandbox, { options: withTable }).collection('salesOrders')
      const made = written((await create([], `${shopId}b`, values(), table)).answer)
      expect(sandbox.salesOrders.get(made.id)).toMatchObject({ PaymentTermId: term })
      const createWith = { salesOrders: { PaymentTermId: term } }
      const chosen = connectTo(sandbox, { options: { ...defaultOptions, createWith } }).collection('salesOrders')
      const other = written((await create([], `${shopId}c`, values(), chosen)).answer)
      expect(sandbox.salesOrders.get(other.id)).toMatchObject({ PaymentTermId: term })
    })

    test('an article for a kind at a rate goes before the kind’s own', async () => {
      const collection = connectTo(sandbox, { options }).collection('salesOrders')
      const record = written(
        (await create([shipping('l-1', '15'), shipping('l-2', '25')], shopId, values(), collection)).answer,
      )
      expect(record.items?.map(({ raw }) => [raw['Kind'], raw['VatPercent']])).toEqual([
        ['shipping', '15'],
        ['shipping', '25'],
      ])
    })

    test.each([
      ['an article with another rate', shipping('l-1', '12'), /shipping at 12 % VAT has 25 %/],
      [
        'an article that is not in PowerOffice',
        shipping('l-1', '25', 'discount'),
        /RABATT.*discount at 25 % VAT is not in PowerOffice/,
      ],
    ])('%s holds the order, naming kind and rate, and nothing is sent', async (_title, line, words) => {
      const { answer } = await create([line])
      expect(answer).toMatchObject({ kind: 'refused', title: 'Line 1' })
      expect(answer.kind === 'refused' && answer.detail).toMatch(words)
      expect(sandbox.salesOrders.count()).toBe(0)
    })

    test('an article made since is found', async () => {
      await whole(order())
      const id = product({ Code: 'GEBYR', Name: 'Gebyr', StandardSalesAccountId: accountId(3000) })
      const { answer } = await create([shipping('l-1', '25', 'payment')])
      expect(written(answer).items?.[0]?.raw['Kind']).toBe('payment')
      sandbox.products.remove(id)
    })

    test('a line without VAT on a taxed product uses the account for that', async () => {
      const record = written((await create([coffeeLine('l-1', { VatPercent: '0' }), coffeeLine('l-2')])).answer)
      expect(sandbox.salesOrders.linesOf(record.id).map((line) => line.UseStandardSalesAccount)).toEqual([false, null])
    })

    test.each([
      ['no customer', { CustomerId: null }, () => [], 'customer'],
      ['no currency', { CurrencyCode: null }, () => [], 'currency'],
      ['a text with a price', {}, () => [textLine('l-1', { ProductUnitPrice: '5' })], 'Line 1: a text line'],
      ['a text with a quantity', {}, () => [textLine('l-1', { Quantity: '1' })], 'Line 1: a text line'],
      ['a kind without an article', {}, () => [shipping('l-1', '25', 'insurance')], 'kind insurance at 25 % VAT'],
      ['a product line without its product', {}, () => [coffeeLine('l-1', { ProductId: null })], 'no product'],
      ['a line without a price', {}, () => [coffeeLine('l-1', { ProductUnitPrice: null })], 'no unit price'],
      [
        'more digits than fit',
        {},
        () => [coffeeLine('l-1', { ProductUnitPrice: '1234567890.12345678901' })],
        '15 digits',
      ],
    ])('%s is refused with a sentence', (_title, rest, items, words) => {
      const prepared = orders.prepareCreate({ ...values(), ...rest }, { id: shopId, creation: 1 }, items())
      expect(prepared.refusal).toContain(words)
    })

    describe('lines that sum to less than nothing', () => {
      const back = () => [coffeeLine('l-1', { Quantity: '-3' })]
      const prepared = (items: readonly NewItem[], credited: Credited | null) =>
        orders.prepareCreate(values(), { id: shopId, creation: 1 }, items, credited)

      test('name the invoice that they take back', () => {
        const { body, notes, refusal } = prepared(back(), { invoiceNumber: '20001' })
        expect({ number: body['RelatedInvoiceNo'], notes, refusal }).toEqual({
          number: 20001,
          notes: [],
          refusal: null,
        })
      })

      test.each<[string, Credited | null]>([
        ['names no order', null],
        ['has no invoice', { invoiceNumber: null }],
        ['none of PowerOffice', { invoiceNumber: 'F-17' }],
      ])('go without an invoice and are listed: %s', (words, credited) => {
        const { body, notes, refusal } = prepared(back(), credited)
        expect(refusal).toBeNull()
        expect(body['RelatedInvoiceNo']).toBeUndefined()
        expect(notes).toMatchObject([{ field: 'credit', kind: 'asks', detail: expect.stringContaining(words) }])
      })

      test('an order that sums to something names none, whatever it credits: PowerOffice would refuse it', () => {
        const { body, notes } = prepared([coffeeLine('l-1')], { invoiceNumber: '20001' })
        expect([body['RelatedInvoiceNo'], notes]).toEqual([undefined, []])
      })
    })

    test('a delivery address that the customer already has is used again, else one is added; none is changed', async () => {
      const [{ Id: known } = { Id: 0 }] = sandbox.deliveryAddresses.insert([
        { ContactId: customer, ...oslo, CountryCode: 'NO' },
      ])
      const same = { ...values(), DeliveryAddress: { ...oslo, AddressLine1: 'Gata 1 ', CountryCode: null } }
      const first = written((await create([], shopId, same)).answer)
      expect(first.raw).toMatchObject({ ContactDeliveryAddressId: known, DeliveryAddress: oslo })
      const elsewhere = { ...values(), DeliveryAddress: { ...oslo, City: 'Bergen', ZipCode: '5003' } }
      const second = written((await create([], `${shopId}b`, elsewhere)).answer)
      expect(second.raw['DeliveryAddress']).toMatchObject({ City: 'Bergen' })
      expect(sandbox.deliveryAddresses.count()).toBe(2)
      written((await create([], `${shopId}c`, elsewhere)).answer)
      expect(sandbox.deliveryAddresses.count()).toBe(2)
    })

    test('an address without zip or city stays out and is listed, the order still goes', async () => {
      const { prepared, answer } = await create([], shopId, { ...values(), DeliveryAddress: { ...oslo, City: null } })
      expect(prepared.notes).toMatchObject([{ field: 'deliveryAddress', kind: 'withheld' }])
      written(answer)
    })

    test('an unknown product is refused in the vendor’s words, although it is a 404', async () => {
      const { answer } = await create([coffeeLine('l-1', { ProductId: '999' })])
      expect(answer).toMatchObject({ kind: 'refused', status: 404 })
    })

    test.each<SwitchChanges>([{}, { duplicateOrderReference: '409' }, { duplicateOrderReference: '400WithoutId' }])(
      'E18: a second creation under one reference says that it is taken (%o)',
      async (switches) => {
        sandbox.settings.change(switches)
        const made = written((await create([coffeeLine('l-1')])).answer)
        const { answer } = await create([coffeeLine('l-1')])
        const existingId = switches.duplicateOrderReference === '400WithoutId' ? null : made.id
        expect(answer).toMatchObject({ kind: 'taken', byReference: true, existingId })
        expect(sandbox.salesOrders.count()).toBe(1)
      },
    )

    test.each<SwitchChanges>([{}, { laterFilters: 'ignored' }, { laterFilters: '400' }])(
      'E18: an order whose answer was lost is found by its reference, also when it was invoiced since (%o)',
      async (switches) => {
        sandbox.settings.change(switches)
        order({ ExternalImportReference: `test:${shopId}1` })
        await orders.startCursor(context)
        sandbox.faults.plan({ kind: 'reset', method: 'POST', path: '/SalesOrders', when: 'after' })
        const { answer } = await create([coffeeLine('l-1')])
        expect(answer).toMatchObject({ kind: 'uncertain' })
        const found = await orders.findByCounterpart(shopId, context, {})
        expect(found.map((record) => present(record).reference)).toEqual([shopId])
        const [{ id } = { id: '' }] = found
        sandbox.salesOrders.invoice(id)
        expect(await orders.findByCounterpart(shopId, context, {})).toMatchObject([{ id, isFinal: true }])
        expect(await orders.findByCounterpart(`${shopId}b`, context, {})).toEqual([])
      },
    )
  })

  describe('edits of the head', () => {
    const edit = async (record: ParsedRecord & { kind: 'record' }, given: JsonObject) => {
      const prepared = orders.prepareUpdate(record.raw, given, '')
      return { prepared, answer: await orders.update(record, prepared.body, null, context) }
    }

    test('only what changes is written, and the answer shows what applies', async () => {
      const [{ Id: department } = { Id: 0 }] = sandbox.departments.insert([{ Code: '78', Name: 'Sør', IsActive: true }])
      sandbox.customers.edit(customer, { DepartmentId: department })
      const before = await head(order())
      const { answer } = await edit(before, { PurchaseOrderReference: 'Ny', CustomMatchingReference: 'pay-2' })
      expect(written(answer).raw).toMatchObject({ PurchaseOrderReference: 'Ny', DepartmentId: department })
      expect(sandbox.salesOrders.get(before.id)).toMatchObject({ DepartmentId: null, PurchaseOrderReference: 'Ny' })
      const cleared = written((await edit(written(answer), { DepartmentId: null })).answer)
      expect(cleared.raw['DepartmentId']).toBeNull()
      expect(sandbox.salesOrders.get(before.id)).toMatchObject({ DepartmentId: -1 })
      sandbox.customers.edit(customer, { DepartmentId: null })
    })

    test('a confirmed order takes a change of its status and refuses others in the vendor’s words', async () => {
      const id = order()
      sandbox.salesOrders.confirm(id)
      const confirmed = await head(id)
      const { answer } = await edit(confirmed, { PurchaseOrderReference: 'Ny' })
      expect(answer).toMatchObject({ kind: 'refused', status: 400, title: 'SalesOrder validation error(s)' })
      expect(written((await edit(confirmed, { SalesOrderStatus: 'Draft' })).answer).raw['Status']).toBe('Draft')
      expect(written((await edit(await head(id), { SalesOrderStatus: 'Confirmed' })).answer).isLocked).toBe(true)
    })

    test('the customer reference is withheld while a contact person stands there', async () => {
      const person = sandbox.salesOrders.addContactPerson({ ContactId: customer, Name: 'Kari' } as never)
      const record = await head(order({ CustomerReferenceContactPersonId: person.Id }))
      const { prepared } = await edit(record, { CustomerReference: 'Ola' })
      expect(prepared).toMatchObject({ body: {}, notes: [{ field: 'customerReference', kind: 'withheld' }] })
    })

    test('an edit that others changed meanwhile is stale, and not written', async () => {
      const record = await head(order({ PurchaseOrderReference: 'A' }))
      sandbox.salesOrders.edit(record.id, { PurchaseOrderReference: 'Noen andres' })
      expect((await edit(record, { PurchaseOrderReference: 'Vår' })).answer).toEqual({ kind: 'stale' })
    })

    test('an order invoiced meanwhile is stale, one deleted is missing, one known to be invoiced is refused', async () => {
      const record = await head(order())
      sandbox.salesOrders.invoice(record.id)
      expect((await edit(record, { PurchaseOrderReference: 'B' })).answer).toEqual({ kind: 'stale' })
      expect((await edit(await head(record.id), { PurchaseOrderReference: 'B' })).answer).toMatchObject({
        kind: 'refused',
      })
      const gone = await head(order())
      sandbox.salesOrders.remove(gone.id)
      expect((await edit(gone, { PurchaseOrderReference: 'B' })).answer).toEqual({ kind: 'missing' })
    })

    test('the number and the payment method are never written later', async () => {
      const record = await head(order())
      expect(orders.prepareUpdate(record.raw, { ImportedOrderNo: 7, PaymentMethod: 'card' }, '').body).toEqual({})
    })

    test('a new delivery address is added to the customer', async () => {
      const record = await head(order())
      const { answer } = await edit(record, { DeliveryAddress: { ...oslo, City: 'Tromsø', ZipCode: '9008' } })
      expect(written(answer).raw['DeliveryAddress']).toMatchObject({ City: 'Tromsø' })
    })
  })

  describe('removal', () => {
    const remove = (record: ParsedRecord & { kind: 'record' }) => (orders.remove ?? missingMethod)(record, context)

    test('a draft that still is as it was read is deleted, and one that is gone already is done', async () => {
      const record = await head(order())
      expect(await remove(record)).toEqual({ kind: 'done' })
      expect(sandbox.salesOrders.count()).toBe(0)
      expect(await remove(record)).toEqual({ kind: 'done' })
    })

    test('a confirmed one is refused, one that changed or was invoiced is stale', async () => {
      const confirmed = order()
      sandbox.salesOrders.confirm(confirmed)
      expect(await remove(await head(confirmed))).toMatchObject({ kind: 'refused', status: 409 })
      const changed = await head(order())
      sandbox.salesOrders.addLine(changed.id, { ProductId: coffee, Quantity: 1, ProductUnitPrice: 1 })
      expect(await remove(changed)).toEqual({ kind: 'stale' })
      const invoiced = await head(order())
      sandbox.salesOrders.invoice(invoiced.id)
      expect(await remove(invoiced)).toEqual({ kind: 'stale' })
    })
  })

  describe('edits of lines', () => {
    const editItem = (
      record: ParsedRecord & { kind: 'record' },
      edit: Parameters<NonNullable<Collection['editItem']>>[1],
    ) => (lines.editItem ?? missingMethod)(record, edit, context)

    test('a line is added, changed, moved and removed, one request each', async () => {
      const id = order()
      const record = await whole(id, lines)
      const added = await editItem(record, { kind: 'add', ...coffeeLine('l-9'), position: 1 })
      if (added.kind !== 'done' || !added.item) throw new Error(`not added: ${JSON.stringify(added)}`)
      expect(added.item).toMatchObject({
        reference: 'l-9',
        raw: { Kind: 'product', Quantity: '3', Allowance: '0', SortOrder: 1 },
      })
      const changed = await editItem(record, {
        kind: 'change',
        id: added.item.id,
        current: added.item.raw,
        values: { Quantity: '4.25', Description: 'Kaffe, hel', Allowance: null },
        position: 5,
      })
      expect(changed).toMatchObject({
        kind: 'done',
        item: { raw: { Quantity: '4.25', Description: 'Kaffe, hel', Allowance: '0', SortOrder: 5 } },
      })
      const [{ id: firstLine } = { id: '' }] = record.items ?? []
      expect(await editItem(record, { kind: 'remove', id: firstLine })).toEqual({
        kind: 'done',
        item: null,
        version: null,
      })
      expect(await editItem(record, { kind: 'remove', id: firstLine })).toEqual({
        kind: 'done',
        item: null,
        version: null,
      })
      expect((await whole(id, lines)).items?.map((item) => item.id)).toEqual([added.item.id])
    })

    test('a line whose answer was lost is not added twice', async () => {
      const record = await whole(order(), lines)
      const edit = { kind: 'add', ...coffeeLine('l-9'), position: 1 } as const
      sandbox.faults.plan({ kind: 'reset', method: 'POST', path: '/Lines', when: 'after' })
      expect(await editItem(record, edit)).toMatchObject({ kind: 'uncertain' })
      expect(await editItem(record, edit)).toMatchObject({ kind: 'done', item: { reference: 'l-9' } })
      expect(sandbox.salesOrders.linesOf(record.id)).toHaveLength(2)
    })

    test('a line that others changed meanwhile is stale, and not written', async () => {
      const record = await whole(order(), lines)
      const [item] = record.items ?? []
      if (!item) throw new Error('the order has no line')
      sandbox.salesOrders.editLine(record.id, item.id, { Quantity: 9 })
      const edit = {
        kind: 'change',
        id: item.id,
        current: item.raw,
        values: { Quantity: '4' },
        position: null,
      } as const
      expect(await editItem(record, edit)).toEqual({ kind: 'stale' })
      expect(sandbox.salesOrders.linesOf(record.id)[0]?.Quantity).toBe(9)
    })

    test('a line of a confirmed order is refused in the vendor’s words, of an invoiced one stale', async () => {
      const record = await whole(order(), lines)
      const [item] = record.items ?? []
      if (!item) throw new Error('the order has no line')
      const edit = {
        kind: 'change',
        id: item.id,
        current: item.raw,
        values: { Quantity: '4' },
        position: null,
      } as const
      sandbox.salesOrders.confirm(record.id)
      expect(await editItem(record, edit)).toMatchObject({ kind: 'refused', title: /SalesOrder/ as never })
      sandbox.salesOrders.invoice(record.id)
      expect(await editItem(record, edit)).toEqual({ kind: 'stale' })
      expect(await editItem(record, { kind: 'add', ...coffeeLine('l-9'), position: 1 })).toEqual({ kind: 'stale' })
      expect(await editItem(record, { kind: 'remove', id: item.id })).toEqual({ kind: 'stale' })
    })

    test('a line that is gone is missing, and an article of another rate refuses the line', async () => {
      const record = await whole(order(), lines)
      const [item] = record.items ?? []
      if (!item) throw new Error('the order has no line')
      expect(await editItem(record, { kind: 'add', ...shipping('l-9', '12'), position: 1 })).toMatchObject({
        kind: 'refused',
        detail: expect.stringContaining('shipping at 12 % VAT'),
      })
      sandbox.salesOrders.removeLine(record.id, item.id)
      const edit = {
        kind: 'change',
        id: item.id,
        current: item.raw,
        values: { Quantity: '4' },
        position: null,
      } as const
      expect(await editItem(record, edit)).toEqual({ kind: 'missing' })
    })

    test('a text line takes no price', async () => {
      const record = await whole(order({ SalesOrderLines: [{ LineType: 'Text', Description: 'Obs' }] }), lines)
      const [item] = record.items ?? []
      if (!item) throw new Error('the order has no line')
      const edit = { kind: 'change', id: item.id, current: item.raw, position: null } as const
      expect(await editItem(record, { ...edit, values: { ProductUnitPrice: '5' } })).toMatchObject({ kind: 'refused' })
      expect(await editItem(record, { ...edit, values: { Description: 'Hei' } })).toMatchObject({
        kind: 'done',
        item: { raw: { Description: 'Hei' } },
      })
    })
  })

  test.each(alternatives)(
    'an order is created, listed, changed, invoiced and looked up alike (%o)',
    async (switches) => {
      sandbox.settings.change(switches)
      const cursor = await orders.startCursor(context)
      const given = { ...values(), DeliveryAddress: oslo }
      const made = written((await create([coffeeLine('l-1'), textLine('l-2')], shopId, given)).answer)
      expect(made.raw).toMatchObject({ OrderDay: '2026-05-04', DeliveryAddress: oslo, Status: 'Draft' })
      const listed = (await orders.listAll(context)).find(({ id }) => id === made.id)
      expect(present(listed).raw).toEqual(made.raw)
      expect((await orders.listChanges(cursor, context)).records.map(({ id }) => id)).toContain(made.id)
      const read = await whole(made.id, lines)
      expect(read.items).toEqual(made.items)
      expect(read.seenText).toBe(made.seenText)

      const edit = orders.prepareUpdate(made.raw, { PurchaseOrderReference: 'Ny' }, '')
      expect(written(await orders.update(made, edit.body, null, context)).raw['PurchaseOrderReference']).toBe('Ny')
      const [item] = read.items ?? []
      if (!item) throw new Error('the order has no line')
      const change = {
        kind: 'change',
        id: item.id,
        current: item.raw,
        values: { Quantity: '1.5' },
        position: 3,
      } as const
      expect(await (lines.editItem ?? missingMethod)(read, change, context)).toMatchObject({ kind: 'done' })
      const after = await whole(made.id, lines)
      expect(after.items?.map(({ raw }) => [raw['Kind'], raw['Quantity']])).toEqual([
        ['text', null],
        ['product', '1.5'],
      ])
      expect((await orders.findByCounterpart(shopId, context, {})).map(({ id }) => id)).toEqual([made.id])
      expect((await create([coffeeLine('l-1')], shopId, given)).answer.kind).toBe('taken')
      sandbox.salesOrders.invoice(made.id)
      const final = await whole(made.id)
      expect(final).toMatchObject({ isFinal: true, raw: { Status: 'Invoiced', DeliveryAddress: oslo } })
      expect(final.items).toHaveLength(2)
    },
  )
})
