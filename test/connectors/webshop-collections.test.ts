import type { ParsedRecord } from '../../activities/connector.ts'
import type { WebshopSandbox } from '../../sandbox/webshop/server.ts'
import { describeCollection } from './connector-suite.ts'
import type { RunningSystem } from './system-under-test.ts'
import { activeIsFalse, startSandbox, underTest } from './webshop-under-test.ts'

const settingNames = ['WEBSHOP_BASE_URL', 'WEBSHOP_API_KEY']

const rawOf = (record: ParsedRecord, name: string) => (record.kind === 'record' ? record.raw[name] : undefined)

describeCollection('webshop', {
  settingNames,
  flow: 'departments',
  recordPath: '/api/customers',
  offers: { tombstones: true },
  start: async () => {
    const sandbox = await startSandbox()
    return {
      ...underTest(sandbox),
      insert: (names) => sandbox.insertCustomers(names.map((name) => ({ kind: 'department', name }))),
      rename: (id, name) => void sandbox.customers.edit(id, { name }),
      remove: (id) => sandbox.customers.remove(id),
      values: (name, key) => ({ name, customerNumber: key, active: true }),
      refusedBody: { kind: 'department' },
      refusedPatch: { name: null },
      archive: activeIsFalse,
      nameIn: (record) => rawOf(record, 'name'),
      namePatch: (name) => ({ name }),
    }
  },
})

describeCollection('webshop', {
  settingNames,
  flow: 'products',
  recordPath: '/api/products',
  offers: { tombstones: true },
  start: async () => {
    const sandbox = await startSandbox()
    return {
      ...underTest(sandbox),
      insert: (names) => sandbox.insertProducts(names.map((name) => ({ sku: name, name }))),
      rename: (id, name) => void sandbox.products.edit(id, { name }),
      remove: (id) => sandbox.products.remove(id),
      values: (name, key) => ({ sku: key, name, priceExVat: '99.5', vatRate: '25', type: 'product', active: true }),
      refusedBody: { name: 'Uten nummer' },
      refusedPatch: { sku: null },
      archive: activeIsFalse,
      nameIn: (record) => rawOf(record, 'name'),
      namePatch: (name) => ({ name }),
    }
  },
})

const line = (description: string) => ({ kind: 'product', description, quantity: '1', unitPriceExVat: '100' }) as const

/** Orders of one customer; `lines` are those of an order that is put in under a name. */
function ordersUnderTest(sandbox: WebshopSandbox): Pick<
  RunningSystem,
  'remove' | 'values' | 'newItems' | 'refusedBody' | 'refusedPatch' | 'namePatch'
> & {
  readonly customerId: string
} {
  const [customerId = ''] = sandbox.insertCustomers([{ kind: 'company', name: 'Kunde AS' }])
  const header = { customerId, currency: 'NOK', orderedAt: '2026-03-01' }
  return {
    customerId,
    remove: (id) => sandbox.orders.remove(id),
    values: (name) => ({ ...header, purchaseOrderReference: name, status: 'open' }),
    newItems: ['Sko', 'Hatt'].map((name, index) => ({ values: line(name), counterpartId: `${7_000 + index}` })),
    refusedBody: { ...header, orderedAt: '2026-03-01T12:00:00Z', customerId: 'nobody', lines: [] },
    refusedPatch: { currency: 'kroner' },
    namePatch: (name) => ({ purchaseOrderReference: name }),
  }
}

describeCollection('webshop', {
  settingNames,
  flow: 'salesOrders',
  recordPath: '/api/orders',
  offers: { tombstones: true, archive: false },
  start: async () => {
    const sandbox = await startSandbox()
    const { customerId, ...orders } = ordersUnderTest(sandbox)
    return {
      ...underTest(sandbox),
      ...orders,
      insert: (names) =>
        sandbox.insertOrders(
          names.map((name) => ({ customerId, purchaseOrderReference: name, lines: [line('Første')] })),
        ),
      rename: (id, name) => void sandbox.orders.edit(id, { purchaseOrderReference: name }),
      nameIn: (record) => rawOf(record, 'purchaseOrderReference'),
    }
  },
})

describeCollection('webshop', {
  settingNames,
  flow: 'salesOrderLines',
  recordPath: '/api/orders',
  offers: { create: false, update: false, archive: false, tombstones: true, items: true },
  start: async () => {
    const sandbox = await startSandbox()
    const { customerId, ...orders } = ordersUnderTest(sandbox)
    return {
      ...underTest(sandbox),
      ...orders,
      insert: (names) =>
        sandbox.insertOrders(
          names.map((name) => ({
            customerId,
            purchaseOrderReference: name,
            lines: [line('Første'), line('Andre')],
          })),
        ),
      rename: (id, name) => void sandbox.orders.edit(id, { purchaseOrderReference: name }),
      nameIn: (record) => rawOf(record, 'purchaseOrderReference'),
      item: {
        values: (name) => ({ ...line(name) }),
        namePatch: (name) => ({ description: name }),
        nameIn: (item) => item.raw['description'],
      },
    }
  },
})
