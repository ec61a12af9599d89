import type { SampleRequest } from './mutate-request.ts'
import type { ContractWorld } from './webshop-contract-world.ts'

type Fitting = (world: ContractWorld) => SampleRequest

const json = 'application/json'
const mergePatch = 'application/merge-patch+json'

const read =
  (path: (world: ContractWorld) => string): Fitting =>
  (world) => ({ method: 'GET', path: path(world), headers: world.headers })

const creation =
  (path: string, body: (world: ContractWorld) => unknown): Fitting =>
  (world) => ({
    method: 'POST',
    path,
    headers: { ...world.headers, 'content-type': json, 'idempotency-key': world.unique() },
    body: body(world),
  })

type Record = 'customer' | 'product' | 'order'

const update =
  (record: Record, body: unknown): Fitting =>
  (world) => {
    const { id, version } = world[record]()
    const headers = { ...world.headers, 'content-type': mergePatch, 'if-match': `"${version}"` }
    return { method: 'PATCH', path: `/api/${record}s/${id}`, headers, body }
  }

const removal =
  (record: Record): Fitting =>
  (world) => {
    const { id, version } = world[record]()
    return {
      method: 'DELETE',
      path: `/api/${record}s/${id}`,
      headers: { ...world.headers, 'if-match': `"${version}"` },
    }
  }

const line =
  (method: string, body?: unknown): Fitting =>
  (world) => {
    const { id, version, lineId } = world.order()
    return {
      method,
      path: `/api/orders/${id}/lines${method === 'POST' ? '' : `/${lineId}`}`,
      headers: {
        ...world.headers,
        'if-match': `"${version}"`,
        ...(body !== undefined && { 'content-type': method === 'POST' ? json : mergePatch }),
        ...(method === 'POST' && { 'idempotency-key': world.unique() }),
      },
      ...(body !== undefined && { body }),
    }
  }

const orderBody = (world: ContractWorld) => ({
  customerId: world.buyerId,
  departmentId: world.departmentId,
  currency: 'NOK',
  orderedAt: '2026-11-23T08:15:30Z',
  erpId: world.unique(),
  lines: [
    {
      kind: 'product',
      description: 'Solgt',
      productId: world.soldId,
      quantity: '2',
      unitPriceExVat: '49.90',
      vatRate: 15,
    },
    { kind: 'shipping', description: 'Frakt', unitPriceExVat: '79', vatRate: '25' },
  ],
})

/** For each operation a request that works, with records of its own. */
export const fittingRequests: Readonly<{ [operationId: string]: Fitting }> = {
  getCapabilities: read(() => '/api/capabilities'),
  getCounts: read(() => '/api/counts'),
  getDescription: read(() => '/api/openapi.json'),
  listCustomers: read(() => '/api/customers?limit=3'),
  listProducts: read(() => '/api/products?limit=3'),
  listOrders: read(() => '/api/orders?limit=3'),
  getCustomer: read((world) => `/api/customers/${world.customer().id}`),
  getProduct: read((world) => `/api/products/${world.product().id}`),
  getOrder: read((world) => `/api/orders/${world.order().id}`),
  createCustomer: creation('/api/customers', (world) => ({ kind: 'company', name: 'Ny AS', erpId: world.unique() })),
  createProduct: creation('/api/products', (world) => ({ sku: world.unique(), name: 'Ny', erpId: world.unique() })),
  createOrder: creation('/api/orders', orderBody),
  updateCustomer: update('customer', { name: 'Etter AS', address: { city: 'Bodø' } }),
  updateProduct: update('product', { name: 'Etter', priceExVat: 12.5 }),
  updateOrder: update('order', { purchaseOrderReference: 'PO-1' }),
  deleteCustomer: removal('customer'),
  deleteProduct: removal('product'),
  deleteOrder: removal('order'),
  addLine: line('POST', { kind: 'payment', description: 'Gebyr', unitPriceExVat: '39.20' }),
  updateLine: line('PATCH', { quantity: '3' }),
  removeLine: line('DELETE'),
}
