import { beforeEach, describe, expect, test } from 'vitest'
import { CommandFailure } from '../client/command-failure.ts'
import { consoleApp } from '../client/console/app.ts'
import type { FlowWatch } from '../client/console/flow-watch.ts'
import { pairRecords } from '../client/console/pairs.ts'
import { type SystemRecords, SystemRefusal } from '../client/console/systems/system-records.ts'
import { noReferences } from '../client/console/values/references.ts'
import type { FlowDesk } from '../client/flow-desk.ts'
import type { FlowReport } from '../client/status-report.ts'
import { customers } from '../flows/customers.ts'
import { decodeRow } from '../flows/row-codec.ts'
import { readSettings } from '../flows/settings.ts'
import type { FlowStatus, InboxEntry } from '../workflows/messages.ts'
import { cannedStatus } from './fixtures/fake-flow/canned-status.ts'

const now = 1_800_000_000_000
const origin = 'http://127.0.0.1:4040'
const realSystems = {
  POWEROFFICE_BASE_URL: 'https://goapi.poweroffice.net/v2',
  POWEROFFICE_APPLICATION_KEY: 'secret-a',
  POWEROFFICE_CLIENT_KEY: 'secret-b',
  POWEROFFICE_SUBSCRIPTION_KEY: 'secret-c',
  WEBSHOP_BASE_URL: 'https://shop.example',
  WEBSHOP_API_KEY: 'secret-d',
}

const erp = new Map([
  ['1', { id: '1', json: { Id: 1, IsPerson: false, Name: '<b>Fjord</b> AS', EmailAddress: 'a@a.no', IsActive: true } }],
])
const shop = new Map([
  ['c-1', { id: 'c-1', json: { id: 'c-1', kind: 'company', name: 'Fjord AS', email: 'a@a.no', active: true } }],
])
const ambiguous: InboxEntry = {
  id: 'erp:1',
  pile: 'needsYou',
  reason: 'ambiguous',
  erpId: '1',
  shopId: null,
  label: '',
  detail: 'Two have <i>one</i> e-mail.',
  wayOut: 'Link by hand.',
  field: null,
  others: ['erp:1', 'shop:c-1', 'shop:c-2'],
  since: now - 1000,
  attempts: 3,
}

/** What the pages asked for and ordered. */
let orders: string[]
let failure: Error | null

beforeEach(() => {
  orders = []
  failure = null
})

function records(side: 'erp' | 'shop'): SystemRecords {
  const all = side === 'erp' ? erp : shop
  return {
    readAll: async () => all,
    find: async (id) => all.get(id),
    edit: async (id, edit) => {
      if (failure !== null) throw failure
      orders.push(`edit ${side} ${id} ${JSON.stringify(edit)}`)
      return { id, json: {} }
    },
  }
}

function watch(
  options: { status?: Partial<FlowStatus>; report?: Partial<FlowReport>; inbox?: InboxEntry[]; real?: boolean } = {},
): FlowWatch {
  const status = { ...cannedStatus('default'), ...options.status }
  const order =
    (name: string) =>
    async (...args: unknown[]): Promise<never> => {
      if (failure !== null) throw failure
      orders.push(`${name} ${JSON.stringify(args[0])}`)
      return 'done' as never
    }
  const names = [
    'start',
    'stop',
    'pause',
    'resume',
    'approve',
    'link',
    'unlink',
    'retry',
    'approveDelete',
    'create',
  ] as const
  const desk = {
    definition: customers,
    workflowId: 'default.customers',
    ...Object.fromEntries(names.map((name) => [name, order(name)])),
  } as unknown as FlowDesk
  return {
    definition: customers,
    desk,
    systems: options.real === true ? { erp: null, shop: null } : { erp: records('erp'), shop: records('shop') },
    report: async () => ({
      flow: 'customers',
      title: customers.title,
      existence: 'running',
      linked: 1,
      created: 0,
      needsPerson: options.inbox?.length ?? 0,
      waits: 0,
      problem: null,
      failing: null,
      status,
      ...options.report,
    }),
    inbox: async () => options.inbox ?? [],
    pairs: async () => {
      if (failure !== null) throw failure
      return pairRecords(customers, [decodeRow(JSON.stringify(['l', '1', 'c-1', '', '']))], { erp, shop })
    },
    references: async () => noReferences,
    items: null,
    itemsOf: async () => [],
    expire: () => {
      orders.push('expire')
    },
  }
}

function site(options: Parameters<typeof watch>[0] & { env?: Record<string, string> } = {}) {
  const settings = readSettings(options.env ?? {})
  const app = consoleApp({ settings, watches: [watch(options)], now: () => now })
  return {
    get: (path: string, headers: Record<string, string> = {}) =>
      app.request(`${origin}${path}`, { headers: { host: '127.0.0.1:4040', ...headers } }),
    post: (path: string, fields: Record<string, string>, headers: Record<string, string> = {}) =>
      app.request(`${origin}${path}`, {
        method: 'POST',
        body: new URLSearchParams(fields),
        headers: { host: '127.0.0.1:4040', origin, ...headers },
      }),
  }
}

const pageOf = async (answer: Response | Promise<Response>) => (await answer).text()

describe('pages', () => {
  test('escape what systems hold', async () => {
    const page = await pageOf(site({ inbox: [ambiguous] }).get('/flows/customers'))
    expect(page).toContain('&lt;b&gt;Fjord')
    expect(page).toContain('Two have &lt;i&gt;one')
    expect(page).not.toMatch(/<b>Fjord|<i>one/)
  })

  test('show both sides of a pair, and mark the fields that differ', async () => {
    const page = await pageOf(site().get('/flows/customers'))
    expect(page).toContain('id="pair-1-c-1"')
    expect(page.match(/class="w6 differs label"/g)).toHaveLength(2)
    expect(page).toContain('title="1 fields differ"')
    expect(page).toContain('href="http://127.0.0.1:4010/customers/1"')
    expect(page).toContain('href="http://127.0.0.1:4020/customers/c-1"')
  })

  test('mark what just moved, on the side that was written, with the arrow of its way', async () => {
    const recent = [
      { at: now - 3000, kind: 'updated', to: 'erp', erpId: '1', shopId: 'c-1', fields: ['email'], label: 'Fjord' },
    ] as const
    const page = await pageOf(site({ status: { recent } }).get('/flows/customers'))
    expect(page.match(/<dd class="moved"/g)).toHaveLength(1)
    expect(page).toContain('aria-label="Webshop to PowerOffice"')
  })

  test('give each inbox entry its ways out: a button for every pair that an ambiguous case could make', async () => {
    const page = await pageOf(site({ inbox: [ambiguous] }).get('/flows/customers'))
    expect(page.match(/action="\/flows\/customers\/link"/g)).toHaveLength(2)
    expect(page).toMatch(/name="shopId" value="c-2"/)
    expect(page).toContain('Try again')
  })

  test('offer the buttons that fit the phase', async () => {
    const buttons = async (status: Partial<FlowStatus>) =>
      [...(await pageOf(site({ status }).get('/flows/customers'))).matchAll(/name="order" value="(\w+)"/g)].map(
        ([, order]) => order,
      )
    const reason = (kind: 'person' | 'firstContact') =>
      ({ phase: 'paused', pauseReasons: [{ kind, by: 'x', why: '', at: now }] }) as const
    expect(await buttons({})).toEqual(['pause'])
    expect(await buttons(reason('person'))).toEqual(['resume'])
    expect(await buttons(reason('firstContact'))).toEqual(['approve'])
    expect(await buttons({ phase: 'stopped' })).toEqual(['start'])
  })

  test('of real systems show ids and say that values are seen there; nothing can be edited and no key is shown', async () => {
    const page = await pageOf(site({ real: true, env: realSystems }).get('/flows/customers'))
    expect(page).toContain('PowerOffice and the webshop are real systems')
    expect(page).not.toContain('data-edit')
    expect(page).not.toMatch(/href="[^"]*\/customers\/(1|c-1)"/)
    expect(page).not.toContain('secret-')
  })

  test('still stand when a system does not answer, with its sentence', async () => {
    failure = new SystemRefusal('PowerOffice does not answer at http://127.0.0.1:4010: is it running?')
    const answer = await site().get('/flows/customers')
    expect(answer.status).toBe(200)
    expect(await answer.text()).toContain('PowerOffice does not answer')
  })

  test('of a flow that does not run say what to do', async () => {
    const report = {
      status: null,
      existence: 'notStarted',
      problem: 'Not started: run `kobling start customers`.',
    } as const
    const page = await pageOf(site({ report }).get('/'))
    expect(page).toContain('not started')
    expect(page).toContain('value="start"')
  })

  test('that do not exist are 404 with a way back', async () => {
    expect((await site().get('/nowhere')).status).toBe(404)
    const unknown = await site().get('/flows/invoices')
    expect([unknown.status, await unknown.text()]).toEqual([404, expect.stringContaining('the flows are customers')])
  })

  test('show the inbox of all flows, each entry with its flow, and a way to create a counterpart anyway', async () => {
    const page = await pageOf(site({ inbox: [ambiguous] }).get('/inbox'))
    expect(page).toContain('<a class="tag" href="/flows/customers">Customers</a>')
    expect([...page.matchAll(/name="key" value="([^"]+)"/g)].map(([, key]) => key)).toEqual([
      'erp:1',
      'shop:c-1',
      'shop:c-2',
    ])
    expect(await pageOf(site({ inbox: [] }).get('/inbox'))).toContain('Nothing needs you, nothing waits.')
  })

  test('say what a first load waits for, and why a flow rests', async () => {
    const status = { phase: 'initial', waitsFor: 'its first load begins when that of products has ended' } as const
    expect(await pageOf(site({ status }).get('/flows/customers'))).toContain('when that of products has ended')
    expect(await pageOf(site({ status: { idle: 'The webshop has no departments.' } }).get('/'))).toContain(
      'The webshop has no departments.',
    )
  })

  test('say what a system does not offer', async () => {
    const limits = 'The webshop does not offer to edit customers: edits in PowerOffice stay there.'
    expect(await pageOf(site({ status: { limits } }).get('/flows/customers'))).toContain(limits)
  })

  test('are not sent again when nothing has changed', async () => {
    const etag = (await site().get('/flows/customers')).headers.get('etag') ?? ''
    expect((await site().get('/flows/customers', { 'if-none-match': etag })).status).toBe(304)
  })
})

describe('orders', () => {
  test('go to the flow, and what is shown next is read anew', async () => {
    const answer = await site().post('/flows/customers/order', { order: 'pause' })
    expect([answer.status, answer.headers.get('location')]).toEqual([303, '/flows/customers'])
    expect(orders).toEqual([expect.stringMatching(/^pause \{"by":".+","why":"from the console"\}$/), 'expire'])
  })

  test('edit a record as a person would, part by part', async () => {
    const fields = { side: 'shop', id: 'c-1', field: 'address', 'part.city': 'Oslo', 'part.line2': '' }
    await site().post('/flows/customers/edit', fields)
    expect(orders[0]).toBe(
      'edit shop c-1 [{"path":"address.line2","value":null},{"path":"address.city","value":"Oslo"}]',
    )
  })

  test('retry, link, create and approve from the inbox', async () => {
    await site().post('/flows/customers/inbox', { order: 'retry', id: 'erp:1' })
    await site().post('/flows/customers/inbox', { order: 'approveDelete', id: 'erp:1' })
    await site().post('/flows/customers/link', { erpId: '1', shopId: 'c-1' })
    await site().post('/flows/customers/create', { key: 'shop:c-2' })
    expect(orders.filter((order) => order !== 'expire').map((order) => order.split(' ')[0])).toEqual([
      'retry',
      'approveDelete',
      'link',
      'create',
    ])
  })

  test('that fail give their sentence to the script, and a page to people without it', async () => {
    failure = new CommandFailure('No worker answers.')
    const quiet = await site().post('/flows/customers/order', { order: 'pause' }, { 'x-quiet': '1' })
    expect([quiet.status, await quiet.text()]).toEqual([409, 'No worker answers.'])
    const page = await site().post('/flows/customers/order', { order: 'pause' })
    expect([page.status, await page.text()]).toEqual([502, expect.stringContaining('No worker answers.')])
  })

  test('cannot edit what is fixed at creation, nor real systems', async () => {
    const kind = { side: 'erp', id: '1', field: 'kind', 'part.': 'person' }
    expect(await pageOf(site().post('/flows/customers/edit', kind, { 'x-quiet': '1' }))).toBe(
      'Kind is fixed when a record is created.',
    )
    const name = { side: 'erp', id: '1', field: 'name', 'part.': 'x' }
    expect(
      await pageOf(site({ real: true, env: realSystems }).post('/flows/customers/edit', name, { 'x-quiet': '1' })),
    ).toBe('Records of PowerOffice are edited there: the console writes to sandboxes only.')
    expect(orders).toEqual([])
  })
})

describe('who may come in', () => {
  test('pages of other sites change nothing', async () => {
    const foreign = { origin: 'https://evil.example' }
    const missing = { origin: '' }
    expect((await site().post('/flows/customers/order', { order: 'pause' }, foreign)).status).toBe(403)
    expect((await site().post('/flows/customers/order', { order: 'pause' }, missing)).status).toBe(403)
    expect(
      (await site().post('/flows/customers/order', { order: 'pause' }, { origin: 'http://127.0.0.1:4020' })).status,
    ).toBe(403)
    expect(orders).toEqual([])
  })

  test('without a token only names of this machine are answered, whatever they resolve to', async () => {
    expect((await site().get('/', { host: 'evil.example:4040' })).status).toBe(403)
    expect((await site().get('/', { host: 'localhost:4040' })).status).toBe(200)
  })

  test('a token opens the console to others, and is exchanged for a cookie that does not hold it', async () => {
    const env = { KOBLING_CONSOLE_TOKEN: 'open-sesame' }
    const host = { host: 'kobling.example' }
    expect((await site({ env }).get('/', host)).status).toBe(401)
    expect((await site({ env }).get('/?token=wrong', host)).status).toBe(401)
    const welcome = await site({ env }).get('/flows/customers?token=open-sesame&q=x', host)
    const cookie = welcome.headers.get('set-cookie') ?? ''
    expect([welcome.status, welcome.headers.get('location')]).toEqual([303, '/flows/customers?q=x'])
    expect(cookie).toMatch(/HttpOnly/)
    expect(cookie).not.toContain('open-sesame')
    expect((await site({ env }).get('/', { ...host, cookie: cookie.split(';')[0] ?? '' })).status).toBe(200)
    expect((await site({ env }).get('/', { ...host, authorization: 'Bearer open-sesame' })).status).toBe(200)
  })

  test('nothing is loaded from elsewhere, framed, or kept', async () => {
    const { headers } = await site().get('/')
    expect(headers.get('content-security-policy')).toContain("default-src 'none'")
    expect(headers.get('content-security-policy')).toContain("frame-ancestors 'none'")
    expect(headers.get('cache-control')).toBe('private, no-cache')
  })
})
