import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import type { SwitchChanges } from '../sandbox/poweroffice/settings.ts'
import { type Answered, type ApiClient, requestToken, resetSandbox, startApi } from './sandbox-poweroffice-support.ts'

// Every switch once, with each of its alternatives: what a client has to live with besides the defaults.

let api: ApiClient

beforeAll(async () => {
  api = await startApi()
})
afterEach(() => resetSandbox(api.sandbox))
afterAll(() => api.sandbox.close())

const set = (changes: SwitchChanges) => api.sandbox.settings.change(changes)

interface Customer {
  readonly Id: number
  readonly Number: number
  readonly LastChangedDateTimeOffset: string
  readonly [property: string]: unknown
}

let made = 0

function valid(properties: Record<string, unknown> = {}): Record<string, unknown> {
  made += 1
  return { Name: `Bryter ${made} AS`, EmailAddress: `bryter${made}@x.example`, ...properties }
}

async function create(properties: Record<string, unknown> = {}): Promise<Customer> {
  const answer = await api.post('/Customers', valid(properties))
  return answer.json as Customer
}

const replace = (path: string, value: unknown) => [{ op: 'replace', path, value }]
const address = { City: 'Oslo', ZipCode: '0155' }
const pagination = (answer: Answered): unknown => JSON.parse(answer.headers.get('x-pagination') ?? 'null')

describe('the form of answers', () => {
  test('responseKeyCasing: camelCase inside or everywhere', async () => {
    const { Id: id } = await create({ MailAddress: address })
    set({ responseKeyCasing: 'camelNested' })
    expect((await api.get(`/Customers/${id}`)).json).toMatchObject({ Id: id, MailAddress: { city: 'Oslo' } })
    set({ responseKeyCasing: 'camel' })
    expect((await api.get(`/Customers/${id}`)).json).toMatchObject({ id, mailAddress: { city: 'Oslo' } })
    expect((await api.get('/Customers?Fields=Id')).json).toContainEqual({ id })
  })

  test('errorKeyCasing and errorsDictionary', async () => {
    set({ errorKeyCasing: 'pascal', errorsDictionary: 'present' })
    expect((await api.get('/Customers/7')).json).toMatchObject({ Title: 'Object(s) not found', Status: 404 })
    const { json } = await api.post('/Customers', valid({ Navn: 'x' }))
    expect(json).toMatchObject({ Errors: { Navn: [expect.stringContaining('Navn')] } })
  })

  test('timestampFraction and timestampZone', async () => {
    const customer = await create()
    const ask = async () => ((await api.get(`/Customers/${customer.Id}`)).json as Customer).LastChangedDateTimeOffset
    set({ timestampFraction: 'trimmed' })
    expect(await ask()).toMatch(/:\d\d(\.\d*[1-9])?Z$/)
    set({ timestampFraction: 'seven', timestampZone: '+02:00' })
    const shifted = await ask()
    expect(shifted).toMatch(/\.\d{7}\+02:00$/)
    expect(Date.parse(shifted)).toBe(Date.parse(customer.LastChangedDateTimeOffset))
    set({ timestampZone: 'missing' })
    expect(await ask()).toBe(customer.LastChangedDateTimeOffset.slice(0, -1))
  })

  test('dateOnlyFields: a date may come with a time', async () => {
    const { Id: id } = await create({ CustomerSince: '2022-08-05' })
    set({ dateOnlyFields: 'withTime' })
    expect((await api.get(`/Customers/${id}`)).json).toMatchObject({ CustomerSince: '2022-08-05T00:00:00' })
  })

  test('extraProperties: unknown properties and enum values', async () => {
    const { Id: id } = await create({ ReminderDeliveryType: 'Print' })
    set({ extraProperties: 'on' })
    expect((await api.get(`/Customers/${id}`)).json).toMatchObject({
      PropertyFromTheFuture: expect.anything(),
      ReminderDeliveryType: 'CarrierPigeon',
    })
  })

  test('writeStatus: POST may answer 200', async () => {
    set({ writeStatus: 'all200' })
    const response = await fetch(`${api.sandbox.baseUrl}/Customers`, {
      method: 'POST',
      headers: {
        Authorization: api.authorization,
        'Ocp-Apim-Subscription-Key': 'sandbox-subscription',
        'Content-Type': 'application/json',
      },
      body: JSON.stringify(valid()),
    })
    expect(response.status).toBe(200)
  })
})

describe('lists', () => {
  test('pagePastEnd: 200 with an empty list, but 204 when nothing matches at all', async () => {
    await create()
    set({ pagePastEnd: '200' })
    expect(await api.get('/Customers?PageNumber=99')).toMatchObject({ status: 200, json: [] })
    expect((await api.get('/Customers?PageNumber=99&externalImportReference=none')).status).toBe(204)
  })

  test('xPaginationContent and xPaginationLastPage', async () => {
    await Promise.all([create(), create(), create()])
    const total = api.sandbox.customers.count()
    set({ xPaginationContent: 'full' })
    expect(pagination(await api.get('/Customers?PageSize=2&PageNumber=1'))).toEqual({
      totalCount: total,
      pageSize: 2,
      currentPage: 1,
      totalPages: Math.ceil(total / 2),
      previousPageLink: '',
      nextPageLink: expect.stringContaining('PageNumber=2'),
    })
    set({ xPaginationContent: 'nextPageLink', xPaginationLastPage: 'null' })
    expect(pagination(await api.get('/Customers'))).toEqual({ nextPageLink: null })
    set({ xPaginationLastPage: 'absent' })
    expect(pagination(await api.get('/Customers'))).toEqual({})
    set({ xPaginationContent: 'absent' })
    expect((await api.get('/Customers')).headers.has('x-pagination')).toBe(false)
  })

  test('listOrder: by last change, or another order at every call', async () => {
    const first = await create()
    await Promise.all(Array.from({ length: 15 }, () => create()))
    await api.patch(`/Customers/${first.Id}`, replace('/LegalName', 'Sist'))
    const ids = async () => ((await api.get('/Customers?Fields=Id')).json as Customer[]).map(({ Id: id }) => id)
    set({ listOrder: 'lastChanged' })
    expect((await ids()).at(-1)).toBe(first.Id)
    set({ listOrder: 'shuffled' })
    const [one, other] = [await ids(), await ids()]
    expect(one).not.toEqual(other)
    expect(one.toSorted()).toEqual(other.toSorted())
  })

  test('orderBySyntax: ignored', async () => {
    set({ orderBySyntax: 'ignored' })
    expect((await api.get('/Customers?OrderBy=Nonsense')).status).toBe(200)
  })

  test('unknownQueryKey and pageSizeOverMax', async () => {
    await create()
    set({ unknownQueryKey: '400', pageSizeOverMax: 'clamped' })
    expect((await api.get('/Customers?colour=blue')).status).toBe(400)
    expect((await api.get('/Customers?pageSize=50000&emailAddresses=&pageNumber=1')).status).toBe(200)
  })

  test('laterFilters: ignored, or refused', async () => {
    await create()
    set({ laterFilters: 'ignored' })
    expect((await api.get('/Customers?emailAddresses=nobody@x.example')).json).toHaveLength(
      api.sandbox.customers.count(),
    )
    set({ laterFilters: '400' })
    expect((await api.get('/Customers?emailAddresses=nobody@x.example')).status).toBe(400)
    expect((await api.get('/Customers?externalImportReference=nobody')).status).toBe(204)
  })

  test('lateVisibility: lists stay on the earlier state for a while, GET by id does not', async () => {
    const old = await create({ ExternalImportReference: 'sein-gammel' })
    set({ lateVisibility: 400 })
    const fresh = await create({ ExternalImportReference: 'sein-ny' })
    const changed = (await api.patch(`/Customers/${old.Id}`, replace('/LegalName', 'Ny'))).json as Customer
    const lookUp = async (reference: string) =>
      (await api.get(`/Customers?externalImportReference=${reference}`)).json as Customer[] | undefined
    expect(await lookUp('sein-ny')).toBeUndefined()
    expect(await lookUp('sein-gammel')).toEqual([old])
    expect((await api.get(`/Customers/${fresh.Id}`)).json).toEqual(fresh)
    await expect.poll(() => lookUp('sein-ny'), { timeout: 3000 }).toEqual([fresh])
    await expect.poll(() => lookUp('sein-gammel'), { timeout: 3000 }).toEqual([changed])
  })

  test('equalTimestamps: a bulk write shares one instant', () => {
    set({ equalTimestamps: 'on' })
    const inserted = api.sandbox.insertCustomers([valid(), valid(), valid()])
    const times = inserted.map(({ Id: id }) => api.sandbox.customers.get(id)?.LastChangedDateTimeOffset)
    expect(new Set(times).size).toBe(1)
  })
})

describe('customers', () => {
  test('organizationNumberCheck: MOD11 of Norwegian companies, then uniqueness', async () => {
    const wrong = valid({ OrganizationNumber: '923609017' })
    const swedish = { City: 'Malmö', ZipCode: '211 20', CountryCode: 'SE' }
    expect((await api.post('/Customers', wrong)).status).toBe(201)
    set({ organizationNumberCheck: 'mod11' })
    expect((await api.post('/Customers', wrong)).status).toBe(400)
    expect((await api.post('/Customers', { ...wrong, MailAddress: swedish })).status).toBe(201)
    expect((await api.post('/Customers', valid({ OrganizationNumber: '923 609 016' }))).status).toBe(201)
    expect((await api.post('/Customers', valid({ OrganizationNumber: '974760673' }))).status).toBe(201)
    set({ organizationNumberCheck: 'mod11AndUnique' })
    expect((await api.post('/Customers', valid({ OrganizationNumber: '974760673' }))).status).toBe(400)
  })

  test('numberSeriesFull: 409 instead of 400', async () => {
    const { Number: number } = await create()
    api.sandbox.insertCustomers(Array.from({ length: 5 }, () => valid()))
    set({ numberSeriesEnd: Math.max(number, 10_000), numberSeriesFull: '409' })
    for (let free = true; free; ) free = (await rawPost(valid())) === 201
    expect(await rawPost(valid())).toBe(409)
  })

  test('defaultInvoiceDelivery: a customer without e-mail is accepted', async () => {
    set({ defaultInvoiceDelivery: 'accepted' })
    expect((await api.post('/Customers', valid({ EmailAddress: null }))).status).toBe(201)
  })

  test('enumCasing: exact', async () => {
    set({ enumCasing: 'exact' })
    expect((await api.post('/Customers', valid({ InvoiceDeliveryType: 'print' }))).status).toBe(400)
    expect((await api.post('/Customers', valid({ InvoiceDeliveryType: 'Print' }))).status).toBe(201)
  })

  test('emptyStringOptional: 400', async () => {
    expect((await api.post('/Customers', valid({ PhoneNumber: '' }))).status).toBe(201)
    set({ emptyStringOptional: '400' })
    expect((await api.post('/Customers', valid({ PhoneNumber: '' }))).status).toBe(400)
  })

  test('unknownReferenceOnPost: 400', async () => {
    set({ unknownReferenceOnPost: '400' })
    expect((await api.post('/Customers', valid({ PaymentTermId: 99 }))).status).toBe(400)
  })
})

describe('PATCH', () => {
  const patchStatus = async (operations: unknown, properties: Record<string, unknown> = {}) => {
    const customer = await create(properties)
    const answer = await api.patch(`/Customers/${customer.Id}`, operations)
    return { status: answer.status, unchanged: JSON.stringify(answer.json) === JSON.stringify(customer) }
  }

  test('patchContentType: application/json too', async () => {
    set({ patchContentType: 'jsonAccepted' })
    const { Id: id } = await create()
    const body = JSON.stringify(replace('/LegalName', 'Ny'))
    const options = { headers: { 'Content-Type': 'application/json' }, body }
    expect((await api.request('PATCH', `/Customers/${id}`, options)).status).toBe(200)
  })

  test('patchOps: replace only', async () => {
    set({ patchOps: 'replaceOnly' })
    expect((await patchStatus([{ op: 'add', path: '/LegalName', value: 'x' }])).status).toBe(400)
    expect((await patchStatus(replace('/LegalName', 'x'))).status).toBe(200)
  })

  test('patchTestOp: ignored, or refused', async () => {
    const operations = [{ op: 'test', path: '/Name', value: 'noe annet' }, ...replace('/LegalName', 'x')]
    set({ patchTestOp: 'ignored' })
    expect(await patchStatus(operations)).toEqual({ status: 200, unchanged: false })
    set({ patchTestOp: 'refused' })
    expect((await patchStatus(operations)).status).toBe(400)
  })

  test('patchNestedPaths: refused', async () => {
    set({ patchNestedPaths: '400' })
    expect((await patchStatus(replace('/MailAddress/City', 'Moss'), { MailAddress: address })).status).toBe(400)
  })

  test('patchPathCasing: insensitive, or refused', async () => {
    set({ patchPathCasing: 'insensitive' })
    expect(await patchStatus(replace('/legalName', 'x'))).toEqual({ status: 200, unchanged: false })
    set({ patchPathCasing: '400' })
    expect((await patchStatus(replace('/legalName', 'x'))).status).toBe(400)
  })

  test('patchNullClears: refused, or ignored', async () => {
    set({ patchNullClears: '400' })
    expect((await patchStatus(replace('/PhoneNumber', null), { PhoneNumber: '22334455' })).status).toBe(400)
    set({ patchNullClears: 'ignored' })
    const answer = await patchStatus(replace('/PhoneNumber', null), { PhoneNumber: '22334455' })
    expect(answer).toEqual({ status: 200, unchanged: true })
  })
})

describe('access and throttling', () => {
  const throttled = async () => {
    set({ rateLimit: 1 })
    await api.get('/Customers?PageSize=1')
    return api.get('/Customers?PageSize=1')
  }

  test.each([
    ['numericStatusCode', /^\{"statusCode":429,"message":"Rate limit/],
    ['problem', /"title":"Too Many Requests","status":429/],
    ['empty', /^$/],
  ] as const)('throttleBody: %s', async (throttleBody, body) => {
    set({ throttleBody })
    const answer = await throttled()
    expect([answer.status, answer.text]).toEqual([429, expect.stringMatching(body)])
  })

  test('retryAfter: not sent', async () => {
    set({ retryAfter: 'notSent' })
    const answer = await throttled()
    expect([answer.status, answer.headers.has('retry-after')]).toEqual([429, false])
  })

  test('throttledWriteExecuted: the write landed all the same', async () => {
    set({ throttledWriteExecuted: 'yes', rateLimit: 1 })
    await api.get('/Customers?PageSize=1')
    const before = api.sandbox.customers.count()
    expect(await rawPost(valid())).toBe(429)
    expect(api.sandbox.customers.count()).toBe(before + 1)
  })

  test('tokenCallsCounted: a budget of their own', async () => {
    set({ tokenCallsCounted: 'no', rateLimit: 1 })
    await api.get('/Customers?PageSize=1')
    expect((await requestToken(api.sandbox)).status).toBe(200)
  })

  test('body401, body401Subscription and body403', async () => {
    const anonymous = () => api.request('GET', '/Customers', { headers: { Authorization: undefined } })
    set({ body401: 'gateway', body401Subscription: 'empty', body403: 'problem', missingPrivileges: ['Customer_Full'] })
    expect((await anonymous()).json).toMatchObject({ statusCode: '401' })
    set({ body401: 'problem' })
    expect((await anonymous()).json).toMatchObject({ title: 'Unauthorized', status: 401 })
    const wrongKey = await api.request('GET', '/Customers', { headers: { 'Ocp-Apim-Subscription-Key': 'wrong' } })
    expect([wrongKey.status, wrongKey.text]).toEqual([401, ''])
    expect(await api.post('/Customers', {})).toMatchObject({ status: 403, json: { title: 'Forbidden' } })
  })

  test('clockSkewMs moves the change times', async () => {
    set({ clockSkewMs: -3_600_000 })
    const { LastChangedDateTimeOffset: changed } = await create()
    const behindMs = Date.now() - Date.parse(changed)
    expect(behindMs).toBeGreaterThan(3_599_000)
    expect(behindMs).toBeLessThan(3_660_000)
  })

  test('latencyMs holds every answer back', async () => {
    set({ latencyMs: 120 })
    const started = performance.now()
    await api.get('/Customers?PageSize=1')
    expect(performance.now() - started).toBeGreaterThan(110)
  })
})

/** Status alone, without holding it against the description: for answers no description lists. */
async function rawPost(body: unknown): Promise<number> {
  const response = await fetch(`${api.sandbox.baseUrl}/Customers`, {
    method: 'POST',
    headers: {
      Authorization: api.authorization,
      'Ocp-Apim-Subscription-Key': 'sandbox-subscription',
      'Content-Type': 'application/json',
    },
    body: JSON.stringify(body),
  })
  await response.text()
  return response.status
}
