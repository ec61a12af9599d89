import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { startWebshopSandbox, type WebshopSandbox } from '../sandbox/webshop/server.ts'
import { arrive, chromiumPath, errorOf, fill, obstacles, openBrowser, press, pressTwice } from './support/browser.ts'

describe.skipIf(chromiumPath === undefined)(
  'the webshop’s pages in a browser without scripts (skipped where no Chromium is installed)',
  () => {
    let shop: WebshopSandbox
    let browser: Browser
    let page: Page
    let orderId = ''

    beforeAll(async () => {
      shop = await startWebshopSandbox()
      shop.insertCustomers([
        { kind: 'company', name: 'Fjord <script>alert(1)</script> AS', customerNumber: '10001' },
        { kind: 'company', name: 'Fjordland Mat', email: 'post@fjordland.no' },
        { kind: 'company', name: 'Ærlig Ås' },
        { kind: 'department', name: 'Nettbutikk', customerNumber: '07' },
      ])
      shop.insertProducts([
        { sku: 'SYL-1', name: 'Blåbærsyltetøy', priceExVat: '49.90', vatRate: '15', unit: 'stk' },
        { sku: 'OST 1', name: 'Brunost', priceExVat: '100', vatRate: '15' },
      ])
      browser = await openBrowser()
      page = await browser.newPage({ javaScriptEnabled: false })
    })

    afterAll(async () => {
      await browser.close()
      await shop.close()
    })

    const open = (path: string) => page.goto(shop.baseUrl + path)
    const notice = () => page.getByRole('status').textContent()
    const facts = async (name: string) =>
      page
        .locator('.facts div', { has: page.getByText(name, { exact: true }) })
        .locator('dd')
        .textContent()

    test('a customer is created, found, edited and deleted', async () => {
      await open('/customers')
      await press(page, 'New customer')
      await fill(page, { Name: 'Bærum Bakeri AS', 'E-mail': 'post@baerum.no', City: 'Bærum' })
      await press(page, 'Create')
      expect(await notice()).toBe('Created.')
      const id = page.url().replace(/.*\/(c-\d+).*/, '$1')
      expect(shop.customers.get(id)).toMatchObject({
        name: 'Bærum Bakeri AS',
        active: true,
        guest: false,
        address: { city: 'Bærum' },
      })

      await open('/customers')
      await page.getByLabel('Search customers').fill('BÆRUM bak')
      await press(page, 'Search')
      await press(page, 'Bærum Bakeri AS')
      await fill(page, { Phone: '22 33 44 55', Active: '' })
      await press(page, 'Save')
      expect(await notice()).toBe('Saved.')
      expect(shop.customers.get(id)).toMatchObject({ phone: '22 33 44 55', active: false, email: 'post@baerum.no' })

      await pressTwice(page, 'Delete', 'Delete this customer')
      expect(await notice()).toBe('Deleted.')
      expect(shop.customers.get(id)).toBeUndefined()
      expect((await open(`/customers/${id}`))?.status()).toBe(410)
    })

    test('what is wrong stands beside its input, which keeps what was typed and has the focus', async () => {
      await open('/customers/new')
      await fill(page, { Kind: 'person', 'First name': 'Åse', 'E-mail': 'no address' })
      await press(page, 'Create')
      expect(await errorOf(page, 'E-mail')).toBe('Must be an e-mail address.')
      expect(await page.getByLabel('E-mail', { exact: true }).inputValue()).toBe('no address')
      expect(await page.getByLabel('First name').inputValue()).toBe('Åse')
      expect(await page.locator(':focus').getAttribute('name')).toBe('email')
      await fill(page, { 'E-mail': 'ase@post.no' })
      await press(page, 'Create')
      expect(await errorOf(page, 'Last name')).toBe('Required of a person.')
      await page.getByLabel('Last name').fill('Bjørk')
      await arrive(page, () => page.keyboard.press('Enter'))
      expect(await notice()).toBe('Created.')
      expect(shop.customers.all().at(-1)).toMatchObject({
        kind: 'person',
        firstName: 'Åse',
        lastName: 'Bjørk',
        email: 'ase@post.no',
      })
    })

    test('departments have a list of their own', async () => {
      await open('/departments/new')
      await fill(page, { Name: 'Lager', Code: '08' })
      await press(page, 'Create')
      await fill(page, { Name: 'Lager øst' })
      await press(page, 'Save')
      await open('/departments?q=08')
      expect(await page.locator('tbody td').allTextContents()).toContain('Lager øst')
      await press(page, 'Lager øst')
      await pressTwice(page, 'Delete', 'Delete this department')
      await open('/departments')
      expect(await page.locator('tbody tr').count()).toBe(1)
      await open('/customers?q=nettbutikk')
      expect(await page.getByText('No customers found.').count()).toBe(1)
    })

    test('a product is created with a decimal comma, and refused with a SKU that is taken', async () => {
      await open('/products/new')
      await fill(page, { SKU: 'SYL-1', Name: 'Tyttebær', 'Price ex VAT': '1 049,90' })
      await press(page, 'Create')
      expect(await errorOf(page, 'SKU')).toBe('Taken by p-000001.')
      await fill(page, { SKU: 'SYL-2' })
      await press(page, 'Create')
      expect(shop.products.all().at(-1)).toMatchObject({ sku: 'SYL-2', priceExVat: '1049.90', vatRate: '25' })
      await fill(page, { 'Price ex VAT': 'dear' })
      await press(page, 'Save')
      expect(await errorOf(page, 'Price ex VAT')).toMatch(/must be a number/)
      await fill(page, { 'Price ex VAT': '55', Description: 'Første linje\nandre linje' })
      await press(page, 'Save')
      expect(shop.products.all().at(-1)).toMatchObject({
        priceExVat: '55.00',
        description: 'Første linje\nandre linje',
      })
      await pressTwice(page, 'Delete', 'Delete this product')
      expect(shop.products.count()).toBe(2)
    })

    test('an order is placed with products, freight and a discount, for a customer that is chosen among several', async () => {
      await open('/')
      await press(page, 'Place an order')
      await fill(page, {
        Customer: 'fjord',
        Department: '07',
        'Freight ex VAT': '79,20',
        'Discount ex VAT': '10',
        Payment: 'paid',
      })
      await fill(page.getByRole('group', { name: 'Line 1' }), { Product: 'SYL-1', Quantity: '2' })
      await fill(page.getByRole('group', { name: 'Line 2' }), {
        Product: 'OST 1',
        'Price ex VAT': '90',
        'Discount %': '50',
      })
      await press(page, 'Place an order')
      expect(await errorOf(page, 'Customer')).toBe('2 customers match: choose one.')
      await fill(page, { Customer: 'c-000002 Fjordland Mat' })
      await press(page, 'Place an order')
      expect(await notice()).toBe('Created.')
      const order = shop.orders.all().at(-1)
      orderId = order?.id ?? ''
      expect(order).toMatchObject({
        customerId: 'c-000002',
        departmentId: 'c-000004',
        status: 'open',
        payment: { status: 'paid' },
      })
      expect(order?.lines).toMatchObject([
        { kind: 'product', sku: 'SYL-1', quantity: '2', unitPriceExVat: '49.90', vatRate: '15', unit: 'stk' },
        { kind: 'product', sku: 'OST 1', quantity: '1', unitPriceExVat: '90.00', discountPercent: '50' },
        { kind: 'shipping', description: 'Frakt', unitPriceExVat: '79.20', vatRate: '25' },
        { kind: 'discount', description: 'Rabatt', unitPriceExVat: '-10.00', vatRate: '25' },
      ])
      expect(await facts('Total ex VAT')).toBe('214.00 NOK')
    })

    test('an order without lines, or with a line without a product, says where the product is missing', async () => {
      await open('/orders/new?customer=c-000003')
      expect(await page.getByLabel('Customer', { exact: true }).inputValue()).toBe('c-000003 Ærlig Ås')
      await press(page, 'Place an order')
      const product = page.getByRole('group', { name: 'Line 1' }).getByLabel('Product')
      expect(await product.getAttribute('aria-invalid')).toBe('true')
      await fill(page.getByRole('group', { name: 'Line 2' }), { Quantity: '3' })
      await press(page, 'Place an order')
      expect(await page.getByRole('alert').textContent()).toContain('Choose a product.')
      expect(await page.locator(':focus').getAttribute('name')).toBe('line2.product')
    })

    test('a line is added with what its product says, edited and taken out', async () => {
      await open(`/orders/${orderId}`)
      await press(page, 'Add a line')
      await fill(page, { Product: 'brunost', Quantity: '3' })
      await press(page, 'Add the line')
      const line = () => shop.orders.get(orderId)?.lines.at(-1)
      expect(line()).toMatchObject({
        sku: 'OST 1',
        description: 'Brunost',
        quantity: '3',
        unitPriceExVat: '100.00',
        vatRate: '15',
      })
      await press(page, 'Edit line 5, Brunost')
      await fill(page, { Quantity: '4', Description: 'Brunost, moden' })
      await press(page, 'Save')
      expect(line()).toMatchObject({ quantity: '4', description: 'Brunost, moden' })
      await press(page, 'Edit line 5, Brunost, moden')
      await pressTwice(page, 'Delete', 'Delete this line')
      expect(shop.orders.get(orderId)?.lines.length).toBe(4)
      expect(page.url()).toContain(`/orders/${orderId}?done=deleted`)
    })

    test('what an order needs is not deleted, and the reason is given', async () => {
      await open('/customers/c-000002')
      await pressTwice(page, 'Delete', 'Delete this customer')
      expect(await page.getByRole('alert').textContent()).toContain(`Order ${orderId} needs the customer c-000002.`)
      expect(shop.customers.get('c-000002')).toBeDefined()
    })

    test('a refund places a credit order that cancels the first to the last øre', async () => {
      await open(`/orders/${orderId}`)
      await press(page, 'Refund (credit order)')
      const credit = shop.orders.all().at(-1)
      expect(credit).toMatchObject({ creditsOrderId: orderId, payment: { status: 'refunded' }, totalExVat: '-214.00' })
      expect(credit?.totalIncVat).toBe(`-${shop.orders.get(orderId)?.totalIncVat}`)
      expect(await facts('Credits')).toBe(orderId)
      expect(await page.getByRole('button', { name: 'Refund (credit order)' }).count()).toBe(0)
    })

    test('a cancelled order is locked', async () => {
      await open(`/orders/${orderId}`)
      await press(page, 'Cancel the order')
      expect(await notice()).toBe('The order is cancelled.')
      expect(shop.orders.get(orderId)?.status).toBe('cancelled')
      expect(await page.getByText('is cancelled and can no longer be edited.').count()).toBe(1)
      expect(await page.getByRole('button', { name: 'Save' }).count()).toBe(0)
    })

    test('every page is titled, and every input labelled; markup in names is text; a phone shows it all', async () => {
      const phone = await browser.newContext({
        viewport: { width: 360, height: 740 },
        colorScheme: 'dark',
        javaScriptEnabled: false,
      })
      page = await phone.newPage()
      const paths = [
        '/',
        '/customers',
        '/customers/new',
        '/customers/c-000001',
        '/departments',
        '/products',
        '/products/p-000001',
      ]
      for (const path of [...paths, '/orders', '/orders/new', `/orders/${orderId}`, '/orders/o-000002/lines/new']) {
        await open(path)
        expect([path, await obstacles(page)]).toEqual([path, []])
        const width = await page.locator('html').evaluate((element) => (element as { scrollWidth: number }).scrollWidth)
        expect([path, width]).toEqual([path, 360])
      }
      await open('/customers/c-000001')
      expect(await page.locator('h1').textContent()).toBe('Customer Fjord <script>alert(1)</script> AS')
      expect(await page.locator('main script').count()).toBe(0)
      await phone.close()
    })
  },
)
