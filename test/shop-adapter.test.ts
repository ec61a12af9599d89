import Database from 'libsql'
import { afterEach, expect, test } from 'vitest'
import { type Report, runConformance } from '../client/conformance/run.ts'
import { startWebhookListener } from '../client/conformance/webhook-listener.ts'
import { prepareShopAdapter, type ShopAdapter } from './support/shop-adapter.ts'

/** The example shops are what a shop's developer begins with: they hold every rule that they declare. */
const key = 'sandbox-webshop'
const secret = `whsec_${Buffer.from('an example shop, checked').toString('base64')}`
const { signal } = new AbortController()

let shop: ShopAdapter | undefined
afterEach(async () => {
  await shop?.close()
})

const idsOf = ({ results }: Report, kind: string) =>
  results.filter(({ outcome }) => outcome.kind === kind).map(({ id }) => id)

test('the example shop of level 4 passes the conformance kit, webhooks and invoices included', async () => {
  shop = await prepareShopAdapter(4)
  const hooks = await startWebhookListener({ port: 0, host: '127.0.0.1', secret, signal })
  try {
    await shop.start({ WEBHOOK_URL: `${hooks.address}/webhooks/default`, WEBHOOK_SECRET: secret })
    const report = await runConformance({ baseUrl: shop.url, key, invoice: true, hooks, signal })
    expect({ broken: idsOf(report, 'broken'), blocked: idsOf(report, 'blocked'), stopped: report.stopped }).toEqual({
      ...{ broken: [], blocked: [], stopped: null },
    })
    expect(report.verdict).toMatchObject({ reached: 4, declared: 4, conforms: true })
    expect(idsOf(report, 'held')).toEqual(expect.arrayContaining(['webhooks.retried', 'orders.invoiced']))
    expect(idsOf(report, 'notOffered')).toEqual(['openapi.document'])
  } finally {
    await hooks.close()
  }
}, 180_000)

test('the example shop of level 1 passes it at its level, and is only read', async () => {
  shop = await prepareShopAdapter(1)
  await shop.start({ LONGEST_TRANSACTION_MS: '0' })
  const tables = new Database(shop.database)
  tables.exec(`
    INSERT INTO customers (name, email) VALUES ('Nord AS', 'post@nord.example'), ('Sør AS', 'post@sor.example');
    INSERT INTO products (sku, name, price, vat) VALUES ('S-1', 'Ski', '499.50', '25'), ('S-2', 'Staver', '99', '25');
    INSERT INTO orders (number, customer_id, total_ex_vat, total_inc_vat) VALUES ('1', 1, '499.50', '624.38'), ('2', 2, '99.00', '123.75');
    INSERT INTO order_lines (order_id, product_id, description, price, vat) VALUES (1, 1, 'Ski', '499.50', '25'), (2, 2, 'Staver', '99', '25');`)
  tables.close()
  const report = await runConformance({ baseUrl: shop.url, key, signal })
  expect({ broken: idsOf(report, 'broken'), blocked: idsOf(report, 'blocked') }).toEqual({ broken: [], blocked: [] })
  expect(report.verdict).toMatchObject({ reached: 1, declared: 1, conforms: true })
  expect(shop.writes()).toEqual({})
}, 120_000)
