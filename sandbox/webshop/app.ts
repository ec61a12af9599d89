import { OpenAPIHono } from '@hono/zod-openapi'
import { FaultRefused } from '../faults/fault-schema.ts'
import { adminRoutes } from './admin-routes.ts'
import { mountApiDocs } from './api-docs.ts'
import type { ApiEnv } from './api-env.ts'
import { capabilitiesOf } from './capabilities.ts'
import { mountCollection } from './collection-routes.ts'
import { customers } from './customers.ts'
import { gate } from './gate.ts'
import { mountDescription } from './openapi/document.ts'
import { mountOrderLines } from './order-line-routes.ts'
import { orders } from './orders.ts'
import { shopPages } from './pages/pages.ts'
import { fieldErrors, invalidFields, Problem, problemResponse } from './problem.ts'
import { products } from './products.ts'
import type { Shop } from './shop.ts'

/** All that the shop answers: the contract under /api, the sandbox's switches under /sandbox, pages for people at /. */
export function createApp(shop: Shop): OpenAPIHono<ApiEnv> {
  const app = new OpenAPIHono<ApiEnv>()
  app.onError((error) => {
    if (error instanceof Problem) return problemResponse(error)
    if (error instanceof FaultRefused) return problemResponse(refusedFault(error))
    // Whoever was waiting when the sandbox closed finds the database gone; nobody reads the answer.
    if (!shop.closing.aborted) console.error(error.stack)
    return problemResponse(new Problem(500, 'internal-error', 'The sandbox failed; its log says why.'))
  })
  app.notFound((context) => problemResponse(new Problem(404, 'not-found', `There is nothing at ${context.req.path}.`)))

  mountApiDocs(app)
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
  // A further collection is one more line here, one file like customers.ts, one store in shop.ts, and its examples in openapi/.
  mountCollection(app, shop, customers, shop.stores.customers)
  mountCollection(app, shop, products, shop.stores.products)
  mountCollection(app, shop, orders, shop.stores.orders)
  mountOrderLines(app, shop)
  mountDescription(app)

  app.route('/sandbox', adminRoutes(shop))
  app.route('/', shopPages(shop))
  return app
}

function refusedFault({ issues, message }: FaultRefused): Problem {
  return invalidFields(issues ? fieldErrors(issues) : [{ pointer: '', detail: message }])
}
