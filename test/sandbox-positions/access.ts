import { expect } from 'vitest'
import type { SwitchChanges } from '../../sandbox/poweroffice/settings.ts'
import type { Shop } from '../sandbox-poweroffice-orders-fixtures.ts'
import { requestToken } from '../sandbox-poweroffice-support.ts'
import { ask, newCustomer, type PositionChecks } from './position-checks.ts'

type AccessSwitch =
  | 'rateLimit'
  | 'retryAfter'
  | 'throttleBody'
  | 'throttledWriteExecuted'
  | 'tokenCallsCounted'
  | 'tokenLifetime'
  | 'tokenRevokedEarly'
  | 'body401'
  | 'body401Subscription'
  | 'body403'
  | 'allowSendInvoice'
  | 'outgoingInvoiceRole'
  | 'missingPrivileges'
  | 'clockSkewMs'
  | 'latencyMs'
  | 'latencyJitterMs'

const list = (shop: Shop) => shop.api.get('/Customers?PageSize=1')

/** How many of so many readings were refused for coming too fast. */
const refusals = async (shop: Shop, readings: number) => {
  const answers: number[] = []
  while (answers.length < readings) answers.push((await list(shop)).status)
  return answers.filter((status) => status === 429).length
}

const throttled = async (shop: Shop) => {
  shop.set({ rateLimit: 1 })
  await list(shop)
  return list(shop)
}

const executedAlthoughThrottled = async (shop: Shop) => {
  shop.set({ rateLimit: 1 })
  await list(shop)
  const before = shop.api.sandbox.customers.count()
  expect((await newCustomer(shop)).status).toBe(429)
  return shop.api.sandbox.customers.count() - before
}

const tokenAfterAReading = async (shop: Shop) => {
  shop.set({ rateLimit: 1 })
  await list(shop)
  return (await requestToken(shop.api.sandbox)).status
}

interface Token {
  readonly access_token: string
  readonly expires_in: number
}

const token = async (shop: Shop): Promise<Token> => (await (await requestToken(shop.api.sandbox)).json()) as Token

const statusWith = async (shop: Shop, { access_token: text }: Token) =>
  (await shop.api.request('GET', '/Customers?PageSize=1', { headers: { Authorization: `Bearer ${text}` } })).status

const anonymous = (shop: Shop) => shop.api.request('GET', '/Customers', { headers: { Authorization: undefined } })
const wrongKey = (shop: Shop) =>
  shop.api.request('GET', '/Customers', { headers: { 'Ocp-Apim-Subscription-Key': 'wrong' } })
const withoutRole = (shop: Shop) => {
  shop.set({ missingPrivileges: ['Customer_Full'] })
  return shop.api.post('/Customers', {})
}

const sentInvoice = async (shop: Shop) => {
  const { Id: id } = await shop.create({ SalesOrderLines: [{ Description: 'x' }] })
  return ask(shop, 'POST', `/SalesOrders/${id}/createAndSendInvoice`, {})
}

const invoiceProbe = async (shop: Shop) =>
  (await ask(shop, 'GET', '/OutgoingInvoices/0b0e7e0e-0000-4000-8000-000000000000')).status

const behindMs = async (shop: Shop) =>
  Date.now() - Date.parse(String((await newCustomer(shop)).json['LastChangedDateTimeOffset']))

const millisecondsOf = async (shop: Shop, readings: number) => {
  const times: number[] = []
  while (times.length < readings) {
    const started = performance.now()
    await list(shop)
    times.push(performance.now() - started)
  }
  return times
}

/** What the machine does besides only makes answers later: the shortest is the sandbox's own. */
const shortestMs = async (shop: Shop, switches: SwitchChanges) => {
  shop.set(switches)
  return Math.min(...(await millisecondsOf(shop, 5)))
}

export const access: PositionChecks<AccessSwitch> = {
  rateLimit: {
    '10': async (shop) => {
      shop.set({ rateLimit: 10 })
      expect(await refusals(shop, 40)).toBeGreaterThan(0)
    },
    off: async (shop) => expect(await refusals(shop, 40)).toBe(0),
  },
  retryAfter: {
    sent: async (shop) => expect((await throttled(shop)).headers.get('retry-after')).toMatch(/^\d+$/),
    notSent: async (shop) => {
      const answer = await throttled(shop)
      expect([answer.status, answer.headers.has('retry-after')]).toEqual([429, false])
    },
  },
  throttleBody: {
    gateway: async (shop) =>
      expect((await throttled(shop)).text).toMatch(/^\{"statusCode":"429","message":"Rate limit/),
    numericStatusCode: async (shop) => expect((await throttled(shop)).text).toMatch(/^\{"statusCode":429,"message":/),
    problem: async (shop) => expect((await throttled(shop)).text).toMatch(/"title":"Too Many Requests","status":429/),
    empty: async (shop) => expect(await throttled(shop)).toMatchObject({ status: 429, text: '' }),
  },
  throttledWriteExecuted: {
    no: async (shop) => expect(await executedAlthoughThrottled(shop)).toBe(0),
    yes: async (shop) => expect(await executedAlthoughThrottled(shop)).toBe(1),
  },
  tokenCallsCounted: {
    yes: async (shop) => expect(await tokenAfterAReading(shop)).toBe(429),
    no: async (shop) => expect(await tokenAfterAReading(shop)).toBe(200),
  },
  tokenLifetime: {
    '1200': async (shop) => expect((await token(shop)).expires_in).toBe(1200),
    '1': async (shop) => {
      shop.set({ tokenLifetime: 1 })
      const short = await token(shop)
      expect([short.expires_in, await statusWith(shop, short)]).toEqual([1, 200])
      await expect.poll(() => statusWith(shop, short), { timeout: 10_000 }).toBe(401)
    },
  },
  tokenRevokedEarly: {
    off: async (shop) => expect(await statusWith(shop, await token(shop))).toBe(200),
    '1': async (shop) => {
      const given = await token(shop)
      expect([given.expires_in, await statusWith(shop, given)]).toEqual([1200, 200])
      shop.set({ tokenRevokedEarly: 1 })
      await expect.poll(() => statusWith(shop, given), { timeout: 10_000 }).toBe(401)
      expect(await statusWith(shop, await token(shop))).toBe(200)
    },
  },
  body401: {
    empty: async (shop) => expect(await anonymous(shop)).toMatchObject({ status: 401, text: '' }),
    gateway: async (shop) => expect((await anonymous(shop)).json).toMatchObject({ statusCode: '401' }),
    problem: async (shop) => expect((await anonymous(shop)).json).toMatchObject({ title: 'Unauthorized', status: 401 }),
  },
  body401Subscription: {
    gateway: async (shop) => expect((await wrongKey(shop)).json).toMatchObject({ statusCode: '401' }),
    empty: async (shop) => expect(await wrongKey(shop)).toMatchObject({ status: 401, text: '' }),
  },
  body403: {
    empty: async (shop) => expect(await withoutRole(shop)).toMatchObject({ status: 403, text: '' }),
    problem: async (shop) =>
      expect(await withoutRole(shop)).toMatchObject({ status: 403, json: { title: 'Forbidden' } }),
  },
  allowSendInvoice: {
    granted: async (shop) => expect((await sentInvoice(shop)).status).toBe(202),
    missing: async (shop) =>
      expect(await sentInvoice(shop)).toMatchObject({ status: 400, json: { title: 'Missing privilege' } }),
  },
  outgoingInvoiceRole: {
    granted: async (shop) => expect(await invoiceProbe(shop)).toBe(404),
    missing: async (shop) => expect(await invoiceProbe(shop)).toBe(403),
  },
  missingPrivileges: {
    none: async (shop) => expect((await newCustomer(shop)).status).toBe(201),
    Customer_Full: async (shop) => {
      shop.set({ missingPrivileges: ['Customer_Full'] })
      expect([(await newCustomer(shop)).status, (await list(shop)).status]).toEqual([403, 200])
    },
  },
  clockSkewMs: {
    '0': async (shop) => expect(Math.abs(await behindMs(shop))).toBeLessThan(60_000),
    '-3600000': async (shop) => {
      shop.set({ clockSkewMs: -3_600_000 })
      expect(Math.abs((await behindMs(shop)) - 3_600_000)).toBeLessThan(60_000)
    },
    '3600000': async (shop) => {
      shop.set({ clockSkewMs: 3_600_000 })
      expect(Math.abs((await behindMs(shop)) + 3_600_000)).toBeLessThan(60_000)
    },
  },
  latencyMs: {
    '0': async (shop) => {
      const without = await shortestMs(shop, { latencyMs: 0 })
      expect(without).toBeLessThan(await shortestMs(shop, { latencyMs: 120 }))
    },
    '120': async (shop) => expect(await shortestMs(shop, { latencyMs: 120 })).toBeGreaterThan(110),
  },
  latencyJitterMs: {
    '0': async (shop) => {
      const without = await shortestMs(shop, { latencyMs: 120, latencyJitterMs: 0 })
      expect(without).toBeLessThan(await shortestMs(shop, { latencyMs: 600 }))
    },
    '300': async (shop) => {
      shop.set({ latencyJitterMs: 300 })
      // Evenly between nothing and 300 ms: all of ten below 30 ms is one chance in ten thousand millions.
      expect(Math.max(...(await millisecondsOf(shop, 10)))).toBeGreaterThan(30)
    },
  },
}
