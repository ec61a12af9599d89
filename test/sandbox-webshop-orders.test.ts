import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Json, readAll, type ShopClient, withShop } from './sandbox-webshop-client.ts'
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

describe('creating an order', () => {
  test('it comes with a number, its lines in order and totals that follow from them', async () => {
    const answer = await shop.orders.create(
      world.someOrder({ orderedAt: '2026-11-23T09:15:30+01:00', erpId: 'order:1' }),
    )
    const { id, version, createdAt } = answer.body
    const line = {
      id: expect.stringMatching(/^l-\d{6}$/),
      sku: null,
      productId: null,
      quantity: null,
      unit: null,
      discountPercent: null,
    }
    expect([answer.status, answer.headers.get('location'), answer.headers.get('etag'), answer.body]).toEqual([
      201,
      `/api/orders/${id}`,
      `"${version}"`,
      {
        id: expect.stringMatching(/^o-\d{6}$/),
        version: expect.any(String),
        createdAt,
        changedAt: createdAt,
        number: expect.stringMatching(/^1\d{5}$/),
        status: 'open',
        customerId: world.customerId,
        departmentId: null,
        currency: 'NOK',
        orderedAt: '2026-11-23T08:15:30.000Z',
        purchaseOrderReference: null,
        customerReference: null,
        deliveryAddress: null,
        payment: { status: 'none', method: null, reference: null },
        erpOrderNumber: null,
        invoiceNumber: null,
        invoiceDueDate: null,
        invoiceBalance: null,
        creditsOrderId: null,
        totalExVat: '178.80',
        totalIncVat: '213.52',
        erpId: 'order:1',
        lines: [
          {
            ...line,
            kind: 'product',
            sku: 'SYL-1',
            productId: world.productId,
            description: 'Syltetøy',
            quantity: '2',
            unitPriceExVat: '49.90',
            vatRate: '15',
            position: 1,
          },
          { ...line, kind: 'shipping', description: 'Frakt', unitPriceExVat: '79.00', vatRate: '25', position: 2 },
        ],
      },
    ])
    expect(await shop.orders.read(id)).toEqual(answer.body)
    expect((await shop.get(`/api/orders?id=${id}`)).body.items).toEqual([answer.body])
    expect((await readAll(shop, undefined, 500, 'orders')).items.at(-1)).toEqual(answer.body)
  })

  test('what the shop sets is ignored from the sync and taken from the shopkeeper', async () => {
    const first = await place()
    const fields = {
      number: 'N-77',
      deliveryAddress: { line1: 'Kaia 1', city: 'Bodø' },
      payment: { status: 'paid', method: 'vipps' },
      creditsOrderId: first.id,
      totalExVat: '1.00',
    }
    const bySync = await place(fields)
    expect([bySync.number, bySync.deliveryAddress, bySync.payment.status, bySync.creditsOrderId]).toEqual([
      expect.stringMatching(/^1\d{5}$/),
      null,
      'none',
      null,
    ])
    const byShop = (await shop.orders.create(world.someOrder(fields), shopkeeper)).body
    expect(byShop).toMatchObject({
      number: 'N-77',
      deliveryAddress: { line1: 'Kaia 1', line2: null, zip: null, city: 'Bodø', country: null },
      payment: { status: 'paid', method: 'vipps', reference: null },
      creditsOrderId: first.id,
      totalExVat: '178.80',
    })
    const again = await shop.orders.create(world.someOrder({ number: 'N-77' }), shopkeeper)
    expect([again.status, again.body.existingId]).toEqual([409, byShop.id])
  })

  test('what is missing or of the wrong form is named all at once, lines included', async () => {
    const answer = await shop.orders.create({
      currency: 'kr',
      orderedAt: 'yesterday',
      status: 'shipped',
      lines: [{ kind: 'gift', description: ' ', quantity: 'two' }, { kind: 'text' }],
    })
    expect([answer.status, answer.body.errors.map((each: Json) => each.pointer).sort()]).toEqual([
      422,
      [
        '/currency',
        '/customerId',
        '/lines/0/description',
        '/lines/0/kind',
        '/lines/0/quantity',
        '/lines/1/description',
        '/orderedAt',
        '/status',
      ],
    ])
    const bare = await shop.orders.create({
      customerId: world.customerId,
      currency: 'NOK',
      orderedAt: '2026-11-23T08:15:30Z',
    })
    expect(bare.body.errors).toEqual([{ pointer: '/lines', detail: 'Must be a list of lines.' }])
  })

  test('an order needs an existing customer that is no department, a real department and existing products', async () => {
    const unknown = await shop.orders.create(
      world.someOrder({
        customerId: 'c-999999',
        departmentId: 'c-999998',
        lines: [
          { kind: 'product', description: 'x', productId: 'p-999999' },
          { kind: 'discount', description: 'y', productId: world.productId },
        ],
      }),
    )
    expect([unknown.status, unknown.body.errors]).toEqual([
      422,
      [
        { pointer: '/customerId', detail: 'There is no customer c-999999.' },
        { pointer: '/departmentId', detail: 'There is no department c-999998.' },
        { pointer: '/lines/0/productId', detail: 'There is no product p-999999.' },
        { pointer: '/lines/1/productId', detail: 'A line of kind discount has no product.' },
      ],
    ])
    const swapped = await shop.orders.create(
      world.someOrder({ customerId: world.departmentId, departmentId: world.customerId }),
    )
    expect(swapped.body.errors.map((each: Json) => each.pointer)).toEqual(['/customerId', '/departmentId'])
    expect((await shop.orders.create(world.someOrder({ departmentId: world.departmentId }))).status).toBe(201)
    const other = (await shop.create({ kind: 'company', name: 'Borte AS' })).body
    await shop.remove(other.id, other.version)
    expect((await shop.orders.create(world.someOrder({ customerId: other.id }))).status).toBe(422)
  })

  test('an Idempotency-Key creates one order with one set of lines', async () => {
    const headers = { 'idempotency-key': 'order:500~1' }
    const before = (await shop.get('/api/counts')).body
    const answers = [
      await shop.orders.create(world.someOrder(), { headers }),
      await shop.orders.create(world.someOrder(), { headers }),
    ]
    expect(answers.map((answer) => answer.body)).toEqual([answers[0]?.body, answers[0]?.body])
    const { orders, lines } = (await shop.get('/api/counts')).body
    expect([orders, lines]).toEqual([before.orders + 1, before.lines + 2])
  })
})

describe('changing an order', () => {
  test('the sync writes the header; what the shop sets, and fields unknown, are ignored', async () => {
    const order = await place()
    const patch = {
      purchaseOrderReference: ' PO 7 ',
      customerReference: 'Kari',
      departmentId: world.departmentId,
      erpOrderNumber: '10500',
      invoiceBalance: 12.5,
      invoiceDueDate: '2026-12-07',
      erpId: 'order:10',
    }
    const answer = await shop.orders.patch(order.id, order.version, { ...patch, number: '1', payment: {}, colour: 1 })
    expect([answer.status, answer.body]).toEqual([
      200,
      {
        ...order,
        ...patch,
        purchaseOrderReference: 'PO 7',
        invoiceBalance: '12.50',
        version: expect.any(String),
        changedAt: expect.any(String),
      },
    ])
    expect(answer.body.version).not.toBe(order.version)
    const same = await shop.orders.patch(order.id, answer.body.version, { ...patch, invoiceBalance: '12.5' })
    expect(same.body).toEqual(answer.body)
  })

  test('the shopkeeper’s patch merges payment and delivery address, and null clears them', async () => {
    const order = await place()
    const edit = async (version: string, body: object) =>
      (await shop.orders.patch(order.id, version, body, shopkeeper)).body
    const paid = await edit(order.version, {
      payment: { status: 'paid', method: 'card' },
      deliveryAddress: { city: 'Bodø' },
    })
    const more = await edit(paid.version, { payment: { reference: 'R1' }, deliveryAddress: { zip: '8006' } })
    expect([more.payment, more.deliveryAddress]).toEqual([
      { status: 'paid', method: 'card', reference: 'R1' },
      { line1: null, line2: null, zip: '8006', city: 'Bodø', country: null },
    ])
    const cleared = await edit(more.version, { payment: null, deliveryAddress: null })
    expect([cleared.payment, cleared.deliveryAddress]).toEqual([order.payment, null])
  })

  test('the time of the order is fixed for the sync; the shopkeeper may correct it', async () => {
    const order = await place()
    const moved = { orderedAt: '2026-11-24T08:15:30Z' }
    const bySync = await shop.orders.patch(order.id, order.version, moved)
    expect([bySync.status, bySync.body.errors]).toEqual([
      422,
      [{ pointer: '/orderedAt', detail: 'The time of the order cannot be changed; it is 2026-11-23T08:15:30.000Z.' }],
    ])
    const same = await shop.orders.patch(order.id, order.version, { orderedAt: '2026-11-23T09:15:30+01:00' })
    expect(same.body).toEqual(order)
    const byShop = await shop.orders.patch(order.id, order.version, moved, shopkeeper)
    expect(byShop.body.orderedAt).toBe('2026-11-24T08:15:30.000Z')
  })

  test('a patch checks the references that it changes and no others', async () => {
    await withShop({}, async (client, { insertOrders }) => {
      const lines = [{ kind: 'product' as const, description: 'x', productId: 'p-000009' }]
      const [id = ''] = insertOrders([{ customerId: 'c-000009', number: '1', lines }])
      const order = await client.orders.read(id)
      const elsewhere = await client.orders.patch(id, order.version, { customerReference: 'Kari' })
      expect([elsewhere.status, elsewhere.body.lines]).toEqual([200, order.lines])
      const wrong = await client.orders.patch(id, elsewhere.body.version, { customerId: 'c-000008', departmentId: 'x' })
      expect(wrong.body.errors.map((each: Json) => each.pointer)).toEqual(['/customerId', '/departmentId'])
    })
  })

  test('filters by number, customer and status; the department is no filter', async () => {
    await withShop({}, async (client, { insertOrders }) => {
      const [a, b, c] = insertOrders([
        { customerId: 'c-1', number: '10' },
        { customerId: 'c-2', number: '11', status: 'confirmed', departmentId: 'c-9' },
        { customerId: 'c-1', number: '12', status: 'invoiced', erpId: 'order:3' },
      ])
      const found = async (query: string) =>
        (await client.get(`/api/orders?${query}`)).body.items.map((each: Json) => each.id)
      expect([
        await found('number=10&number=11'),
        await found('customerId=c-1'),
        await found('customerId=c-1&status=open'),
        await found('status=confirmed&status=invoiced'),
        await found('erpId=order:3'),
      ]).toEqual([[a, b], [a, c], [a], [b, c], [c]])
      expect((await client.get('/api/orders?departmentId=c-9')).status).toBe(400)
    })
  })
})
