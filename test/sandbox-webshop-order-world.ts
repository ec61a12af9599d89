import { startWebshopSandbox } from '../sandbox/webshop/server.ts'
import { clientOf, type Json } from './sandbox-webshop-client.ts'

export type OrderWorld = Awaited<ReturnType<typeof openOrderWorld>>

/** A shop with one customer, one department and one product, and orders of two lines to place there. */
export async function openOrderWorld() {
  const sandbox = await startWebshopSandbox()
  const shop = clientOf(sandbox.baseUrl)
  const customerId = sandbox.customers.create({ kind: 'company', name: 'Kunde AS' }).id
  const departmentId = sandbox.customers.create({ kind: 'department', name: 'Salg' }).id
  const productId = sandbox.products.create({ sku: 'SYL-1', name: 'Syltetøy' }).id
  const someOrder = (fields: object = {}) => ({
    customerId,
    currency: 'NOK',
    orderedAt: '2026-11-23T08:15:30Z',
    lines: [
      { kind: 'product', description: 'Syltetøy', productId, quantity: '2', unitPriceExVat: '49.90', vatRate: '15' },
      { kind: 'shipping', description: 'Frakt', unitPriceExVat: '79', vatRate: '25' },
    ],
    ...fields,
  })
  /** As the sync creates it. */
  const place = async (fields: object = {}): Promise<Json> => (await shop.orders.create(someOrder(fields))).body
  return { shop, customerId, departmentId, productId, someOrder, place, close: () => sandbox.close() }
}
