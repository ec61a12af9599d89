import { type Browser, chromium, type Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { startWebshopSandbox, type WebshopSandbox } from '../../sandbox/webshop/server.ts'
import { chromiumFlags, findChromium } from '../support/chromium.ts'

const executablePath = findChromium()

describe.skipIf(executablePath === undefined)(
  'the contract of the webshop in a browser (skipped where no Chromium is installed)',
  () => {
    let shop: WebshopSandbox
    let browser: Browser
    let page: Page
    const asked: string[] = []
    const problems: string[] = []

    beforeAll(async () => {
      shop = await startWebshopSandbox()
      browser = await chromium.launch({ executablePath: executablePath ?? '', args: chromiumFlags })
      page = await browser.newPage({ viewport: { width: 1280, height: 900 } })
      page.on('request', (request) => asked.push(request.url()))
      page.on('pageerror', (error) => problems.push(error.message))
      page.on('console', (message) => {
        if (message.type() === 'error') problems.push(message.text())
      })
      await page.goto(`${shop.baseUrl}/api/docs`)
      await page.locator('.opblock').first().waitFor()
    })

    afterAll(async () => {
      await browser?.close()
      await shop?.close()
    })

    test('every operation and every webhook of the document is shown under its tag', async () => {
      const document = (await (await fetch(`${shop.baseUrl}/api/openapi.json`)).json()) as Record<
        'paths' | 'webhooks',
        Record<string, Record<string, { summary: string }>>
      >
      const operations = [...Object.values(document.paths), ...Object.values(document.webhooks)]
      const summaries = operations.flatMap((item) => Object.values(item).map(({ summary }) => summary))
      expect(summaries.length).toBeGreaterThan(20)
      const shown = await page.locator('.opblock-summary-description').allInnerTexts()
      expect(shown.toSorted()).toEqual(summaries.toSorted())
      const tags = await page.locator('.opblock-tag').allInnerTexts()
      expect(tags.map((tag) => tag.split('\n')[0]?.trim())).toEqual(
        expect.arrayContaining(['shop', 'customers', 'products', 'orders', 'lines']),
      )
    })

    test('an operation opens with its level, its examples and its refusals', async () => {
      await page.locator('#operations-customers-createCustomer .opblock-summary-control').click()
      const operation = page.locator('#operations-customers-createCustomer')
      await operation.locator('.opblock-body').getByText('Nordlys Kaffe AS').first().waitFor()
      const text = await operation.textContent()
      expect(text).toContain('From level 3.')
      expect(text).toContain('Idempotency-Key')
      expect(text).toContain('already-exists: a value that another record has')
    })

    test('an operation can be tried with the sandbox’s key', async () => {
      await page.locator('.auth-wrapper .authorize').click()
      await page.locator('.auth-container input').fill('sandbox-webshop')
      await page.locator('.auth-container button[type=submit]').click()
      await page.locator('.auth-btn-wrapper .btn-done').click()
      const operation = page.locator('#operations-shop-getCounts')
      await operation.locator('.opblock-summary-control').click()
      await operation.locator('.try-out__btn').click()
      await operation.locator('.execute').click()
      const answer = operation.locator('.live-responses-table .response-col_status').nth(1)
      await answer.waitFor()
      expect(await answer.textContent()).toContain('200')
    })

    test('nothing is asked of any host but the shop itself, and nothing goes wrong', async () => {
      expect(asked.length).toBeGreaterThan(3)
      expect(asked.filter((url) => !url.startsWith(`${shop.baseUrl}/`) && !url.startsWith('data:'))).toEqual([])
      expect(problems).toEqual([])
    })

    test('the page forbids other hosts, and needs no key', async () => {
      const answer = await fetch(`${shop.baseUrl}/api/docs`)
      expect(answer.status).toBe(200)
      expect(answer.headers.get('content-security-policy')).toContain("default-src 'none'")
    })
  },
)
