import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { type ApiClient, rawRequest, resetSandbox, startApi } from './sandbox-poweroffice-support.ts'

// Departments as a client meets them, and each of their switches with its alternatives.

let api: ApiClient

beforeAll(async () => {
  api = await startApi()
})
afterEach(() => resetSandbox(api.sandbox))
afterAll(() => api.sandbox.close())

interface Department {
  readonly Id: number
  readonly Code: string | null
  readonly Name: string
  readonly IsActive: boolean
  readonly CreatedDateTimeOffset: string
  readonly LastChangedDateTimeOffset: string
}

let made = 0

async function newDepartment(properties: Record<string, unknown> = {}): Promise<Department> {
  made += 1
  const answer = await api.post('/Departments', { Name: `Avdeling ${made}`, Code: `A${made}`, ...properties })
  expect(answer.status).toBe(201)
  return answer.json as Department
}

const replace = (path: string, value: unknown) => [{ op: 'replace', path, value }]
const ids = (json: unknown) => (json as Department[]).map(({ Id: id }) => id)

describe('one department', () => {
  test('is created with 201, found by id and, without IsActive, inactive as documented', async () => {
    const department = await newDepartment({ Code: '10', Name: 'Butikk Ålesund' })
    expect(department).toEqual({
      Code: '10',
      CreatedDateTimeOffset: department.LastChangedDateTimeOffset,
      CreatedFromImportJournalId: null,
      Id: expect.any(Number),
      IsActive: false,
      LastChangedDateTimeOffset: expect.stringMatching(/\.\d{7}Z$/),
      ManagerEmployeeId: null,
      ManagerEmployeeNo: null,
      Name: 'Butikk Ålesund',
    })
    expect((await api.get(`/Departments/${department.Id}`)).json).toEqual(department)
    expect((await newDepartment({ IsActive: true })).IsActive).toBe(true)
  })

  test.each<[string, Record<string, unknown>, number, string]>([
    ['a missing name', { Code: 'X' }, 400, 'The Name field is required.'],
    ['an unknown property', { Name: 'A', Navn: 'B' }, 400, "Could not find member 'Navn'"],
    ['an unknown manager', { Name: 'A', ManagerEmployeeNo: 7 }, 404, 'Employee with number = 7 not found.'],
  ])('refuses %s', async (_, body, status, detail) => {
    const before = api.sandbox.departments.count()
    const answer = await api.post('/Departments', body)
    expect([answer.status, (answer.json as { detail: string }).detail]).toEqual([
      status,
      expect.stringContaining(detail),
    ])
    expect(api.sandbox.departments.count()).toBe(before)
  })

  test('is changed by JSON Patch, which moves its change time, and by nothing that changes nothing', async () => {
    const department = await newDepartment()
    const changed = (await api.patch(`/Departments/${department.Id}`, replace('/Name', 'Ny'))).json as Department
    expect(changed).toEqual({
      ...department,
      Name: 'Ny',
      LastChangedDateTimeOffset: changed.LastChangedDateTimeOffset,
    })
    expect(changed.LastChangedDateTimeOffset > department.LastChangedDateTimeOffset).toBe(true)
    expect((await api.patch(`/Departments/${department.Id}`, replace('/Name', 'Ny'))).json).toEqual(changed)
  })

  test.each([
    ['/ManagerEmployeeNo', 3, "path segment 'ManagerEmployeeNo' was not found"],
    ['/Name', 5, "The value '5' is invalid for target location."],
    ['/Name', null, 'Name is required.'],
  ])('refuses a patch of %s to %s', async (path, value, detail) => {
    const department = await newDepartment()
    const answer = await api.patch(`/Departments/${department.Id}`, replace(path, value))
    expect(answer).toMatchObject({
      status: 400,
      json: { title: 'Department validation error(s)', detail: expect.stringContaining(detail) },
    })
    expect((await api.get(`/Departments/${department.Id}`)).json).toEqual(department)
  })

  test('is deleted without a trace, and 404 with the documented text afterwards', async () => {
    const { Id: id } = await newDepartment()
    const answer = await api.delete(`/Departments/${id}`)
    expect([answer.status, answer.text]).toEqual([200, ''])
    for (const gone of [await api.get(`/Departments/${id}`), await api.delete(`/Departments/${id}`)]) {
      expect(gone).toMatchObject({
        status: 404,
        json: { title: 'Object(s) not found', detail: `Department with id = ${id} not found.` },
      })
    }
  })

  test('cannot be deleted while a customer belongs to it', async () => {
    const { Id: id } = await newDepartment()
    const body = { Name: 'Kunde AS', InvoiceDeliveryType: 'Print', DepartmentId: id }
    const customer = (await api.post('/Customers', body)).json as { Id: number }
    expect(await api.delete(`/Departments/${id}`)).toMatchObject({
      status: 409,
      json: { title: 'Department conflict', detail: `Department with id = ${id} is in use and cannot be deleted.` },
    })
    await api.patch(`/Customers/${customer.Id}`, replace('/DepartmentId', null))
    expect((await api.delete(`/Departments/${id}`)).status).toBe(200)
  })

  test('needs Department_Full to be written and Department to be read', async () => {
    api.sandbox.settings.change({ missingPrivileges: ['Department_Full'] })
    expect((await api.post('/Departments', { Name: 'Nei' })).status).toBe(403)
    expect((await api.get('/Departments?codes=none')).status).toBe(204)
    api.sandbox.settings.change({ missingPrivileges: ['Department', 'Department_Full'] })
    expect((await api.get('/Departments')).status).toBe(403)
    const { json } = await api.get('/ClientIntegrationInformation')
    expect(json).toMatchObject({ InvalidPrivileges: ['Department', 'Department_Full'] })
  })
})

describe('the list of departments', () => {
  test('filters by codes, name and activity', async () => {
    const active = await newDepartment({ Code: 'F-1', Name: 'Filter en', IsActive: true })
    const inactive = await newDepartment({ Code: 'F-2', Name: 'Filter to' })
    expect(ids((await api.get('/Departments?codes=F-2, F-1,F-9')).json)).toEqual([active.Id, inactive.Id])
    expect(ids((await api.get('/Departments?name=Filter to')).json)).toEqual([inactive.Id])
    expect(ids((await api.get('/Departments?isActive=TRUE&codes=F-1,F-2')).json)).toEqual([active.Id])
    expect(ids((await api.get('/Departments?isActive=false&codes=F-1,F-2')).json)).toEqual([inactive.Id])
    expect((await api.get('/Departments?isActive=perhaps')).status).toBe(400)
    expect((await api.get('/Departments?managerEmployeeNo=7')).status).toBe(204)
  })

  test('shows fields, orders and pages', async () => {
    await Promise.all([newDepartment(), newDepartment(), newDepartment()])
    const answer = await api.get('/Departments?Fields=Id,Name&OrderBy=Name desc&PageSize=2')
    expect(answer.json).toHaveLength(2)
    expect(Object.keys((answer.json as object[])[0] ?? {})).toEqual(['Id', 'Name'])
    expect(JSON.parse(answer.headers.get('x-pagination') ?? '')).toEqual({
      nextPageLink: expect.stringContaining('PageNumber=2'),
    })
  })

  test('changed and created since are strictly after', async () => {
    const first = await newDepartment()
    const second = await newDepartment()
    await api.patch(`/Departments/${first.Id}`, replace('/Name', 'Sist endret'))
    const since = encodeURIComponent(second.LastChangedDateTimeOffset)
    expect(ids((await api.get(`/Departments?lastChangedDateTimeOffsetGreaterThan=${since}`)).json)).toEqual([first.Id])
    expect((await api.get(`/Departments?createdDateTimeOffsetGreaterThan=${since}`)).status).toBe(204)
  })

  test('watermarkBoundary: the boundary itself may be included', async () => {
    const { Id: id, LastChangedDateTimeOffset: changed } = await newDepartment()
    api.sandbox.settings.change({ watermarkBoundary: 'inclusive' })
    const query = `lastChangedDateTimeOffsetGreaterThan=${encodeURIComponent(changed)}`
    expect(ids((await api.get(`/Departments?${query}`)).json)).toEqual([id])
  })
})

describe('switches of departments', () => {
  test('departmentCodeUnique: refused, naming the holder, or accepted twice', async () => {
    const holder = await newDepartment({ Code: 'LIK' })
    const body = { Name: 'Lik', Code: 'LIK' }
    expect(await api.post('/Departments', body)).toMatchObject({
      status: 400,
      json: {
        title: 'Department validation error(s)',
        detail: `Code is already in use. 'LIK' is used on Id = ${holder.Id}.`,
      },
    })
    const other = await newDepartment()
    expect((await api.patch(`/Departments/${other.Id}`, replace('/Code', 'LIK'))).status).toBe(400)
    api.sandbox.settings.change({ departmentCodeUnique: 'duplicates' })
    expect((await api.post('/Departments', body)).status).toBe(201)
    expect((await api.get('/Departments?codes=LIK')).json).toHaveLength(2)
  })

  test('departmentIsActiveDefault: active unless said otherwise', async () => {
    api.sandbox.settings.change({ departmentIsActiveDefault: true })
    expect((await newDepartment()).IsActive).toBe(true)
    expect((await newDepartment({ IsActive: false })).IsActive).toBe(false)
  })

  test('departmentPatchBody: a patch may answer 200 without a body', async () => {
    const { Id: id } = await newDepartment()
    api.sandbox.settings.change({ departmentPatchBody: 'empty' })
    const answer = await api.patch(`/Departments/${id}`, replace('/Name', 'Stille'))
    expect([answer.status, answer.text]).toEqual([200, ''])
    expect((await api.get(`/Departments/${id}`)).json).toMatchObject({ Name: 'Stille' })
  })

  test('departmentKeyCasing: camelCase in one answer and not in the others', async () => {
    const { Id: id } = await newDepartment()
    api.sandbox.settings.change({ departmentKeyCasing: 'camelOnGetById' })
    expect((await api.get(`/Departments/${id}`)).json).toMatchObject({ id, isActive: false })
    expect((await api.patch(`/Departments/${id}`, replace('/Name', 'Hus'))).json).toMatchObject({ Id: id })
    expect((await newDepartment()).Id).toEqual(expect.any(Number))
    api.sandbox.settings.change({ departmentKeyCasing: 'camelOnPost' })
    const { status, json } = await rawRequest(api, 'POST', '/Departments', { Name: 'Liten' })
    expect([status, json]).toEqual([201, expect.objectContaining({ id: expect.any(Number), name: 'Liten' })])
    expect((await api.get(`/Departments/${id}`)).json).toMatchObject({ Id: id })
  })

  test('codeAutoAssign: none, or the next free number', async () => {
    expect((await newDepartment({ Code: null })).Code).toBeNull()
    await newDepartment({ Code: '41' })
    api.sandbox.settings.change({ codeAutoAssign: 'nextFree' })
    expect((await newDepartment({ Code: null })).Code).toBe('42')
    expect((await newDepartment({ Code: null })).Code).toBe('43')
    expect((await newDepartment({ Code: 'EGEN' })).Code).toBe('EGEN')
  })

  test('unknownReferenceOnPost: 400', async () => {
    api.sandbox.settings.change({ unknownReferenceOnPost: '400' })
    expect((await api.post('/Departments', { Name: 'A', ManagerEmployeeId: 1 })).status).toBe(400)
  })

  test('writeStatus: 200 for what is documented as 201', async () => {
    api.sandbox.settings.change({ writeStatus: 'all200' })
    expect((await rawRequest(api, 'POST', '/Departments', { Name: 'To hundre' })).status).toBe(200)
  })
})

describe('departments of customers', () => {
  test('are found by code, shown with both, and by id before code', async () => {
    const one = await newDepartment({ Code: 'EN' })
    const two = await newDepartment({ Code: 'TO' })
    const customer = { Name: 'Tilhører AS', InvoiceDeliveryType: 'Print' }
    expect((await api.post('/Customers', { ...customer, DepartmentCode: 'EN' })).json).toMatchObject({
      DepartmentId: one.Id,
      DepartmentCode: 'EN',
    })
    const both = await api.post('/Customers', { ...customer, DepartmentId: two.Id, DepartmentCode: 'finnes ikke' })
    expect(both.json).toMatchObject({ DepartmentId: two.Id, DepartmentCode: 'TO' })
    expect(await api.post('/Customers', { ...customer, DepartmentId: 1 })).toMatchObject({
      status: 404,
      json: { title: 'Customer validation error(s)', detail: 'Department with id = 1 not found.' },
    })
  })

  test('show a new code in their customers too, whose own change time stays', async () => {
    const department = await newDepartment({ Code: 'GAMMEL' })
    const body = { Name: 'Følger AS', InvoiceDeliveryType: 'Print', DepartmentId: department.Id }
    const customer = (await api.post('/Customers', body)).json as { Id: number }
    await api.patch(`/Departments/${department.Id}`, replace('/Code', 'NY'))
    expect((await api.get(`/Customers/${customer.Id}`)).json).toEqual({ ...customer, DepartmentCode: 'NY' })
  })
})
