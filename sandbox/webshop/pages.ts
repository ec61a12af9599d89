import type { OpenAPIHono } from '@hono/zod-openapi'
import type { Context } from 'hono'
import type { ApiEnv } from './api-env.ts'
import { customersPage } from './customers-page.ts'
import { orderPage } from './order-page.ts'
import { ordersPage } from './orders-page.ts'
import type { Markup } from './page-frame.ts'
import { productsPage } from './products-page.ts'
import type { Shop } from './shop.ts'

/** Pages for people: without a key, and without scripts. */
export function mountPages(app: OpenAPIHono<ApiEnv>, shop: Shop): void {
  const page = (context: Context, markup: Markup) => {
    context.header('content-security-policy', "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'")
    return context.html(markup)
  }
  app.get('/', (context) => {
    const { q = '', kind = 'all' } = context.req.query()
    return page(context, customersPage(shop, { search: q, kind }))
  })
  app.get('/products', (context) => page(context, productsPage(shop, { search: context.req.query('q') ?? '' })))
  app.get('/orders', (context) => {
    const { q = '', status = 'all' } = context.req.query()
    return page(context, ordersPage(shop, { search: q, status }))
  })
  app.get('/orders/:id', (context) => page(context, orderPage(shop, context.req.param('id'))))
}
