import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { startWebshopSandbox, type WebshopSandbox } from '../sandbox/webshop/server.ts'
import { clientOf, type Json, problem, readAll, type ShopClient, withShop } from './sandbox-webshop-client.ts'

let sandbox: WebshopSandbox
let shop: ShopClient
beforeAll(async () => {
  sandbox = await startWebshopSandbox({ settings: { shop: 'Test shop' } })
  shop = clientOf(sandbox.baseUrl)
})
afterAll(() => sandbox.close())

let lastNumber = 0
const someCompany = (fields: object = {}) => {
  lastNumber += 1
  return { kind: 'company', name: `Fjord ${lastNumber} AS`, email: `post${lastNumber}@fjord.no`, ...fields }
}
const unset = {
  firstName: null,
  lastName: null,
  phone: null,
  organizationNumber: null,
  customerNumber: null,
  invoiceEmail: null,
  website: null,
  address: null,
  active: true,
  guest: false,
  erpId: null,
}

describe('what the shop offers', () => {
  test('capabilities name contract, shop and what may be done', async () => {
    const answer = await shop.get('/api/capabilities')
    expect([answer.status, answer.body]).toEqual([
      200,
      {
        contract: '1.0',
        shop: 'Test shop',
        currency: 'NOK',
        pricesIncludeVat: false,
        customers: {
          kinds: ['company', 'person', 'department'],
          create: true,
          update: true,
          delete: true,
          emailRequired: false,
          emailUnique: true,
        },
        products: { create: true, update: true },
        orders: { create: true, update: true, editLines: true, cancel: true },
        webhooks: true,
        tombstones: true,
        idempotency: true,
      },
    ])
  })

  test('the OpenAPI document is 3.1, needs no key and names the routes and the schemas that validate', async () => {
    const { body } = await shop.get('/api/openapi.json', { key: null })
    expect(body.openapi).toBe('3.1.0')
    expect(
      Object.fromEntries(Object.entries(body.paths).map(([path, item]) => [path, Object.keys(item as object)])),
    ).toEqual({
      '/api/capabilities': ['get'],
      '/api/counts': ['get'],
      '/api/openapi.json': ['get'],
      '/api/customers': ['get', 'post'],
      '/api/customers/{id}': ['get', 'patch', 'delete'],
      '/api/products': ['get', 'post'],
      '/api/products/{id}': ['get', 'patch', 'delete'],
      '/api/orders': ['get', 'post'],
      '/api/orders/{id}': ['get', 'patch', 'delete'],
      '/api/orders/{id}/lines': ['post'],
      '/api/orders/{id}/lines/{lineId}': ['patch', 'delete'],
    })
    expect(Object.keys(body.paths['/api/customers/{id}'].patch.requestBody.content)).toEqual([
      'application/merge-patch+json',
    ])
    expect(body.components.schemas.NewCustomer.required).toEqual(['kind'])
    expect(body.components.schemas.NewCustomer.properties.kind.enum).toEqual(['company', 'person', 'department'])
    expect(body.components.schemas.NewCustomer.properties.guest).toBeUndefined()
    expect(body.components.schemas.Customer.properties.guest).toMatchObject({ type: 'boolean' })
    expect(body.components.schemas.NewOrder.required).toEqual(['customerId', 'currency', 'orderedAt', 'lines'])
    expect(body.components.schemas.NewOrder.properties.lines.items).toEqual({ $ref: '#/components/schemas/NewLine' })
    expect(body.components.schemas.NewOrder.properties.number).toBeUndefined()
    expect(body.components.schemas.Order.properties.lines.items).toEqual({ $ref: '#/components/schemas/Line' })
    expect(body.components.schemas.ProductPatch.properties.published).toBeUndefined()
    expect(body.paths['/api/orders'].get.parameters.map((each: Json) => each.name)).toEqual([
      'changedSince',
      'limit',
      'id',
      'erpId',
      'number',
      'customerId',
      'status',
    ])
  })

  test('a request without a key, or with an unknown one, is 401', async () => {
    const without = await shop.get('/api/customers', { key: null })
    const unknown = await shop.get('/api/customers', { key: 'guess' })
    expect([without.status, without.headers.get('www-authenticate'), without.body]).toEqual([
      401,
      'Bearer realm="webshop"',
      problem(401, 'unauthorized'),
    ])
    expect([unknown.status, unknown.body]).toEqual([401, problem(401, 'unauthorized')])
  })

  test('a key that may only read is 403 when it writes', async () => {
    expect((await shop.get('/api/customers?limit=1', { key: 'sandbox-reader' })).status).toBe(200)
    const answer = await shop.create(someCompany(), { key: 'sandbox-reader' })
    expect([answer.status, answer.headers.get('content-type'), answer.body]).toEqual([
      403,
      'application/problem+json; charset=utf-8',
      problem(403, 'forbidden'),
    ])
  })

  test('what the shop does not offer is refused to the sync and not to the shopkeeper', async () => {
    await withShop({ settings: { createCustomers: false, customerKinds: ['company'] } }, async (client) => {
      const refused = await client.create(someCompany())
      expect([refused.status, refused.body]).toEqual([403, problem(403, 'not-offered')])
      expect((await client.create(someCompany(), { key: 'sandbox-shopkeeper' })).status).toBe(201)
      await client.admin('PATCH', '/settings', { createCustomers: true })
      const department = await client.create({ kind: 'department', name: 'Oslo' })
      expect([department.status, department.body.errors]).toEqual([
        422,
        [{ pointer: '/kind', detail: 'This shop has company and no department.' }],
      ])
    })
  })
})

describe('creating', () => {
  test('a company is created with what was given, null for the rest, a Location and an ETag', async () => {
    const answer = await shop.create({ kind: 'company', name: 'Blåbær AS', erpId: 'customer:1' })
    const { id, version, createdAt } = answer.body
    expect(answer.body).toEqual({
      ...unset,
      id: expect.stringMatching(/^c-\d{6}$/),
      version: expect.any(String),
      createdAt: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/),
      changedAt: createdAt,
      kind: 'company',
      name: 'Blåbær AS',
      email: null,
      erpId: 'customer:1',
    })
    expect([answer.status, answer.headers.get('location'), answer.headers.get('etag')]).toEqual([
      201,
      `/api/customers/${id}`,
      `"${version}"`,
    ])
    const read = await shop.get(`/api/customers/${id}`)
    expect([read.status, read.headers.get('etag'), read.body]).toEqual([200, `"${version}"`, answer.body])
  })

  test('a person needs both names, a company and a department need a name', async () => {
    const refusals = await Promise.all([
      shop.create({ kind: 'person', name: 'Kari', firstName: 'Kari' }),
      shop.create({ kind: 'company', name: '  ' }),
      shop.create({ kind: 'department', name: null }),
      shop.create({ name: 'Nobody' }),
      shop.create({ kind: 'cat', name: 'Pus' }),
    ])
    expect(refusals.map((answer) => [answer.status, answer.body.errors.map((each: Json) => each.pointer)])).toEqual([
      [422, ['/lastName']],
      [422, ['/name']],
      [422, ['/name']],
      [422, ['/kind']],
      [422, ['/kind']],
    ])
    expect((await shop.create({ kind: 'person', firstName: 'Åse', lastName: 'Ødegård' })).status).toBe(201)
    expect((await shop.create({ kind: 'department', name: 'Tromsø', customerNumber: '10' })).status).toBe(201)
  })

  test('every unacceptable field is named at once', async () => {
    const answer = await shop.create(
      someCompany({ email: 'no address', phone: 4711, erpId: 'x'.repeat(61), address: { zip: 150 }, active: 'yes' }),
    )
    expect([answer.status, answer.body]).toEqual([
      422,
      problem(422, 'invalid-fields', {
        errors: [
          { pointer: '/email', detail: 'Must be an e-mail address.' },
          { pointer: '/phone', detail: expect.any(String) },
          { pointer: '/address/zip', detail: expect.any(String) },
          { pointer: '/active', detail: expect.any(String) },
          { pointer: '/erpId', detail: expect.any(String) },
        ],
      }),
    ])
  })

  test('texts are trimmed, an empty text is null, an address without any part is none, null is the default', async () => {
    const { body } = await shop.create(
      someCompany({
        name: '  Ås  Sag ',
        email: '',
        phone: ' ',
        active: null,
        address: { line1: '', line2: null, zip: ' ' },
      }),
    )
    expect(body).toEqual(
      expect.objectContaining({ name: 'Ås  Sag', email: null, phone: null, active: true, address: null }),
    )
    const addressed = await shop.create(someCompany({ address: { line1: ' Kaia 1 ', city: 'Bodø', planet: 'Earth' } }))
    expect(addressed.body.address).toEqual({ line1: 'Kaia 1', line2: null, zip: null, city: 'Bodø', country: null })
  })

  test('unknown fields, and fields that the shop sets, are ignored from the sync even when they are nonsense', async () => {
    const answer = await shop.create(
      someCompany({ guest: 'perhaps', id: 'mine', version: '9', createdAt: 1, colour: 'red' }),
    )
    expect([answer.status, answer.body.guest, answer.body.id === 'mine', 'colour' in answer.body]).toEqual([
      201,
      false,
      false,
      false,
    ])
  })

  test('the shopkeeper sets guest', async () => {
    const answer = await shop.create(someCompany({ guest: true }), { key: 'sandbox-shopkeeper' })
    expect([answer.status, answer.body.guest]).toEqual([201, true])
  })

  test('a taken e-mail, erpId, or customer number within the kind is 409 and names who has it', async () => {
    const first = await shop.create(
      someCompany({ email: 'Kari@Nord.no', customerNumber: '700', erpId: 'customer:700' }),
    )
    const { id } = first.body
    const email = await shop.create(someCompany({ email: 'kari@NORD.no' }))
    const number = await shop.create(someCompany({ customerNumber: '700' }))
    const erpId = await shop.create({ kind: 'department', name: 'Nord', erpId: 'customer:700' })
    const taken = (field: string) =>
      problem(409, 'already-exists', { existingId: id, errors: [{ pointer: `/${field}`, detail: `Taken by ${id}.` }] })
    expect([email.body, number.body, erpId.body]).toEqual([taken('email'), taken('customerNumber'), taken('erpId')])
    const otherKind = await shop.create({ kind: 'department', name: 'Nord', customerNumber: '700' })
    expect(otherKind.status).toBe(201)
  })

  test('emailUnique and emailRequired are settings', async () => {
    await withShop({ settings: { emailUnique: false, emailRequired: true } }, async (client) => {
      expect((await client.create(someCompany({ email: 'same@fjord.no' }))).status).toBe(201)
      expect((await client.create(someCompany({ email: 'SAME@fjord.no' }))).status).toBe(201)
      expect((await client.create(someCompany({ email: null }))).body.errors).toEqual([
        { pointer: '/email', detail: 'Required of a company.' },
      ])
      expect((await client.create({ kind: 'department', name: 'No mail' })).status).toBe(201)
    })
  })

  test('a body of another content type is 415, no JSON 400, JSON that is no object 422', async () => {
    const text = await shop.create(JSON.stringify(someCompany()), { headers: { 'content-type': 'text/plain' } })
    const broken = await shop.create('{"kind":')
    const list = await shop.create([someCompany()])
    expect([text.body, broken.body, list.body]).toEqual([
      problem(415, 'unsupported-media-type'),
      problem(400, 'bad-request'),
      problem(422, 'invalid-fields', { errors: [{ pointer: '', detail: 'Must be a JSON object.' }] }),
    ])
  })
})

describe('Idempotency-Key', () => {
  test('the same key and body give the first answer again and create once, even after the record has changed', async () => {
    const body = someCompany()
    const headers = { 'idempotency-key': 'customer:81~1' }
    const first = await shop.create(body, { headers })
    await shop.patch(first.body.id, first.body.version, { phone: '22 33 44 55' })
    const again = await shop.create(body, { headers })
    expect([again.status, again.headers.get('location'), again.headers.get('etag'), again.body]).toEqual([
      201,
      first.headers.get('location'),
      first.headers.get('etag'),
      first.body,
    ])
    const found = await shop.get(`/api/customers?email=${body.email}`)
    expect(found.body.items.map((each: Json) => each.id)).toEqual([first.body.id])
  })

  test('the same key with another body is 422 and changes nothing', async () => {
    const headers = { 'idempotency-key': 'customer:82~1' }
    await shop.create(someCompany(), { headers })
    const before = (await shop.get('/api/counts')).body
    const other = await shop.create(someCompany(), { headers })
    expect([other.body, (await shop.get('/api/counts')).body]).toEqual([problem(422, 'idempotency-key-reused'), before])
  })

  test('a refusal is not kept: the same key may try again', async () => {
    const headers = { 'idempotency-key': 'customer:83~1' }
    const holder = await shop.create(someCompany({ customerNumber: '830' }))
    const body = someCompany({ customerNumber: '830' })
    expect((await shop.create(body, { headers })).status).toBe(409)
    await shop.remove(holder.body.id, holder.body.version)
    expect((await shop.create(body, { headers })).status).toBe(201)
  })

  test('keys of different callers do not meet', async () => {
    const headers = { 'idempotency-key': 'shared' }
    expect((await shop.create(someCompany(), { headers })).status).toBe(201)
    expect((await shop.create(someCompany(), { headers, key: 'sandbox-shopkeeper' })).status).toBe(201)
  })

  test('a shop without the capability ignores the header', async () => {
    await withShop({ settings: { idempotency: false, emailUnique: false } }, async (client) => {
      const body = someCompany()
      const headers = { 'idempotency-key': 'ignored' }
      await client.create(body, { headers })
      expect((await client.create(body, { headers })).status).toBe(201)
      expect((await client.get('/api/counts')).body).toEqual({ customers: 2, products: 0, orders: 0, lines: 0 })
    })
  })
})

describe('changing', () => {
  test('a patch changes what it names, clears what it nulls, merges the address and moves version and change time', async () => {
    const { body: before } = await shop.create(
      someCompany({ phone: '1', website: 'fjord.no', address: { line1: 'Kaia 1', city: 'Bodø' } }),
    )
    const answer = await shop.patch(before.id, before.version, {
      phone: null,
      website: ' fjord.example ',
      address: { line1: null, zip: '8006' },
      erpId: 'customer:90',
    })
    expect([answer.status, answer.body]).toEqual([
      200,
      {
        ...before,
        phone: null,
        website: 'fjord.example',
        address: { line1: null, line2: null, zip: '8006', city: 'Bodø', country: null },
        erpId: 'customer:90',
        version: expect.any(String),
        changedAt: expect.any(String),
      },
    ])
    expect(answer.body.version).not.toBe(before.version)
    expect(answer.body.changedAt > before.changedAt).toBe(true)
    expect(answer.headers.get('etag')).toBe(`"${answer.body.version}"`)
    expect((await shop.patch(before.id, answer.body.version, { address: null })).body.address).toBeNull()
  })

  test('a patch that changes nothing moves neither version nor change time nor the feed', async () => {
    const { body: before } = await shop.create(someCompany({ address: { city: 'Bodø' } }))
    const { next } = (await readAll(shop)).last
    const same = {
      name: ` ${before.name} `,
      phone: '',
      address: { city: 'Bodø', zip: null },
      guest: true,
      colour: 'red',
    }
    const answer = await shop.patch(before.id, before.version, same)
    expect([answer.status, answer.headers.get('etag'), answer.body]).toEqual([200, `"${before.version}"`, before])
    expect((await shop.get(`/api/customers?changedSince=${next}`)).body.items).toEqual([])
  })

  test('without If-Match it is 428, with an old version 412, with another content type 415; nothing changes', async () => {
    const { body: before } = await shop.create(someCompany())
    const path = `/api/customers/${before.id}`
    const without = await shop.request('PATCH', path, { body: { phone: '1' } })
    const old = await shop.patch(before.id, 'old', { phone: '1' })
    const weak = await shop.patch(before.id, '', { phone: '1' }, { headers: { 'if-match': `W/"${before.version}"` } })
    const bare = await shop.patch(before.id, '', { phone: '1' }, { headers: { 'if-match': before.version } })
    const plain = await shop.patch(
      before.id,
      before.version,
      { phone: '1' },
      { headers: { 'content-type': 'application/json' } },
    )
    expect([without.body, old.body, weak.body, bare.body, plain.body]).toEqual([
      problem(428, 'if-match-required'),
      problem(412, 'version-changed'),
      problem(412, 'version-changed'),
      problem(400, 'bad-request'),
      problem(415, 'unsupported-media-type'),
    ])
    expect(old.headers.get('etag')).toBe(`"${before.version}"`)
    expect(plain.headers.get('accept-patch')).toBe('application/merge-patch+json')
    expect((await shop.get(path)).body).toEqual(before)
  })

  test('If-Match takes a list and the star', async () => {
    const { body: before } = await shop.create(someCompany())
    const list = await shop.patch(
      before.id,
      '',
      { phone: '1' },
      { headers: { 'if-match': `"x", "${before.version}"` } },
    )
    const star = await shop.patch(before.id, '', { phone: '2' }, { headers: { 'if-match': '*' } })
    expect([list.status, star.status, star.body.phone]).toEqual([200, 200, '2'])
  })

  test('edits within one millisecond still have change times and versions of their own', async () => {
    const { body } = await shop.create(someCompany())
    const clock = vi.spyOn(Date, 'now').mockReturnValue(Date.now()) // stands still, in the sandbox too
    const edits = ['1', '2', '3'].map((phone) => shop.patch(body.id, '', { phone }, { headers: { 'if-match': '*' } }))
    const answers = (await Promise.all(edits)).map((answer) => answer.body)
    clock.mockRestore()
    expect([...new Set(answers.map((each) => each.changedAt))].length).toBe(3)
    expect([...new Set(answers.map((each) => each.version))].length).toBe(3)
  })

  test('of two edits of one version the second is 412', async () => {
    const { body: before } = await shop.create(someCompany())
    const answers = await Promise.all(['1', '2'].map((phone) => shop.patch(before.id, before.version, { phone })))
    expect(answers.map((answer) => answer.status).sort()).toEqual([200, 412])
  })

  test('a required field cannot be cleared and a flag cannot be removed', async () => {
    const { body: before } = await shop.create(someCompany())
    const answer = await shop.patch(before.id, before.version, { name: '' })
    const flag = await shop.patch(before.id, before.version, { active: null })
    expect([answer.body.errors, flag.body.errors.map((each: Json) => each.pointer)]).toEqual([
      [{ pointer: '/name', detail: 'Required of a company.' }],
      ['/active'],
    ])
  })

  test('the kind is fixed for the sync; the shopkeeper may convert', async () => {
    const { body: before } = await shop.create(someCompany())
    const sync = await shop.patch(before.id, before.version, { kind: 'department' })
    expect(sync.body.errors).toEqual([{ pointer: '/kind', detail: 'The kind cannot be changed; it is company.' }])
    expect((await shop.patch(before.id, before.version, { kind: 'company' })).status).toBe(200)
    const shopkeeper = { key: 'sandbox-shopkeeper' }
    const nameless = await shop.patch(before.id, before.version, { kind: 'person' }, shopkeeper)
    expect(nameless.body.errors.map((each: Json) => each.pointer)).toEqual(['/firstName', '/lastName'])
    const converted = await shop.patch(
      before.id,
      before.version,
      { kind: 'person', firstName: 'Åse', lastName: 'Dal' },
      shopkeeper,
    )
    expect([converted.status, converted.body.kind]).toEqual([200, 'person'])
  })

  test('changing to a taken value is 409; keeping a value that two records share is not', async () => {
    await withShop({}, async (client, { insertCustomers }) => {
      const [first, second] = insertCustomers([
        { kind: 'company', name: ' Twin ', email: 'twin@nord.no' },
        { kind: 'company', name: 'Twin', email: 'TWIN@nord.no' },
      ])
      const { body: before } = await client.get(`/api/customers/${second}`)
      const elsewhere = await client.patch(before.id, before.version, { phone: '1' })
      expect(elsewhere.status).toBe(200)
      const other = await client.create(someCompany({ email: 'other@nord.no' }))
      const taken = await client.patch(other.body.id, other.body.version, { email: 'twin@nord.no' })
      expect([taken.status, taken.body.existingId]).toEqual([409, first])
    })
  })

  test('a patch leaves dirt alone that it does not mention', async () => {
    await withShop({}, async (client, { insertCustomers }) => {
      const [id = ''] = insertCustomers([{ kind: 'person', firstName: ' Kari ', email: 'not an address ' }])
      const { body: before } = await client.get(`/api/customers/${id}`)
      const after = await client.patch(id, before.version, { phone: ' 1 ' })
      expect([after.status, after.body]).toEqual([
        200,
        { ...before, phone: '1', version: after.body.version, changedAt: after.body.changedAt },
      ])
      expect([after.body.firstName, after.body.lastName, after.body.email]).toEqual([' Kari ', null, 'not an address '])
    })
  })
})

describe('deleting', () => {
  test('a deleted customer is 410, a tombstone in the feed, in no filter, and its values are free again', async () => {
    const { body: before } = await shop.create(someCompany({ erpId: 'customer:95', customerNumber: '95' }))
    const { next } = (await readAll(shop)).last
    const path = `/api/customers/${before.id}`
    const unmatched = await shop.request('DELETE', path)
    const old = await shop.remove(before.id, 'old')
    const deleted = await shop.remove(before.id, before.version)
    expect([unmatched.status, old.status, deleted.status, deleted.body]).toEqual([428, 412, 204, ''])
    const feed = await shop.get(`/api/customers?changedSince=${next}`)
    expect(feed.body.items).toEqual([
      {
        id: before.id,
        deleted: true,
        kind: 'company',
        erpId: 'customer:95',
        version: expect.any(String),
        changedAt: expect.any(String),
      },
    ])
    expect(feed.body.items[0].version).not.toBe(before.version)
    const afterwards = await Promise.all([
      shop.get(path),
      shop.patch(before.id, before.version, { phone: '1' }),
      shop.remove(before.id, before.version),
    ])
    expect(afterwards.map((answer) => answer.body)).toEqual(Array(3).fill(problem(410, 'gone')))
    const filtered = await Promise.all([
      shop.get(`/api/customers?id=${before.id}`),
      shop.get('/api/customers?erpId=customer:95'),
      shop.get('/api/customers?customerNumber=95'),
    ])
    expect(filtered.map((answer) => answer.body.items)).toEqual([[], [], []])
    const { email, customerNumber, erpId } = before
    expect((await shop.create(someCompany({ email, customerNumber, erpId }))).status).toBe(201)
  })

  test('a shop without tombstones forgets: 404 and nothing in the feed', async () => {
    await withShop({ settings: { tombstones: false } }, async (client) => {
      const { body: gone } = await client.create(someCompany())
      const { body: kept } = await client.create(someCompany())
      await client.remove(gone.id, gone.version)
      expect((await client.get(`/api/customers/${gone.id}`)).body).toEqual(problem(404, 'not-found'))
      expect((await client.get('/api/customers')).body.items).toEqual([kept])
      expect((await client.get('/api/counts')).body.customers).toBe(1)
    })
  })

  test('an unknown id is 404', async () => {
    const answers = await Promise.all([
      shop.get('/api/customers/c-999999'),
      shop.patch('c-999999', 'x', {}),
      shop.remove('c-999999', 'x'),
      shop.get('/api/cats'),
    ])
    expect(answers.map((answer) => answer.body)).toEqual(Array(4).fill(problem(404, 'not-found')))
  })
})
