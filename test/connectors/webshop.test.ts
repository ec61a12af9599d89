import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { Collection } from '../../activities/connector.ts'
import type { WebshopConnector } from '../../activities/webshop/connector.ts'
import { defaultOptions } from '../../flows/flow-options.ts'
import type { WebshopSandbox } from '../../sandbox/webshop/server.ts'
import { describeConnector } from './connector-suite.ts'
import { admin, context, present, troubleOf, written } from './system-under-test.ts'
import { activeIsFalse, connectTo, startSandbox, underTest } from './webshop-under-test.ts'

/** What the shop's own users do. */
async function asShopkeeper(sandbox: WebshopSandbox, method: string, id: string, body?: unknown): Promise<void> {
  const answer = await fetch(`${sandbox.baseUrl}/api/customers/${id}`, {
    method,
    headers: {
      authorization: 'Bearer sandbox-shopkeeper',
      'if-match': '*',
      ...(body !== undefined && { 'content-type': 'application/merge-patch+json' }),
    },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  })
  if (!answer.ok) throw new Error(`${method} ${id}: ${answer.status} ${await answer.text()}`)
}

describeConnector('webshop', {
  settingNames: ['WEBSHOP_BASE_URL', 'WEBSHOP_API_KEY'],
  recordPath: '/api/customers',
  offers: { tombstones: true },
  start: async () => {
    const sandbox = await startSandbox()
    return {
      ...underTest(sandbox),
      insert: (names) => sandbox.insertCustomers(names.map((name) => ({ kind: 'company', name }))),
      rename: (id, name) => void sandbox.customers.edit(id, { name }),
      remove: (id) => sandbox.customers.remove(id),
      values: (name, key) => ({ kind: 'company', name, email: `post@${key}.example`, active: true }),
      refusedBody: { kind: 'company', name: 'Feil AS', email: 'no e-mail at all' },
      nameIn: (record) => (record.kind === 'record' ? record.raw['name'] : undefined),
      namePatch: (name) => ({ name }),
      refusedPatch: { email: 'no e-mail at all' },
      archive: activeIsFalse,
    }
  },
})

describe('the webshop alone', () => {
  let sandbox: WebshopSandbox
  let connector: WebshopConnector
  let customers: Collection
  beforeAll(async () => {
    sandbox = await startSandbox()
  })
  afterAll(() => sandbox.close())
  beforeEach(async () => {
    await admin(sandbox.baseUrl, 'DELETE', '/faults')
    await admin(sandbox.baseUrl, 'DELETE', '/counts')
    await settings({
      createCustomers: true,
      updateCustomers: true,
      emailRequired: false,
      requestsPerSecond: 'off',
      customerKinds: ['company', 'person', 'department'],
    })
    connector = connectTo(sandbox)
    customers = connector.collection('customers')
  })
  const settings = (change: Readonly<Record<string, unknown>>) => admin(sandbox.baseUrl, 'PATCH', '/settings', change)
  const read = async (id: string) => present((await customers.readMany([id], context)).get(id))
  const insert = (name: string, rest = {}) => sandbox.insertCustomers([{ kind: 'company', name, ...rest }])[0] ?? ''
  const create = (erpId: string, values: Readonly<Record<string, string | null>>, creation = 1) => {
    const { body } = customers.prepareCreate(values, { id: erpId, creation })
    return customers.create(body, { id: erpId, creation }, context)
  }

  describe('capabilities', () => {
    test('are asked for once, and what the shop does not offer is never attempted', async () => {
      await settings({ createCustomers: false, updateCustomers: false })
      const id = insert('Bare lesing AS')
      await customers.listAll(context)
      expect([customers.canCreate, customers.canUpdate]).toEqual([false, false])
      expect(await create('1', { kind: 'company', name: 'A' })).toMatchObject({ kind: 'refused' })
      expect(await customers.update(await read(id), { name: 'B' }, null, context)).toMatchObject({ kind: 'refused' })
      const counts = (await admin(sandbox.baseUrl, 'GET', '/counts')) as {
        byRoute: Record<string, number>
        writes: number
      }
      expect(counts.writes).toBe(0)
      expect(counts.byRoute['GET /api/capabilities']).toBe(1)
    })

    test('a shop that needs an e-mail or lacks a kind is not sent what it would refuse', async () => {
      await settings({ emailRequired: true, customerKinds: ['company'] })
      await connector.capabilities(context)
      const counterpart = { id: '1', creation: 1 }
      expect(customers.prepareCreate({ kind: 'company', name: 'A' }, counterpart).refusal).toContain('e-mail')
      expect(
        customers.prepareCreate({ kind: 'person', firstName: 'A', lastName: 'B', email: 'a@b.no' }, counterpart)
          .refusal,
      ).toContain('person')
      expect(customers.prepareUpdate({ kind: 'company', email: 'a@b.no' }, { email: null }, '')).toMatchObject({
        body: {},
        notes: [{ field: 'email', kind: 'withheld' }],
      })
    })

    test('an answer that is no list of capabilities is ContractChanged', async () => {
      await admin(sandbox.baseUrl, 'POST', '/faults', {
        kind: 'status',
        status: 200,
        path: '/capabilities',
        body: { contract: '1.0' },
      })
      expect(await troubleOf(connector.checkHealth(context))).toMatchObject({ type: 'ContractChanged', where: 'shop' })
    })
  })

  describe('E14: the change feed', () => {
    test('starts after everything that was listed and tells of a deletion', async () => {
      const id = insert('Skal bort AS')
      await customers.listAll(context)
      const cursor = await customers.startCursor(context)
      expect((await customers.listChanges(cursor, context)).records).toEqual([])
      await asShopkeeper(sandbox, 'DELETE', id)
      expect((await customers.listChanges(cursor, context)).records).toEqual([{ kind: 'missing', id, tombstone: true }])
      expect((await customers.readMany([id], context)).get(id)).toEqual({ kind: 'missing', id, tombstone: true })
      const listed = await customers.listAll(context)
      expect(listed.find((record) => record.id === id)).toBeUndefined()
    })

    test('E13: after a listing, it starts from the end of that one, though somebody else has listed since', async () => {
      const listing = await customers.listAll(context)
      const id = insert('Kom imellom AS')
      await customers.listAll(context)
      const cursor = await customers.startCursor(context, listing)
      expect((await customers.listChanges(cursor, context)).records).toMatchObject([{ kind: 'record', id }])
    })

    test('E11: a version that the caller knows is passed by unread and counted, any other and every deletion is told', async () => {
      const cursor = await customers.startCursor(context)
      const [own = '', edited = '', removed = ''] = ['Egen AS', 'Endret AS', 'Slettet AS'].map(insert)
      const made = await customers.readMany([own, edited, removed], context)
      const isKnown = (id: string, version: string): boolean => present(made.get(id)).version === version
      expect(await customers.listChanges(cursor, context, isKnown)).toMatchObject({ records: [], passedBy: 3 })
      await asShopkeeper(sandbox, 'PATCH', edited, { name: 'Endret igjen AS' })
      await asShopkeeper(sandbox, 'DELETE', removed)
      const { records, passedBy } = await customers.listChanges(cursor, context, isKnown)
      expect(records.map(({ kind, id }) => [kind, id])).toEqual([
        ['record', edited],
        ['missing', removed],
      ])
      expect(passedBy).toBe(1)
    })

    test('needs no reading of its own to start after a list', async () => {
      await customers.listAll(context)
      await admin(sandbox.baseUrl, 'DELETE', '/counts')
      await customers.startCursor(context)
      expect(await admin(sandbox.baseUrl, 'GET', '/counts')).toMatchObject({ byRoute: {} })
    })

    test('goes on page by page until nothing more follows', async () => {
      const cursor = await customers.startCursor(context)
      const ids = sandbox.insertCustomers(
        Array.from({ length: 1_200 }, (_, index) => ({ kind: 'company' as const, name: `Nr ${index}` })),
      )
      const seen: string[] = []
      let next = cursor
      for (let hasMore = true; hasMore; ) {
        const page = await customers.listChanges(next, context)
        seen.push(...page.records.map((record) => record.id))
        next = page.next
        hasMore = page.hasMore
      }
      expect(seen).toEqual(ids)
    })

    test.each([
      ['cursor that the shop has forgotten', { cursorGeneration: 40 }],
      ['database that was put back', { epoch: 'another-life' }],
    ])('a %s is a full pass from the beginning', async (_title, change) => {
      const id = insert('Fra begynnelsen AS')
      const cursor = await customers.startCursor(context)
      await settings(change)
      const first = await customers.listChanges(cursor, context)
      expect(first.restarted).toBe(true)
      const ids = first.records.map((record) => record.id)
      for (let page = first; page.hasMore; ) {
        page = await customers.listChanges(page.next, context)
        expect(page.restarted).toBe(false)
        ids.push(...page.records.map((record) => record.id))
      }
      expect(ids).toContain(id)
    })
  })

  describe('scope', () => {
    test('departments belong to another flow', async () => {
      const [id = ''] = sandbox.insertCustomers([{ kind: 'department', name: 'Salg' }])
      expect((await read(id)).outOfScope).toBe('otherKind')
    })

    test.each([
      ['create', null],
      ['leave-out', 'guest'],
      ['collective:10001', 'guest'],
    ] as const)('guests are, with the option %s, out of scope: %s', async (guests, outOfScope) => {
      const id = insert('Gjest AS', { guest: true })
      const options = { ...defaultOptions, customers: { ...defaultOptions.customers, guests } }
      const record = (await connectTo(sandbox, { options }).collection('customers').readMany([id], context)).get(id)
      expect(present(record).outOfScope).toBe(outOfScope)
    })
  })

  describe('E16: answers that are not quite right', () => {
    const item = {
      id: 'c-1',
      version: '1',
      changedAt: '2026-01-01T00:00:00.000Z',
      erpId: null,
      kind: 'company',
      name: 'A',
      firstName: null,
      lastName: null,
      email: null,
      phone: null,
      organizationNumber: null,
      customerNumber: null,
      invoiceEmail: null,
      website: null,
      address: null,
      active: true,
    }
    const answerWith = (items: readonly unknown[]) =>
      admin(sandbox.baseUrl, 'POST', '/faults', {
        kind: 'status',
        status: 200,
        path: '/api/customers',
        body: { items, next: 'n', hasMore: false, epoch: 'e' },
      })

    test('numbers are taken where texts are expected', async () => {
      await answerWith([{ ...item, id: 17, version: 3, customerNumber: 10_001, organizationNumber: 999_888_777 }])
      const [record] = await customers.listAll(context)
      expect(present(record)).toMatchObject({
        id: '17',
        version: '3',
        raw: { customerNumber: '10001', organizationNumber: '999888777' },
      })
    })

    test('an unknown kind is that record’s problem and nobody else’s', async () => {
      await answerWith([
        item,
        { ...item, id: 'c-2', kind: 'household' },
        { ...item, id: 'c-3', email: ['kari@nordmann.no'] },
      ])
      const records = await customers.listAll(context)
      expect(records.map((record) => [record.id, record.kind])).toEqual([
        ['c-1', 'record'],
        ['c-2', 'unreadable'],
        ['c-3', 'unreadable'],
      ])
      expect(records[1]).toMatchObject({ path: 'kind' })
      expect(records[2]).toMatchObject({ path: 'email', problem: expect.not.stringContaining('kari') })
    })

    test('a property that no record carries any more stops everything and is named', async () => {
      const { phone: _gone, ...rest } = item
      await answerWith(Array.from({ length: 5 }, (_, index) => ({ ...rest, id: `c-${index}` })))
      const trouble = await troubleOf(customers.listAll(context))
      expect(trouble).toMatchObject({ type: 'ContractChanged', where: 'shop' })
      expect(trouble.message).toContain('phone')
    })
  })

  describe('creating', () => {
    test('the same creation again gives the first answer again and no second record', async () => {
      const first = written(await create('501', { kind: 'company', name: 'To ganger AS' }))
      const second = written(await create('501', { kind: 'company', name: 'To ganger AS' }))
      expect(second.id).toBe(first.id)
      expect(first.raw['erpId']).toBe('customer:501')
    })

    test('the same creation with another content is uncertain, and the record is found by its erpId', async () => {
      const first = written(await create('502', { kind: 'company', name: 'Før AS' }))
      expect(await create('502', { kind: 'company', name: 'Etter AS' })).toMatchObject({ kind: 'uncertain' })
      expect((await customers.findByCounterpart('502', context, {})).map((record) => record.id)).toEqual([first.id])
    })

    test('a taken erpId is our own earlier creation, a taken e-mail somebody else’s record', async () => {
      const ours = written(await create('503', { kind: 'company', name: 'Vår AS', email: 'post@vaar.no' }))
      expect(await create('503', { kind: 'company', name: 'Vår AS' }, 2)).toMatchObject({
        kind: 'taken',
        byReference: true,
        existingId: ours.id,
      })
      const theirs = await create('504', { kind: 'company', name: 'Deres AS', email: 'post@vaar.no' })
      expect(theirs).toMatchObject({ kind: 'taken', byReference: false, existingId: ours.id })
      expect(JSON.stringify(theirs)).not.toContain('post@vaar.no')
    })

    test('a refusal names the field and not its value', async () => {
      const answer = await create('505', { kind: 'company', name: 'Feil AS', email: 'kari at nordmann' })
      expect(answer).toMatchObject({ kind: 'refused', status: 422 })
      expect(answer.kind === 'refused' && answer.detail).toContain('/email')
      expect(JSON.stringify(answer)).not.toContain('kari at')
    })
  })

  test('a shop that quotes what it was sent does not get the value into our answer', async () => {
    await admin(sandbox.baseUrl, 'POST', '/faults', {
      kind: 'status',
      status: 422,
      method: 'POST',
      body: {
        type: 'https://shop.test/invalid',
        title: 'No',
        errors: [{ pointer: '/email', detail: '"kari@nordmann.no" of Kari Nordmann AS is no e-mail' }],
      },
    })
    expect(await create('506', { kind: 'company', name: 'Kari Nordmann AS', email: 'kari@nordmann.no' })).toEqual({
      kind: 'refused',
      status: 422,
      title: 'No',
      detail: '/email: "…" of … is no e-mail',
    })
  })

  describe('updating', () => {
    test('a record that others changed meanwhile is stale and not written', async () => {
      const before = await read(insert('Først AS'))
      await asShopkeeper(sandbox, 'PATCH', before.id, { name: 'Noen andres AS' })
      expect(await customers.update(before, { name: 'Vår AS' }, null, context)).toEqual({ kind: 'stale' })
      expect((await read(before.id)).raw['name']).toBe('Noen andres AS')
    })

    test('an edit may name the counterpart at once, or nothing but that', async () => {
      const before = await read(insert('Kobles AS'))
      const named = written(await customers.update(before, { phone: '22334455' }, '601', context))
      expect(named).toMatchObject({ reference: '601', raw: { phone: '22334455', erpId: 'customer:601' } })
      const alone = written(await customers.update(await read(insert('Alene AS')), {}, '602', context))
      expect(alone.reference).toBe('602')
    })

    test('a counterpart that another record names already is told', async () => {
      const first = written(await customers.update(await read(insert('Eier AS')), {}, '603', context))
      const answer = await customers.update(await read(insert('Kopi AS')), {}, '603', context)
      expect(answer).toMatchObject({ kind: 'taken', existingId: first.id })
    })

    test('clearing an address clears all of it, and setting one sets all of it', async () => {
      const before = await read(
        insert('Flytter AS', {
          address: { line1: 'Gata 1', line2: '3. etg', zip: '0150', city: 'Oslo', country: 'NO' },
        }),
      )
      const moved = { address: { line1: 'Veien 2', line2: null, zip: '5003', city: 'Bergen', country: null } }
      const after = written(
        await customers.update(before, customers.prepareUpdate(before.raw, moved, '').body, null, context),
      )
      expect(after.raw['address']).toEqual({
        line1: 'Veien 2',
        line2: null,
        zip: '5003',
        city: 'Bergen',
        country: null,
      })
      const cleared = customers.prepareUpdate(
        after.raw,
        { address: { line1: null, line2: null, zip: null, city: null, country: null } },
        '',
      )
      expect(written(await customers.update(after, cleared.body, null, context)).raw['address']).toBeNull()
    })
  })

  test('a shop that throttles is served at the pace it bears', async () => {
    const ids = sandbox.insertCustomers(
      Array.from({ length: 30 }, (_, index) => ({ kind: 'company' as const, name: `Takt ${index}` })),
    )
    await settings({ requestsPerSecond: 20 })
    const records = await Promise.all(ids.map((id) => read(id)))
    expect(records.map((record) => record.id)).toEqual(ids)
  })
})
