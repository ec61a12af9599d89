import { randomUUID } from 'node:crypto'
import type { AddressInfo } from 'node:net'
import { createAdaptorServer } from '@hono/node-server'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest'
import { connectClient } from '../../client/connect.ts'
import { consoleApp } from '../../client/console/app.ts'
import { watchFlows } from '../../client/console/flow-watch.ts'
import { powerOfficeCall } from '../../client/console/systems/power-office-call.ts'
import { isJsonObject, type JsonObject } from '../../client/console/systems/system-records.ts'
import { startFlow } from '../../client/start-flow.ts'
import { createShopRecord } from '../../client/tour/create-shop-record.ts'
import { type FlowName, flowNames } from '../../flows/flow-definition.ts'
import { allFlows } from '../../flows/registry.ts'
import type { LinkedRow } from '../../flows/row.ts'
import { encodeRow } from '../../flows/row-codec.ts'
import { readSettings } from '../../flows/settings.ts'
import { type PowerOfficeSandbox, startPowerOfficeSandbox } from '../../sandbox/poweroffice/server.ts'
import { startWebshopSandbox, type WebshopSandbox } from '../../sandbox/webshop/server.ts'
import { type FakeFlow, startFakeFlow } from '../fixtures/fake-flow/start-fake-flow.ts'
import { chromiumPath, openBrowser } from '../support/browser.ts'

describe.skipIf(chromiumPath === undefined)(
  'the pages of products and orders in a browser (skipped where no Chromium is installed)',
  () => {
    let erp: PowerOfficeSandbox
    let shop: WebshopSandbox
    let fake: FakeFlow
    let browser: Browser
    let page: Page
    let url: string
    let ids: Readonly<Record<'product' | 'order', { readonly erp: string; readonly shop: string }>>
    let readOrder: () => Promise<{ readonly erp: JsonObject; readonly shop: JsonObject }>
    const closing: (() => Promise<unknown>)[] = []

    beforeAll(async () => {
      erp = await startPowerOfficeSandbox({ port: 0, dataFile: ':memory:', seed: 'none' })
      shop = await startWebshopSandbox()
      const connection = `orders-${randomUUID().slice(0, 8)}`
      const env = {
        TEMPORAL_ADDRESS: inject('temporalAddress'),
        POWEROFFICE_SANDBOX_PORT: String(erp.port),
        WEBSHOP_SANDBOX_PORT: String(shop.port),
      }
      const settings = { ...readSettings(env), connection, taskQueue: connection }
      const call = powerOfficeCall(settings.powerOffice)
      const inErp = async (path: string, json?: JsonObject): Promise<JsonObject> => {
        const request = { url: `${settings.powerOffice.baseUrl}/${path}` }
        const reply = await call(
          json === undefined
            ? request
            : {
                ...request,
                method: 'POST',
                headers: { 'content-type': 'application/json' },
                body: JSON.stringify(json),
              },
        )
        if (!isJsonObject(reply.json) || reply.status >= 300) throw new Error(`${path}: ${JSON.stringify(reply.json)}`)
        return reply.json
      }
      const inShop = (collection: string, json: JsonObject) => createShopRecord(settings.webshop, collection, json)

      const erpCustomer = await inErp('Customers', { IsPerson: false, Name: 'Fjord AS', EmailAddress: 'post@fjord.no' })
      const erpProduct = await inErp('Products', {
        Code: 'KOPP',
        Name: 'Kopp',
        UnitPrice: 99.5,
        UnitOfMeasureCode: 'EA',
        ProductType: 'Product',
      })
      const group = await inErp(`ProductGroups/${String(erpProduct['ProductGroupId'])}`)
      const erpOrder = await inErp('SalesOrders/Complete', {
        CustomerId: Number(erpCustomer['Id']),
        CurrencyCode: 'NOK',
        SalesOrderDate: '2026-11-20',
        SalesOrderLines: [
          {
            ProductId: Number(erpProduct['Id']),
            Description: 'Kopp',
            Quantity: 2,
            ProductUnitPrice: 99.5,
            Allowance: 0,
            SortOrder: 1,
          },
          { LineType: 'Text', Description: 'Takk for handelen', SortOrder: 2 },
        ],
      })
      const customer = await inShop('customers', { kind: 'company', name: 'Fjord AS', email: 'post@fjord.no' })
      const product = await inShop('products', {
        sku: 'KOPP',
        name: 'Kopp',
        priceExVat: '99.50',
        unit: 'stk',
        category: String(group['Name']),
      })
      const order = await inShop('orders', {
        customerId: customer.id,
        currency: 'NOK',
        orderedAt: '2026-11-20T10:00:00Z',
        erpOrderNumber: String(erpOrder['SalesOrderNo']),
        lines: [
          {
            kind: 'product',
            productId: product.id,
            description: 'Kopp',
            quantity: '3',
            unit: 'EA',
            unitPriceExVat: '99.50',
            vatRate: '25',
            position: 1,
          },
          { kind: 'text', description: 'Takk for handelen', position: 2 },
        ],
      })
      ids = {
        product: { erp: String(erpProduct['Id']), shop: product.id },
        order: { erp: String(erpOrder['Id']), shop: order.id },
      }
      readOrder = async () => ({
        erp: await inErp(`SalesOrders/${ids.order.erp}/Complete`),
        shop: await shopOrder(settings.webshop.baseUrl, order.id),
      })

      fake = await startFakeFlow({ address: inject('temporalAddress'), connection, taskQueue: connection })
      const items = pairUp(erpOrder['SalesOrderLines'], order.json['lines'])
      const rows: Readonly<Record<FlowName, readonly LinkedRow[]>> = {
        departments: [],
        customers: [linkedRow(String(erpCustomer['Id']), customer.id)],
        products: [linkedRow(ids.product.erp, product.id)],
        salesOrders: [linkedRow(ids.order.erp, order.id)],
        salesOrderLines: [{ ...linkedRow(ids.order.erp, order.id), items }],
      }
      for (const definition of allFlows) await startFlow(fake.client, settings, definition, { hadEarlierRun: false })
      for (const flow of flowNames) {
        await fake.startLeaf(0, rows[flow].map(encodeRow), flow)
        await fake.pretend({ directory: { generation: 1, shards: [{ side: 'erp', low: '', number: 0 }] } }, flow)
      }

      const { client, close } = await connectClient(settings)
      const app = consoleApp({ settings, watches: watchFlows(client, settings, allFlows), now: Date.now })
      const server = createAdaptorServer({ fetch: app.fetch, overrideGlobalObjects: false })
      await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
      url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
      browser = await openBrowser()
      page = await browser.newPage({ viewport: { width: 1400, height: 900 } })
      closing.push(
        () => browser.close(),
        async () => {
          server.close()
          if ('closeAllConnections' in server) server.closeAllConnections()
        },
        close,
        () => fake.close(),
        () => shop.close(),
        () => erp.close(),
      )
    })

    afterAll(async () => {
      for (const close of closing) await close()
    })

    const order = () => page.locator(`#pair-${ids.order.erp}-${ids.order.shop}`)
    const side = (index: 0 | 1) => order().locator('.side').nth(index)
    /** Of the first line: after kind, product and description. */
    const quantity = (index: 0 | 1) => side(index).locator('tbody tr').first().locator('td:nth-child(4) a[data-edit]')

    test('a product stands equal in both spellings, and its price is edited in PowerOffice as a number', async () => {
      await page.goto(`${url}/flows/products`)
      const pair = page.locator(`#pair-${ids.product.erp}-${ids.product.shop}`)
      expect(await pair.locator('.differs').count()).toBe(0)
      await pair.locator('.side').nth(0).locator('a[data-edit]', { hasText: '99.5' }).click()
      await pair.locator('input[name="part."]').fill('120,25')
      await pair.locator('[data-editor] button').click()
      await pair.locator('.differs dt', { hasText: 'Price' }).first().waitFor()
      expect(await pair.locator('.differs dd').allTextContents()).toEqual(['120.25', '99.50'])
    })

    test('an order shows its customer by name and its lines within both sides, with what differs marked', async () => {
      await page.goto(`${url}/flows/salesOrders`)
      expect(await side(0).locator('dd', { hasText: 'Fjord AS' }).count()).toBe(1)
      expect(await side(1).locator('dd', { hasText: 'Fjord AS' }).count()).toBe(1)
      expect(await side(0).locator('tbody tr').count()).toBe(2)
      expect(await order().locator('td[data-differs]').allTextContents()).toEqual(['2', '3'])
      expect(await order().locator('.differs dt').allTextContents()).toEqual([])
    })

    test('lines are edited in place on either side', async () => {
      await quantity(1).click()
      await side(1).locator('input[name="part."]').fill('4')
      await side(1).locator('input[name="part."]').press('Enter')
      await side(1).locator('td[data-differs]', { hasText: '4' }).waitFor()
      await quantity(0).click()
      await side(0).locator('input[name="part."]').fill('4')
      await side(0).locator('input[name="part."]').press('Enter')
      await order().locator('.equal').waitFor()
      const { erp: inErp, shop: inShop } = await readOrder()
      expect(inErp['SalesOrderLines']).toMatchObject([{ Quantity: 4 }, { Description: 'Takk for handelen' }])
      expect(inShop['lines']).toMatchObject([{ quantity: '4' }, { description: 'Takk for handelen' }])
    })

    test('the status of an order is chosen from the words that there are', async () => {
      await side(1).locator('dd a[data-edit]', { hasText: 'open' }).click()
      await side(1).locator('select').waitFor()
      expect(await side(1).locator('select option').allTextContents()).toEqual([
        'open',
        'confirmed',
        'invoiced',
        'cancelled',
      ])
      await side(1).locator('select').selectOption('confirmed')
      await side(1).locator('[data-editor] button').click()
      await order().locator('.differs dt', { hasText: 'Status' }).first().waitFor()
      expect((await readOrder()).shop['status']).toBe('confirmed')
    })

    test('the page of lines shows each order by its number, with its lines alone', async () => {
      await page.goto(`${url}/flows/salesOrderLines`)
      expect(await order().locator('dl').count()).toBe(0)
      expect(await side(1).locator('tbody tr').count()).toBe(2)
    })

    test('both fit a phone: tables of lines scroll in themselves', async () => {
      const phone = await browser.newContext({ viewport: { width: 360, height: 740 } })
      const small = await phone.newPage()
      for (const path of ['/', '/inbox', '/flows/products', '/flows/salesOrders', '/flows/salesOrderLines']) {
        await small.goto(url + path)
        expect([path, await small.evaluate('document.documentElement.scrollWidth')]).toEqual([path, 360])
      }
      await phone.close()
    })
  },
)

function linkedRow(erpId: string, shopId: string): LinkedRow {
  return {
    kind: 'linked',
    erpId,
    shopId,
    base: '',
    shopBase: '',
    erpSeen: '',
    shopSeen: '',
    definition: 1,
    flags: '',
    erpOwnWrite: '',
    shopOwnWrite: '',
    pointer: '',
  }
}

function pairUp(erpLines: unknown, shopLines: unknown) {
  const idsOf = (lines: unknown, name: string) =>
    (lines as readonly Readonly<Record<string, unknown>>[]).map((line) => String(line[name]))
  const shopIds = idsOf(shopLines, 'id')
  return idsOf(erpLines, 'Id').map((erpId, index) => ({ erpId, shopId: shopIds[index] ?? '', base: '', shopBase: '' }))
}

async function shopOrder(baseUrl: string, id: string): Promise<JsonObject> {
  const answer = await fetch(`${baseUrl}/api/orders/${id}`, { headers: { authorization: 'Bearer sandbox-shopkeeper' } })
  return (await answer.json()) as JsonObject
}
