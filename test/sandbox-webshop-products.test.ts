import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { startWebshopSandbox, type WebshopSandbox } from '../sandbox/webshop/server.ts'
import { clientOf, type Json, problem, readAll, type ShopClient, withShop } from './sandbox-webshop-client.ts'

let sandbox: WebshopSandbox
let shop: ShopClient
beforeAll(async () => {
  sandbox = await startWebshopSandbox()
  shop = clientOf(sandbox.baseUrl)
})
afterAll(() => sandbox.close())

let lastSku = 0
const someProduct = (fields: object = {}) => {
  lastSku += 1
  return { sku: `SKU-${lastSku}`, name: `Vare ${lastSku}`, ...fields }
}
const shopkeeper = { key: 'sandbox-shopkeeper' }
const idsOf = (items: readonly Json[]) => items.map((item) => item.id)

describe('products', () => {
  test('a product is created with what was given, in the decimals of the shop, and null for the rest', async () => {
    const given = { sku: '007', name: ' Blåbærsyltetøy ', priceExVat: 49.9, vatRate: '15.00', erpStock: '12.5' }
    const answer = await shop.products.create({ ...given, published: null, erpId: 'product:1', colour: 'blue' })
    expect([answer.status, answer.headers.get('location'), answer.headers.get('etag'), answer.body]).toEqual([
      201,
      `/api/products/${answer.body.id}`,
      `"${answer.body.version}"`,
      {
        id: expect.stringMatching(/^p-\d{6}$/),
        version: expect.any(String),
        createdAt: expect.any(String),
        changedAt: answer.body.createdAt,
        sku: '007',
        name: 'Blåbærsyltetøy',
        gtin: null,
        description: null,
        type: 'product',
        category: null,
        unit: null,
        priceExVat: '49.90',
        vatRate: '15',
        erpStock: '12.5',
        active: true,
        published: false,
        variantOf: null,
        erpId: 'product:1',
      },
    ])
    expect(await shop.products.read(answer.body.id)).toEqual(answer.body)
  })

  test('sku and name are required, decimals must be decimals: all that is wrong is named at once', async () => {
    const empty = await shop.products.create({ sku: ' ', priceExVat: '1,5', vatRate: '0.1234567', erpStock: 1e13 })
    const decimalSentence = expect.stringContaining('Must be a decimal number')
    expect([empty.status, empty.body.errors]).toEqual([
      422,
      [
        { pointer: '/sku', detail: 'Must be text and not empty.' },
        { pointer: '/name', detail: 'Must be text and not empty.' },
        { pointer: '/priceExVat', detail: decimalSentence },
        { pointer: '/vatRate', detail: decimalSentence },
        { pointer: '/erpStock', detail: decimalSentence },
      ],
    ])
    const { body } = await shop.products.create(someProduct())
    const cleared = await shop.products.patch(body.id, body.version, { name: null, sku: '' })
    expect(cleared.body.errors.map((each: Json) => each.pointer)).toEqual(['/sku', '/name'])
  })

  test('a taken sku or erpId is 409 and names who has it; "007" and "7" are different', async () => {
    const first = (await shop.products.create(someProduct({ sku: '0070', erpId: 'product:70' }))).body
    const sku = await shop.products.create(someProduct({ sku: '0070' }))
    const other = (await shop.products.create(someProduct({ sku: '70' }))).body
    const erpId = await shop.products.patch(other.id, other.version, { erpId: 'product:70' })
    const taken = (field: string) =>
      problem(409, 'already-exists', {
        existingId: first.id,
        errors: [{ pointer: `/${field}`, detail: `Taken by ${first.id}.` }],
      })
    expect([sku.body, erpId.body]).toEqual([taken('sku'), taken('erpId')])
  })

  test('the same number in other digits changes nothing', async () => {
    const { body } = await shop.products.create(someProduct({ priceExVat: '499.5', erpStock: '3' }))
    const same = { priceExVat: '499.500000', erpStock: 3.0, vatRate: null }
    expect((await shop.products.patch(body.id, body.version, same)).body).toEqual(body)
    const { body: changed } = await shop.products.patch(body.id, body.version, { priceExVat: '499.500001' })
    expect([changed.priceExVat, changed.version === body.version]).toEqual(['499.500001', false])
  })

  test('`published` is the sync’s at creation only and `variantOf` is the shop’s own', async () => {
    const parent = (await shop.products.create(someProduct({ published: true }))).body
    const child = (await shop.products.create(someProduct({ variantOf: parent.id }))).body
    expect([parent.published, child.variantOf]).toEqual([true, null])
    const bySync = await shop.products.patch(child.id, child.version, { published: true, variantOf: parent.id })
    expect(bySync.body).toEqual(child)
    const byShop = await shop.products.patch(
      child.id,
      child.version,
      { published: true, variantOf: parent.id },
      shopkeeper,
    )
    expect([byShop.body.published, byShop.body.variantOf]).toEqual([true, parent.id])
    const unknown = await shop.products.create(someProduct({ variantOf: 'p-999999' }), shopkeeper)
    expect([unknown.status, unknown.body.errors]).toEqual([
      422,
      [{ pointer: '/variantOf', detail: 'There is no product p-999999.' }],
    ])
  })

  test('filters by id, erpId, sku and gtin; other parameters are 400', async () => {
    await withShop({}, async (client, { insertProducts }) => {
      const [a, b, c] = insertProducts([
        { sku: '1', name: 'A', gtin: '7038010000000' },
        { sku: '01', name: 'B', gtin: '7038010000000', erpId: 'product:2' },
        { sku: null, name: 'C' },
      ])
      const found = async (query: string) => idsOf((await client.get(`/api/products?${query}`)).body.items)
      expect([
        await found(`id=${a}&id=${c}`),
        await found('erpId=product:2&erpId=product:3'),
        await found('sku=1'),
        await found('sku=1&sku=01'),
        await found('gtin=7038010000000&sku=01'),
      ]).toEqual([[a, c], [b], [a], [a, b], [b]])
      expect((await client.get('/api/products?name=A')).status).toBe(400)
    })
  })

  test('a product that is on an order cannot be deleted; afterwards it leaves a tombstone without a kind', async () => {
    const customer = (await shop.create({ kind: 'company', name: 'Kunde AS' })).body
    const product = (await shop.products.create(someProduct({ erpId: 'product:80' }))).body
    const line = { kind: 'product', description: 'x', productId: product.id }
    const order = (
      await shop.orders.create({
        customerId: customer.id,
        currency: 'NOK',
        orderedAt: '2026-11-23T08:00:00Z',
        lines: [line],
      })
    ).body
    const used = [
      await shop.products.remove(product.id, product.version),
      await shop.remove(customer.id, customer.version),
    ]
    expect(used.map((answer) => answer.body)).toEqual([problem(409, 'in-use'), problem(409, 'in-use')])
    await shop.linesOf(order).remove(order.lines[0].id)
    const { next } = (await readAll(shop, undefined, 500, 'products')).last
    expect((await shop.products.remove(product.id, product.version)).status).toBe(204)
    expect((await shop.get(`/api/products?changedSince=${next}`)).body.items).toEqual([
      {
        id: product.id,
        deleted: true,
        erpId: 'product:80',
        version: expect.any(String),
        changedAt: expect.any(String),
      },
    ])
  })

  test('a department that an order names cannot be deleted either', async () => {
    await withShop({}, async (client, { customers, orders }) => {
      const customer = customers.create({ kind: 'company', name: 'Kunde AS' })
      const department = customers.create({ kind: 'department', name: 'Salg' })
      const body = { customerId: customer.id, departmentId: department.id, currency: 'NOK' }
      const order = orders.create({ ...body, orderedAt: '2026-11-23T08:00:00Z', lines: [] })
      const used = await client.remove(department.id, department.version)
      expect(used.body).toEqual(problem(409, 'in-use'))
      orders.edit(order.id, { departmentId: null })
      expect((await client.remove(department.id, department.version)).status).toBe(204)
    })
  })

  test('creating and changing products can be switched off, for the sync', async () => {
    await withShop({ settings: { createProducts: false, updateProducts: false } }, async (client) => {
      expect((await client.get('/api/capabilities')).body.products).toEqual({ create: false, update: false })
      const refused = await client.products.create(someProduct())
      const { body } = await client.products.create(someProduct(), shopkeeper)
      const unchanged = await client.products.patch(body.id, body.version, { name: 'B' })
      expect([refused.body, unchanged.body]).toEqual([problem(403, 'not-offered'), problem(403, 'not-offered')])
      expect((await client.products.patch(body.id, body.version, { name: 'B' }, shopkeeper)).status).toBe(200)
    })
  })
})
