import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type PowerOfficeSandbox, startPowerOfficeSandbox } from '../sandbox/poweroffice/server.ts'
import { chromiumPath, errorOf, fill, obstacles, openBrowser, press, pressTwice } from './support/browser.ts'

describe.skipIf(chromiumPath === undefined)(
  'PowerOffice’s pages in a browser without scripts (skipped where no Chromium is installed)',
  () => {
    let erp: PowerOfficeSandbox
    let browser: Browser
    let page: Page
    let customerId = 0
    let orderId = ''

    beforeAll(async () => {
      erp = await startPowerOfficeSandbox({ port: 0, dataFile: ':memory:', seed: 'none' })
      const [customer] = erp.insertCustomers([
        { Name: 'Fjord <b>AS</b>', EmailAddress: 'post@fjord.no', IsActive: true },
      ])
      customerId = Number(customer?.Id)
      erp.products.insert([
        { Code: 'KAKE', Name: 'Kake', UnitPrice: 100 },
        { Code: 'TE', Name: 'Te', UnitPrice: 49.9, IsStockItem: true, StockOnHand: 20 },
      ])
      browser = await openBrowser()
      page = await browser.newPage({ javaScriptEnabled: false })
    })

    afterAll(async () => {
      await browser.close()
      await erp.close()
    })

    const open = (path: string) => page.goto(erp.origin + path)
    const notice = () => page.getByRole('status').textContent()
    const facts = async (name: string) =>
      page
        .locator('.facts div', { has: page.getByText(name, { exact: true }) })
        .locator('dd')
        .textContent()
    const alert = () => page.getByRole('alert').textContent()

    interface Life {
      readonly path: string
      readonly noun: string
      readonly create: Readonly<Record<string, string>>
      readonly search: string
      readonly edit: Readonly<Record<string, string>>
      readonly records: () => readonly unknown[]
      readonly created: object
      readonly edited: object
    }

    const lives: readonly Life[] = [
      {
        path: '/departments',
        noun: 'department',
        create: { Code: '07', Name: 'Ærfuglgata' },
        search: 'ÆRFUGL',
        edit: { Name: 'Ærfuglgata 2', Active: '' },
        records: () => erp.departments.all(),
        created: { Code: '07', Name: 'Ærfuglgata', IsActive: true },
        edited: { Code: '07', Name: 'Ærfuglgata 2', IsActive: false },
      },
      {
        path: '/customers',
        noun: 'customer',
        create: {
          Name: 'Ørsta Kaffe AS',
          'E-mail': 'kaffe@orsta.no',
          'Postal code': '6150',
          City: 'Ørsta',
          'Discount %': '7,5',
        },
        search: 'ørsta kaffe@',
        edit: { Phone: '70 06 00 00', Archived: 'yes', City: '', 'Postal code': '' },
        records: () => erp.customers.all(),
        created: { Name: 'Ørsta Kaffe AS', Allowance: 7.5, MailAddress: { City: 'Ørsta', CountryCode: 'NO' } },
        edited: { PhoneNumber: '70 06 00 00', IsArchived: true, EmailAddress: 'kaffe@orsta.no' },
      },
      {
        path: '/product-groups',
        noun: 'product group',
        create: { Code: 'TEP', Name: 'Tepper', 'Price ex VAT': '777', Type: 'Product' },
        search: 'tepper',
        edit: { 'Price ex VAT': '778,50' },
        records: () => erp.productGroups.all(),
        created: { Code: 'TEP', UnitPrice: 777, IsArchived: false },
        edited: { Code: 'TEP', UnitPrice: 778.5 },
      },
      {
        path: '/products',
        noun: 'product',
        create: {
          Code: 'RT1',
          Name: 'Ryeteppe',
          'Kept in stock': 'yes',
          'Stock on hand': '12',
          'Sales account': '3020 Salgsinntekt, 15 % mva',
        },
        search: 'RT1',
        edit: { Name: 'Ryeteppe, stort', 'Stock on hand': '11' },
        records: () => erp.products.all(),
        created: { Code: 'RT1', StockOnHand: 12, IsStockItem: true },
        edited: { Name: 'Ryeteppe, stort', StockOnHand: 11 },
      },
      {
        path: '/delivery-addresses',
        noun: 'delivery address',
        create: { Customer: 'fjord', Address: 'Kaigata 1', 'Postal code': '5003', City: 'Bergen' },
        search: 'fjord kaigata',
        edit: { City: 'Ås' },
        records: () => erp.deliveryAddresses.all(),
        created: { AddressLine1: 'Kaigata 1', IsPrimary: true, CountryCode: 'NO' },
        edited: { City: 'Ås', ZipCode: '5003' },
      },
    ]

    for (const { path, noun, ...life } of lives) {
      test(`a ${noun} is created, found, opened, edited and deleted`, async () => {
        const before = life.records().length
        await open(path)
        await press(page, `New ${noun}`)
        await fill(page, life.create)
        await press(page, 'Create')
        expect(await notice()).toBe('Created.')
        expect(life.records().at(-1)).toMatchObject(life.created)
        await open(path)
        await page.getByRole('searchbox').fill(life.search)
        await press(page, 'Search')
        expect(await page.locator('tbody tr').count()).toBe(1)
        await press(page, String(await page.locator('tbody a').first().textContent()))
        await fill(page, life.edit)
        await press(page, 'Save')
        expect(await notice()).toBe('Saved.')
        expect(life.records().at(-1)).toMatchObject(life.edited)
        await pressTwice(page, 'Delete', `Delete this ${noun}`)
        expect(await notice()).toBe('Deleted.')
        expect(life.records().length).toBe(before)
      })
    }

    test('what PowerOffice refuses is said beside the input that it is about, in the words of the form', async () => {
      await open('/customers/new')
      await fill(page, { 'A person': 'yes', 'First name': 'Åse' })
      await press(page, 'Create')
      expect(await errorOf(page, 'First name')).toBe('First name and Last name are required for persons.')
      expect(await page.getByLabel('First name').inputValue()).toBe('Åse')
      expect(await page.locator(':focus').getAttribute('name')).toBe('FirstName')
      await fill(page, { 'Last name': 'Bjørk', 'Customer number': '5' })
      await press(page, 'Create')
      expect(await errorOf(page, 'Customer number')).toBe('Customer number 5 is outside the customer number series.')
      await open('/products/new')
      await fill(page, { Code: 'K'.repeat(101), Name: 'Kake' })
      await press(page, 'Create')
      expect(await errorOf(page, 'Code')).toBe('Code has 101 characters; 100 is the most.')
      await fill(page, { Code: 'KAKE' })
      await press(page, 'Create')
      expect(await errorOf(page, 'Code')).toMatch(/^Code is already in use. 'KAKE' is used on Id = \d+.$/)
    })

    test('a sales order is made with its lines, which are added, edited and taken out', async () => {
      await open(`/customers/${customerId}`)
      await press(page, 'New sales order')
      await fill(page, { 'Customer reference': 'Åse', 'Order date': '2026-11-23' })
      await fill(page.getByRole('group', { name: 'Line 1' }), { Product: 'KAKE', Quantity: '2' })
      await press(page, 'Create')
      const [order] = erp.salesOrders.all()
      orderId = order?.Id ?? ''
      expect(order).toMatchObject({
        CustomerId: customerId,
        CustomerReference: 'Åse',
        IsCreatedByCurrentIntegration: false,
        NetAmount: 200,
      })
      await press(page, 'Add a line')
      await fill(page, { Product: 'te', Quantity: '1,5' })
      await press(page, 'Add the line')
      expect(erp.salesOrders.linesOf(orderId).at(-1)).toMatchObject({
        ProductCode: 'TE',
        Description: 'Te',
        Quantity: 1.5,
        ProductUnitPrice: 49.9,
      })
      await press(page, 'Edit line 2, Te')
      await fill(page, { Quantity: '4', 'Discount %': '101' })
      await press(page, 'Save')
      expect(await errorOf(page, 'Discount %')).toBe('Discount % must be from -1000 to 100.')
      await fill(page, { 'Discount %': '10' })
      await press(page, 'Save')
      expect(erp.salesOrders.linesOf(orderId).at(-1)).toMatchObject({ Quantity: 4, Allowance: 10, NetAmount: 179.64 })
      await press(page, 'Edit line 1, Kake')
      await pressTwice(page, 'Delete', 'Delete this line')
      expect(erp.salesOrders.linesOf(orderId).map(({ ProductCode }) => ProductCode)).toEqual(['TE'])
      await fill(page, { 'Purchase order': 'PO-1' })
      await press(page, 'Save')
      expect(erp.salesOrders.get(orderId)?.PurchaseOrderReference).toBe('PO-1')
    })

    test('a confirmed order is locked until it is set back to draft', async () => {
      await open('/sales-orders?q=fjord')
      await press(page, String(erp.salesOrders.get(orderId)?.SalesOrderNo))
      await press(page, 'Confirm')
      expect(await notice()).toBe('The order is confirmed.')
      expect(erp.salesOrders.get(orderId)?.SalesOrderStatus).toBe('Confirmed')
      expect(await page.getByRole('button', { name: 'Save' }).count()).toBe(0)
      await pressTwice(page, 'Delete', 'Delete this sales order')
      expect(await alert()).toContain('is confirmed and cannot be deleted.')
      await press(page, 'Set back to draft')
      expect(await notice()).toBe('The order is a draft again.')
      expect(await page.getByRole('button', { name: 'Save' }).count()).toBe(1)
    })

    test('why an invoice could not be sent is shown, and while it is being made the order says so', async () => {
      erp.settings.change({ invoicingOutcome: 'error' })
      await open(`/sales-orders/${orderId}/invoice`)
      await press(page, 'Create and send the invoice')
      expect(await alert()).toContain('The invoice could not be sent.')
      await open(`/sales-orders/${orderId}`)
      expect(await facts('Sending')).toBe('not sent: The invoice could not be sent.')
      erp.settings.change({ invoicingOutcome: null, invoicingDelay: 600_000 })
      await press(page, 'Invoice')
      await press(page, 'Create and send the invoice')
      expect(await notice()).toBe('The invoice was asked for.')
      expect(await facts('Sending')).toBe('being invoiced')
      expect(await page.getByText('The order is being invoiced.').count()).toBe(1)
      erp.settings.change({ invoicingDelay: null, clockSkewMs: 600_001 })
    })

    test('the order becomes an invoice at the same address, and a payment moves its balance', async () => {
      await open(`/sales-orders/${orderId}`)
      expect(page.url()).toBe(`${erp.origin}/outgoing-invoices/${orderId}`)
      const total = erp.outgoingInvoices.get(orderId)?.TotalAmount ?? 0
      expect(await facts('Balance')).toBe(total.toFixed(2))
      expect(await facts('Sent by')).toBe('PdfByEmail')
      await press(page, 'Register a payment')
      await fill(page, { Amount: '100' })
      await press(page, 'Register the payment')
      expect(await notice()).toBe('The payment is registered.')
      expect(await facts('Balance')).toBe((total - 100).toFixed(2))
      await open('/outgoing-invoices?show=open&q=fjord')
      expect(await page.locator('tbody tr').count()).toBe(1)
      await open(`/outgoing-invoices/${orderId}/payment`)
      await press(page, 'Register the payment')
      expect(erp.outgoingInvoices.get(orderId)?.Balance).toBe(0)
    })

    test('a customer with an order is not deleted, and the reason is given', async () => {
      await open(`/customers/${customerId}`)
      await pressTwice(page, 'Delete', 'Delete this customer')
      expect(await alert()).toContain(`Customer with id = ${customerId} is in use and cannot be deleted.`)
    })

    test('every page is titled, and every input labelled; markup in names is text; a phone shows it all', async () => {
      const phone = await browser.newContext({
        viewport: { width: 360, height: 740 },
        colorScheme: 'dark',
        javaScriptEnabled: false,
      })
      page = await phone.newPage()
      const order = erp.salesOrders.create({
        CustomerId: customerId,
        SalesOrderLines: [{ ProductId: erp.products.all()[0]?.Id, Quantity: 1 }],
      }).order
      const lists = lives.map(({ path }) => path)
      const records = [`/customers/${customerId}`, `/outgoing-invoices/${orderId}`, `/sales-orders/${order.Id}`]
      const further = [
        '/sales-orders',
        `/sales-orders/${order.Id}/invoice`,
        `/sales-orders/${order.Id}/lines/new`,
        '/outgoing-invoices',
      ]
      for (const path of [
        '/',
        ...lists,
        ...lists.map((list) => `${list}/new`),
        '/sales-orders/new',
        ...records,
        ...further,
      ]) {
        await open(path)
        expect([path, await obstacles(page)]).toEqual([path, []])
        const width = await page.locator('html').evaluate((element) => (element as { scrollWidth: number }).scrollWidth)
        expect([path, width]).toEqual([path, 360])
      }
      await open(`/customers/${customerId}`)
      expect(await page.locator('h1').textContent()).toBe('Customer Fjord <b>AS</b>')
      expect(await page.locator('main b').count()).toBe(0)
      await phone.close()
    })
  },
)
