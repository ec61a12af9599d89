import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { Collection } from '../../activities/connector.ts'
import type { PowerOfficeSandbox } from '../../sandbox/poweroffice/server.ts'
import type { SwitchChanges } from '../../sandbox/poweroffice/settings.ts'
import { alternatives, connectTo, settleDown, startSandbox } from './poweroffice-support.ts'
import { context, present, written } from './system-under-test.ts'

describe('departments in PowerOffice', () => {
  let sandbox: PowerOfficeSandbox
  let departments: Collection
  const insert = (department: Readonly<Record<string, unknown>>) =>
    String(sandbox.departments.insert([{ IsActive: true, ...department }])[0]?.Id)
  const read = async (id: string) => present((await departments.readMany([id], context)).get(id))

  beforeAll(async () => {
    sandbox = await startSandbox()
  })
  afterAll(() => sandbox.close())
  beforeEach(async () => {
    for (const { Id } of sandbox.departments.all()) sandbox.departments.remove(Id)
    departments = connectTo(sandbox).collection('departments')
    await settleDown(sandbox)
  })

  test('are read by one list, and one that is not in it is asked for by itself', async () => {
    const ids = [insert({ Code: '01', Name: 'Nord' }), insert({ Code: '02', Name: 'Sør' })]
    const found = await departments.readMany([...ids, '999'], context)
    expect(ids.map((id) => present(found.get(id)).raw['Code'])).toEqual(['01', '02'])
    expect(found.get('999')).toEqual({ kind: 'missing', id: '999', tombstone: false })
    expect(sandbox.counts.report().byRoute).toMatchObject({
      'GET /v2/Departments': 1,
      'GET /v2/Departments/{id}': 1,
    })
  })

  test('one that says neither active nor inactive is not guessed at', async () => {
    const row = { Id: 5, Code: '01', Name: 'Nord', IsActive: null, LastChangedDateTimeOffset: '2026-01-01T00:00:00Z' }
    sandbox.faults.plan({
      kind: 'status',
      status: 200,
      path: '/departments',
      body: [row],
      headers: { 'X-Pagination': '{"nextPageLink":""}' },
    })
    expect((await read('5')).raw['IsActive']).toBeNull()
  })

  test('an earlier attempt is found by the code, whole and verified', async () => {
    sandbox.settings.change({ departmentCodeUnique: 'duplicates' })
    const carriers = [insert({ Code: '01', Name: 'A' }), insert({ Code: '01', Name: 'B' })]
    insert({ Code: '1', Name: 'C' })
    const found = await departments.findByCounterpart('d-1', context, { Code: '01' })
    expect(found.map(({ id }) => id).toSorted()).toEqual(carriers.toSorted())
    sandbox.faults.plan({
      kind: 'status',
      status: 200,
      path: '/departments',
      body: [{ Id: 1, Code: '1', Name: 'C' }],
      headers: { 'X-Pagination': '{"nextPageLink":""}' },
    })
    expect(await departments.findByCounterpart('d-1', context, { Code: '01' })).toEqual([])
  })

  test('a new one is active, since left out it would not be', async () => {
    const prepared = departments.prepareCreate({ Name: 'Vest', Code: '03' }, { id: 'd-1', creation: 1 })
    expect(prepared.body).toEqual({ Name: 'Vest', Code: '03', IsActive: true })
    expect(written(await departments.create(prepared.body, { id: 'd-1', creation: 1 }, context)).raw).toMatchObject({
      Name: 'Vest',
      IsActive: true,
    })
    expect(departments.prepareCreate({ Code: '03' }, { id: 'd-1', creation: 1 }).refusal).toContain('name')
  })

  test('rule 8: the name is not cleared', () => {
    expect(departments.prepareUpdate({}, { Name: '' }, '')).toMatchObject({
      body: {},
      notes: [{ field: 'name', kind: 'withheld' }],
    })
  })

  test.each<SwitchChanges>([
    ...alternatives,
    { departmentKeyCasing: 'camelOnGetById' },
    { departmentKeyCasing: 'camelOnPost' },
    { departmentPatchBody: 'empty' },
  ])('a department is listed, renamed and looked up alike (%o)', async (switches) => {
    sandbox.settings.change(switches)
    const cursor = await departments.startCursor(context)
    const id = insert({ Code: '01', Name: 'Nord' })
    const before = await read(id)
    const { body } = departments.prepareUpdate(before.raw, { Name: 'Nordover' }, '')
    const after = written(await departments.update(before, body, null, context))
    expect(after.raw).toMatchObject({ Code: '01', Name: 'Nordover', IsActive: true })
    expect((await departments.listAll(context)).map((record) => present(record).raw)).toEqual([after.raw])
    expect((await departments.listChanges(cursor, context)).records.map((record) => record.id)).toEqual([id])
  })
})
