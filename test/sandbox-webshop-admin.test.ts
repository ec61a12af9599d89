import { copyFileSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { openRateLimit } from '../sandbox/webshop/rate-limit.ts'
import { startWebshopSandbox } from '../sandbox/webshop/server.ts'
import { clientOf, type Json, readAll, type ShopClient, withShop } from './sandbox-webshop-client.ts'

const folder = mkdtempSync(join(tmpdir(), 'webshop-admin-'))
afterAll(() => rmSync(folder, { recursive: true }))

const company = (name: string) => ({ kind: 'company' as const, name })
const failureOf = (request: Promise<unknown>) =>
  request.then(
    () => 'answered',
    (error: Error) => (error.cause instanceof Error && 'code' in error.cause ? error.cause.code : error.message),
  )
const plan = async (client: ShopClient, fault: object) => (await client.admin('POST', '/faults', fault)).body.id
const countOf = async (client: ShopClient) => (await client.get('/api/counts')).body.customers

describe('settings', () => {
  test('a change answers the settings as they are now; a wrong key or value is named and changes nothing', async () => {
    await withShop({ settings: { latencyMs: 1 } }, async (client) => {
      const before = (await client.admin('GET', '/settings')).body
      const changed = await client.admin('PATCH', '/settings', { emailRequired: true, requestsPerSecond: 50 })
      expect([changed.status, changed.body]).toEqual([200, { ...before, emailRequired: true, requestsPerSecond: 50 }])
      const wrong = await client.admin('PATCH', '/settings', { latency: 5, webhooks: 'maybe', emailRequired: false })
      expect([wrong.status, wrong.body.errors]).toEqual([
        422,
        [
          { pointer: '/webhooks', detail: expect.any(String) },
          { pointer: '/latency', detail: 'There is no latency here.' },
        ],
      ])
      expect((await client.admin('GET', '/settings')).body).toEqual(changed.body)
    })
  })

  test('a page of another origin may not switch the sandbox', async () => {
    await withShop({}, async (client, { baseUrl }) => {
      const from = (origin: string) => client.request('DELETE', '/sandbox/faults', { key: null, headers: { origin } })
      expect([(await from('https://evil.example')).status, (await from(baseUrl)).status]).toEqual([403, 200])
    })
  })
})

describe('counts', () => {
  test('requests count by route and by status, writes by whose key it was, and all can be put back to nothing', async () => {
    await withShop({}, async (client) => {
      const { body } = await client.create(company('A'))
      await client.patch(body.id, body.version, { phone: '1' }, { key: 'sandbox-shopkeeper' })
      await client.patch(body.id, body.version, { phone: '2' })
      await client.create(company('B'), { key: null })
      await client.get('/api/customers?limit=1')
      await client.get('/api/cats/1')
      await client.get('/sandbox/health')
      expect((await client.admin('GET', '/counts')).body).toEqual({
        byRoute: {
          'POST /api/customers': 2,
          'PATCH /api/customers/{id}': 2,
          'GET /api/customers': 1,
          other: 1,
        },
        byStatus: { 200: 2, 201: 1, 401: 1, 404: 1, 412: 1 },
        writes: 2,
        shopkeeperWrites: 1,
        webhooks: { sent: 0, failed: 0, lost: 0 },
      })
      await client.admin('DELETE', '/counts')
      expect((await client.admin('GET', '/counts')).body).toEqual({
        byRoute: {},
        byStatus: {},
        writes: 0,
        shopkeeperWrites: 0,
        webhooks: { sent: 0, failed: 0, lost: 0 },
      })
    })
  })
})

describe('faults', () => {
  test('a fault before the commit changes nothing, one after it loses only the answer', async () => {
    await withShop({}, async (client) => {
      await plan(client, { kind: 'reset', method: 'post' })
      expect(await failureOf(client.create(company('A')))).toBe('ECONNRESET')
      expect(await countOf(client)).toBe(0)
      await plan(client, { kind: 'reset', method: 'POST', when: 'after' })
      const headers = { 'idempotency-key': 'A' }
      expect(await failureOf(client.create(company('A'), { headers }))).toBe('ECONNRESET')
      expect(await countOf(client)).toBe(1)
      const { body } = await client.create(company('A'), { headers })
      expect([body.id, await countOf(client)]).toEqual(['c-000001', 1])
    })
  })

  test('a fault hits what it describes, as often as it says, and shows its hits', async () => {
    await withShop({}, async (client) => {
      const status = { kind: 'status', status: 503, headers: { 'retry-after': '7' }, body: { oh: 'no' } }
      const id = await plan(client, { ...status, method: 'POST', path: 'customers', match: 'Unlucky', count: 2 })
      const answers = []
      for (const name of ['Lucky', 'Unlucky', 'Unlucky', 'Unlucky']) answers.push(await client.create(company(name)))
      expect(answers.map((answer) => [answer.status, answer.headers.get('retry-after'), answer.body.oh])).toEqual([
        [201, null, undefined],
        [503, '7', 'no'],
        [503, '7', 'no'],
        [201, null, undefined],
      ])
      const rest = { from: 'sync', count: 2, when: 'before', match: 'Unlucky', method: 'POST', path: 'customers' }
      expect((await client.admin('GET', '/faults')).body).toEqual([{ ...status, ...rest, id, hits: 2 }])
      await client.admin('DELETE', '/faults')
      expect((await client.admin('GET', '/faults')).body).toEqual([])
    })
  })

  test('an answer that takes the place of the real one carries none of its headers', async () => {
    await withShop({}, async (client) => {
      await plan(client, { kind: 'status', status: 502, when: 'after' })
      const answer = await client.create(company('A'))
      const leaked = ['location', 'etag'].map((name) => answer.headers.get(name))
      expect([answer.status, leaked, answer.body.id, await countOf(client)]).toEqual([502, [null, null], undefined, 1])
    })
  })

  test('the shopkeeper is spared unless a fault asks for it', async () => {
    await withShop({}, async (client) => {
      await plan(client, { kind: 'status', count: 9 })
      expect((await client.create(company('A'), { key: 'sandbox-shopkeeper' })).status).toBe(201)
      expect((await client.get('/api/counts')).status).toBe(500)
      await client.admin('DELETE', '/faults')
      await plan(client, { kind: 'status', from: 'shopkeeper', status: 418 })
      expect((await client.get('/api/counts')).status).toBe(200)
      expect((await client.get('/api/counts', { key: 'sandbox-shopkeeper' })).status).toBe(418)
    })
  })

  test('garbage, html and nothing come with status 200; truncated stops in the middle of the real answer', async () => {
    await withShop({}, async (client, { baseUrl, insertCustomers }) => {
      insertCustomers([company('A'), company('B')])
      const headers = { authorization: 'Bearer sandbox-webshop' }
      const read = async (kind: string) => {
        await plan(client, { kind })
        const answer = await fetch(`${baseUrl}/api/customers`, { headers })
        return [answer.status, answer.headers.get('content-type'), await answer.text().catch((error) => error.message)]
      }
      expect([await read('garbage'), await read('html'), await read('empty'), await read('truncated')]).toEqual([
        [200, 'application/json', expect.stringContaining('<<<')],
        [200, 'text/html; charset=utf-8', expect.stringContaining('<!doctype html>')],
        [200, 'application/json', ''],
        [200, 'application/json; charset=utf-8', 'terminated'],
      ])
      expect((await client.admin('GET', '/counts')).body.byStatus).toEqual({ 200: 3, none: 1 })
    })
  })

  test('latency delays and then does what was asked; a hang never answers', async () => {
    await withShop({}, async (client) => {
      await plan(client, { kind: 'latency', latencyMs: 80 })
      const startMs = performance.now()
      expect((await client.create(company('A'))).status).toBe(201)
      expect(performance.now() - startMs).toBeGreaterThanOrEqual(75)
      await plan(client, { kind: 'hang', hangMs: 50 })
      expect(await failureOf(client.create(company('B')))).toMatch(/ECONNRESET|UND_ERR_SOCKET/)
      expect(await countOf(client)).toBe(1)
    })
  })

  test('closing does not wait for what hangs', async () => {
    const sandbox = await startWebshopSandbox()
    const client = clientOf(sandbox.baseUrl)
    await plan(client, { kind: 'hang', hangMs: 600_000 })
    const hanging = failureOf(client.get('/api/customers'))
    while ((await client.admin('GET', '/faults')).body[0].hits === 0);
    await sandbox.close()
    expect(await hanging).toMatch(/ECONNRESET|UND_ERR_SOCKET/)
    await expect(sandbox.close()).resolves.toBeUndefined()
  })

  test('a maintenance window closes the shop for the sync alone, with Retry-After, and ends by itself', async () => {
    await withShop({ settings: { retryAfterSeconds: 9 } }, async (client) => {
      await plan(client, { kind: 'maintenance', forMs: 300 })
      const refused = await client.create(company('A'))
      const served = await client.create(company('B'), { key: 'sandbox-shopkeeper' })
      expect([refused.status, refused.headers.get('retry-after'), refused.body, served.status]).toEqual([
        503,
        '9',
        expect.objectContaining({ type: expect.stringMatching(/maintenance$/) }),
        201,
      ])
      await expect.poll(async () => (await client.get('/api/counts')).status).toBe(200)
      expect(await countOf(client)).toBe(1)
      expect((await client.admin('GET', '/faults/counts')).body.byKind.maintenance).toBeGreaterThan(0)
    })
  })

  test('clockSkewMs moves change times and the Date header; a record is never changed before its last change', async () => {
    await withShop({ settings: { clockSkewMs: 3_600_000 } }, async (client) => {
      const ahead = await client.create(company('A'))
      await client.admin('PATCH', '/settings', { clockSkewMs: -3_600_000 })
      const { body: changed } = await client.patch(ahead.body.id, ahead.body.version, { phone: '1' })
      const behind = await client.create(company('B'))
      const hoursOff = (time: string | null) => Math.round((Date.parse(time ?? '') - Date.now()) / 3_600_000)
      expect([ahead.body.changedAt, ahead.headers.get('date'), changed.changedAt].map(hoursOff)).toEqual([1, 1, 1])
      expect([behind.body.changedAt, behind.headers.get('date')].map(hoursOff)).toEqual([-1, -1])
      expect(changed.changedAt > ahead.body.changedAt).toBe(true)
    })
  })

  test('a wrong fault is refused and names its keys', async () => {
    await withShop({}, async (client) => {
      const answer = await client.admin('POST', '/faults', { kind: 'explode', times: 2 })
      expect([answer.status, answer.body.errors.map((each: Json) => each.pointer)]).toEqual([422, ['/kind', '/times']])
    })
  })
})

describe('rate and maintenance', () => {
  test('over the rate it is 429 with Retry-After; the shopkeeper is not counted', async () => {
    await withShop({ settings: { requestsPerSecond: 3 } }, async (client) => {
      const shopkeeper = await Promise.all(
        Array.from({ length: 5 }, () => client.get('/api/counts', { key: 'sandbox-shopkeeper' })),
      )
      const sync = []
      for (let count = 0; count < 5; count += 1) sync.push(await client.get('/api/counts'))
      expect(shopkeeper.map((answer) => answer.status)).toEqual([200, 200, 200, 200, 200])
      expect(sync.slice(0, 3).map((answer) => answer.status)).toEqual([200, 200, 200])
      expect(sync.at(-1)?.headers.get('retry-after')).toBe('1')
      expect(sync.at(-1)?.status).toBe(429)
    })
  })

  test('the bucket holds one second and fills evenly', () => {
    const limit = openRateLimit()
    const takenAt = (nowMs: number) => limit.take(2, nowMs)
    expect([0, 0, 0, 499, 500, 501, 1000].map(takenAt)).toEqual([0, 0, 1, 1, 0, 1, 0])
    expect(Array.from({ length: 3 }, () => takenAt(60_000))).toEqual([0, 0, 1])
    expect(limit.take('off', 60_000)).toBe(0)
  })

  test('in maintenance it is 503 with Retry-After for the sync, and nothing is written', async () => {
    await withShop({ settings: { maintenance: true, retryAfterSeconds: 9 } }, async (client) => {
      const answer = await client.create(company('A'))
      expect([answer.status, answer.headers.get('retry-after')]).toEqual([503, '9'])
      expect((await client.create(company('B'), { key: 'sandbox-shopkeeper' })).status).toBe(201)
      await client.admin('PATCH', '/settings', { maintenance: false })
      expect(await countOf(client)).toBe(1)
    })
  })
})

describe('the data file', () => {
  test('a restart keeps records, tombstones, cursors, versions, taken values and kept answers', async () => {
    const dataFile = join(folder, 'restart.sqlite')
    const first = await startWebshopSandbox({ dataFile })
    const before = clientOf(first.baseUrl)
    const headers = { 'idempotency-key': 'restart~1' }
    const created = await before.create({ ...company('A'), email: 'a@a.no' }, { headers })
    const gone = await before.create(company('B'))
    await before.remove(gone.body.id, gone.body.version)
    const all = await readAll(before)
    await first.close()

    const second = await startWebshopSandbox({ dataFile })
    const after = clientOf(second.baseUrl)
    expect(await readAll(after)).toEqual(all)
    const again = await after.create({ ...company('A'), email: 'a@a.no' }, { headers })
    expect([again.status, again.headers.get('location'), again.body]).toEqual([
      201,
      created.headers.get('location'),
      created.body,
    ])
    expect((await after.create({ ...company('C'), email: 'A@a.no' })).status).toBe(409)
    const patched = await after.patch(created.body.id, created.body.version, { phone: '1' })
    const news = await after.get(`/api/customers?changedSince=${all.last.next}`)
    expect(news.body.items).toEqual([patched.body])
    expect((await after.create(company('D'))).body.id).toBe('c-000003')
    await second.close()
  })

  test('the seed is put in once, dirt included, and never again', async () => {
    const dataFile = join(folder, 'seed.sqlite')
    const first = await startWebshopSandbox({ dataFile, seed: 'customers' })
    const client = clientOf(first.baseUrl)
    const seeded = (await readAll(client)).items
    const { id, version } = seeded[0]
    await client.remove(id, version)
    await first.close()
    const second = await startWebshopSandbox({ dataFile, seed: 'customers' })
    const count = await countOf(clientOf(second.baseUrl))
    await second.close()
    expect(seeded.length).toBeGreaterThan(100)
    expect(count).toBe(seeded.length - 1)
  })

  test('a database that was put back never gives an old version new content', async () => {
    const dataFile = join(folder, 'copied.sqlite')
    const first = await startWebshopSandbox({ dataFile })
    const { body: created } = await clientOf(first.baseUrl).create(company('A'))
    await first.close()
    copyFileSync(dataFile, `${dataFile}.copy`)
    const versions = []
    for (const phone of ['1', '2']) {
      copyFileSync(`${dataFile}.copy`, dataFile)
      const sandbox = await startWebshopSandbox({ dataFile })
      const answer = await clientOf(sandbox.baseUrl).patch(created.id, created.version, { phone })
      versions.push(answer.body.version)
      await sandbox.close()
    }
    expect(new Set(versions).size).toBe(2)
  })

  test('a second sandbox on the same file is refused with one sentence, and may start when the first has closed', async () => {
    const dataFile = join(folder, 'shared.sqlite')
    const first = await startWebshopSandbox({ dataFile })
    await expect(startWebshopSandbox({ dataFile })).rejects.toThrow(
      `The data file ${dataFile} is in use by another webshop sandbox: stop that one, or set KOBLING_DATA_DIR to another folder.`,
    )
    await first.close()
    const second = await startWebshopSandbox({ dataFile })
    await second.close()
  })
})

describe('bulk inserts and the page for people', () => {
  test('customers put in by another process keep their dirt and appear in the feed', async () => {
    await withShop({}, async (client) => {
      const dirty = { kind: 'person', firstName: ' kari ', email: 'no address', guest: true, erpId: 'customer:1' }
      const answer = await client.admin('POST', '/customers/bulk', [dirty, company('A'), company('A')])
      expect([answer.status, answer.body]).toEqual([201, { ids: ['c-000001', 'c-000002', 'c-000003'] }])
      expect((await readAll(client)).items).toEqual([
        expect.objectContaining({ ...dirty, lastName: null, active: true, address: null }),
        expect.objectContaining({ id: 'c-000002', name: 'A' }),
        expect.objectContaining({ id: 'c-000003', name: 'A' }),
      ])
      const wrong = await client.admin('POST', '/customers/bulk', [company('A'), { kind: 'person', colour: 'red' }])
      expect([wrong.body.errors, await countOf(client)]).toEqual([
        [{ pointer: '/1/colour', detail: 'There is no colour here.' }],
        3,
      ])
    })
  })

  test('10,000 customers can be read in pages of 500', async () => {
    await withShop({}, async (client, { insertCustomers }) => {
      const ids = insertCustomers(Array.from({ length: 10_000 }, (_, index) => company(`Firma ${index}`)))
      const { items } = await readAll(client)
      expect(items.map((item: Json) => item.id)).toEqual(ids)
      expect((await client.admin('GET', '/counts')).body.byRoute).toEqual({ 'GET /api/customers': 20 })
    })
  })

  test('people search by part of a name, whatever its case; markup is shown, not run; departments have a list of their own', async () => {
    await withShop({}, async (client, { insertCustomers }) => {
      insertCustomers([
        company('Ærlig Ås <script>alert(1)</script>'),
        company('Bergen'),
        { kind: 'department', name: 'Åsane' },
      ])
      const page = async (path: string): Promise<string> => (await client.get(path, { key: null })).body
      const found = await page('/customers?q=%C3%86RLIG%20%C3%A5s')
      expect(found).toContain('Ærlig Ås &lt;script&gt;alert(1)&lt;/script&gt;')
      expect(found).not.toContain('<script>')
      expect(found).not.toContain('Bergen')
      expect(await page('/customers')).not.toContain('Åsane')
      expect(await page('/departments')).toContain('Åsane')
      expect(await page('/customers?q=%22%3E%3Cb%3E')).toContain('value="&quot;&gt;&lt;b&gt;"')
    })
  })
})
