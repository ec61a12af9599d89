import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { startWebshopSandbox } from '../sandbox/webshop/server.ts'
import { clientOf, type Json, problem, readAll, type ShopClient, withShop } from './sandbox-webshop-client.ts'
import { type OrderWorld, openOrderWorld } from './sandbox-webshop-order-world.ts'

const folder = mkdtempSync(join(tmpdir(), 'webshop-lines-'))
let world: OrderWorld
let shop: ShopClient
let productId: string
beforeAll(async () => {
  world = await openOrderWorld()
  shop = world.shop
  productId = world.productId
})
afterAll(async () => {
  await world.close()
  rmSync(folder, { recursive: true })
})

const shopkeeper = { key: 'sandbox-shopkeeper' }
const freight = { kind: 'shipping', description: 'Frakt', unitPriceExVat: '79', vatRate: '25' }
const note = (description: string, rest: object = {}) => ({ kind: 'text', description, ...rest })
const orderOf = (lines: readonly object[]) => world.someOrder({ lines })
const place = (...lines: object[]): Promise<Json> => world.place({ lines })
const texts = (order: Json) => order.lines.map((each: Json) => each.description)
const etagOf = (answer: { headers: Headers }) => answer.headers.get('etag')

describe('lines of an order', () => {
  test('a new line is answered with the new version of its order, which moves in the feed and has new totals', async () => {
    const order = await place(freight)
    const { next } = (await readAll(shop, undefined, 500, 'orders')).last
    const given = { kind: 'product', description: ' Syltetøy ', productId, quantity: 2, unitPriceExVat: '49.9' }
    const answer = await shop.linesOf(order).add({ ...given, sku: 'other', id: 'l-1' })
    const after = await shop.orders.read(order.id)
    expect([answer.status, answer.headers.get('location'), etagOf(answer), answer.body]).toEqual([
      201,
      `/api/orders/${order.id}/lines/${answer.body.id}`,
      `"${after.version}"`,
      {
        id: expect.stringMatching(/^l-\d{6}$/),
        kind: 'product',
        sku: 'SYL-1',
        productId,
        description: 'Syltetøy',
        quantity: '2',
        unit: null,
        unitPriceExVat: '49.90',
        discountPercent: null,
        vatRate: null,
        position: 2,
      },
    ])
    expect(after).toEqual({
      ...order,
      version: expect.any(String),
      changedAt: expect.any(String),
      totalExVat: '178.80',
      totalIncVat: '198.55',
      lines: [...order.lines, answer.body],
    })
    expect(after.version).not.toBe(order.version)
    expect(after.changedAt > order.changedAt).toBe(true)
    expect((await shop.get(`/api/orders?changedSince=${next}`)).body.items).toEqual([after])
  })

  test('a patch changes what it names and answers the line; one that changes nothing moves nothing', async () => {
    const order = await place(freight, note('Takk'))
    const [line] = order.lines
    const answer = await shop.linesOf(order).edit(line.id, { unitPriceExVat: '99.00', vatRate: null, quantity: 1 })
    const after = await shop.orders.read(order.id)
    expect([answer.status, etagOf(answer), answer.body]).toEqual([
      200,
      `"${after.version}"`,
      { ...line, unitPriceExVat: '99.00', vatRate: null, quantity: '1' },
    ])
    expect([after.totalExVat, after.totalIncVat, after.lines[0]]).toEqual(['99.00', '99.00', answer.body])
    const same = await shop.linesOf(after).edit(line.id, { unitPriceExVat: '99.0', colour: 'red', sku: 'x' })
    expect([same.status, etagOf(same), same.body]).toEqual([200, `"${after.version}"`, answer.body])
    expect(await shop.orders.read(order.id)).toEqual(after)
  })

  test('a removed line is gone, its id is not given again, and the answer names the new version', async () => {
    const order = await place(note('A'), note('B'))
    const [first, last] = order.lines
    const answer = await shop.linesOf(order).remove(last.id)
    const after = await shop.orders.read(order.id)
    expect([answer.status, answer.body, etagOf(answer), texts(after)]).toEqual([204, '', `"${after.version}"`, ['A']])
    const added = (await shop.linesOf(after).add(note('C'))).body
    expect([added.id === last.id, added.position]).toEqual([false, first.position + 1])
    const again = await shop.linesOf(await shop.orders.read(order.id)).remove(last.id)
    expect(again.body).toEqual(problem(404, 'not-found'))
  })

  test('If-Match is the order’s version: 428 without, 412 when the order or another line has changed', async () => {
    const order = await place(note('A'), note('B'))
    const [a, b] = order.lines
    const bare = await Promise.all([
      shop.request('POST', `/api/orders/${order.id}/lines`, { body: note('C') }),
      shop.request('PATCH', `/api/orders/${order.id}/lines/${a.id}`, { body: { description: 'x' } }),
      shop.request('DELETE', `/api/orders/${order.id}/lines/${a.id}`),
    ])
    expect(bare.map((answer) => answer.body)).toEqual(Array(3).fill(problem(428, 'if-match-required')))
    await shop.linesOf(order).edit(b.id, { description: 'BB' })
    const old = await Promise.all([
      shop.linesOf(order).add(note('C')),
      shop.linesOf(order).edit(a.id, { description: 'x' }),
      shop.linesOf(order).remove(a.id),
      shop.orders.patch(order.id, order.version, { customerReference: 'x' }),
    ])
    expect(old.map((answer) => answer.body)).toEqual(Array(4).fill(problem(412, 'version-changed')))
    expect(texts(await shop.orders.read(order.id))).toEqual(['A', 'BB'])
  })

  test('a line needs kind and description, an existing product, and keeps its kind for the sync', async () => {
    const order = await place(freight)
    const lines = shop.linesOf(order)
    const [line] = order.lines
    const answers = [
      await lines.add({ productId: 'p-999999' }),
      await lines.add({ kind: 'product', description: 'x', productId: 'p-999999' }),
      await lines.edit(line.id, { description: '', position: null }),
      await lines.edit(line.id, { kind: 'payment' }),
    ]
    expect(answers.map((answer) => [answer.status, answer.body.errors.map((each: Json) => each.pointer)])).toEqual([
      [422, ['/kind', '/description']],
      [422, ['/productId']],
      [422, ['/description', '/position']],
      [422, ['/kind']],
    ])
    const byShop = await lines.edit(line.id, { kind: 'product', productId }, shopkeeper)
    expect([byShop.status, byShop.body.kind, byShop.body.sku]).toEqual([200, 'product', 'SYL-1'])
    const unknown = await Promise.all([
      shop.linesOf({ id: 'o-999999', version: 'x' }).add(freight),
      lines.edit('l-999999', {}, { headers: { 'if-match': '*' } }),
    ])
    expect(unknown.map((answer) => answer.body)).toEqual(Array(2).fill(problem(404, 'not-found')))
  })

  test('the same Idempotency-Key and body give the first answer again, though the order has moved on', async () => {
    const order = await place(freight)
    const headers = { 'idempotency-key': 'line:1~1' }
    const first = await shop.linesOf(order).add(note('A'), { headers })
    const again = await shop.linesOf(order).add(note('A'), { headers })
    const other = await shop.linesOf(order).add(note('B'), { headers })
    expect([again.status, etagOf(again), again.body]).toEqual([201, etagOf(first), first.body])
    expect([other.body, texts(await shop.orders.read(order.id))]).toEqual([
      problem(422, 'idempotency-key-reused'),
      ['Frakt', 'A'],
    ])
  })
})

describe('positions', () => {
  test('lines are shown by position, whatever the order in which they came; equal ones stay as they were made', async () => {
    const order = await place(note('C', { position: 30 }), note('A', { position: '-5' }), note('B', { position: 7 }))
    expect([texts(order), order.lines.map((each: Json) => each.position)]).toEqual([
      ['A', 'B', 'C'],
      [-5, 7, 30],
    ])
    const moved = await shop.linesOf(order).edit(order.lines[2].id, { position: 7 })
    expect(texts(await shop.orders.read(order.id))).toEqual(['A', 'C', 'B'])
    await shop.linesOf({ id: order.id, version: String(etagOf(moved)).slice(1, -1) }).add(note('D'))
    expect(texts(await shop.orders.read(order.id))).toEqual(['A', 'C', 'B', 'D'])
  })

  test.each([0, 1] as const)('a shop may number from %i', async (positionsFrom) => {
    await withShop({ settings: { positionsFrom } }, async (client, { customers, orders }) => {
      const customer = customers.create({ kind: 'company', name: 'A' })
      const lines = [note('A'), note('B', { position: 10 }), note('C')]
      const { body } = await client.orders.create({ ...orderOf(lines), customerId: customer.id })
      const placed = orders.create({ ...orderOf([note('A'), note('B')]), customerId: customer.id })
      const positions = (order: Json) => order.lines.map((each: Json) => each.position)
      expect([positions(body), positions(placed)]).toEqual([
        [positionsFrom, 10, 11],
        [positionsFrom, positionsFrom + 1],
      ])
    })
  })
})

describe('decimals of lines', () => {
  test('a shop may keep fewer decimals of prices and percentages than it is given', async () => {
    await withShop({ settings: { lineDecimals: 2 } }, async (client, { customers }) => {
      const customer = customers.create({ kind: 'company', name: 'A' })
      const line = { ...note('A'), quantity: '1.234', unitPriceExVat: '33.335', discountPercent: '12.344999' }
      const { body } = await client.orders.create({ ...orderOf([line]), customerId: customer.id })
      expect([body.lines[0].quantity, body.lines[0].unitPriceExVat, body.lines[0].discountPercent]).toEqual([
        '1.234',
        '33.34',
        '12.34',
      ])
      const same = await client.linesOf(body).edit(body.lines[0].id, { unitPriceExVat: '33.335' })
      expect(etagOf(same)).toBe(`"${body.version}"`)
    })
  })

  test('a shop may show decimals as JSON numbers, everywhere', async () => {
    await withShop({ settings: { decimalsAs: 'numbers' } }, async (client, { customers, orders }) => {
      const customer = customers.create({ kind: 'company', name: 'A' })
      const product = (await client.products.create({ sku: '1', name: 'A', priceExVat: '0.333333', vatRate: '25' }))
        .body
      const { body } = await client.orders.create({
        ...orderOf([{ ...freight, quantity: '0.5' }]),
        customerId: customer.id,
      })
      const line = (await client.linesOf(body).edit(body.lines[0].id, { discountPercent: '12.5' })).body
      expect([product.priceExVat, product.vatRate, product.erpStock, product.sku]).toEqual([0.333333, 25, null, '1'])
      expect([body.totalExVat, body.lines[0].quantity, body.lines[0].unitPriceExVat]).toEqual([39.5, 0.5, 79])
      const [listed] = (await client.get('/api/orders')).body.items
      expect([line.discountPercent, listed.lines, await client.orders.read(body.id)]).toEqual([12.5, [line], listed])
      expect(orders.get(body.id)?.lines[0]?.discountPercent).toBe('12.5')
    })
  })
})

describe('lines in the data file', () => {
  test('after a restart no line id is given again and the counts are right', async () => {
    const dataFile = join(folder, 'lines.sqlite')
    const first = await startWebshopSandbox({ dataFile })
    const customer = first.customers.create({ kind: 'company', name: 'A' })
    const body = { ...orderOf([note('A'), note('B'), note('C')]), customerId: customer.id }
    const order = first.orders.create(body)
    const ids = order.lines.map((line) => line.id)
    first.orders.removeLine(order.id, ids[2] ?? '')
    await first.close()
    const second = await startWebshopSandbox({ dataFile })
    const added = second.orders.addLine(order.id, note('D'))
    const { body: counts } = await clientOf(second.baseUrl).get('/api/counts')
    second.orders.remove(order.id)
    const emptied = (await clientOf(second.baseUrl).get('/api/counts')).body
    await second.close()
    expect([ids.includes(added.id), counts, emptied]).toEqual([
      false,
      { customers: 1, products: 0, orders: 1, lines: 3 },
      { customers: 1, products: 0, orders: 0, lines: 0 },
    ])
  })
})
