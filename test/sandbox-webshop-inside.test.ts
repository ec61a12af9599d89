import { describe, expect, test } from 'vitest'
import { type Json, readAll, withShop } from './sandbox-webshop-client.ts'

const company = { kind: 'company' as const, name: 'Kunde AS' }
const orderedAt = '2026-11-23T08:15:30Z'
const jam = {
  kind: 'product' as const,
  description: 'Syltetøy',
  quantity: '2',
  unitPriceExVat: '49.9000',
  vatRate: '15',
}

const timeoutMs = 60_000 // three seconds when idle; others share the machine

describe('bulk inserts', () => {
  test('products keep their dirt, taken skus and missing ones among it', async () => {
    await withShop({}, async (client) => {
      const dirty = { sku: ' 1 ', name: null, priceExVat: '10.5000', unit: 'stk', published: true, variantOf: 'p-9' }
      const answer = await client.admin('POST', '/products/bulk', [dirty, { sku: ' 1 ', priceExVat: 10.5 }, {}])
      expect([answer.status, answer.body]).toEqual([201, { ids: ['p-000001', 'p-000002', 'p-000003'] }])
      expect((await readAll(client, undefined, 500, 'products')).items).toEqual([
        expect.objectContaining(dirty),
        expect.objectContaining({ sku: ' 1 ', priceExVat: '10.50', active: true }),
        expect.objectContaining({ sku: null, name: null, type: 'product', priceExVat: null }),
      ])
      const wrong = await client.admin('POST', '/products/bulk', [{ sku: '1', price: '1' }, { priceExVat: 'x' }])
      expect(wrong.body.errors.map((each: Json) => each.pointer)).toEqual(['/0/price', '/1/priceExVat'])
    })
  })

  test('orders keep their decimals, dangling references and totals as charged; the rest follows', async () => {
    await withShop({}, async (client, { insertProducts }) => {
      const [productId] = insertProducts([{ sku: 'SYL' }])
      const lines = [
        { kind: 'text', description: 'last', position: 9 },
        { ...jam, productId },
        { ...jam, productId: 'p-9' },
      ]
      const charged = { totalExVat: 199.5, totalIncVat: '229.45' }
      const answer = await client.admin('POST', '/orders/bulk', [
        { customerId: 'c-9', orderedAt, lines, payment: { status: 'paid' }, deliveryAddress: { city: 'Bodø' } },
        { customerId: 'c-9', number: '7', status: 'invoiced', lines, ...charged },
      ])
      expect([answer.status, answer.body]).toEqual([201, { ids: ['o-000001', 'o-000002'] }])
      const [computed, asCharged] = (await readAll(client, undefined, 500, 'orders')).items
      expect(computed).toMatchObject({
        number: '100001',
        customerId: 'c-9',
        payment: { status: 'paid', method: null, reference: null },
        totalExVat: '199.60',
        totalIncVat: '229.54',
        lines: [
          { description: 'Syltetøy', sku: 'SYL', unitPriceExVat: '49.9000', position: 2 },
          { sku: null, productId: 'p-9', position: 3 },
          { description: 'last', position: 9 },
        ],
      })
      expect(asCharged).toMatchObject({ number: '7', status: 'invoiced', totalExVat: '199.50', totalIncVat: '229.45' })
      const balance = { invoiceBalance: '10' }
      const patched = await client.orders.patch(asCharged.id, asCharged.version, balance)
      expect([patched.status, patched.body.totalExVat]).toEqual([200, '199.50'])
      const wrong = await client.admin('POST', '/orders/bulk', [{ lines: [{ kind: 'text', colour: 'red' }] }])
      expect(wrong.body.errors.map((each: Json) => each.pointer).sort()).toEqual([
        '/0/customerId',
        '/0/lines/0/colour',
        '/0/lines/0/description',
      ])
    })
  })

  test('10,000 orders of five lines are put in at once and read in pages of 500', {
    timeout: timeoutMs,
  }, async () => {
    await withShop({}, async (client, { insertOrders, insertProducts, orders }) => {
      const products = insertProducts(Array.from({ length: 50 }, (_, index) => ({ sku: `S${index}`, name: 'A' })))
      const lines = products.slice(0, 5).map((productId) => ({ ...jam, productId }))
      const ids = insertOrders(Array.from({ length: 10_000 }, () => ({ customerId: 'c-000001', lines })))
      expect((await client.get('/api/counts')).body).toEqual({
        customers: 0,
        products: 50,
        orders: 10_000,
        lines: 50_000,
      })
      const { items } = await readAll(client, undefined, 500, 'orders')
      expect(items.map((item: Json) => item.id)).toEqual(ids)
      expect([new Set(items.map((item: Json) => item.number)).size, items.at(-1).lines.length]).toEqual([10_000, 5])
      expect(orders.all().length).toBe(10_000)
    })
  })
})

describe('what the shop’s own users do, from within the process', () => {
  test('they see what the API shows and write by the same rules, on the record as it is now', async () => {
    await withShop({}, async (client, { customers, products, orders }) => {
      const customer = customers.create({ ...company, guest: true })
      const product = products.create({ sku: 'SYL', name: 'Syltetøy', published: true })
      const order = orders.create({
        ...{ customerId: customer.id, currency: 'NOK', orderedAt, number: 'N1' },
        lines: [{ ...jam, productId: product.id }],
      })
      expect([order, orders.get(order.id), orders.all(), orders.count()]).toEqual([
        await client.orders.read(order.id),
        order,
        [order],
        1,
      ])
      orders.edit(order.id, { status: 'confirmed' })
      const paid = orders.edit(order.id, { payment: { status: 'paid' } })
      const freight = orders.addLine(order.id, { kind: 'shipping', description: 'Frakt', unitPriceExVat: '79' })
      const dearer = orders.editLine(order.id, freight.id, { unitPriceExVat: '99' })
      orders.removeLine(order.id, order.lines[0]?.id ?? '')
      expect(await client.orders.read(order.id)).toEqual({
        ...paid,
        lines: [dearer],
        totalExVat: '99.00',
        totalIncVat: '99.00',
        version: expect.any(String),
        changedAt: expect.any(String),
      })
      expect([paid.status, paid.payment.status, dearer.unitPriceExVat]).toEqual(['confirmed', 'paid', '99.00'])
      expect(() => customers.remove(customer.id)).toThrow(`Order ${order.id} needs the customer ${customer.id}.`)
      expect(() => orders.edit(order.id, { number: '' })).toThrow('/number: Must be text and not empty.')
      orders.remove(order.id)
      customers.remove(customer.id)
      expect([orders.get(order.id), orders.all(), customers.count(), products.get('p-9')]).toEqual([
        undefined,
        [],
        0,
        undefined,
      ])
      expect(() => orders.edit(order.id, {})).toThrow(`The order ${order.id} was deleted.`)
    })
  })
})
