import { isDeepStrictEqual } from 'node:util'
import { serve } from '@hono/node-server'
import { type Context, Hono } from 'hono'
import { list } from './lists.ts'
import {
  assertOpen,
  changedLine,
  changedOrder,
  newOrder,
  type Order,
  replaced,
  type Shelf,
  totalled,
  withLine,
} from './orders.ts'
import { Problem } from './problem.ts'
import { type Collection, changed, collections, isObject, type JsonObject, type Line } from './records.ts'
import { openStore, type Stored } from './store.ts'
import { openWebhooks } from './webhooks.ts'
import { answerWrite, type Written } from './write-frame.ts'

/**
 * A small shop that meets the whole contract: `node --import tsx examples/shop-adapter/level-4.ts`, settings below.
 * SHOP_KEY is the sync's. Requests with it must stay silent: here is where a real shop takes care NOT to send an order
 * confirmation, not to make a login, not to touch a payment and not to move stock. SHOPKEEPER_KEY is for the shop's own
 * pages, whose writes may also set what the sync may not (number, payment, delivery address and so on).
 */
const { SHOP_KEY: syncKey = 'sandbox-webshop', SHOPKEEPER_KEY: shopkeeperKey = 'shopkeeper' } = process.env
const store = openStore(process.env['SHOP_DATABASE'] ?? 'shop.db')
const { WEBHOOK_URL: webhookUrl, WEBHOOK_SECRET: webhookSecret = '' } = process.env
const announce = webhookUrl ? openWebhooks(webhookUrl, webhookSecret) : () => undefined

const capabilities = {
  ...{ contract: '1.0', shop: 'Example shop', currency: 'NOK', pricesIncludeVat: false },
  customers: {
    kinds: ['company', 'person', 'department'],
    ...{ create: true, update: true, delete: true, emailRequired: false, emailUnique: true },
  },
  products: { create: true, update: true },
  orders: { create: true, update: true, editLines: true, cancel: true },
  ...{ webhooks: webhookUrl !== undefined, tombstones: true, idempotency: true },
}

const shelf: Shelf = {
  customerKind: (id) => living('customers', id)?.['kind'] as string | undefined,
  sku: (id) => living('products', id)?.['sku'] as string | undefined,
  orderExists: (id) => living('orders', id) !== undefined,
  nextId: store.nextId,
}
const prefixes: Readonly<Record<Collection, string>> = { customers: 'c', products: 'p', orders: 'o' }
const singular: Readonly<Record<Collection, string>> = { customers: 'customer', products: 'product', orders: 'order' }

export const app = new Hono()
app.onError((error) => {
  if (error instanceof Problem) return error.toResponse()
  console.error(error)
  return new Problem(500, 'internal', 'Something went wrong in the shop.').toResponse()
})
app.notFound(() => new Problem(404, 'not-found', 'There is nothing at this address.').toResponse())
app.use('/api/*', async (c, next) => {
  const key = /^Bearer (.+)$/.exec(c.req.header('authorization') ?? '')?.[1]
  if (key !== syncKey && key !== shopkeeperKey)
    return new Problem(401, 'unauthorized', 'Send a known key: Authorization: Bearer <key>.').toResponse()
  return next()
})
app.get('/api/capabilities', (c) => c.json(capabilities))
app.get('/api/counts', (c) => c.json(store.counts()))

for (const collection of collections) {
  const path = `/api/${collection}`
  app.get(path, (c) => c.json(list(store, collection, new URL(c.req.url).searchParams)))
  app.get(`${path}/:id`, (c) => shown(record(collection, c.req.param('id'))))
  app.post(path, async (c) => {
    const body = await jsonOf(c, 'application/json')
    return writing(c, body.text, collection, () => {
      const by = { bySync: isSync(c), shelf }
      const fields =
        collection === 'orders' ? newOrder(body.json, by) : changed(collection, body.json, { before: null, ...by })
      const made = store.put(collection, fields, null, store.nextId(prefixes[collection]))
      return { record: made, status: 201, headers: { location: `${path}/${made.id}` } }
    })
  })
  app.patch(`${path}/:id`, async (c) => {
    const body = await jsonOf(c, 'application/merge-patch+json')
    return writing(c, body.text, collection, () => {
      const current = atVersion(c, collection)
      const before = fieldsOf(current)
      const by = { bySync: isSync(c), shelf }
      const fields =
        collection === 'orders'
          ? changedOrder(before as Order, body.json, by)
          : changed(collection, body.json, { before, ...by })
      return { record: putIfChanged(collection, current, fields) }
    })
  })
  app.delete(`${path}/:id`, (c) =>
    writing(c, '', collection, () => {
      const current = atVersion(c, collection)
      if (collection !== 'orders' && store.isInUse(current.id))
        throw new Problem(409, 'in-use', 'An order names it: set it inactive instead.')
      if (current['status'] === 'invoiced') throw new Problem(409, 'locked', 'The order is invoiced and stays.')
      return { record: store.remove(collection, current), status: 204, body: null }
    }),
  )
}

/** Lines have no version of their own: If-Match and ETag are the order's, and each of these moves it. */
app.post('/api/orders/:id/lines', async (c) => {
  const body = await jsonOf(c, 'application/json')
  return writing(c, body.text, 'orders', () => {
    const current = atVersion(c, 'orders')
    const order = openOrder(current)
    const lines = withLine(order.lines, body.json, { bySync: isSync(c), shelf })
    const added = lines.find((line) => !order.lines.some((known) => known.id === line.id))
    const headers = { location: `/api/orders/${current.id}/lines/${added?.id}` }
    return {
      record: store.put('orders', totalled(order, lines), current, current.id),
      status: 201,
      headers,
      body: added,
    }
  })
})
app.patch('/api/orders/:id/lines/:line', async (c) => {
  const body = await jsonOf(c, 'application/merge-patch+json')
  return writing(c, body.text, 'orders', () => {
    const current = atVersion(c, 'orders')
    const order = openOrder(current)
    const line = changedLine(lineOf(order, c.req.param('line')), body.json, { bySync: isSync(c), shelf })
    return { record: putIfChanged('orders', current, totalled(order, replaced(order.lines, line))), body: line }
  })
})
app.delete('/api/orders/:id/lines/:line', (c) =>
  writing(c, '', 'orders', () => {
    const current = atVersion(c, 'orders')
    const order = openOrder(current)
    const { id } = lineOf(order, c.req.param('line'))
    const lines = order.lines.filter((line) => line.id !== id)
    return { record: store.put('orders', totalled(order, lines), current, current.id), status: 204, body: null }
  }),
)

function writing(c: Context, text: string, collection: Collection, work: () => Written): Response {
  const givenKey = c.req.method === 'POST' ? c.req.header('idempotency-key') : undefined
  const request = { caller: isSync(c) ? 'sync' : 'shopkeeper', path: c.req.path, text, givenKey }
  return answerWrite(store, request, { work, tell: (news) => tell(collection, news) })
}

/** Also the sync's own writes are announced: it knows them by their version. */
function tell(collection: Collection, { id, version, changedAt, deleted }: Stored): void {
  announce({
    type: `${singular[collection]}.${deleted ? 'deleted' : 'changed'}`,
    timestamp: changedAt,
    data: { id, version },
  })
}

function living(collection: Collection, id: string): Stored | undefined {
  const found = store.find(collection, id)
  return found?.deleted ? undefined : found
}

/** @throws Problem 404 | 410 */
function record(collection: Collection, id: string): Stored {
  const found = store.find(collection, id)
  if (!found) throw new Problem(404, 'not-found', `There never was a ${singular[collection]} ${id}.`)
  if (found.deleted) throw new Problem(410, 'gone', `The ${singular[collection]} ${id} was deleted.`)
  return found
}

/** The record that a write is about, as the writer has seen it. @throws Problem 404 | 410 | 428 | 400 | 412 */
function atVersion(c: Context, collection: Collection): Stored {
  const current = record(collection, c.req.param('id') ?? '')
  const given = c.req.header('if-match')
  if (given === undefined)
    throw new Problem(428, 'if-match-required', 'Send If-Match with the version that you have read.')
  const version = /^"([^"]*)"$/.exec(given)?.[1]
  if (version === undefined) throw new Problem(400, 'bad-request', 'If-Match must be one version in quotes.')
  if (version !== current.version)
    throw new Problem(412, 'version-changed', 'The record has changed meanwhile: read it again.')
  return current
}

/** A write that changes nothing moves neither version nor change time, or the sync would answer its own echo for ever. */
function putIfChanged(collection: Collection, current: Stored, fields: JsonObject): Stored {
  const before = fieldsOf(current)
  return isDeepStrictEqual(before, { ...fields }) ? current : store.put(collection, fields, current, current.id)
}

function fieldsOf({
  id: _id,
  version: _version,
  createdAt: _made,
  changedAt: _changed,
  ...fields
}: Stored): JsonObject {
  return fields
}

/** @throws Problem 409 */
function openOrder(current: Stored): Order {
  const order = fieldsOf(current) as unknown as Order
  assertOpen(order)
  return order
}

/** @throws Problem 404 */
function lineOf({ lines }: Order, id: string): Line {
  const line = lines.find((each) => each.id === id)
  if (!line) throw new Problem(404, 'not-found', `The order has no line ${id}.`)
  return line
}

function shown(found: Stored): Response {
  return Response.json(found, { headers: { etag: `"${found.version}"` } })
}

function isSync(c: Context): boolean {
  return c.req.header('authorization') === `Bearer ${syncKey}`
}

/** @throws Problem 415 | 400 */
async function jsonOf(c: Context, type: string): Promise<{ readonly text: string; readonly json: JsonObject }> {
  if (c.req.header('content-type')?.split(';')[0]?.trim() !== type)
    throw new Problem(415, 'unsupported-media-type', `Send it as ${type}.`)
  const text = await c.req.text()
  try {
    const json: unknown = JSON.parse(text)
    if (isObject(json)) return { text, json }
  } catch {
    // Said below, as of any other body that is no object.
  }
  throw new Problem(400, 'bad-request', 'The body must be a JSON object.')
}

const server = serve(
  { fetch: app.fetch, hostname: '127.0.0.1', port: Number(process.env['PORT'] ?? 4021) },
  ({ port }) => console.log(`the example shop (level 4) listens on http://127.0.0.1:${port}`),
)
process.once('SIGTERM', () => server.close(() => store.close()))
