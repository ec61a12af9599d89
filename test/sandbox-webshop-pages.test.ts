import { describe, expect, test } from 'vitest'
import { withShop } from './sandbox-webshop-client.ts'

const jam = {
  kind: 'product' as const,
  description: 'Syltetøy <b>',
  quantity: '2',
  unitPriceExVat: '49.90',
  vatRate: '15',
}

describe('pages for people', () => {
  test('customers, products and orders have a list each, with links between them and a search', async () => {
    await withShop({}, async (client, { insertCustomers, insertOrders, insertProducts }) => {
      const [customerId = ''] = insertCustomers([{ kind: 'company', name: 'Fjord AS' }])
      const [departmentId = ''] = insertCustomers([{ kind: 'department', name: 'Salg' }])
      const [productId = ''] = insertProducts([
        { sku: 'SYL-1', name: 'Syltetøy' },
        { sku: 'OST-1', name: 'Brunost' },
      ])
      const [orderId = ''] = insertOrders([
        { customerId, departmentId, number: '5001', lines: [{ ...jam, productId }] },
        { customerId, number: '5002', status: 'cancelled' },
      ])
      const page = async (path: string): Promise<string> => (await client.get(path, { key: null })).body
      const start = await page('/')
      for (const link of ['href="/products"', 'href="/orders"', 'href="/orders/new"']) expect(start).toContain(link)
      expect(await page(`/customers/${customerId}`)).toContain(`href="/orders?q=${customerId}"`)
      const products = await page('/products?q=syl')
      expect([products.includes('SYL-1'), products.includes('OST-1')]).toEqual([true, false])
      const orders = await page('/orders?q=syltet%C3%B8y')
      expect([orders.includes(`href="/orders/${orderId}"`), orders.includes('5002')]).toEqual([true, false])
      const cancelled = await page('/orders?status=cancelled')
      expect([cancelled.includes('5001'), cancelled.includes('5002')]).toEqual([false, true])
      const order = await page(`/orders/${orderId}`)
      for (const text of [
        'Order 5001',
        'Fjord AS',
        'Salg',
        'SYL-1',
        'Syltetøy &lt;b&gt;',
        '49.90',
        '99.80 NOK',
        '114.77 NOK',
      ]) {
        expect(order).toContain(text)
      }
      expect(order).not.toContain('<b>')
      expect(await page(`/customers/${departmentId}`)).toContain('value="Salg"')
      expect((await client.get('/orders/o-9', { key: null })).status).toBe(404)
    })
  })
})
