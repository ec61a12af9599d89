import type { OpenAPIHono } from '@hono/zod-openapi'
import type { ApiEnv } from '../api-env.ts'
import { customers } from '../customers.ts'
import { orders } from '../orders.ts'
import { products } from '../products.ts'
import { headerComponents } from './answers.ts'
import { collectionExamples } from './collection-examples.ts'
import { collectionOperations } from './collection-operations.ts'
import { lineOperations } from './line-operations.ts'
import { describe } from './operation.ts'
import { refusalExamples } from './refusals.ts'
import { shopOperations } from './shop-operations.ts'
import { describeWebhooks } from './webhook-operations.ts'

const description = `What a webshop answers so that it can be kept in step with an ERP, in both directions.

**Levels.** Begin small; each level works by itself, and the capabilities say how far the shop has come. Every operation
below says from which level on it is needed (\`x-level\`).

| level | implement | what works then |
|---|---|---|
| 1, an afternoon | the three lists with a change cursor, reading by id, ETag, capabilities | changes in the shop reach the ERP |
| 2 | PATCH with If-Match; \`erpId\` stored and its filter | changes in the ERP reach the shop |
| 3 | POST of customers and products | new customers and products of the ERP appear in the shop |
| 4 | POST of orders, editing of lines | orders made in the ERP appear in the shop |

Webhooks, tombstones, Idempotency-Key and counts may be added at any time.

**Amounts, rates and quantities** are decimal text (\`"499.00"\`, \`"25"\`). A reader also accepts JSON numbers.
**Times** are RFC 3339 in UTC. **null and absent** mean the same in a POST; in a PATCH (RFC 7396) absent leaves a field and null
clears it. **Unknown fields are ignored**, so that either side can grow first. **Errors** are \`application/problem+json\`
(RFC 9457); clients compare how \`type\` ends.

**The sync’s key is silent**: a request with it never mails customers, never creates a login, never captures, refunds or
reserves a payment, never starts marketing or fulfilment, and never changes stock as a side effect.`

const info = {
  openapi: '3.1.0',
  info: {
    title: 'Webshop contract',
    version: '1.0',
    summary: 'Two-way sync between a webshop and an ERP',
    description,
  },
  servers: [{ url: '/', description: 'The shop that answered this document.' }],
  tags: [
    { name: 'shop', description: 'The shop as a whole.' },
    { name: 'customers', description: 'Companies, persons, and departments of the seller.' },
    { name: 'products', description: 'What is sold.' },
    { name: 'orders', description: 'What was ordered, whole with its lines.' },
    { name: 'lines', description: 'Single lines of an order, written one at a time and read with their order.' },
    { name: 'webhooks', description: 'What the shop sends to the sync.' },
  ],
} as const

/** Answers the description of the API at /api/openapi.json. It depends on no setting, so that it is made once. */
export function mountDescription(app: OpenAPIHono<ApiEnv>): void {
  const registry = app.openAPIRegistry
  registry.registerComponent('securitySchemes', 'bearer', {
    type: 'http',
    scheme: 'bearer',
    description: 'The sync’s key; in the sandbox `sandbox-webshop` unless another one was set.',
  })
  for (const { name, ...example } of refusalExamples) registry.registerComponent('examples', name, example)
  for (const [name, header] of Object.entries(headerComponents)) registry.registerComponent('headers', name, header)
  describe(registry, 'shop', shopOperations)
  describe(registry, 'customers', collectionOperations(customers, collectionExamples.customers))
  describe(registry, 'products', collectionOperations(products, collectionExamples.products))
  describe(registry, 'orders', collectionOperations(orders, collectionExamples.orders))
  describe(registry, 'lines', lineOperations)
  describeWebhooks(registry)
  let text: string | undefined
  app.get('/api/openapi.json', (context) => {
    text ??= JSON.stringify(app.getOpenAPI31Document({ ...info, servers: [...info.servers], tags: [...info.tags] }))
    return context.body(text, 200, { 'content-type': 'application/json; charset=utf-8' })
  })
}
