import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { type ApiClient, requestToken, resetSandbox, startApi } from './sandbox-poweroffice-support.ts'

// The API as a client meets it: access, errors, customers. Switches have a file of their own.

let api: ApiClient

beforeAll(async () => {
  api = await startApi({ seed: 'customers' })
})
afterEach(() => resetSandbox(api.sandbox))
afterAll(() => api.sandbox.close())

interface Customer {
  readonly Id: number
  readonly Number: number
  readonly Name: string
  readonly EmailAddress: string | null
  readonly LastChangedDateTimeOffset: string
  readonly CustomerCreatedDateTimeOffset: string
  readonly MailAddress?: { readonly Id: number; readonly City: string; readonly LastChangedDateTimeOffset: string }
  readonly [property: string]: unknown
}

interface ProblemBody {
  readonly title: string
  readonly status: number
  readonly detail: string
}

let madeCustomers = 0

async function newCustomer(properties: Record<string, unknown> = {}): Promise<Customer> {
  madeCustomers += 1
  const answer = await api.post('/Customers', {
    Name: `Prøve ${madeCustomers} AS`,
    EmailAddress: `prove${madeCustomers}@prove.example`,
    ...properties,
  })
  expect(answer.status).toBe(201)
  return answer.json as Customer
}

const address = { AddressLine1: 'Storgata 1', City: 'Tromsø', ZipCode: '9008' }

describe('the token call', () => {
  test('gives a bearer token for 1200 seconds', async () => {
    const response = await requestToken(api.sandbox)
    expect(response.status).toBe(200)
    expect(await response.json()).toEqual({
      access_token: expect.stringMatching(/^[\w-]+\.[\w-]+\.[\w-]+$/),
      token_type: 'bearer',
      expires_in: 1200,
    })
  })

  test.each([
    ['a wrong application key', { user: 'someone' }, 'invalid_client'],
    ['a wrong client key', { password: 'wrong' }, 'invalid_client'],
    ['a missing grant type', { body: '' }, 'invalid_request'],
    ['another grant type', { body: 'grant_type=password' }, 'unsupported_grant_type'],
    ['a JSON body', { contentType: 'application/json' }, 'invalid_request'],
  ])('answers %s with 400 and the error of RFC 6749', async (_, options, error) => {
    const response = await requestToken(api.sandbox, options)
    expect(response.status).toBe(400)
    expect(await response.json()).toMatchObject({ error, error_description: expect.any(String) })
  })

  test('answers a missing or wrong subscription key with the gateway 401', async () => {
    for (const subscription of [null, 'wrong']) {
      const response = await requestToken(api.sandbox, { subscription })
      expect([response.status, await response.json()]).toEqual([
        401,
        { statusCode: '401', message: expect.any(String) },
      ])
    }
  })
})

describe('access', () => {
  test('needs a token: without or with a wrong one 401 and no body', async () => {
    for (const authorization of [undefined, 'Bearer nonsense', 'Basic abc']) {
      const answer = await api.request('GET', '/Customers', { headers: { Authorization: authorization } })
      expect([answer.status, answer.text]).toEqual([401, ''])
    }
  })

  test('ends when the token expires or is revoked', async () => {
    api.sandbox.settings.change({ tokenLifetime: 1 })
    const { access_token: token } = (await (await requestToken(api.sandbox)).json()) as { access_token: string }
    const ask = () => api.request('GET', '/Customers?PageSize=1', { headers: { Authorization: `Bearer ${token}` } })
    expect((await ask()).status).toBe(200)
    await expect.poll(async () => (await ask()).status, { timeout: 3000 }).toBe(401)
  })

  test('needs the subscription key besides the token, in the header or the query', async () => {
    const headers = { 'Ocp-Apim-Subscription-Key': undefined }
    expect((await api.request('GET', '/Customers?PageSize=1', { headers })).status).toBe(401)
    const path = '/Customers?PageSize=1&subscription-key=sandbox-subscription'
    expect((await api.request('GET', path, { headers })).status).toBe(200)
  })

  test('refuses writes with 403 when the privilege is missing and says so in ClientIntegrationInformation', async () => {
    api.sandbox.settings.change({ missingPrivileges: ['Customer_Full'] })
    expect((await api.post('/Customers', { Name: 'Nei AS' })).status).toBe(403)
    expect((await api.get('/Customers?PageSize=1')).status).toBe(200)
    const { json } = await api.get('/ClientIntegrationInformation')
    const information = json as { ValidPrivileges: string[]; InvalidPrivileges: string[]; ClientName: string }
    expect(information.InvalidPrivileges).toEqual(['Customer_Full'])
    expect(information.ValidPrivileges).toContain('Customer')
    expect(information.ValidPrivileges).not.toContain('Customer_Full')
    expect(information.ClientName).not.toBe('')
  })

  test('does not mind the casing of paths', async () => {
    const statuses = await Promise.all(['/customers', '/CUSTOMERS', '/Customers/'].map((path) => api.get(path)))
    expect(statuses.map((answer) => answer.status)).toEqual([200, 200, 200])
    const lower = await fetch(`${api.sandbox.origin}/oauth/token`, { method: 'POST' })
    expect(lower.status).toBe(401)
  })

  test('answers unknown routes as the gateway does', async () => {
    for (const [method, path] of [
      ['GET', '/Kunder'],
      ['PUT', '/Customers/1'],
      ['POST', '/SalesOrders'],
    ] as const) {
      const answer = await api.request(method, path)
      expect([answer.status, answer.json]).toEqual([404, { statusCode: '404', message: 'Resource not found' }])
    }
  })
})

describe('the rate limit', () => {
  test('lets ten requests a second pass and throttles the rest with Retry-After and the documented body', async () => {
    // A key of its own second: everything before this test ran without limit and is not counted.
    api.sandbox.settings.change({ rateLimit: 10 })
    const answers = await Promise.all(Array.from({ length: 16 }, () => api.get('/Customers?PageSize=1&Fields=Id')))
    const throttled = answers.filter((answer) => answer.status === 429)
    expect(answers.filter((answer) => answer.status === 200)).toHaveLength(10)
    expect(throttled).toHaveLength(6)
    expect(throttled[0]?.json).toEqual({
      statusCode: '429',
      message: 'Rate limit is exceeded. Try again in 1 seconds.',
    })
    expect(throttled[0]?.headers.get('retry-after')).toBe('1')
    expect(api.sandbox.counts.report().throttled).toBe(6)
    await expect.poll(async () => (await api.get('/Customers?PageSize=1')).status, { timeout: 3000 }).toBe(200)
  })

  test('counts token calls too', async () => {
    api.sandbox.settings.change({ rateLimit: 1 })
    await api.get('/Customers?PageSize=1')
    const response = await requestToken(api.sandbox)
    expect([response.status, await response.json()]).toEqual([
      429,
      { statusCode: '429', message: expect.stringContaining('Try again in') },
    ])
  })

  test('keeps a throttled write from happening', async () => {
    const before = api.sandbox.customers.count()
    api.sandbox.settings.change({ rateLimit: 1 })
    await api.get('/Customers?PageSize=1')
    expect((await api.post('/Customers', { Name: 'For mye AS', EmailAddress: 'a@b.example' })).status).toBe(429)
    expect(api.sandbox.customers.count()).toBe(before)
    expect(api.sandbox.counts.report().writes).toBe(0)
  })
})

describe('the list of customers', () => {
  test('is a bare array with an X-Pagination header', async () => {
    const answer = await api.get('/Customers')
    expect(answer.status).toBe(200)
    expect(answer.json).toHaveLength(api.sandbox.customers.count())
    expect(JSON.parse(answer.headers.get('x-pagination') ?? '')).toEqual({ nextPageLink: '' })
  })

  test('is 204 without a body when nothing matches', async () => {
    const answer = await api.get('/Customers?externalImportReference=nobody')
    expect([answer.status, answer.text]).toEqual([204, ''])
  })

  test('comes in pages, each record on exactly one, until nextPageLink is empty', async () => {
    const seen: number[] = []
    let path: string | null = '/Customers?PageSize=70&Fields=Id'
    while (path) {
      const answer = await api.get(path)
      seen.push(...(answer.json as Customer[]).map((customer) => customer.Id))
      const link = (JSON.parse(answer.headers.get('x-pagination') ?? '{}') as { nextPageLink: string }).nextPageLink
      path = link === '' ? null : link.slice(api.sandbox.baseUrl.length)
    }
    expect(new Set(seen).size).toBe(seen.length)
    expect(seen.length).toBe(api.sandbox.customers.count())
    expect((await api.get('/Customers?PageSize=70&PageNumber=99')).status).toBe(204)
  })

  test('shows only the fields asked for', async () => {
    const answer = await api.get('/Customers?fields=Id,mailaddress&PageSize=3&MailAddress=')
    const keys = (answer.json as Customer[]).map((customer) => Object.keys(customer).join())
    expect(new Set(keys).size).toBeLessThanOrEqual(2)
    expect(keys.every((text) => text === 'Id,MailAddress' || text === 'Id')).toBe(true)
  })

  test('orders by what OrderBy names', async () => {
    const { json } = await api.get('/Customers?OrderBy=Number desc&Fields=Number')
    const numbers = (json as Customer[]).map((customer) => customer.Number)
    expect(numbers).toEqual([...numbers].sort((one, other) => other - one))
  })

  test.each([
    ['Fields=Id,Unknown', 'Fields property in resourceParameter is not formatted correct.'],
    ['OrderBy=Unknown', 'OrderBy property in resourceParameter is not formatted correct.'],
    ['PageSize=20001', 'PageSize must not exceed 20000.'],
    ['PageNumber=0', 'PageNumber must be a whole number from 1.'],
    ['$top=5', "The query parameter '$top' is not supported."],
  ])('refuses %s as an invalid resourceParameter', async (query, detail) => {
    const answer = await api.get(`/Customers?${query}`)
    expect(answer.status).toBe(400)
    expect(answer.json).toMatchObject({ title: 'Invalid resourceParameter', status: 400, detail })
  })

  test('filters by number in lists and ranges with inclusive ends', async () => {
    const { json } = await api.get('/Customers?customerNos=10001,10010-10020, 10290-&Fields=Number')
    const numbers = (json as Customer[]).map((customer) => customer.Number)
    expect(numbers.length).toBeGreaterThan(20)
    const wanted = (number: number) => number === 10001 || (number >= 10010 && number <= 10020) || number >= 10290
    expect(numbers.filter((number) => !wanted(number))).toEqual([])
    expect(await api.get('/Customers?customerNos=abc')).toMatchObject({
      status: 400,
      json: { title: 'Unable to cast object(s)' },
    })
  })

  test('filters by reference, external number, e-mail in any casing, organisation number and phone', async () => {
    const reference = 'nettbutikk:42 æøå'
    const made = await newCustomer({
      ExternalImportReference: reference,
      ExternalNumber: 4711,
      OrganizationNumber: '923609016',
      PhoneNumber: '+47 22 33 44 55',
    })
    const paths = [
      `externalImportReference=${encodeURIComponent(reference)}`,
      'externalNos=4700-4720',
      `emailAddresses=nobody@x.example,${made.EmailAddress?.toUpperCase()}`,
      'organizationNumbers=923609016,999999999',
      `phoneNumbers=${encodeURIComponent('+47 22 33 44 55')}`,
    ]
    for (const path of paths) {
      const { json } = await api.get(`/Customers?${path}`)
      expect([path, (json as Customer[]).map((customer) => customer.Id)]).toEqual([path, [made.Id]])
    }
  })

  test('ignores blank and unknown filters', async () => {
    const answer = await api.get('/Customers?externalImportReference=&customerNos= &colour=blue&Fields=Id')
    expect(answer.json).toHaveLength(api.sandbox.customers.count())
  })

  test('refuses unknown contact groups with 404 and ranges of them with 400', async () => {
    expect(await api.get('/Customers?contactGroupIds=501,7,8')).toMatchObject({
      status: 404,
      json: { title: 'Object(s) not found', detail: 'Could not find contact group(s) with id = 7, 8.' },
    })
    expect((await api.get('/Customers?contactGroupIds=1-5')).status).toBe(400)
    const made = await newCustomer({ ContactGroupIds: [502] })
    const { json } = await api.get('/Customers?contactGroupIds=502')
    expect((json as Customer[]).map((customer) => customer.Id)).toEqual([made.Id])
  })

  test('changed since is strictly after, in ISO form and in the form of the sample', async () => {
    const first = await newCustomer()
    const second = await newCustomer()
    const [date, time] = first.LastChangedDateTimeOffset.slice(0, -1).split('T')
    for (const since of [first.LastChangedDateTimeOffset, `${date} ${time} -00:00`]) {
      const query = `lastChangedDateTimeOffsetGreaterThan=${encodeURIComponent(since)}&Fields=Id`
      expect((await api.get(`/Customers?${query}`)).json).toEqual([{ Id: second.Id }])
    }
    const created = encodeURIComponent(second.CustomerCreatedDateTimeOffset)
    expect((await api.get(`/Customers?customerCreatedDateTimeOffsetGreaterThan=${created}`)).status).toBe(204)
    expect((await api.get('/Customers?lastChangedDateTimeOffsetGreaterThan=yesterday')).status).toBe(400)
  })

  test('reads offsets: the same instant in another zone selects the same rows', async () => {
    const made = await newCustomer()
    const seconds = Date.parse(`${made.LastChangedDateTimeOffset.slice(0, 19)}Z`)
    const local = new Date(seconds + 2 * 3_600_000).toISOString().slice(0, 19)
    const query = encodeURIComponent(`${local}${made.LastChangedDateTimeOffset.slice(19, 27)}+02:00`)
    expect((await api.get(`/Customers?lastChangedDateTimeOffsetGreaterThan=${query}`)).status).toBe(204)
  })
})

describe('one customer', () => {
  test('is found by id, and 404 with the documented text when there is none', async () => {
    const made = await newCustomer()
    expect((await api.get(`/Customers/${made.Id}`)).json).toEqual(made)
    expect(await api.get('/Customers/7')).toMatchObject({
      status: 404,
      json: { title: 'Object(s) not found', detail: 'Customer with id = 7 not found.' },
    })
    expect((await api.get('/Customers/seven')).status).toBe(400)
  })
})

describe('creating a customer', () => {
  test('answers 201 with the whole record: defaults, next number, one instant for all its times', async () => {
    const largest = Math.max(...api.sandbox.customers.all().map((customer) => customer.Number ?? 0))
    const made = await newCustomer({ Name: 'Blåbær AS', EmailAddress: 'post@blabaer.example', MailAddress: address })
    expect(made).toMatchObject({
      Number: largest + 1,
      Name: 'Blåbær AS',
      IsPerson: false,
      IsActive: true,
      IsArchived: false,
      CurrencyCode: 'NOK',
      InvoiceDeliveryType: 'PdfByEmail',
      SendPaymentReminders: true,
      MailAddress: { ...address, CountryCode: 'NO', AddressLine2: null },
    })
    expect(made.LastChangedDateTimeOffset).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{7}Z$/)
    expect(made.CustomerCreatedDateTimeOffset).toBe(made.LastChangedDateTimeOffset)
  })

  test('puts the name of a person together and hides the national id', async () => {
    const made = await newCustomer({
      IsPerson: true,
      Name: null,
      FirstName: 'Åse',
      LastName: 'Bø',
      NationalIdNumber: '01010112345',
    })
    expect(made).toMatchObject({ Name: 'Åse Bø', NationalIdNumber: 'hidden' })
    expect(JSON.stringify(api.sandbox.customers.all())).not.toContain('01010112345')
  })

  test('accepts enum names in any casing and the Print of a customer without e-mail', async () => {
    const made = await newCustomer({ EmailAddress: null, InvoiceDeliveryType: 'print' })
    expect(made.InvoiceDeliveryType).toBe('Print')
  })

  test.each<[string, Record<string, unknown>, string]>([
    ['a company without a name', { Name: null }, 'Name is required for companies.'],
    ['a person with one name', { IsPerson: true, LastName: 'Bø' }, 'FirstName and LastName are required for persons.'],
    ['no e-mail for PdfByEmail', { EmailAddress: null }, 'PdfByEmail needs EmailAddress or InvoiceEmailAddress'],
    ['an address without zip code', { MailAddress: { City: 'Oslo' } }, 'ZipCode field is required'],
    ['an address without city', { MailAddress: { ZipCode: '0155' } }, 'City field is required'],
    ['a number outside the series', { Number: 20000 }, 'outside the customer number series'],
    ['a reference over 50 characters', { ExternalImportReference: 'x'.repeat(51) }, 'maximum length is 50'],
    ['an address line over 200', { MailAddress: { ...address, AddressLine1: 'x'.repeat(201) } }, 'length is 200'],
    ['an allowance over 100', { Allowance: 101 }, 'Allowance must be from -1000 to 100.'],
    ['an unknown property', { Navn: 'Feil' }, "Could not find member 'Navn'"],
    ['camelCase', { name: 'feil' }, "Could not find member 'name'"],
    ['a read-only property', { IsActive: true }, "Could not find member 'IsActive'"],
    ['an enum as integer', { InvoiceDeliveryType: 1 }, 'InvoiceDeliveryType'],
    ['an unknown enum name', { InvoiceDeliveryType: 'Pigeon' }, 'InvoiceDeliveryType'],
    ['AvtaleGiro', { InvoiceDeliveryType: 'AvtaleGiro' }, 'cannot be set'],
    ['text for a number', { ExternalNumber: '42' }, 'ExternalNumber: a whole number is expected.'],
    ['a date with a time', { CustomerSince: '2026-01-01T00:00:00' }, 'CustomerSince: a date'],
  ])('refuses %s', async (_, properties, detail) => {
    const before = api.sandbox.customers.count()
    const answer = await api.post('/Customers', { Name: 'Feil AS', EmailAddress: 'a@b.example', ...properties })
    expect(answer.status).toBe(400)
    expect((answer.json as ProblemBody).detail).toContain(detail)
    expect(api.sandbox.customers.count()).toBe(before)
  })

  test('refuses a reference, external number or number in use and names the holder', async () => {
    const holder = await newCustomer({ ExternalImportReference: 'opptatt', ExternalNumber: 99, Number: 15000 })
    for (const taken of [{ ExternalImportReference: 'opptatt' }, { ExternalNumber: 99 }, { Number: 15000 }]) {
      const [property, value] = Object.entries(taken)[0] ?? []
      const answer = await api.post('/Customers', { Name: 'To AS', EmailAddress: 'a@b.example', ...taken })
      expect(answer).toMatchObject({
        status: 400,
        json: {
          title: 'Customer validation error(s)',
          detail: `${property} is already in use. '${value}' is used on (contact) Id = ${holder.Id}.`,
        },
      })
    }
  })

  test('answers unknown references in the body with 404', async () => {
    const answer = await api.post('/Customers', { Name: 'A', EmailAddress: 'a@b.example', DepartmentCode: 'X' })
    expect(answer).toMatchObject({
      status: 404,
      json: { title: 'Customer validation error(s)', detail: "Department with code = 'X' not found." },
    })
  })

  test('refuses bodies that are no JSON or no JSON object, and other content types', async () => {
    const json = { 'Content-Type': 'application/json' }
    for (const body of ['{"Name":', '[]', '"x"', '']) {
      expect((await api.request('POST', '/Customers', { headers: json, body })).status).toBe(400)
    }
    const form = { headers: { 'Content-Type': 'application/x-www-form-urlencoded' }, body: 'Name=A' }
    expect((await api.request('POST', '/Customers', form)).status).toBe(415)
  })

  test('never gives two writes the same instant', async () => {
    const made = await Promise.all(Array.from({ length: 40 }, () => newCustomer()))
    expect(new Set(made.map((customer) => customer.LastChangedDateTimeOffset)).size).toBe(40)
    expect(new Set(made.map((customer) => customer.Number)).size).toBe(40)
  })
})

describe('changing a customer', () => {
  test('replaces what the patch names, moves LastChanged and leaves the rest', async () => {
    const made = await newCustomer({ MailAddress: address })
    const answer = await api.patch(`/Customers/${made.Id}`, [
      { op: 'replace', path: '/PhoneNumber', value: '91234567' },
      { op: 'replace', path: '/WebsiteUrl', value: null },
    ])
    const changed = answer.json as Customer
    expect(answer.status).toBe(200)
    expect(changed.LastChangedDateTimeOffset > made.LastChangedDateTimeOffset).toBe(true)
    expect(changed).toEqual({
      ...made,
      PhoneNumber: '91234567',
      LastChangedDateTimeOffset: changed.LastChangedDateTimeOffset,
    })
    expect((await api.get(`/Customers/${made.Id}`)).json).toEqual(changed)
  })

  test('of the address alone moves the time of the address and not that of the customer', async () => {
    const made = await newCustomer({ MailAddress: address })
    const patch = [{ op: 'replace', path: '/MailAddress/City', value: 'Bergen' }]
    const changed = (await api.patch(`/Customers/${made.Id}`, patch)).json as Customer
    expect(changed.LastChangedDateTimeOffset).toBe(made.LastChangedDateTimeOffset)
    expect(changed.MailAddress).toMatchObject({ ...address, City: 'Bergen', Id: made.MailAddress?.Id })
    const moved = changed.MailAddress?.LastChangedDateTimeOffset ?? ''
    expect(moved > (made.MailAddress?.LastChangedDateTimeOffset ?? '')).toBe(true)
    const since = encodeURIComponent(made.LastChangedDateTimeOffset)
    expect((await api.get(`/Customers?lastChangedDateTimeOffsetGreaterThan=${since}`)).status).toBe(204)
  })

  test('replaces an address as a whole and drops what the new one leaves out', async () => {
    const made = await newCustomer({ MailAddress: { ...address, ExternalCode: 'lager' } })
    const value = { City: 'Bodø', ZipCode: '8006' }
    const changed = await api.patch(`/Customers/${made.Id}`, [{ op: 'replace', path: '/MailAddress', value }])
    expect((changed.json as Customer).MailAddress).toMatchObject({ ...value, AddressLine1: null, ExternalCode: null })
    const cleared = await api.patch(`/Customers/${made.Id}`, [{ op: 'replace', path: '/MailAddress', value: null }])
    expect(cleared.json).not.toHaveProperty('MailAddress')
  })

  test('that changes nothing moves nothing', async () => {
    const made = await newCustomer()
    const patch = [{ op: 'replace', path: '/Name', value: made.Name }]
    expect((await api.patch(`/Customers/${made.Id}`, patch)).json).toEqual(made)
  })

  test('knows add, remove, copy and move', async () => {
    const made = await newCustomer({ PhoneNumber: '91234567', LegalName: 'Gammel' })
    const answer = await api.patch(`/Customers/${made.Id}`, [
      { op: 'add', path: '/WebsiteUrl', value: 'https://x.example' },
      { op: 'remove', path: '/PhoneNumber' },
      { op: 'copy', from: '/Name', path: '/LegalName' },
      { op: 'add', path: '/ContactGroupIds', value: [501] },
      { op: 'add', path: '/ContactGroupIds/-', value: 502 },
    ])
    expect(answer.json).toMatchObject({
      WebsiteUrl: 'https://x.example',
      PhoneNumber: null,
      LegalName: made.Name,
      ContactGroupIds: [501, 502],
    })
  })

  test('applies nothing when a test operation fails, and everything when it holds', async () => {
    const made = await newCustomer()
    const patch = (expected: string) => [
      { op: 'replace', path: '/LegalName', value: 'Ny' },
      { op: 'test', path: '/Name', value: expected },
    ]
    const failed = await api.patch(`/Customers/${made.Id}`, patch('noe annet'))
    expect(failed).toMatchObject({ status: 400, json: { title: 'Customer validation error(s)' } })
    expect((await api.get(`/Customers/${made.Id}`)).json).toEqual(made)
    expect((await api.patch(`/Customers/${made.Id}`, patch(made.Name))).json).toMatchObject({ LegalName: 'Ny' })
  })

  test('ignores camelCase paths, with 200', async () => {
    const made = await newCustomer()
    const answer = await api.patch(`/Customers/${made.Id}`, [{ op: 'replace', path: '/name', value: 'Ny' }])
    expect([answer.status, answer.json]).toEqual([200, made])
  })

  test.each<[string, object, string]>([
    ['an unknown property', { path: '/Navn', value: 'x' }, "path segment 'Navn' was not found"],
    ['a read-only property', { path: '/Id', value: 1 }, "path segment 'Id' was not found"],
    ['a twin that only POST has', { path: '/PaymentTerm', value: 14 }, "path segment 'PaymentTerm' was not found"],
    ['an unknown nested property', { path: '/MailAddress/Town', value: 'x' }, "path segment 'Town' was not found"],
    ['a wrong type', { path: '/ExternalNumber', value: 'x' }, "The value 'x' is invalid for target location."],
    ['a wrong enum', { path: '/InvoiceDeliveryType', value: 'x' }, "The value 'x' is invalid for target location."],
  ])('refuses %s with the documented text', async (_, operation, detail) => {
    const made = await newCustomer({ MailAddress: address })
    const answer = await api.patch(`/Customers/${made.Id}`, [{ op: 'replace', ...operation }])
    expect(answer.status).toBe(400)
    expect(answer.json).toMatchObject({
      title: 'Customer validation error(s)',
      detail: expect.stringMatching(/^CustomerPatchDto: /),
    })
    expect((answer.json as ProblemBody).detail).toContain(detail)
  })

  test('refuses a nested path when there is no address, and half an address', async () => {
    const made = await newCustomer()
    const path = `/Customers/${made.Id}`
    expect((await api.patch(path, [{ op: 'replace', path: '/MailAddress/City', value: 'Oslo' }])).status).toBe(400)
    expect((await api.patch(path, [{ op: 'add', path: '/MailAddress', value: { City: 'Oslo' } }])).status).toBe(400)
  })

  test('holds to the rules of creating: e-mail for PdfByEmail, unique reference, names', async () => {
    await newCustomer({ ExternalImportReference: 'min' })
    const made = await newCustomer()
    for (const [path, value] of [
      ['/EmailAddress', null],
      ['/ExternalImportReference', 'min'],
      ['/Name', null],
      ['/Number', 5],
    ]) {
      const answer = await api.patch(`/Customers/${made.Id}`, [{ op: 'replace', path, value }])
      expect([path, answer.status]).toEqual([path, 400])
    }
    expect((await api.get(`/Customers/${made.Id}`)).json).toEqual(made)
  })

  test('needs the content type of JSON Patch and a list of operations', async () => {
    const made = await newCustomer()
    const path = `/Customers/${made.Id}`
    const body = JSON.stringify([{ op: 'replace', path: '/Name', value: 'Ny' }])
    const asJson = await api.request('PATCH', path, { headers: { 'Content-Type': 'application/json' }, body })
    expect(asJson.status).toBe(415)
    expect((await api.patch(path, { op: 'replace', path: '/Name', value: 'Ny' })).status).toBe(400)
    expect((await api.patch(path, [{ op: 'become', path: '/Name', value: 'Ny' }])).status).toBe(400)
    expect((await api.patch('/Customers/7', [])).status).toBe(404)
  })
})

describe('deleting a customer', () => {
  test('leaves no trace', async () => {
    const made = await newCustomer()
    const answer = await api.delete(`/Customers/${made.Id}`)
    expect([answer.status, answer.text]).toEqual([200, ''])
    expect((await api.get(`/Customers/${made.Id}`)).status).toBe(404)
    expect((await api.delete(`/Customers/${made.Id}`)).status).toBe(404)
    expect((await newCustomer()).Id).not.toBe(made.Id)
  })

  test('is refused with 409 while it is in use, as is archiving it', async () => {
    const made = await newCustomer()
    const inUse = `${api.sandbox.origin}/sandbox/customers/${made.Id}/in-use`
    const headers = { 'Content-Type': 'application/json' }
    await fetch(inUse, { method: 'PUT', headers, body: JSON.stringify({ inUse: true }) })
    expect(await api.delete(`/Customers/${made.Id}`)).toMatchObject({
      status: 409,
      json: {
        title: 'Customer conflict',
        detail: `Customer with id = ${made.Id} is in use and cannot be deleted.`,
      },
    })
    const archive = [{ op: 'replace', path: '/IsArchived', value: true }]
    expect((await api.patch(`/Customers/${made.Id}`, archive)).status).toBe(400)
    await fetch(inUse, { method: 'PUT', headers, body: JSON.stringify({ inUse: false }) })
    expect((await api.patch(`/Customers/${made.Id}`, archive)).json).toMatchObject({ IsArchived: true })
  })
})

describe('number series', () => {
  test('are listed, filtered and found by id', async () => {
    const all = (await api.get('/SubLedgerNumberSeries')).json as { Id: string; FromInclusive: number }[]
    const [standard] = (await api.get('/SubLedgerNumberSeries?subLedgerNumberSeriesType=Customer&isDefault=true'))
      .json as { Id: string }[]
    expect(all.length).toBeGreaterThan(1)
    expect(standard).toMatchObject({ FromInclusive: 10000, ToInclusive: 19999, IsDefault: true })
    expect((await api.get(`/SubLedgerNumberSeries/${standard?.Id}`)).json).toEqual(standard)
    expect((await api.get('/SubLedgerNumberSeries?subLedgerNumberSeriesType=Employee')).status).toBe(204)
    const other = await newCustomer({ SubLedgerNumberSeriesId: all[1]?.Id })
    expect(other.Number).toBe(100000)
  })

  test('are used up: gaps first, then a refusal', async () => {
    api.sandbox.settings.change({ numberSeriesEnd: 10_000 })
    expect((await newCustomer()).Number).toBe(10_000)
    const full = await api.post('/Customers', { Name: 'Full AS', EmailAddress: 'a@b.example' })
    expect(full).toMatchObject({ status: 400, json: { title: 'Customer validation error(s)' } })
  })
})
