import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { serve } from '@hono/node-server'
import { Hono } from 'hono'
import Database from 'libsql'
import { Problem } from './problem.ts'

/**
 * The afternoon's work: a window on a shop's tables (level-1.sql) that only reads, `node --import tsx
 * examples/shop-adapter/level-1.ts`. Changes flow to PowerOffice and nothing comes back.
 */
const {
  SHOP_DATABASE = 'shop-1.db',
  SHOP_KEY = 'sandbox-webshop',
  PORT = '4021',
  LONGEST_TRANSACTION_MS = '5000',
} = process.env
const database = new Database(SHOP_DATABASE)
database.exec(readFileSync(new URL('level-1.sql', import.meta.url), 'utf8'))

/** What the tables have no column for is served as null: a property that is missing would mean "not known", and stop the sync. */
const address = `CASE WHEN coalesce(street, zip, city) IS NOT NULL THEN
  json_object('line1', street, 'line2', NULL, 'zip', zip, 'city', city, 'country', country) END`
const lines = `(SELECT json_group_array(json_object('id', 'l' || l.id, 'kind', l.kind, 'description', l.description, 'productId', l.product_id || '',
  'quantity', l.quantity, 'unit', NULL, 'unitPriceExVat', l.price, 'discountPercent', NULL, 'vatRate', l.vat, 'position', l.id))
  FROM order_lines l WHERE l.order_id = t.id)`
const selections: Readonly<Record<string, string>> = {
  customers: `'kind', CASE WHEN name IS NULL THEN 'person' ELSE 'company' END, 'name', name, 'firstName', first_name, 'lastName', last_name,
    'email', email, 'phone', phone, 'organizationNumber', org_no, 'customerNumber', NULL, 'invoiceEmail', NULL, 'website', NULL,
    'address', ${address}, 'active', json('true'), 'guest', json(iif(is_guest, 'true', 'false'))`,
  products: `'sku', sku, 'name', name, 'gtin', NULL, 'description', NULL, 'type', 'product', 'category', NULL, 'unit', NULL, 'priceExVat', price,
    'vatRate', vat, 'erpStock', NULL, 'active', json(iif(on_sale, 'true', 'false')), 'published', json('true'), 'variantOf', NULL`,
  orders: `'number', number, 'customerId', customer_id || '', 'currency', 'NOK', 'orderedAt', placed_at, 'status', status, 'departmentId', NULL,
    'purchaseOrderReference', NULL, 'customerReference', NULL, 'deliveryAddress', NULL, 'creditsOrderId', NULL, 'erpOrderNumber', NULL, 'invoiceNumber', NULL,
    'invoiceDueDate', NULL, 'invoiceBalance', NULL, 'payment', json_object('status', iif(paid_by IS NULL, 'none', 'paid'), 'method', paid_by, 'reference', NULL),
    'totalExVat', total_ex_vat, 'totalIncVat', total_inc_vat, 'lines', ${lines}`,
}

type Row = Readonly<{ id: number; updatedAt: string; json: string }>
function read(collection: string, rest: string, ...values: unknown[]): Row[] {
  const fields = `'id', id || '', 'createdAt', created_at, 'changedAt', updated_at, 'erpId', NULL, ${selections[collection]}`
  const sql = `SELECT id, updated_at AS updatedAt, json_object(${fields}) AS json FROM ${collection} t ${rest}`
  return database.prepare(sql).all(...values) as Row[]
}
/** The version is a hash of all that is shown: another one after every change, without a column for it. */
const versioned = ({ json }: Row) => ({
  ...(JSON.parse(json) as Record<string, unknown>),
  version: createHash('sha256').update(json).digest('base64url').slice(0, 16),
})

const app = new Hono()
app.onError((error) =>
  (error instanceof Problem ? error : new Problem(500, 'internal', 'The shop failed.')).toResponse(),
)
app.notFound(() => new Problem(404, 'not-found', 'There is nothing at this address.').toResponse())
app.use('/api/*', async (c, next) => {
  if (c.req.header('authorization') === `Bearer ${SHOP_KEY}`) return next()
  throw new Problem(401, 'unauthorized', 'Send a known key: Authorization: Bearer <key>.')
})
const none = { create: false, update: false }
app.get('/api/capabilities', (c) =>
  c.json({
    ...{ contract: '1.0', shop: 'Example shop', currency: 'NOK', pricesIncludeVat: false },
    customers: { kinds: ['company', 'person'], ...none, delete: false, emailRequired: false, emailUnique: false },
    ...{
      products: none,
      orders: { ...none, editLines: false, cancel: false },
      webhooks: false,
      tombstones: false,
      idempotency: false,
    },
  }),
)
for (const collection of Object.keys(selections)) {
  app.get(`/api/${collection}`, (c) => {
    const limit = Number(c.req.query('limit') ?? 100)
    if (!Number.isInteger(limit) || limit < 1 || limit > 500)
      throw new Problem(400, 'bad-request', 'limit must be a whole number from 1 to 500.')
    const [ids, cursor] = [c.req.queries('id'), c.req.query('changedSince')]
    const { limit: _limit, id: _id, changedSince: _cursor, ...strange } = c.req.queries()
    if (Object.keys(strange).length > 0 || (ids && cursor !== undefined))
      throw new Problem(400, 'bad-request', 'This list takes limit, and changedSince or id.')
    const [after, id] = placeOf(cursor)
    // A transaction that began earlier may still commit with an earlier updated_at: what is younger than the longest one waits.
    const settled = new Date(Date.now() - Number(LONGEST_TRANSACTION_MS)).toISOString()
    const where = `WHERE (updated_at, id) > (?, ?) AND updated_at < ? ORDER BY updated_at, id LIMIT ?`
    const found = ids
      ? read(collection, `WHERE id IN (${ids.map(() => '?')}) LIMIT ?`, ...ids, limit + 1)
      : read(collection, where, after, id, settled, limit + 1)
    const last = ids ? undefined : found.slice(0, limit).at(-1)
    const next = Buffer.from(`${collection} ${last?.updatedAt ?? after} ${last?.id ?? id}`).toString('base64url')
    return c.json({ items: found.slice(0, limit).map(versioned), next, hasMore: found.length > limit, epoch: 'e-1' })

    function placeOf(text: string | undefined): readonly [string, number] {
      if (text === undefined || ids) return ['', 0]
      const [of, time = '', last] = Buffer.from(text, 'base64url').toString().split(' ')
      if (of === collection && /^(|\d{4}-\d\d-\d\dT[\d:.]+Z)$/.test(time) && /^\d+$/.test(last ?? ''))
        return [time, Number(last)]
      throw new Problem(410, 'unknown-cursor', 'This cursor is not known here: begin from the beginning.')
    }
  })
  app.get(`/api/${collection}/:id`, (c) => {
    const [row] = read(collection, 'WHERE id = ?', c.req.param('id'))
    if (!row) throw new Problem(404, 'not-found', 'There is no such record.')
    const found = versioned(row)
    return c.json(found, 200, { etag: `"${found.version}"` })
  })
}

serve({ fetch: app.fetch, hostname: '127.0.0.1', port: Number(PORT) }, ({ port }) =>
  console.log(`the example shop (level 1) listens on http://127.0.0.1:${port}`),
)
