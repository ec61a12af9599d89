import { randomUUID } from 'node:crypto'
import type { AddressInfo } from 'node:net'
import { createAdaptorServer } from '@hono/node-server'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest'
import { connectClient } from '../../client/connect.ts'
import { consoleApp } from '../../client/console/app.ts'
import { watchFlows } from '../../client/console/flow-watch.ts'
import { startFlow } from '../../client/start-flow.ts'
import { customers } from '../../flows/customers.ts'
import { readSettings } from '../../flows/settings.ts'
import { type PowerOfficeSandbox, startPowerOfficeSandbox } from '../../sandbox/poweroffice/server.ts'
import { startWebshopSandbox, type WebshopSandbox } from '../../sandbox/webshop/server.ts'
import type { InboxEntry } from '../../workflows/messages.ts'
import { type FakeFlow, startFakeFlow } from '../fixtures/fake-flow/start-fake-flow.ts'
import { chromiumPath, openBrowser } from '../support/browser.ts'

describe.skipIf(chromiumPath === undefined)('the console in a browser (skipped where no Chromium is installed)', () => {
  let erp: PowerOfficeSandbox
  let shop: WebshopSandbox
  let fake: FakeFlow
  let browser: Browser
  let page: Page
  let url: string
  let shopId: string
  let erpId: string
  const problems: string[] = []
  const closing: (() => Promise<unknown>)[] = []

  beforeAll(async () => {
    erp = await startPowerOfficeSandbox({ port: 0, dataFile: ':memory:', seed: 'none' })
    shop = await startWebshopSandbox()
    const address = { AddressLine1: 'Gata 1', ZipCode: '0150', City: 'Oslo', CountryCode: 'NO' }
    const fjord = {
      IsPerson: false,
      Name: 'Fjord <i>AS</i>',
      EmailAddress: 'post@fjord.no',
      PhoneNumber: '22334455',
      MailAddress: address,
      IsActive: true,
    }
    const others = Array.from({ length: 70 }, (_, index) => ({
      IsPerson: false,
      Name: `${index < 10 ? 'Dalen' : 'Heia'} ${index}`,
      IsActive: true,
    }))
    const [inserted] = erp.insertCustomers([fjord, ...others])
    erpId = String(inserted?.Id)
    const shopFjord = {
      kind: 'company',
      name: 'Fjord <i>AS</i>',
      email: 'Post@fjord.no',
      phone: '22 33 44 56',
      customerNumber: String(inserted?.Number),
      address: { line1: 'Gata 1', line2: null, zip: '0150', city: 'Oslo', country: 'NO' },
    } as const
    const [id = ''] = shop.insertCustomers([shopFjord])
    shopId = id

    const connection = `pages-${randomUUID().slice(0, 8)}`
    const env = {
      TEMPORAL_ADDRESS: inject('temporalAddress'),
      POWEROFFICE_SANDBOX_PORT: String(erp.port),
      WEBSHOP_SANDBOX_PORT: String(shop.port),
    }
    const settings = { ...readSettings(env), connection, taskQueue: connection }
    fake = await startFakeFlow({ address: inject('temporalAddress'), connection, taskQueue: connection })
    await startFlow(fake.client, settings, customers, { hadEarlierRun: false })
    await fake.startLeaf(0, [JSON.stringify(['l', erpId, shopId, '', ''])])
    await fake.startLeaf(1, [])
    const inbox: InboxEntry = {
      id: `shop:${shopId}`,
      pile: 'needsYou',
      reason: 'refused',
      erpId: null,
      shopId,
      label: 'Fjord',
      detail: 'It was refused.',
      wayOut: 'Correct it.',
      field: null,
      others: [],
      since: Date.now(),
      attempts: 1,
    }
    await fake.pretend({
      status: { links: 1, inboxCount: { needsYou: 1, waitsByItself: 0 } },
      inbox: [inbox],
      directory: {
        generation: 1,
        shards: [
          { side: 'erp', low: '', number: 0 },
          { side: 'shop', low: '', number: 1 },
        ],
      },
    })

    const { client, close } = await connectClient(settings)
    const app = consoleApp({ settings, watches: watchFlows(client, settings, [customers]), now: Date.now })
    const server = createAdaptorServer({ fetch: app.fetch, overrideGlobalObjects: false })
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
    browser = await openBrowser()
    page = await browser.newPage({ viewport: { width: 1400, height: 900 } })
    page.on('pageerror', (error) => problems.push(error.message))
    page.on('console', (message) => {
      if (message.type() === 'error') problems.push(message.text())
    })
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

  const pair = () => page.locator(`#pair-${erpId}-${shopId}`)

  test('shows a pair side by side, with its difference marked and its values as text', async () => {
    await page.goto(`${url}/flows/customers?q=fjord`)
    expect(await pair().locator('.side').count()).toBe(2)
    expect(await pair().locator('.differs dt').allTextContents()).toEqual(['Phone', 'Phone'])
    expect(await pair().locator('.label dd').allTextContents()).toEqual(['Fjord <i>AS</i>', 'Fjord <i>AS</i>'])
  })

  test('edits the webshop in place as a person would, and what is typed survives the refreshing', async () => {
    await pair().locator('.side').nth(1).locator('a[data-edit]', { hasText: '22 33 44 56' }).click()
    const input = pair().locator('[data-editor] input[name="part."]')
    await input.fill('22334455')
    // Two refreshes later the form is still there, with what was typed.
    for (let refreshes = 0; refreshes < 2; refreshes += 1)
      await page.waitForResponse((response) => response.url().includes('/flows/customers?q='))
    expect(await input.inputValue()).toBe('22334455')
    await input.press('Enter')
    await pair().locator('.equal').waitFor()
    expect(await pair().locator('.differs').count()).toBe(0)
    expect(await page.locator('#toast').textContent()).toBe('saved in the webshop')
  })

  test('edits an address of PowerOffice in its parts', async () => {
    await pair().locator('.side').nth(0).locator('a[data-edit]', { hasText: 'Gata 1' }).click()
    await pair().locator('input[name="part.city"]').fill('Bergen')
    await pair().locator('input[name="part.zip"]').fill('5003')
    await pair().locator('[data-editor] button').click()
    await pair().locator('.side').nth(0).locator('text=5003, Bergen').waitFor()
    expect(erp.customers.get(Number(erpId))?.MailAddress).toMatchObject({
      AddressLine1: 'Gata 1',
      ZipCode: '5003',
      City: 'Bergen',
    })
  })

  test('shows the words of a system that refuses an edit, beside what was typed', async () => {
    await pair().locator('.side').nth(1).locator('a[data-edit]', { hasText: 'Post@fjord.no' }).click()
    await pair().locator('[data-editor] input[name="part."]').fill('no address')
    await pair().locator('[data-editor] button').click()
    const refusal = pair().locator('.refusal')
    await refusal.filter({ hasText: 'e-mail address' }).waitFor()
    expect(await refusal.textContent()).toMatch(/^The webshop answered 422: .*Must be an e-mail address/)
    await page.keyboard.press('Escape')
    expect(await pair().locator('[data-editor]').count()).toBe(0)
  })

  test('marks what just moved within a second or two, with the arrow of its way', async () => {
    await fake.pretend({
      status: {
        recent: [{ at: Date.now(), kind: 'updated', to: 'shop', erpId, shopId, fields: ['phone'], label: 'Fjord' }],
      },
    })
    await pair().locator('.moved').waitFor()
    expect(await pair().locator('.moved').textContent()).toBe('22334455')
    expect(await pair().locator('.between .arrow').getAttribute('aria-label')).toBe('PowerOffice to Webshop')
    expect(await page.locator('#movements li').count()).toBe(1)
  })

  test('finds while one types, and goes through pages of fifty', async () => {
    await page.locator('input[name=q]').fill('dalen')
    await page.locator('#found', { hasText: '10 found' }).waitFor()
    expect(new URL(page.url()).searchParams.get('q')).toBe('dalen')
    await page.locator('input[name=q]').fill('')
    await page.locator('#pages', { hasText: '1 of 2' }).waitFor()
    await page.locator('#pages a').click()
    expect(await page.locator('#pairs .pair').count()).toBe(21)
  })

  test('gives orders by its buttons: a pause shows, an entry that is tried again leaves the inbox', async () => {
    await page.goto(`${url}/flows/customers`)
    await page.locator('.pile button', { hasText: 'Try again' }).click()
    await page.locator('.pile').waitFor({ state: 'detached' })
    await page.locator('button', { hasText: 'Pause' }).click()
    await page.locator('.pill.paused').waitFor()
    expect(await page.locator('main .banner').first().textContent()).toMatch(/^Paused by .+: from the console$/)
    await page.locator('button', { hasText: 'Resume' }).click()
    await page.locator('.pill.live').waitFor()
  })

  test('works without its script: a value leads to a form of its own, and saving leads back', async () => {
    const plain = await browser.newContext({ javaScriptEnabled: false })
    const bare = await plain.newPage()
    await bare.goto(`${url}/flows/customers?q=fjord`)
    await bare.locator('.side').nth(3).locator('a[data-edit]', { hasText: '22334455' }).click()
    await bare.locator('input[name="part."]').fill('22334466')
    await bare.locator('form.edit button').click()
    expect(bare.url()).toBe(`${url}/flows/customers`)
    await bare.goto(`${url}/flows/customers?q=22334466`)
    expect(await bare.locator('#found').textContent()).toBe('1 found')
    await plain.close()
  })

  test('leads to the records of a pair in both systems, and to the systems themselves', async () => {
    for (const [side, title] of [
      [0, 'Customer Fjord <i>AS</i> · PowerOffice Go sandbox'],
      [1, 'Customer Fjord <i>AS</i> · Sandbox webshop'],
    ] as const) {
      await page.goto(`${url}/flows/customers?q=fjord`)
      await page.locator(`#pair-${erpId}-${shopId} .side`).nth(side).locator('a.record').click()
      await page.waitForURL((address) => !address.href.startsWith(url))
      expect(await page.title()).toBe(title)
    }
    for (const [name, title] of [
      ['PowerOffice', 'Overview · PowerOffice Go sandbox'],
      ['Webshop', 'Overview · Sandbox webshop'],
    ] as const) {
      await page.goto(url)
      await page.getByRole('navigation', { name: 'Systems' }).getByRole('link', { name, exact: true }).click()
      await page.waitForURL((address) => !address.href.startsWith(url))
      expect(await page.title()).toBe(title)
    }
  })

  test('fits a phone, in light and dark', async () => {
    for (const colorScheme of ['light', 'dark'] as const) {
      const phone = await browser.newContext({ viewport: { width: 360, height: 740 }, colorScheme })
      const small = await phone.newPage()
      for (const path of ['/', '/flows/customers', '/flows/customers/inbox']) {
        await small.goto(url + path)
        expect(await small.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(360)
      }
      await phone.close()
    }
  })

  test('complained of nothing in all of this but the refused edit', () => {
    expect(problems.filter((problem) => !problem.includes('409'))).toEqual([])
  })
})
