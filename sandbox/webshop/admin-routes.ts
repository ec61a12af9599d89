import { type Context, Hono } from 'hono'
import { faultRoutes } from '../faults/admin.ts'
import { isFromForeignPage } from '../pages/foreign-page.ts'
import { insertCustomers, parseBulkCustomers } from './bulk-customers.ts'
import { insertOrders, parseBulkOrders } from './bulk-orders.ts'
import { insertProducts, parseBulkProducts } from './bulk-products.ts'
import { Problem } from './problem.ts'
import type { Shop } from './shop.ts'

/** Room for 10,000 orders of ten lines at once. */
const maxBulkLength = 50_000_000

/** The sandbox's own switches, outside the contract and without a key: README.md lists them. */
export function adminRoutes(shop: Shop): Hono {
  const admin = new Hono()

  admin.use(async (context, next) => {
    if (isFromForeignPage(context)) {
      throw new Problem(403, 'forbidden', 'Pages of other origins may not switch the sandbox.')
    }
    await next()
  })

  admin.get('/health', (context) => context.json({ status: 'ok', shop: shop.settings().shop }))

  admin.get('/settings', (context) => context.json(shop.settings()))
  admin.patch('/settings', async (context) => context.json(shop.changeSettings(await readJson(context))))

  admin.get('/counts', (context) => context.json({ ...shop.requests.read(), webhooks: shop.webhooks.counts() }))
  admin.delete('/counts', (context) => {
    shop.requests.reset()
    shop.webhooks.resetCounts()
    return context.body(null, 204)
  })

  admin.route('/faults', faultRoutes(shop.faults))

  admin.post('/customers/bulk', async (context) => {
    const ids = insertCustomers(shop, parseBulkCustomers(await readJson(context)))
    return context.json({ ids }, 201)
  })
  admin.post('/products/bulk', async (context) => {
    const ids = insertProducts(shop, parseBulkProducts(await readJson(context)))
    return context.json({ ids }, 201)
  })
  admin.post('/orders/bulk', async (context) => {
    const ids = insertOrders(shop, parseBulkOrders(await readJson(context)))
    return context.json({ ids }, 201)
  })

  return admin
}

async function readJson(context: Context): Promise<unknown> {
  const text = await context.req.text()
  if (text.length > maxBulkLength) throw new Problem(413, 'too-large', 'The body is too large.')
  try {
    return JSON.parse(text) as unknown
  } catch {
    throw new Problem(400, 'bad-request', 'The body is not JSON.')
  }
}
