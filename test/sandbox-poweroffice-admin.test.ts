import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import type { AddressInfo } from 'node:net'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import Database from 'libsql'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { startPowerOfficeSandbox } from '../sandbox/poweroffice/server.ts'
import { seedCustomers } from '../sandbox/seed/customers.ts'
import { type ApiClient, adminRequest, resetSandbox, startApi } from './sandbox-poweroffice-support.ts'

// The sandbox's own levers: settings, counts, faults, bulk, the page, and the process around it.

let api: ApiClient

beforeAll(async () => {
  api = await startApi()
})
afterEach(() => resetSandbox(api.sandbox))
afterAll(() => api.sandbox.close())

const admin = (method: string, path: string, body?: unknown) => adminRequest(api, method, path, body)

let made = 0

function customer(properties: Record<string, unknown> = {}): Record<string, unknown> {
  made += 1
  return { Name: `Spak ${made} AS`, EmailAddress: `spak${made}@x.example`, ...properties }
}

describe('settings', () => {
  test('are merged, null puts one back, and a wrong key or value is named and changes nothing', async () => {
    expect((await admin('PATCH', '/settings', { pagePastEnd: '200', rateLimit: 5 })).json).toMatchObject({
      pagePastEnd: '200',
      rateLimit: 5,
    })
    expect((await admin('PATCH', '/settings', { pagePastEnd: null })).json).toMatchObject({
      pagePastEnd: '204',
      rateLimit: 5,
    })
    const unknown = await admin('PATCH', '/settings', { rateLimt: 'off' })
    expect(unknown).toEqual({ status: 400, json: { error: expect.stringContaining('rateLimt') } })
    const wrong = await admin('PATCH', '/settings', { rateLimit: 'off', listOrder: 'sideways' })
    expect(wrong).toEqual({ status: 400, json: { error: expect.stringContaining('listOrder') } })
    expect((await admin('GET', '/settings')).json).toMatchObject({ rateLimit: 5, listOrder: 'creation' })
    expect((await admin('PATCH', '/settings', [])).status).toBe(400)
  })
})

describe('counts', () => {
  test('tell routes, statuses, writes and throttled requests apart', async () => {
    const { Id: id } = (await api.post('/Customers', customer())).json as { Id: number }
    await api.get('/customers?PageSize=1')
    await api.get(`/Customers/${id}`)
    await api.patch(`/Customers/${id}`, [])
    await api.post('/Customers', {})
    await api.delete(`/Customers/${id}`)
    api.sandbox.settings.change({ rateLimit: 1 })
    await api.get('/Customers/1')
    await api.post('/Customers', customer())
    expect((await admin('GET', '/counts')).json).toEqual({
      byRoute: {
        'POST /v2/Customers': 3,
        'GET /v2/Customers': 1,
        'GET /v2/Customers/{id}': 2,
        'PATCH /v2/Customers/{id}': 1,
        'DELETE /v2/Customers/{id}': 1,
      },
      byStatus: { 200: 4, 201: 1, 400: 1, 404: 1, 429: 1 },
      writes: 4,
      throttled: 1,
    })
    expect((await admin('DELETE', '/counts')).json).toEqual({ byRoute: {}, byStatus: {}, writes: 0, throttled: 0 })
  })
})

describe('faults', () => {
  const plan = (fault: Record<string, unknown>) => admin('POST', '/faults', fault)
  const stored = (reference: string) =>
    api.sandbox.customers.all().filter((one) => one.ExternalImportReference === reference).length
  const post = (reference: string) => api.post('/Customers', customer({ ExternalImportReference: reference }))

  test('status before the write: nothing is stored, and the next request is served again', async () => {
    expect(await plan({ kind: 'status', status: 503, method: 'POST', headers: { 'Retry-After': '7' } })).toEqual({
      status: 201,
      json: { id: expect.any(Number) },
    })
    const failed = await post('f-status')
    expect([failed.status, failed.headers.get('retry-after'), stored('f-status')]).toEqual([503, '7', 0])
    expect((await post('f-status')).status).toBe(201)
    expect((await admin('GET', '/faults')).json).toEqual([expect.objectContaining({ kind: 'status', hits: 1 })])
    expect((await admin('DELETE', '/faults')).json).toEqual([])
  })

  test('status after the write: the answer is 500, the record is there', async () => {
    await plan({ kind: 'status', when: 'after' })
    expect((await post('f-after')).status).toBe(500)
    expect([stored('f-after'), api.sandbox.counts.report().writes]).toEqual([1, 1])
  })

  test('reset before and after the write: no answer at all', async () => {
    for (const [when, count] of [
      ['before', 0],
      ['after', 1],
    ] as const) {
      await plan({ kind: 'reset', when, path: '/customers', method: 'post' })
      await expect(post(`f-reset-${when}`)).rejects.toThrow()
      expect([when, stored(`f-reset-${when}`)]).toEqual([when, count])
    }
    expect(api.sandbox.counts.report().byStatus).toMatchObject({ reset: 2 })
    expect((await api.get('/Customers?PageSize=1')).status).toBe(200)
  })

  test('hang: silence until the time is over, then the connection is cut', async () => {
    await plan({ kind: 'hang', hangMs: 150 })
    const started = performance.now()
    await expect(post('f-hang')).rejects.toThrow()
    expect(performance.now() - started).toBeGreaterThan(140)
    expect(stored('f-hang')).toBe(0)
  })

  test('hang: ends at once when the client gives up', async () => {
    await plan({ kind: 'hang' })
    const asked = fetch(`${api.sandbox.baseUrl}/Customers`, {
      headers: { Authorization: api.authorization, 'Ocp-Apim-Subscription-Key': 'sandbox-subscription' },
      signal: AbortSignal.timeout(100),
    })
    await expect(asked).rejects.toThrow()
    await expect.poll(() => api.sandbox.counts.report().byStatus.hang, { timeout: 3000 }).toBe(1)
  })

  test('truncated, garbage, empty and html answers are no JSON', async () => {
    await post('f-bodies')
    for (const [kind, status] of [
      ['truncated', 200],
      ['garbage', 200],
      ['empty', 200],
      ['html', 502],
    ] as const) {
      await plan({ kind, path: 'f-bodies' })
      const answer = await api.get('/Customers?externalImportReference=f-bodies')
      expect([kind, answer.status, answer.json]).toEqual([kind, status, undefined])
    }
  })

  test('latency holds one answer back', async () => {
    await plan({ kind: 'latency', latencyMs: 120 })
    const started = performance.now()
    expect((await post('f-late')).status).toBe(201)
    expect(performance.now() - started).toBeGreaterThan(110)
  })

  test('hit only what they name: method, path, text of the body, and as often as asked', async () => {
    await plan({ kind: 'status', method: 'POST', path: 'CUSTOMERS', match: 'f-only', count: 2 })
    expect((await post('f-other')).status).toBe(201)
    expect((await api.get('/Customers?PageSize=1')).status).toBe(200)
    const statuses = [await post('f-only'), await post('f-only'), await post('f-only')].map((answer) => answer.status)
    expect(statuses).toEqual([500, 500, 201])
  })

  test('can hit the token call', async () => {
    await plan({ kind: 'status', status: 503, path: '/oauth/token' })
    const { requestToken } = await import('./sandbox-poweroffice-support.ts')
    expect((await requestToken(api.sandbox)).status).toBe(503)
    expect((await requestToken(api.sandbox)).status).toBe(200)
  })

  test('tokens taken away early: the request that meets it is refused, and so is every other until there is a new one', async () => {
    const { requestToken } = await import('./sandbox-poweroffice-support.ts')
    const own = await startApi()
    await adminRequest(own, 'POST', '/faults', { kind: 'tokenRevoked', method: 'POST' })
    const statuses = [(await own.get('/Customers')).status]
    statuses.push((await own.post('/Customers', customer())).status, (await own.get('/Customers')).status)
    const { access_token: renewed } = (await (await requestToken(own.sandbox)).json()) as { access_token: string }
    const headers = { Authorization: `Bearer ${renewed}` }
    statuses.push((await own.request('GET', '/Customers', { headers })).status)
    const { json: counted } = await adminRequest(own, 'GET', '/faults/counts')
    await own.sandbox.close()
    expect([statuses, own.sandbox.counts.report().writes, counted]).toEqual([
      [204, 401, 401, 204],
      0,
      { total: 1, byKind: { tokenRevoked: 1 }, afterCommit: {} },
    ])
  })

  test('with a wrong key are refused by name', async () => {
    expect(await plan({ kind: 'status', staus: 500 })).toEqual({
      status: 400,
      json: { error: expect.stringContaining('staus') },
    })
    expect(await plan({ kind: 'explode' })).toEqual({ status: 400, json: { error: expect.stringContaining('kind') } })
  })
})

describe('the other levers', () => {
  test('bulk stores many at once, whatever the rules say, and refuses unknown properties as a whole', async () => {
    const before = api.sandbox.customers.count()
    const list = [{ Name: 'Uten e-post AS' }, { IsPerson: true, FirstName: 'Bare', LastName: 'Navn', IsActive: false }]
    const { status, json } = await admin('POST', '/customers/bulk', list)
    expect([status, json]).toEqual([
      201,
      [
        { Id: expect.any(Number), Number: expect.any(Number) },
        { Id: expect.any(Number), Number: expect.any(Number) },
      ],
    ])
    const stored = api.sandbox.customers.all().slice(-2)
    expect(stored).toMatchObject([
      { InvoiceDeliveryType: 'Print', IsActive: true },
      { Name: 'Bare Navn', IsActive: false },
    ])
    expect((await admin('POST', '/customers/bulk', [{ Name: 'A' }, { Navn: 'B' }])).status).toBe(400)
    expect(api.sandbox.customers.count()).toBe(before + 2)
  })

  test('an edit in the ERP moves the change time, keeps the rules and is not counted', async () => {
    const before = (await api.post('/Customers', customer())).json as { Id: number; LastChangedDateTimeOffset: string }
    api.sandbox.counts.reset()
    const { json } = await admin('PATCH', `/customers/${before.Id}`, { PhoneNumber: '22334455' })
    const after = json as { PhoneNumber: string; LastChangedDateTimeOffset: string }
    expect(after.PhoneNumber).toBe('22334455')
    expect(after.LastChangedDateTimeOffset > before.LastChangedDateTimeOffset).toBe(true)
    const address = { MailAddress: { City: 'Moss', ZipCode: '1530' } }
    await admin('PATCH', `/customers/${before.Id}`, address)
    const moved = await admin('PATCH', `/customers/${before.Id}`, { MailAddress: { AddressLine1: 'Kai 1' } })
    expect(moved.json).toMatchObject({ MailAddress: { ...address.MailAddress, AddressLine1: 'Kai 1' } })
    expect((await admin('PATCH', `/customers/${before.Id}`, { Name: null })).status).toBe(400)
    expect((await admin('PATCH', '/customers/1', { Name: 'x' })).status).toBe(404)
    expect(api.sandbox.counts.report().byRoute).toEqual({})
  })

  describe.each([
    { entity: 'departments', body: { Name: 'Lager', Code: 'L' }, edit: { Name: 'Hovedlager' } },
    { entity: 'products', body: { Name: 'Lue', StandardSalesAccount: 3000 }, edit: { UnitPrice: 249.9 } },
    { entity: 'productGroups', body: { Name: 'Klær', Code: 'K' }, edit: { UnitCost: 12 } },
    { entity: 'accounts', body: { AccountNo: 3210, Name: 'Salg', IsActive: true }, edit: { Name: 'Annet salg' } },
    { entity: 'paymentTerms', body: { Name: '7 dager', CreditDays: 7 }, edit: { CreditDays: 8 } },
    { entity: 'deliveryTerms', body: { Name: 'CPT' }, edit: { Name: 'CIP' } },
  ] as const)('for $entity', ({ entity, body, edit }) => {
    test('insert many, edit as a person, mark as in use and remove, none of it counted', async () => {
      const helpers = api.sandbox[entity]
      const before = helpers.count()
      const { status, json } = await admin('POST', `/${entity}/bulk`, [body, body])
      const [first, second] = json as { Id: number; LastChangedDateTimeOffset: string }[]
      expect([status, helpers.count()]).toEqual([201, before + 2])
      const id = first?.Id ?? 0
      const changedAt = helpers.get(id)?.LastChangedDateTimeOffset ?? ''
      const edited = (await admin('PATCH', `/${entity}/${id}`, edit)).json as { LastChangedDateTimeOffset: string }
      expect(edited).toMatchObject(edit)
      expect(edited.LastChangedDateTimeOffset > changedAt).toBe(true)
      expect(helpers.all()).toContainEqual(edited)
      expect((await admin('PATCH', `/${entity}/${id}`, { Navn: 'x' })).status).toBe(400)
      expect((await admin('POST', `/${entity}/bulk`, [{ Navn: 'x' }])).status).toBe(400)
      expect((await admin('POST', `/${entity}/bulk`, {})).status).toBe(400)
      expect((await admin('PUT', `/${entity}/${id}/in-use`, { inUse: true })).json).toEqual({ id, inUse: true })
      expect((await admin('PUT', `/${entity}/${id}/in-use`, {})).status).toBe(400)
      expect((await admin('DELETE', `/${entity}/${id}`)).json).toEqual({ removed: id })
      expect((await admin('DELETE', `/${entity}/${id}`)).status).toBe(404)
      const removed = helpers.get(second?.Id ?? 0)
      helpers.remove(second?.Id ?? 0)
      const { restore }: { restore(record: object | null): void } = helpers
      restore(removed)
      expect(helpers.get(second?.Id ?? 0)).toEqual(removed)
      helpers.remove(second?.Id ?? 0)
      expect([helpers.count(), api.sandbox.counts.report().byRoute]).toEqual([before, {}])
    })
  })

  test('bulk addresses name their contact', async () => {
    const { Id: ContactId } = (await api.post('/Customers', customer())).json as { Id: number }
    const [address] = api.sandbox.deliveryAddresses.insert([{ ContactId, City: 'Moss', ZipCode: '1530' }])
    expect(api.sandbox.deliveryAddresses.get(address?.Id ?? 0)).toMatchObject({ ContactId, IsPrimary: true })
    expect(() => api.sandbox.deliveryAddresses.insert([{ City: 'Moss', ZipCode: '1530' }])).toThrow('not found')
  })

  test('a person can deactivate a customer, which no patch can', async () => {
    const { Id: id } = (await api.post('/Customers', customer())).json as { Id: number }
    const operations = [{ op: 'replace', path: '/IsActive', value: false }]
    expect((await api.patch(`/Customers/${id}`, operations)).status).toBe(400)
    expect(api.sandbox.customers.edit(id, { IsActive: false })).toMatchObject({ IsActive: false })
  })

  test('revoked tokens get 401', async () => {
    const other = await startApi()
    try {
      expect((await other.post('/Customers', customer())).status).toBe(201)
      await fetch(`${other.sandbox.origin}/sandbox/tokens`, { method: 'DELETE' })
      expect((await other.get('/Customers')).status).toBe(401)
    } finally {
      await other.sandbox.close()
    }
  })

  test('health tells that it runs and how many customers there are', async () => {
    expect((await admin('GET', '/health')).json).toEqual({ status: 'ok', customers: api.sandbox.customers.count() })
  })
})

describe('the lists for people', () => {
  const list = async (path: string, search = '') =>
    (await fetch(`${api.sandbox.origin}${path}?q=${encodeURIComponent(search)}`)).text()

  test('show customers and find them by name, number, e-mail and organisation number', async () => {
    const properties = { Name: 'Ørsta Kaffe AS', EmailAddress: 'kaffe@orsta.example', OrganizationNumber: '923609016' }
    const { Number: number } = (await api.post('/Customers', properties)).json as { Number: number }
    for (const search of ['', 'Ørsta', 'ørsta kaffe', 'KAFFE', String(number), 'orsta.example', '923609016']) {
      expect([search, (await list('/customers', search)).includes('Ørsta Kaffe AS')]).toEqual([search, true])
    }
    expect(await list('/customers', 'finnes ikke')).toContain('No customers found.')
  })

  test('show departments and products, the price a product inherits included', async () => {
    api.sandbox.departments.insert([{ Name: 'Ærfuglgata', Code: 'AV7' }])
    api.sandbox.productGroups.insert([{ Name: 'Tepper', Code: 'TEP', UnitPrice: 777 }])
    api.sandbox.products.insert([{ Name: 'Ryeteppe', Code: 'RT1', Gtin: '7038010000010', ProductGroupCode: 'TEP' }])
    for (const search of ['', 'ærfugl', 'av7']) expect(await list('/departments', search)).toContain('Ærfuglgata')
    expect(await list('/departments', 'av7')).toContain('(inactive)')
    for (const search of ['', 'RYETEPPE', 'rt1', '7038010000010']) {
      expect(await list('/products', search)).toContain('Ryeteppe')
    }
    expect(await list('/products', 'rt1')).toContain('<td class="number">777</td>')
    expect(await list('/products', 'finnes ikke')).toContain('No products found.')
  })

  test('escape what customers and searchers type', async () => {
    await api.post('/Customers', customer({ Name: '<script>alert(1)</script>', EmailAddress: '"><img src=x>' }))
    const text = (await list('/customers')) + (await list('/customers', '"><script>alert(2)</script>'))
    expect(text).toContain('&lt;script&gt;alert(1)&lt;/script&gt;')
    expect(text).not.toMatch(/<script>|<img src=x/)
  })

  test('show a record as it is while lists of the API still show it as it was', async () => {
    const other = await startApi({ switches: { lateVisibility: 600_000 } })
    await other.post('/Customers', customer({ Name: 'Sen Synlig AS' }))
    expect((await other.get('/Customers')).status).toBe(204)
    expect(await (await fetch(`${other.sandbox.origin}/customers`)).text()).toContain('Sen Synlig AS')
    await other.sandbox.close()
  })
})

/** Options of a sandbox whose file, in a folder that is not there yet, outlives a restart and not the test. */
async function withDataFile(
  seed: 'customers' | 'none',
  work: (options: { port: 0; dataFile: string; seed: 'customers' | 'none' }) => Promise<void>,
): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'kobling-poweroffice-'))
  try {
    await work({ port: 0, dataFile: join(folder, 'new', 'poweroffice.sqlite'), seed })
  } finally {
    await rm(folder, { recursive: true })
  }
}

describe('the data file', () => {
  test('keeps customers, ids and marks over a restart and is seeded only when empty', async () => {
    await withDataFile('customers', async (options) => {
      const first = await startPowerOfficeSandbox(options)
      expect(first.customers.count()).toBe(seedCustomers().erp.length)
      const archived = first.customers.all().filter((one) => one.IsArchived).length
      expect(archived).toBe(seedCustomers().erp.filter((one) => one.archived).length)
      const [last] = first.customers.all().slice(-1)
      first.customers.remove(last?.Id ?? 0)
      await first.close()

      const second = await startPowerOfficeSandbox(options)
      expect(second.customers.count()).toBe(seedCustomers().erp.length - 1)
      const [inserted] = second.insertCustomers([customer()])
      expect(inserted?.Id).toBeGreaterThan(last?.Id ?? 0)
      await second.close()
    })
  })

  test('of an earlier version gets the columns that came later, filled from its records', async () => {
    await withDataFile('none', async (options) => {
      const first = await startPowerOfficeSandbox(options)
      const [department] = first.departments.insert([{ Name: 'Lager', Code: 'L' }])
      first.insertCustomers([customer({ DepartmentCode: 'L' })])
      await first.close()
      const database = new Database(options.dataFile)
      for (const column of ['departmentId', 'paymentTermId', 'deliveryTermId']) {
        database.exec(`DROP INDEX customers_${column}; ALTER TABLE customers DROP COLUMN ${column}`)
      }
      database.close()

      const second = await startPowerOfficeSandbox(options)
      second.departments.edit(department?.Id ?? 0, { Code: 'LAGER' })
      expect(second.customers.all()).toMatchObject([{ DepartmentCode: 'LAGER' }])
      await second.close()
    })
  })

  test('has the reference lists once, whatever was deleted from them', async () => {
    await withDataFile('none', async (options) => {
      const first = await startPowerOfficeSandbox(options)
      const [, other] = first.deliveryTerms.all()
      first.deliveryTerms.remove(other?.Id ?? 0)
      const counted = [first.deliveryTerms.count(), first.accounts.count(), first.vatCodes.count()]
      await first.close()
      const second = await startPowerOfficeSandbox(options)
      expect([second.deliveryTerms.count(), second.accounts.count(), second.vatCodes.count()]).toEqual(counted)
      expect(second.currencies.get('NOK')).toMatchObject({ IsActive: true })
      await second.close()
    })
  })

  test('is seeded with unique numbers, and refuses three of the shop seed once MOD11 is checked', async () => {
    const seeded = await startApi({ seed: 'customers', switches: { organizationNumberCheck: 'mod11' } })
    const numbers = seeded.sandbox.customers.all().map((one) => one.Number)
    expect(new Set(numbers).size).toBe(seedCustomers().erp.length)
    const bare = seedCustomers().shop.filter((one) => /^\d{9}$/.test(one.organizationNumber ?? ''))
    const statuses = await Promise.all(
      bare.map(async ({ name, organizationNumber }) => {
        const body = { Name: name, OrganizationNumber: organizationNumber, InvoiceDeliveryType: 'Print' }
        return (await seeded.post('/Customers', body)).status
      }),
    )
    expect(statuses.filter((status) => status === 400)).toHaveLength(3)
    expect(statuses.filter((status) => status === 201)).toHaveLength(bare.length - 3)
    await seeded.sandbox.close()
  })

  test('keeps two sandboxes apart', async () => {
    const other = await startApi()
    other.sandbox.insertCustomers([customer()])
    expect(other.sandbox.customers.count()).toBe(1)
    await other.sandbox.close()
  })
})

describe('the process', () => {
  function start(environment: Record<string, string>): { child: ChildProcess; output: () => string } {
    const child = spawn(process.execPath, ['worker/processes/start.js', 'sandbox/poweroffice/main.ts'], {
      env: { ...process.env, ...environment },
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    let output = ''
    child.stdout?.on('data', (chunk: Buffer) => {
      output += chunk.toString()
    })
    child.stderr?.on('data', (chunk: Buffer) => {
      output += chunk.toString()
    })
    return { child, output: () => output }
  }

  let folder: string
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'kobling-poweroffice-'))
  })
  afterAll(() => rm(folder, { recursive: true }))

  async function freePort(): Promise<number> {
    const server = createServer().listen(0, '127.0.0.1')
    await once(server, 'listening')
    const { port } = server.address() as AddressInfo
    server.close()
    await once(server, 'close')
    return port
  }

  test.each(['SIGTERM', 'SIGINT'] as const)(
    'says where it listens and ends with 0 on %s',
    async (signal) => {
      const port = await freePort()
      const { child, output } = start({
        KOBLING_DATA_DIR: folder,
        POWEROFFICE_SANDBOX_PORT: String(port),
        POWEROFFICE_SANDBOX_SWITCHES: '{"organizationNumberCheck":"mod11"}',
      })
      const ended = once(child, 'exit')
      await expect.poll(output, { timeout: 20_000 }).toBe(`poweroffice sandbox listening on http://127.0.0.1:${port}\n`)
      const settings: unknown = await (await fetch(`http://127.0.0.1:${port}/sandbox/settings`)).json()
      expect(settings).toMatchObject({ organizationNumberCheck: 'mod11', rateLimit: 10 })
      child.kill(signal)
      expect(await ended).toEqual([0, null])
    },
    30_000,
  )

  test('says in one sentence which setting to change when it cannot start', async () => {
    const taken = createServer().listen(0, '127.0.0.1')
    await once(taken, 'listening')
    const { port } = taken.address() as AddressInfo
    const file = join(folder, 'a-file')
    await writeFile(file, '')
    const occupied = join(folder, 'occupied')
    await mkdir(join(occupied, 'poweroffice.sqlite'), { recursive: true })
    const cases: [Record<string, string>, RegExp][] = [
      [{ POWEROFFICE_SANDBOX_PORT: String(port) }, /^Port \d+ is taken: set POWEROFFICE_SANDBOX_PORT .*\n$/],
      [{ POWEROFFICE_SANDBOX_PORT: 'many' }, /^.*POWEROFFICE_SANDBOX_PORT must be a port number.*\n$/],
      [{ KOBLING_DATA_DIR: join(file, 'below') }, /^Cannot use .*set KOBLING_DATA_DIR .*\n$/],
      [{ KOBLING_DATA_DIR: occupied }, /^Cannot use .*set KOBLING_DATA_DIR .*\n$/],
      [{ POWEROFFICE_SANDBOX_SWITCHES: '{"rateLimt":1}' }, /^.*rateLimt: no such switch.*\n$/],
      [{ POWEROFFICE_SANDBOX_SWITCHES: 'off' }, /^.*POWEROFFICE_SANDBOX_SWITCHES must be a JSON object.*\n$/],
    ]
    await Promise.all(
      cases.map(async ([environment, sentence]) => {
        const { child, output } = start({ KOBLING_DATA_DIR: folder, POWEROFFICE_SANDBOX_PORT: '0', ...environment })
        const [code] = (await once(child, 'close')) as [number]
        expect([code, output()]).toEqual([1, expect.stringMatching(sentence)])
      }),
    )
    taken.close()
  }, 180_000)
})
