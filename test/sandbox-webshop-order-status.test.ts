import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { problem, type ShopClient, withShop } from './sandbox-webshop-client.ts'
import { type OrderWorld, openOrderWorld } from './sandbox-webshop-order-world.ts'

let world: OrderWorld
let shop: ShopClient
beforeAll(async () => {
  world = await openOrderWorld()
  shop = world.shop
})
afterAll(() => world.close())

const shopkeeper = { key: 'sandbox-shopkeeper' }
const place = (fields?: object) => world.place(fields)

describe('the status of an order', () => {
  const statuses = ['open', 'confirmed', 'invoiced', 'cancelled'] as const
  const moves = statuses.flatMap((from) => statuses.map((to) => ({ from, to })))

  test.each(moves)('from $from to $to', async ({ from, to }) => {
    const order = await place({ status: from })
    const answer = await shop.orders.patch(order.id, order.version, { status: to })
    const isAllowed = from === to || from === 'open' || from === 'confirmed'
    expect([order.status, answer.status]).toEqual([from, isAllowed ? 200 : 409])
    expect(await shop.orders.read(order.id)).toMatchObject({ status: isAllowed ? to : from })
  })

  test.each(['invoiced', 'cancelled'])(
    'an order that is %s refuses every edit but erpId and invoiceBalance',
    async (status) => {
      const order = await place({ status })
      const line = order.lines[0].id
      const refused = [
        await shop.orders.patch(order.id, order.version, { customerReference: 'x', erpId: 'order:20' }),
        await shop.orders.patch(order.id, order.version, { number: 'x' }, shopkeeper),
        await shop.orders.patch(order.id, order.version, { status, lines: [{ id: line, quantity: '3' }] }),
        await shop.linesOf(order).add({ kind: 'text', description: 'x' }),
        await shop.linesOf(order).edit(line, { quantity: '3' }),
        await shop.linesOf(order).remove(line, shopkeeper),
      ]
      expect(refused.map((answer) => answer.body)).toEqual(refused.map(() => problem(409, 'locked')))
      expect(await shop.orders.read(order.id)).toEqual(order)
      const balance = { erpId: `order:${status}`, invoiceBalance: '0' }
      const taken = await shop.orders.patch(order.id, order.version, balance)
      expect([taken.status, taken.body.erpId, taken.body.invoiceBalance]).toEqual([200, `order:${status}`, '0.00'])
      expect((await shop.linesOf(taken.body).edit(line, { quantity: order.lines[0].quantity })).status).toBe(200)
    },
  )

  test('an invoiced order cannot be deleted, a cancelled or open one can; what it held is free again', async () => {
    const invoiced = await place({ status: 'invoiced' })
    const locked = await shop.orders.remove(invoiced.id, invoiced.version)
    expect(locked.body).toEqual(problem(409, 'locked'))
    const before = (await shop.get('/api/counts')).body
    for (const status of ['open', 'cancelled']) {
      const order = await place({ status, erpId: 'order:30' })
      expect((await shop.orders.remove(order.id, order.version)).status).toBe(204)
      expect((await shop.get(`/api/orders/${order.id}`)).body).toEqual(problem(410, 'gone'))
    }
    expect((await shop.get('/api/counts')).body).toEqual(before)
  })
})

describe('the PATCH that sets invoiced', () => {
  test('it corrects lines in the same document: changed, removed, added; those not named stay', async () => {
    const order = await place({ status: 'confirmed' })
    const [first, second] = order.lines
    const third = (await shop.linesOf(order).add({ kind: 'text', description: 'Takk' })).body
    const current = await shop.orders.read(order.id)
    const answer = await shop.orders.patch(order.id, current.version, {
      status: 'invoiced',
      invoiceNumber: '900',
      lines: [
        { id: first.id, quantity: '1.5', discountPercent: '10', position: 9 },
        { id: second.id, deleted: true },
        { kind: 'rounding', description: 'Avrunding', unitPriceExVat: '-0.36', vatRate: null },
      ],
    })
    const { status, body } = answer
    expect([status, body.status, body.invoiceNumber, body.totalExVat, body.totalIncVat]).toEqual([
      200,
      'invoiced',
      '900',
      '67.01',
      '77.12',
    ])
    expect(body.lines).toEqual([
      third,
      { ...first, quantity: '1.5', discountPercent: '10', position: 9 },
      expect.objectContaining({ kind: 'rounding', unitPriceExVat: '-0.36', position: 10 }),
    ])
  })

  test('lines in any other PATCH are 422, and so are unknown lines, a line named twice and an entry that is neither', async () => {
    const order = await place()
    const [line] = order.lines
    const patch = (body: object) => shop.orders.patch(order.id, order.version, body)
    const misplaced = await patch({ lines: [{ id: line.id, quantity: '3' }] })
    const wrong = await patch({
      status: 'invoiced',
      lines: [
        { id: 'l-999999', quantity: '3' },
        { id: line.id, quantity: '3' },
        { id: line.id, deleted: true },
        { quantity: '3' },
        { id: order.lines[1].id, productId: 'p-999999' },
      ],
    })
    const none = await patch({ status: 'invoiced', lines: null })
    expect([misplaced.body.errors, wrong.body.errors, none.body.errors]).toEqual([
      [{ pointer: '/lines', detail: 'Lines come along only in the PATCH that sets invoiced.' }],
      [
        { pointer: '/lines/0/id', detail: 'There is no line l-999999.' },
        { pointer: '/lines/2/id', detail: `Line ${line.id} is named twice.` },
        { pointer: '/lines/3', detail: 'A new line needs kind and description; a change needs the id of a line.' },
        { pointer: '/lines/4/productId', detail: 'A line of kind shipping has no product.' },
      ],
      [{ pointer: '/lines', detail: 'Must be a list of lines.' }],
    ])
    expect(await shop.orders.read(order.id)).toEqual(order)
  })
})

describe('what the shop offers of orders', () => {
  test('each of create, update, editLines and cancel can be switched off, for the sync', async () => {
    await withShop({}, async (client, { customers, orders }) => {
      const { id } = customers.create({ kind: 'company', name: 'A' })
      const body = { customerId: id, currency: 'NOK', orderedAt: '2026-11-23T08:15:30Z', lines: [] }
      const order = orders.create({ ...body, lines: [{ kind: 'text', description: 'x' }] })
      const line = order.lines[0]?.id ?? ''
      const patch = async (change: object, options = {}) =>
        client.orders.patch(order.id, (await client.orders.read(order.id)).version, change, options)
      const writes = {
        create: () => client.orders.create(body),
        update: () => patch({ customerReference: 'x' }),
        editLines: () => client.linesOf(order).edit(line, { description: 'y' }),
        correct: () => patch({ status: 'invoiced', lines: [{ id: line, quantity: '1' }] }),
        cancel: () => patch({ status: 'cancelled' }),
      }
      const refusals = async (settings: object) => {
        await client.admin('PATCH', '/settings', settings)
        const { orders: offered } = (await client.get('/api/capabilities')).body
        const refused = []
        for (const [name, write] of Object.entries(writes)) if ((await write()).status === 403) refused.push(name)
        return { offered, refused }
      }
      const all = { createOrders: false, updateOrders: false, editOrderLines: false, cancelOrders: false }
      expect(await refusals(all)).toEqual({
        offered: { create: false, update: false, editLines: false, cancel: false },
        refused: ['create', 'update', 'editLines', 'correct', 'cancel'],
      })
      expect(await refusals({ updateOrders: true })).toEqual({
        offered: { create: false, update: true, editLines: false, cancel: false },
        refused: ['create', 'editLines', 'correct', 'cancel'],
      })
      expect((await patch({ status: 'cancelled' }, shopkeeper)).body.status).toBe('cancelled')
    })
  })
})
