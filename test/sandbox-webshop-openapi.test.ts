import Ajv2020 from 'ajv/dist/2020.js'
import addFormats from 'ajv-formats'
import { expect, test } from 'vitest'
import { withShop } from './sandbox-webshop-client.ts'

test('what the shop answers, and what it takes, is what its OpenAPI document describes', async () => {
  await withShop({}, async (client, { insertProducts, insertOrders }) => {
    const { body: document } = await client.get('/api/openapi.json')
    const ajv = new Ajv2020.default({ strict: false, allErrors: true })
    addFormats.default(ajv)
    ajv.addSchema(document, 'shop')
    const errorsOf = (name: string, value: unknown) => {
      const isValid = ajv.getSchema(`shop#/components/schemas/${name}`)
      if (!isValid) throw new Error(`There is no schema ${name}`)
      return isValid(value) === true ? [] : (isValid.errors ?? []).map((error) => error.instancePath)
    }
    const newCustomer = { kind: 'company', name: 'Kunde AS', address: { city: 'Bodø' } }
    const customer = (await client.create(newCustomer)).body
    const newProduct = { sku: '1', name: 'A', priceExVat: '0.333333', erpStock: 2.5, published: false }
    const product = (await client.products.create(newProduct)).body
    const newLine = { kind: 'product', description: 'A', productId: product.id, quantity: '1.234', unitPriceExVat: 10 }
    const newOrder = { customerId: customer.id, currency: 'NOK', orderedAt: '2026-11-23T08:15:30Z', lines: [newLine] }
    const order = (await client.orders.create(newOrder)).body
    const line = (await client.linesOf(order).add(newLine)).body
    const correction = { status: 'invoiced', lines: [{ id: line.id, deleted: true }] }
    const { body: current } = await client.get(`/api/orders/${order.id}`)
    const invoiced = (await client.orders.patch(order.id, current.version, correction)).body
    insertProducts([{ sku: '2', name: 'B' }])
    insertOrders([{ customerId: 'c-9', lines: [{ kind: 'text', description: 'x' }] }])
    const listed = [...(await client.get('/api/orders')).body.items, ...(await client.get('/api/products')).body.items]
    expect([
      errorsOf('NewCustomer', newCustomer),
      errorsOf('Customer', customer),
      errorsOf('NewProduct', newProduct),
      errorsOf('NewLine', newLine),
      errorsOf('NewOrder', newOrder),
      errorsOf('OrderPatch', correction),
      errorsOf('Line', line),
      errorsOf('Order', invoiced),
      ...listed.map((record) => errorsOf(record.sku === undefined ? 'Order' : 'Product', record)),
      errorsOf('Capabilities', (await client.get('/api/capabilities')).body),
      errorsOf('Counts', (await client.get('/api/counts')).body),
      errorsOf('Problem', (await client.orders.create({})).body),
    ]).toEqual(Array(8 + 4 + 3).fill([]))
    expect(errorsOf('Order', { ...order, totalExVat: 10, lines: [{ ...line, kind: 'gift' }] })).toEqual([
      '/totalExVat',
      '/lines/0/kind',
    ])
  })
})
