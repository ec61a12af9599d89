import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { Collection, ParsedRecord } from '../../activities/connector.ts'
import { createRateLimiter } from '../../activities/http/rate-limiter.ts'
import type { PowerOfficeConnector } from '../../activities/poweroffice/connector.ts'
import type { PowerOfficeSandbox } from '../../sandbox/poweroffice/server.ts'
import type { SwitchChanges } from '../../sandbox/poweroffice/settings.ts'
import { describeConnector } from './connector-suite.ts'
import {
  connectTo,
  isArchivedIsTrue,
  settingNames,
  settleDown,
  startSandbox,
  underTest,
} from './poweroffice-support.ts'
import { admin, context, present, type RunningSystem, troubleOf, written } from './system-under-test.ts'

function runningOf(sandbox: PowerOfficeSandbox): RunningSystem {
  return {
    ...underTest(sandbox, 'Customer_Full'),
    insert: (names) =>
      sandbox.insertCustomers(names.map((name) => ({ Name: name, IsPerson: false }))).map(({ Id }) => String(Id)),
    rename: (id, name) => void sandbox.customers.edit(Number(id), { Name: name }),
    remove: (id) => sandbox.customers.remove(Number(id)),
    values: (name, key) => ({ IsPerson: false, Name: name, EmailAddress: `post@${key}.example`, IsArchived: false }),
    refusedBody: { IsPerson: true, FirstName: 'Bare' },
    refusedPatch: { Name: '' },
    archive: isArchivedIsTrue,
    nameIn: (record) => (record.kind === 'record' ? record.raw['Name'] : undefined),
    namePatch: (name) => ({ Name: name }),
  }
}

describeConnector('PowerOffice', {
  settingNames,
  recordPath: '/customers',
  start: async () => runningOf(await startSandbox()),
})

describe('PowerOffice alone', () => {
  let sandbox: PowerOfficeSandbox
  let connector: PowerOfficeConnector
  let customers: Collection
  beforeAll(async () => {
    sandbox = await startSandbox()
  })
  afterAll(() => sandbox.close())
  beforeEach(async () => {
    await settleDown(sandbox)
    for (const { Id } of sandbox.customers.all()) sandbox.customers.remove(Id)
    connector = connectTo(sandbox)
    customers = connector.collection('customers')
    sandbox.counts.reset()
  })
  const tokenCalls = () => sandbox.counts.report().byRoute['POST /OAuth/Token'] ?? 0
  const listCalls = () => sandbox.counts.report().byRoute['GET /v2/Customers'] ?? 0
  const insert = (...names: string[]) => sandbox.insertCustomers(names.map((Name) => ({ Name, IsPerson: false })))

  test('an empty list is a 204 and not a failure', async () => {
    expect(await customers.listAll(context)).toEqual([])
  })

  test('one token serves everybody who asks at once', async () => {
    const [{ Id } = { Id: 0 }] = insert('Én AS')
    await Promise.all([
      customers.listAll(context),
      connector.checkHealth(context),
      customers.readMany([String(Id)], context),
      customers.findByCounterpart('c-1', context, {}),
    ])
    expect(tokenCalls()).toBe(1)
  })

  test('a revoked token is renewed once and the reading goes on', async () => {
    insert('Én AS')
    await customers.listAll(context)
    sandbox.revokeTokens()
    expect(await customers.listAll(context)).toHaveLength(1)
    expect(tokenCalls()).toBe(2)
  })

  test('a revoked token does not double a creation', async () => {
    await customers.listAll(context)
    sandbox.revokeTokens()
    written(
      await customers.create(
        { IsPerson: false, Name: 'Ny AS', InvoiceDeliveryType: 'Print' },
        { id: 'c-1', creation: 1 },
        context,
      ),
    )
    expect(sandbox.customers.count()).toBe(1)
  })

  test('a token is renewed before it ends', async () => {
    let nowMs = 0
    const clock = {
      nowMs: () => nowMs,
      after: (ms: number, run: () => void) => {
        const timer = setTimeout(run, ms)
        return () => clearTimeout(timer)
      },
    }
    const timed = connectTo(sandbox, { clock, limiter: createRateLimiter({ requestsPerSecond: null }) }).collection(
      'customers',
    )
    await timed.listAll(context)
    nowMs = 0.79 * 1_200_000
    await timed.listAll(context)
    expect(tokenCalls()).toBe(1)
    nowMs = 0.81 * 1_200_000
    await timed.listAll(context)
    expect(tokenCalls()).toBe(2)
  })

  test('while the token service is down the old token is used up to its end', async () => {
    let nowMs = 0
    const clock = {
      nowMs: () => nowMs,
      after: (_ms: number, run: () => void) => {
        const timer = setTimeout(run, 1)
        return () => clearTimeout(timer)
      },
    }
    const timed = connectTo(sandbox, { clock, limiter: createRateLimiter({ requestsPerSecond: null }) }).collection(
      'customers',
    )
    await timed.listAll(context)
    await admin(sandbox.origin, 'POST', '/faults', { kind: 'status', status: 500, path: '/OAuth/Token', count: 99 })
    nowMs = 0.9 * 1_200_000
    expect(await timed.listAll(context)).toEqual([])
    nowMs = 1_200_000
    expect(await troubleOf(timed.listAll(context))).toMatchObject({ type: 'Unreachable' })
  })

  test('a wrong subscription key is NotAuthorised and names all three keys', async () => {
    const trouble = await troubleOf(connectTo(sandbox, { subscriptionKey: 'other' }).checkHealth(context))
    expect(trouble.type).toBe('NotAuthorised')
    expect(trouble.message).toContain('POWEROFFICE_SUBSCRIPTION_KEY')
    expect(trouble.message).toContain('environment')
  })

  test('a missing role is found by the health check, so that a blocked flow stays blocked until it is granted', async () => {
    sandbox.settings.change({ missingPrivileges: ['Customer_Full'] })
    const trouble = await troubleOf(connector.checkHealth(context))
    expect(trouble).toMatchObject({ type: 'NotAuthorised' })
    expect(trouble.message).toContain('Customer_Full')
    sandbox.settings.change({ missingPrivileges: null })
    await expect(connector.checkHealth(context)).resolves.toBeUndefined()
  })

  test('records that a list does not show yet are read by their ids, however many', async () => {
    sandbox.settings.change({ lateVisibility: 600_000 })
    const ids: string[] = []
    for (let index = 0; index < 30; index += 1) {
      const counterpart = { id: `c-${index}`, creation: 1 }
      const body = { Name: `Ny ${index} AS`, IsPerson: false, EmailAddress: `ny${index}@fjord.example` }
      const made = await customers.create(body, counterpart, context)
      if (made.kind === 'done' && made.record.kind === 'record') ids.push(made.record.id)
    }
    expect(ids).toHaveLength(30)
    expect(await customers.listAll(context)).toEqual([])
    const found = await customers.readMany(ids, context)
    expect(ids.filter((id) => found.get(id)?.kind !== 'record')).toEqual([])
  })

  test('many records that are gone together cost twenty readings and not one each', async () => {
    insert('Én AS')
    const found = await customers.readMany(
      Array.from({ length: 100 }, (_, index) => String(900_000 + index)),
      context,
    )
    expect([...found.values()].filter(({ kind }) => kind === 'missing')).toHaveLength(100)
    expect(sandbox.counts.report().byRoute['GET /v2/Customers/{id}']).toBe(20)
  })

  test('ten a second are stayed within, on the sandbox’s own count', async () => {
    sandbox.settings.change({ rateLimit: 10 })
    const ids = insert(...Array.from({ length: 8 }, (_, index) => `Takt ${index} AS`)).map(({ Id }) => String(Id))
    const paced = connectTo(sandbox, { limiter: createRateLimiter({ requestsPerSecond: 10 }) }).collection('customers')
    for (let round = 0; round < 3; round += 1) await paced.readMany(ids, context)
    expect(sandbox.counts.report().throttled).toBe(0)
    expect(sandbox.counts.report().byRoute['GET /v2/Customers/{id}']).toBe(24)
  })

  test('personal extras are not asked for and not kept', async () => {
    sandbox.insertCustomers([
      {
        IsPerson: true,
        FirstName: 'Kari',
        LastName: 'Nordmann',
        DateOfBirth: '1980-01-02',
        NationalIdNumber: '02018012345',
      },
    ])
    const [listed] = await customers.listAll(context)
    const single = (await customers.readMany([listed?.id ?? ''], context)).get(listed?.id ?? '')
    for (const record of [listed, single]) {
      const { raw } = present(record)
      expect(Object.keys(raw)).toContain('FirstName')
      expect(JSON.stringify(raw)).not.toMatch(/DateOfBirth|NationalId|1980|020180/)
    }
  })

  describe('references', () => {
    test('each creation has a reference of its own and all are found', async () => {
      const makeCreation = async (creation: number) => {
        const { body } = customers.prepareCreate(
          { IsPerson: false, Name: `Utgave ${creation} AS` },
          { id: 'c-9', creation },
        )
        return written(await customers.create(body, { id: 'c-9', creation }, context))
      }
      const made = [await makeCreation(1), await makeCreation(2), await makeCreation(3)]
      expect(made.map((record) => record.raw['ExternalImportReference'])).toEqual([
        'test:c-9',
        'test:c-9~2',
        'test:c-9~3',
      ])
      expect(made.map((record) => record.reference)).toEqual(['c-9', 'c-9', 'c-9'])
      const found = await customers.findByCounterpart('c-9', context, {})
      expect(found.map((record) => record.id).toSorted()).toEqual(made.map((record) => record.id).toSorted())
    })

    test('a second creation under one reference says whose it is', async () => {
      const body = {
        IsPerson: false,
        Name: 'Dobbel AS',
        InvoiceDeliveryType: 'Print',
        ExternalImportReference: 'test:c-2',
      }
      const first = written(await customers.create(body, { id: 'c-2', creation: 1 }, context))
      expect(await customers.create(body, { id: 'c-2', creation: 1 }, context)).toMatchObject({
        kind: 'taken',
        byReference: true,
        existingId: first.id,
      })
      expect(sandbox.customers.count()).toBe(1)
    })

    test('a taken number is refused in the vendor’s words', async () => {
      sandbox.insertCustomers([{ Name: 'Eier AS', Number: 10_500 }])
      const body = { IsPerson: false, Name: 'Vil ha AS', InvoiceDeliveryType: 'Print', Number: 10_500 }
      const answer = await customers.create(body, { id: 'c-3', creation: 1 }, context)
      expect(answer).toMatchObject({ kind: 'refused', status: 400, title: 'Customer validation error(s)' })
      expect(answer.kind === 'refused' && answer.detail).toContain('Number')
    })

    test('an unknown reference inside a creation is a refusal although it is a 404', async () => {
      const body = { IsPerson: false, Name: 'Avdeling AS', InvoiceDeliveryType: 'Print', DepartmentCode: 'nowhere' }
      const answer = await customers.create(body, { id: 'c-4', creation: 1 }, context)
      expect(answer).toMatchObject({ kind: 'refused', status: 404 })
    })

    test('what others wrote as a reference is never read as a link', async () => {
      sandbox.insertCustomers([
        { Name: 'A AS', ExternalImportReference: 'other:c-1' },
        { Name: 'B AS', ExternalImportReference: 'test:c 1' },
        { Name: 'C AS', ExternalImportReference: 'test:c-1~2' },
        { Name: 'D AS', ExternalImportReference: 'c-1' },
      ])
      const records = await customers.listAll(context)
      expect(records.map((record) => present(record).reference).toSorted()).toEqual(['c-1', null, null, null])
    })

    test.each(['', 'much-too-long', 'a:b', 'å'])('the prefix "%s" is refused at once', (referencePrefix) => {
      expect(() => connectTo(sandbox, { referencePrefix })).toThrow('1 to 7 characters')
    })
  })

  describe('E14: changes', () => {
    const watermarkOf = (cursor: string) => (JSON.parse(cursor) as { watermark: string }).watermark

    test('the cursor keeps the vendor’s seven digits and never moves back', async () => {
      const start = JSON.stringify({ watermark: '2026-01-01T00:00:00.0000001Z' })
      const [{ Id } = { Id: 0 }] = insert('Én AS')
      const first = await customers.listChanges(start, context)
      expect(watermarkOf(first.next)).toBe(sandbox.customers.get(Id)?.LastChangedDateTimeOffset)
      const again = await customers.listChanges(first.next, context)
      expect(again.records.map((record) => record.id)).toEqual([String(Id)])
      expect(again.next).toBe(first.next)
      const future = JSON.stringify({ watermark: '2099-01-01T00:00:00.0000000Z' })
      expect((await customers.listChanges(future, context)).next).toBe(future)
    })

    test('a change that comes again in the overlap does not take the cursor back', async () => {
      const [{ Id } = { Id: 0 }] = insert('Kjent AS')
      const changedAtMs = Date.parse(sandbox.customers.get(Id)?.LastChangedDateTimeOffset ?? '')
      const cursor = JSON.stringify({ watermark: new Date(changedAtMs + 30_000).toISOString() })
      const { records, next } = await customers.listChanges(cursor, context)
      expect(records.map((record) => record.id)).toEqual([String(Id)])
      expect(next).toBe(cursor)
    })

    test('without news the cursor follows the server’s clock, a minute behind', async () => {
      const start = JSON.stringify({ watermark: '2026-01-01T00:00:00.0000000Z' })
      const { next } = await customers.listChanges(start, context)
      const behindMs = Date.now() - Date.parse(watermarkOf(next))
      expect(behindMs).toBeGreaterThan(58_000)
      expect(behindMs).toBeLessThan(70_000)
    })

    test('changes come in the order in which they were made, whatever the list’s order', async () => {
      sandbox.settings.change({ listOrder: 'shuffled' })
      const ids = insert('A AS', 'B AS', 'C AS', 'D AS', 'E AS', 'F AS').map(({ Id }) => String(Id))
      const start = JSON.stringify({ watermark: '2026-01-01T00:00:00.0000000Z' })
      const { records } = await customers.listChanges(start, context)
      expect(records.map((record) => record.id)).toEqual(ids)
    })

    test('a row that becomes visible late is found by the overlap', async () => {
      sandbox.settings.change({ lateVisibility: 400 })
      const [{ Id: lateId } = { Id: 0 }] = insert('Sen AS')
      sandbox.settings.change({ lateVisibility: 0 })
      insert('Rask AS')
      const start = JSON.stringify({ watermark: '2026-01-01T00:00:00.0000000Z' })
      const first = await customers.listChanges(start, context)
      expect(first.records).toHaveLength(1)
      await expect
        .poll(async () => (await customers.listChanges(first.next, context)).records.map((record) => record.id))
        .toContain(String(lateId))
    })
  })

  describe('a filter that is ignored', () => {
    const row = (Id: number, ExternalImportReference: string | null, changedAt: string) => ({
      Id,
      Name: 'A AS',
      ExternalImportReference,
      LastChangedDateTimeOffset: changedAt,
    })
    const rows = [
      row(1, 'test:c-1', '2026-05-01T10:00:00.0000000Z'),
      row(2, 'test:c-12', '2026-05-01T11:59:00.0000000Z'),
      row(3, null, '2026-05-01T11:59:00.0000001Z'),
    ]
    beforeEach(() =>
      admin(sandbox.origin, 'POST', '/faults', {
        kind: 'status',
        status: 200,
        path: '/customers',
        body: rows,
        headers: { 'X-Pagination': '{"nextPageLink":""}' },
        count: 9,
      }),
    )

    test('makes no record the carrier of a reference that it does not have', async () => {
      const found = await customers.findByCounterpart('c-1', context, {})
      expect(found.map((record) => record.id)).toEqual(['1'])
    })

    test('brings no change from before the time that was asked for', async () => {
      const cursor = JSON.stringify({ watermark: '2026-05-01T12:00:00.0000000Z' })
      const { records } = await customers.listChanges(cursor, context)
      expect(records.map((record) => record.id)).toEqual(['3'])
    })
  })

  describe('pages', () => {
    const paged = (pageSize: number) => connectTo(sandbox, { pageSize }).collection('customers')
    const names = Array.from({ length: 11 }, (_, index) => `Side ${index} AS`)

    test.each<SwitchChanges>([
      {},
      { xPaginationContent: 'full' },
      { xPaginationContent: 'absent' },
      { xPaginationContent: 'absent', pagePastEnd: '200' },
      { xPaginationLastPage: 'absent' },
      { xPaginationLastPage: 'null' },
      { listOrder: 'shuffled' },
      { listOrder: 'lastChanged', xPaginationContent: 'absent' },
    ])('a list of several pages is read to its end (%o)', async (switches) => {
      insert(...names)
      sandbox.settings.change(switches)
      const records = await paged(4).listAll(context)
      expect(records.map((record) => present(record).raw['Name']).toSorted()).toEqual(names.toSorted())
    })

    test('where an order is refused the list is read without one', async () => {
      insert(...names)
      await admin(sandbox.origin, 'POST', '/faults', { kind: 'status', status: 400, path: 'OrderBy', count: 99 })
      expect(await paged(4).listAll(context)).toHaveLength(11)
    })

    test('a list that fits on one page is one request', async () => {
      insert(...names)
      await customers.listAll(context)
      expect(listCalls()).toBe(1)
    })
  })

  describe('E16: a property that disappears', () => {
    const row = (index: number, rest: Readonly<Record<string, unknown>> = {}) => ({
      Id: index + 1,
      IsPerson: false,
      ...rest,
    })
    const whole = {
      Name: 'A',
      FirstName: null,
      LastName: null,
      EmailAddress: null,
      PhoneNumber: null,
      OrganizationNumber: null,
      Number: 10_000,
      InvoiceEmailAddress: null,
      WebsiteUrl: null,
      IsActive: true,
      IsArchived: false,
    }
    const answerWith = (rows: readonly unknown[]) =>
      admin(sandbox.origin, 'POST', '/faults', {
        kind: 'status',
        status: 200,
        path: '/customers',
        body: rows,
        headers: { 'X-Pagination': '{"nextPageLink":""}' },
      })
    const without = (name: string) => Object.fromEntries(Object.entries(whole).filter(([key]) => key !== name))

    test.each(['Name', 'EmailAddress', 'WebsiteUrl', 'IsArchived', 'Number'])(
      '%s on no row of a page stops everything and is named',
      async (name) => {
        await answerWith(Array.from({ length: 6 }, (_, index) => row(index, without(name))))
        const trouble = await troubleOf(customers.listAll(context))
        expect(trouble).toMatchObject({ type: 'ContractChanged' })
        expect(trouble.message).toContain(name)
      },
    )

    test('one part of the address on no address stops everything, an absent address does not', async () => {
      const address = { AddressLine1: 'Gata 1', AddressLine2: null, ZipCode: '0150', CountryCode: 'NO' }
      await answerWith(Array.from({ length: 6 }, (_, index) => row(index, { ...whole, MailAddress: address })))
      expect((await troubleOf(customers.listAll(context))).message).toContain('MailAddress.City')
      await answerWith(Array.from({ length: 6 }, (_, index) => row(index, whole)))
      expect(await customers.listAll(context)).toHaveLength(6)
    })

    test('a property that one row carries, or a page of four without it, is no alarm', async () => {
      await answerWith(Array.from({ length: 6 }, (_, index) => row(index, index === 5 ? whole : without('WebsiteUrl'))))
      expect(await customers.listAll(context)).toHaveLength(6)
      await answerWith(Array.from({ length: 4 }, (_, index) => row(index, without('WebsiteUrl'))))
      expect(await customers.listAll(context)).toHaveLength(4)
    })

    test('a record that was listed without an id is not asked for by the name that it was given', async () => {
      sandbox.counts.reset()
      const standIn = 'no-id-0123456789ab'
      const found = await customers.readMany([standIn], context)
      expect(found.get(standIn)).toEqual({ kind: 'missing', id: standIn, tombstone: false })
      expect(sandbox.counts.report().byRoute['GET /v2/Customers/{id}'] ?? 0).toBe(0)
    })

    test('a record that does not parse is listed by itself with where and why, and without the value', async () => {
      await answerWith([
        row(0, whole),
        row(1, { ...whole, EmailAddress: { secret: 'kari@nordmann.no' } }),
        row(2, { ...whole, Id: 9_007_199_254_740_993_000 }),
        { ...whole, Name: 'uten id' },
      ])
      const records = await customers.listAll(context)
      const unreadable = records.filter(
        (record): record is ParsedRecord & { kind: 'unreadable' } => record.kind === 'unreadable',
      )
      expect(records).toHaveLength(4)
      expect(unreadable.map(({ id, path }) => [id.slice(0, 6), path])).toEqual([
        ['2', 'EmailAddress'],
        // Beyond what JSON numbers tell apart, so it may be another record's id.
        ['no-id-', 'Id'],
        ['no-id-', 'Id'],
      ])
      expect(unreadable.map(({ problem }) => problem).join(' ')).not.toContain('kari')
    })
  })

  describe('test operations', () => {
    test.each(['enforced', 'ignored', 'refused'] as const)(
      'E19: an edit goes through where PowerOffice has them %s, and again after that',
      async (patchTestOp) => {
        sandbox.settings.change({ patchTestOp })
        const [{ Id } = { Id: 0 }] = insert('Prøve AS')
        for (const Name of ['Første AS', 'Andre AS']) {
          const read = present((await customers.readMany([String(Id)], context)).get(String(Id)))
          written(await customers.update(read, { Name }, null, context))
          expect(sandbox.customers.get(Id)?.Name).toBe(Name)
        }
      },
    )

    test('they are not sent again to a PowerOffice that refused them once', async () => {
      sandbox.settings.change({ patchTestOp: 'refused' })
      const [{ Id } = { Id: 0 }] = insert('Prøve AS')
      const patches = () => sandbox.counts.report().byRoute['PATCH /v2/Customers/{id}'] ?? 0
      const edit = async (Name: string) => {
        const before = patches()
        const read = present((await customers.readMany([String(Id)], context)).get(String(Id)))
        written(await customers.update(read, { Name }, null, context))
        return patches() - before
      }
      expect([await edit('Første AS'), await edit('Andre AS')]).toEqual([2, 1])
    })

    test('an edit that others changed meanwhile is stale where tests are enforced, and not written', async () => {
      const [{ Id } = { Id: 0 }] = insert('Før AS')
      const read = present((await customers.readMany([String(Id)], context)).get(String(Id)))
      sandbox.customers.edit(Id, { Name: 'Noen andres AS' })
      expect(await customers.update(read, { Name: 'Vår AS' }, null, context)).toEqual({ kind: 'stale' })
      expect(sandbox.customers.get(Id)?.Name).toBe('Noen andres AS')
    })

    test('an edit of another property than the one that changed is written', async () => {
      const [{ Id } = { Id: 0 }] = insert('Før AS')
      const read = present((await customers.readMany([String(Id)], context)).get(String(Id)))
      sandbox.customers.edit(Id, { Name: 'Noen andres AS' })
      written(await customers.update(read, { PhoneNumber: '22334455' }, null, context))
      expect(sandbox.customers.get(Id)).toMatchObject({ Name: 'Noen andres AS', PhoneNumber: '22334455' })
    })

    test('a refusal is not taken for a failed test', async () => {
      const [{ Id } = { Id: 0 }] = insert('Før AS')
      const read = present((await customers.readMany([String(Id)], context)).get(String(Id)))
      expect(await customers.update(read, { Name: null }, null, context)).toMatchObject({
        kind: 'refused',
        status: 400,
      })
    })
  })

  test('replacing an address keeps the code that others gave it', async () => {
    const [{ Id } = { Id: 0 }] = sandbox.insertCustomers([
      {
        Name: 'Adresse AS',
        MailAddress: { AddressLine1: 'Gata 1', ZipCode: '0150', City: 'Oslo', ExternalCode: 'X-1' },
      },
    ])
    const read = present((await customers.readMany([String(Id)], context)).get(String(Id)))
    const moved = {
      MailAddress: { AddressLine1: 'Veien 2', AddressLine2: null, ZipCode: '5003', City: 'Bergen', CountryCode: 'no' },
    }
    const { body } = customers.prepareUpdate(read.raw, moved, '')
    const record = written(await customers.update(read, body, null, context))
    expect(sandbox.customers.get(Id)?.MailAddress).toMatchObject({
      AddressLine1: 'Veien 2',
      City: 'Bergen',
      CountryCode: 'NO',
      ExternalCode: 'X-1',
    })
    expect(Date.parse(record.groupChangedAt['address'] ?? '')).toBeGreaterThan(
      Date.parse(read.groupChangedAt['address'] ?? ''),
    )
    expect(record.changedAt).toBe(read.changedAt)
    const cleared = customers.prepareUpdate(
      record.raw,
      { MailAddress: { AddressLine1: null, AddressLine2: null, ZipCode: null, City: null, CountryCode: null } },
      '',
    )
    written(await customers.update(record, cleared.body, null, context))
    expect(sandbox.customers.get(Id)?.MailAddress).toBeUndefined()
  })

  test('the customer number series can be watched', async () => {
    expect(await connector.numberSeries(context)).toEqual([
      { name: 'Kunder', isDefault: true, from: 10_000, to: 19_999 },
      { name: 'Nettbutikk', isDefault: false, from: 100_000, to: 999_999 },
    ])
    sandbox.settings.change({ missingPrivileges: ['CommonServices', 'CommonServices_Full'] })
    const trouble = await troubleOf(connector.numberSeries(context))
    expect(trouble).toMatchObject({ type: 'NotAuthorised' })
    expect(trouble.message).toContain('CommonServices')
  })

  test('a throttled creation that was carried out all the same is found by its reference', async () => {
    sandbox.settings.change({
      rateLimit: 1,
      throttledWriteExecuted: 'yes',
      tokenCallsCounted: 'no',
      retryAfter: 'notSent',
    })
    const body = {
      IsPerson: false,
      Name: 'Strupt AS',
      InvoiceDeliveryType: 'Print',
      ExternalImportReference: 'test:c-77',
    }
    await customers.listAll(context)
    const answer = await customers.create(body, { id: 'c-77', creation: 1 }, context)
    expect(answer).toMatchObject({ kind: 'taken', byReference: true, existingId: expect.stringMatching(/^\d+$/) })
    expect(sandbox.customers.count()).toBe(1)
  })

  describe('every documented way of answering', () => {
    const alternatives: readonly SwitchChanges[] = [
      { responseKeyCasing: 'camelNested' },
      { responseKeyCasing: 'camel' },
      { errorKeyCasing: 'pascal' },
      { errorsDictionary: 'present' },
      { dateOnlyFields: 'withTime' },
      { timestampFraction: 'trimmed' },
      { timestampFraction: 'noneWhenZero' },
      { timestampZone: '+00:00' },
      { timestampZone: '+02:00' },
      { timestampZone: 'missing' },
      { extraProperties: 'on' },
      { writeStatus: 'all200' },
      { writeStatus: 'all201' },
      { pagePastEnd: '200', xPaginationContent: 'absent' },
      { xPaginationLastPage: 'null' },
      { listOrder: 'shuffled' },
      { orderBySyntax: 'ignored' },
      { unknownQueryKey: '400' },
      { laterFilters: 'ignored' },
      { laterFilters: '400' },
      { equalTimestamps: 'on' },
      { enumCasing: 'exact' },
      { emptyStringOptional: '400' },
      { patchOps: 'replaceOnly' },
      { patchTestOp: 'ignored' },
      { patchTestOp: 'refused' },
      { patchNestedPaths: '400' },
      { patchPathCasing: '400' },
      { body401: 'gateway' },
      { body401: 'problem' },
      { body403: 'problem' },
      { tokenLifetime: 1 },
      { throttleBody: 'empty', retryAfter: 'notSent' },
      { defaultInvoiceDelivery: 'accepted' },
      {
        responseKeyCasing: 'camelNested',
        errorKeyCasing: 'pascal',
        dateOnlyFields: 'withTime',
        timestampFraction: 'trimmed',
        extraProperties: 'on',
        pagePastEnd: '200',
        xPaginationContent: 'absent',
        listOrder: 'shuffled',
        equalTimestamps: 'on',
        laterFilters: 'ignored',
        emptyStringOptional: '400',
        patchOps: 'replaceOnly',
        patchNestedPaths: '400',
        retryAfter: 'notSent',
        throttleBody: 'empty',
        body401: 'problem',
        tokenLifetime: 1,
      },
    ]

    test.each(alternatives)('a customer is created, listed, changed and looked up alike (%o)', async (switches) => {
      sandbox.settings.change(switches)
      insert('En annen AS', 'Enda en AS')
      const cursor = await customers.startCursor(context)
      const values = {
        IsPerson: true,
        FirstName: 'Kari',
        LastName: 'Ånes',
        EmailAddress: null,
        PhoneNumber: '',
        MailAddress: { AddressLine1: 'Gata 1', AddressLine2: null, ZipCode: '0150', City: 'Oslo', CountryCode: 'no' },
        IsArchived: false,
      }
      const counterpart = { id: 'c-5', creation: 1 }
      const prepared = customers.prepareCreate(values, counterpart)
      expect(prepared).toMatchObject({ flags: 'p', notes: [], refusal: null })
      const made = written(await customers.create(prepared.body, counterpart, context))
      expect(made).toMatchObject({
        reference: 'c-5',
        raw: {
          FirstName: 'Kari',
          LastName: 'Ånes',
          InvoiceDeliveryType: 'Print',
          MailAddress: { City: 'Oslo', CountryCode: 'NO' },
        },
      })

      const listed = (await customers.listAll(context)).find((record) => record.id === made.id)
      expect(present(listed).raw).toEqual(made.raw)
      const { records } = await customers.listChanges(cursor, context)
      expect(records.map((record) => record.id)).toContain(made.id)

      const edit = customers.prepareUpdate(
        made.raw,
        { EmailAddress: 'kari@anes.no', FirstName: 'Kari', LastName: 'Aas' },
        prepared.flags,
      )
      expect(edit).toMatchObject({ flags: '', notes: [] })
      const changed = written(await customers.update(made, edit.body, null, context))
      expect(changed.raw).toMatchObject({
        LastName: 'Aas',
        EmailAddress: 'kari@anes.no',
        InvoiceDeliveryType: 'PdfByEmail',
      })
      expect((await customers.findByCounterpart('c-5', context, {})).map((record) => record.id)).toEqual([made.id])
      expect((await customers.create(prepared.body, counterpart, context)).kind).toBe('taken')
    })
  })
})
