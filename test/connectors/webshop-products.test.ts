import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { Collection, JsonObject } from '../../activities/connector.ts'
import type { WebshopConnector } from '../../activities/webshop/connector.ts'
import type { WebshopSandbox } from '../../sandbox/webshop/server.ts'
import { admin, context, present, troubleOf, written } from './system-under-test.ts'
import { connectTo, startSandbox } from './webshop-under-test.ts'

describe('departments and products of the webshop', () => {
  let sandbox: WebshopSandbox
  let connector: WebshopConnector
  let products: Collection
  let departments: Collection
  beforeAll(async () => {
    sandbox = await startSandbox()
  })
  afterAll(() => sandbox.close())
  beforeEach(async () => {
    await admin(sandbox.baseUrl, 'DELETE', '/faults')
    await admin(sandbox.baseUrl, 'DELETE', '/counts')
    await settings({
      createProducts: true,
      updateProducts: true,
      decimalsAs: 'text',
      customerKinds: ['company', 'person', 'department'],
    })
    connector = connectTo(sandbox)
    products = connector.collection('products')
    departments = connector.collection('departments')
  })
  const settings = (change: Readonly<Record<string, unknown>>) => admin(sandbox.baseUrl, 'PATCH', '/settings', change)
  const read = async (collection: Collection, id: string) => present((await collection.readMany([id], context)).get(id))
  const create = (collection: Collection, erpId: string, values: JsonObject) => {
    const counterpart = { id: erpId, creation: 1 }
    return collection.create(collection.prepareCreate(values, counterpart).body, counterpart, context)
  }
  const writes = async () => (await admin(sandbox.baseUrl, 'GET', '/counts')) as { writes: number }

  describe('departments', () => {
    test('are created as customers of their kind, with their code and our reference', async () => {
      const made = written(await create(departments, '31', { name: 'Salg', customerNumber: '007', active: true }))
      expect(made).toMatchObject({
        reference: '31',
        outOfScope: null,
        raw: { kind: 'department', name: 'Salg', customerNumber: '007', active: true, erpId: 'department:31' },
      })
    })

    test('customers of other kinds are out of their scope, and the reference of a department is none to the customers', async () => {
      const [company = ''] = sandbox.insertCustomers([{ kind: 'company', name: 'Firma AS', erpId: 'customer:32' }])
      const made = written(await create(departments, '32', { name: 'Lager', customerNumber: '8' }))
      expect(await read(departments, company)).toMatchObject({ outOfScope: 'otherKind', reference: null })
      const customers = connector.collection('customers')
      expect(await read(customers, made.id)).toMatchObject({ outOfScope: 'otherKind', reference: null })
      expect(await read(customers, company)).toMatchObject({ outOfScope: null, reference: '32' })
    })

    test('a shop without the kind says so, and is not sent any', async () => {
      await settings({ customerKinds: ['company', 'person'] })
      expect(await departments.notOffered?.(context)).toContain('department')
      expect(await create(departments, '33', { name: 'Ingen' })).toMatchObject({ kind: 'refused', status: 403 })
      expect([departments.canCreate, departments.canUpdate]).toEqual([false, false])
      expect(await connector.collection('customers').notOffered?.(context)).toBeNull()
      expect((await writes()).writes).toBe(0)
    })

    test('one without a name is refused, and a name is not cleared (rule 8)', () => {
      expect(departments.prepareCreate({ customerNumber: '9' }, { id: '34', creation: 1 }).refusal).toContain('name')
      const prepared = departments.prepareUpdate({}, { name: null, customerNumber: null, kind: 'department' }, '')
      expect(prepared).toMatchObject({
        body: { customerNumber: null },
        notes: [{ field: 'name', kind: 'withheld' }],
      })
    })
  })

  describe('products', () => {
    const sko = {
      sku: '007',
      name: 'Sko',
      gtin: '7038010000010',
      description: null,
      type: 'product',
      category: 'Fottøy',
      unit: 'EA',
      priceExVat: '499.5',
      vatRate: '25',
      erpStock: '12.5',
      active: true,
    }

    test('are created unpublished, with everything that PowerOffice knows of them', async () => {
      const made = written(await create(products, '41', sko))
      expect(made).toMatchObject({ reference: '41', raw: { ...sko, priceExVat: '499.50', erpId: 'product:41' } })
      expect(made.raw).not.toHaveProperty('published')
      expect(sandbox.products.get(made.id)?.published).toBe(false)
    })

    test('whether one is published is never written again', async () => {
      const [id = ''] = sandbox.insertProducts([{ sku: '42', name: 'Hatt', published: true }])
      const before = await read(products, id)
      const { body } = products.prepareUpdate(before.raw, { name: 'Lue', published: false, variantOf: null }, '')
      expect(body).toEqual({ name: 'Lue' })
      written(await products.update(before, body, '42', context))
      expect(sandbox.products.get(id)).toMatchObject({ name: 'Lue', published: true, erpId: 'product:42' })
    })

    test('numbers and texts are the same amounts', async () => {
      const [id = ''] = sandbox.insertProducts([{ ...sko, sku: '43', type: 'product', priceExVat: '0.1' }])
      await settings({ decimalsAs: 'numbers' })
      expect((await read(products, id)).raw).toMatchObject({ priceExVat: '0.1', vatRate: '25', erpStock: '12.5' })
    })

    test('one without an article number is read as it is, and refused where it would be created', async () => {
      const [id = ''] = sandbox.insertProducts([{ sku: null, name: 'Uten nummer' }])
      expect((await read(products, id)).raw).toMatchObject({ sku: null, name: 'Uten nummer', priceExVat: null })
      expect(products.prepareCreate({ name: 'Uten' }, { id: '44', creation: 1 }).refusal).toContain('article number')
    })

    test('an article number that is taken names who has it', async () => {
      const [id = ''] = sandbox.insertProducts([{ sku: '45', name: 'Først' }])
      const answer = await create(products, '45', { ...sko, sku: '45', gtin: null })
      expect(answer).toMatchObject({ kind: 'taken', byReference: false, existingId: id })
    })

    test('a description can be cleared, number and name cannot (rule 8)', () => {
      expect(products.prepareUpdate({}, { description: null, sku: null, name: '' }, '')).toMatchObject({
        body: { description: null },
        notes: [{ field: 'sku' }, { field: 'name' }],
      })
    })

    test('an unknown type is handed on as it is', async () => {
      const body = { id: 'p-1', sku: '1', name: 'A', type: 'bundle', active: null, extra: { secret: 'x' } }
      await admin(sandbox.baseUrl, 'POST', '/faults', { kind: 'status', status: 200, path: '/products/p-1', body })
      const record = await read(products, 'p-1')
      expect(record.raw).toMatchObject({ type: 'bundle', active: true })
      expect(record.raw).not.toHaveProperty('extra')
    })

    test('a shop whose capabilities do not name them has none to keep equal, and its list is not asked for', async () => {
      const customers = { kinds: ['company'], create: true, update: true }
      const body = { contract: '1.0', shop: 'Liten', customers }
      await admin(sandbox.baseUrl, 'POST', '/faults', { kind: 'status', status: 200, path: '/capabilities', body })
      await connector.checkHealth(context)
      expect(await products.notOffered?.(context)).toContain('no products')
      expect(await create(products, '46', sko)).toMatchObject({ kind: 'refused', status: 403 })
      expect(await admin(sandbox.baseUrl, 'GET', '/counts')).toMatchObject({
        byRoute: { 'GET /api/capabilities': 1, 'GET /api/customers': 1 },
        writes: 0,
      })
    })
  })

  test('the health of one flow is that of its own list', async () => {
    const customers = { kind: 'status', status: 400, path: '/api/customers', count: 9 }
    await admin(sandbox.baseUrl, 'POST', '/faults', customers)
    await expect(connector.checkHealth(context, 'products')).resolves.toBeUndefined()
    expect(await troubleOf(connector.checkHealth(context, 'departments'))).toMatchObject({ type: 'ContractChanged' })
    expect(await troubleOf(connector.checkHealth(context))).toMatchObject({ type: 'ContractChanged' })
  })

  test('the state of health is that of every list that is offered', async () => {
    await connector.checkHealth(context)
    const { byRoute } = (await admin(sandbox.baseUrl, 'GET', '/counts')) as { byRoute: Record<string, number> }
    expect(Object.keys(byRoute).toSorted()).toEqual([
      'GET /api/capabilities',
      'GET /api/customers',
      'GET /api/orders',
      'GET /api/products',
    ])
  })
})
