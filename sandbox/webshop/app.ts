import { OpenAPIHono } from '@hono/zod-openapi'
import { adminRoutes } from './admin-routes.ts'
import type { ApiEnv } from './api-env.ts'
import { capabilitiesOf } from './capabilities.ts'
import { describeCollection, describeOrderLines, describeShop } from './collection-openapi.ts'
import { mountCollection } from './collection-routes.ts'
import { customers } from './customers.ts'
import { gate } from './gate.ts'
import { mountOrderLines } from './order-line-routes.ts'
import { orders } from './orders.ts'
import { shopPages } from './pages/pages.ts'
import { Problem, problemResponse } from './problem.ts'
import { products } from './products.ts'
import type { Shop } from './shop.ts'

/** All that the shop answers: the contract under /api, the sandbox's switches under /sandbox, pages for people at /. */
export function createApp(shop: Shop): OpenAPIHono<ApiEnv> {
  const app = new OpenAPIHono<ApiEnv>()
  app.onError((error) => {
    if (error instanceof Problem) return problemResponse(error)
    // Whoever was waiting when the sandbox closed finds the database gone; nobody reads the answer.
    if (!shop.closing.aborted) console.error(error.stack)
    return problemResponse(new Problem(500, 'internal-error', 'The sandbox failed; its log says why.'))
  })
  app.notFound((context) => problemResponse(new Problem(404, 'not-found', `There is nothing at ${context.req.path}.`)))

  app.use('/api/*', gate(shop))
  app.get('/api/capabilities', (context) => context.json(capabilitiesOf(shop.settings())))
  app.get('/api/counts', (context) =>
    context.json({
      customers: shop.stores.customers.count(),
      products: shop.stores.products.count(),
      orders: shop.stores.orders.count(),
      lines: shop.lines.count(),
    }),
  )
  describeShop(app)
  // A further collection is one more pair of lines here, one file like customers.ts and one store in shop.ts.
  mountCollection(app, shop, customers, shop.stores.customers)
  describeCollection(app, customers)
  mountCollection(app, shop, products, shop.stores.products)
  describeCollection(app, products)
  mountCollection(app, shop, orders, shop.stores.orders)
  describeCollection(app, orders)
  mountOrderLines(app, shop)
  describeOrderLines(app)
  app.doc31('/api/openapi.json', {
    openapi: '3.1.0',
    info: { title: 'Webshop', version: '1.0', description: 'The contract of docs/webshop-contract.md.' },
  })

  app.route('/sandbox', adminRoutes(shop))
  app.route('/', shopPages(shop))
  return app
}
