import { describe, expect, test } from 'vitest'
import type { RequestContext } from '../../activities/connector.ts'
import type { SystemNames } from '../../activities/http/answer-meaning.ts'
import type { Exchange, Exchanger, OutgoingRequest } from '../../activities/http/exchange.ts'
import { createHttpClient, type HttpClient, type HttpClientOptions } from '../../activities/http/http-client.ts'
import { createRateLimiter } from '../../activities/http/rate-limiter.ts'
import { createSimulatedClock, type SimulatedClock } from './simulated-clock.ts'
import { troubleOf } from './system-under-test.ts'

const system: SystemNames = {
  side: 'shop',
  name: 'The webshop',
  urlSetting: 'WEBSHOP_BASE_URL',
  keysToCheck: 'WEBSHOP_API_KEY',
  missingRight: (label) => `The webshop refuses ${label}: ask the shop.`,
}

const context: RequestContext = { signal: new AbortController().signal, priority: 'live' }

function answer(status: number, body: string, headers: Readonly<Record<string, string>> = {}): Exchange {
  const isJson = body !== '' && body !== 'half'
  return {
    kind: 'answer',
    status,
    headers,
    text: body,
    isJson,
    json: isJson ? (JSON.parse(body) as unknown) : undefined,
  }
}

const silence = (why: 'timeout' | 'notReached' | 'brokenOff', code: string): Exchange => ({
  kind: 'noAnswer',
  why,
  code,
})
const fine = answer(200, '{"fine":true}')

interface Scripted {
  readonly client: HttpClient
  readonly clock: SimulatedClock
  readonly sent: { readonly atMs: number; readonly request: OutgoingRequest }[]
}

/** A client whose exchanges are written down beforehand; the last one is repeated. Each takes 10 ms. */
function scripted(
  exchanges: readonly Exchange[],
  { clock = createSimulatedClock(), ...options }: Partial<HttpClientOptions> & { clock?: SimulatedClock } = {},
): Scripted {
  const sent: { atMs: number; request: OutgoingRequest }[] = []
  const exchanger: Exchanger = {
    send: (request) => {
      const exchange = exchanges[Math.min(sent.length, exchanges.length - 1)]
      sent.push({ atMs: clock.nowMs(), request })
      return new Promise((resolve) => clock.after(10, () => exchange && resolve(exchange)))
    },
  }
  const client = createHttpClient({
    system,
    baseUrl: 'http://shop.test',
    limiter: createRateLimiter({ requestsPerSecond: null, clock }),
    credentials: { headers: () => Promise.resolve({ authorization: 'Bearer secret' }), renew: () => false },
    exchanger,
    clock,
    random: () => 0.5,
    ...options,
  })
  return { client, clock, sent }
}

const times = ({ sent }: Scripted) => sent.map(({ atMs }) => Math.round(atMs))

async function finished<T>({ clock }: Scripted, work: Promise<T>): Promise<T> {
  work.catch(() => undefined)
  await clock.advance(120_000)
  return work
}

describe('a reading', () => {
  test('is tried three times with growing pauses, then the trouble is told', async () => {
    const script = scripted([answer(500, '{}')])
    const trouble = await troubleOf(finished(script, script.client.read({ path: '/api/a' }, context)))
    expect(trouble).toEqual({
      type: 'Unreachable',
      where: 'shop',
      message:
        'The webshop answered GET /api/a with status 500: check that it is up and that WEBSHOP_BASE_URL is right; work goes on by itself once it answers.',
    })
    expect(times(script)).toEqual([0, 260, 770])
  })

  test('waits as long as a 503 asks for, and hands a longer wait on', async () => {
    const short = scripted([answer(503, '{}', { 'retry-after': '3' }), fine])
    expect(await finished(short, short.client.read({ path: '/a' }, context))).toMatchObject({ status: 200 })
    expect(times(short)).toEqual([0, 3010])
    const long = scripted([answer(503, '{}', { 'retry-after': '30' }), fine])
    expect(await troubleOf(finished(long, long.client.read({ path: '/a' }, context)))).toMatchObject({
      type: 'Unreachable',
    })
    expect(times(long)).toEqual([0])
  })

  test.each([
    ['Retry-After in seconds', { 'retry-after': '4' }, '{}', 4_000],
    [
      'the message of the gateway',
      {},
      '{"statusCode":"429","message":"Rate limit is exceeded. Try again in 7 seconds."}',
      7_000,
    ],
    ['nothing at all, which means two seconds', {}, '', 2_000],
  ])('after a 429 waits by %s', async (_title, headers, body, waitMs) => {
    const script = scripted([answer(429, body, headers), fine])
    await finished(script, script.client.read({ path: '/a' }, context))
    const [, second = 0] = times(script)
    expect(second).toBeGreaterThanOrEqual(waitMs + 10)
    expect(second).toBeLessThanOrEqual(waitMs + 10 + 250)
  })

  test('a 429 holds every other request back too', async () => {
    const script = scripted([answer(429, '', { 'retry-after': '2' }), fine])
    const first = script.client.read({ path: '/a' }, context)
    await script.clock.advance(20)
    const second = script.client.write({ method: 'POST', path: '/b', headers: {}, body: '{}' }, context)
    await finished(script, Promise.all([first, second]))
    expect(times(script)[1]).toBeGreaterThanOrEqual(2_010)
    expect(times(script)).toHaveLength(3)
  })

  test('does not try again for what trying does not change', async () => {
    for (const [exchange, type] of [
      [answer(401, ''), 'NotAuthorised'],
      [answer(403, '{}'), 'NotAuthorised'],
      [answer(301, '', { location: 'http://elsewhere.test' }), 'ContractChanged'],
      [answer(404, 'half'), 'ContractChanged'],
      [answer(404, '{"statusCode":404,"message":"Resource not found"}'), 'ContractChanged'],
      [answer(415, '{}'), 'ContractChanged'],
    ] as const) {
      const script = scripted([exchange])
      expect(await troubleOf(finished(script, script.client.read({ path: '/a' }, context)))).toMatchObject({ type })
      expect(script.sent).toHaveLength(1)
    }
  })

  test('a 404 and a 410 about a record are answers', async () => {
    for (const exchange of [
      answer(404, '{"title":"Object(s) not found"}'),
      answer(404, ''),
      answer(410, '{"type":"gone"}'),
    ]) {
      const script = scripted([exchange])
      expect(await finished(script, script.client.read({ path: '/a' }, context))).toBe(exchange)
    }
  })

  test('no new try begins once one and a half time limits are over', async () => {
    const script = scripted([silence('timeout', 'ETIMEDOUT')], { timeoutMs: 6 })
    await troubleOf(finished(script, script.client.read({ path: '/a' }, context)))
    expect(script.sent).toHaveLength(1)
  })

  test('joins an equal one that waits for its turn, and not one that was sent before it was asked', async () => {
    const clock = createSimulatedClock()
    const script = scripted([fine], { clock, limiter: createRateLimiter({ requestsPerSecond: 10, clock }) })
    const read = (id: string) => script.client.read({ path: '/a', query: [['id', id]] }, context)
    const sent = read('1')
    await clock.advance(1)
    const [waiting, joined, other] = [read('1'), read('1'), read('2')]
    await clock.advance(60_000)
    await Promise.all([sent, waiting, joined, other])
    expect(script.sent.map(({ request }) => request.url)).toEqual([
      'http://shop.test/a?id=1',
      'http://shop.test/a?id=1',
      'http://shop.test/a?id=2',
    ])
  })

  test('that is answered slowly does not hide what changed since it was sent from whoever asks later', async () => {
    let shown = 'before'
    const clock = createSimulatedClock()
    const exchanger: Exchanger = {
      send: () => {
        const exchange = answer(200, JSON.stringify({ shown }))
        return new Promise((resolve) => clock.after(3_000, () => resolve(exchange)))
      },
    }
    const { client } = scripted([], { clock, exchanger })
    const early = client.read({ path: '/a' }, context)
    await clock.advance(1_000)
    shown = 'after'
    const late = client.read({ path: '/a' }, context)
    await clock.advance(10_000)
    expect([(await early).json, (await late).json]).toEqual([{ shown: 'before' }, { shown: 'after' }])
  })

  test('that began while a write was under way is not joined after it', async () => {
    const script = scripted([fine])
    const writing = script.client.write({ method: 'PATCH', path: '/a', headers: {}, body: '{}' }, context)
    await script.clock.advance(5)
    const during = script.client.read({ path: '/a' }, context)
    await script.clock.advance(6)
    await writing
    const after = script.client.read({ path: '/a' }, context)
    await finished(script, Promise.all([during, after]))
    expect(script.sent.map(({ request }) => request.method)).toEqual(['PATCH', 'GET', 'GET'])
  })

  test('goes on for the others when one of those who share it is cancelled', async () => {
    const script = scripted([fine])
    const leaving = new AbortController()
    const left = script.client.read({ path: '/a' }, { ...context, signal: leaving.signal })
    const stayed = script.client.read({ path: '/a' }, context)
    leaving.abort(new Error('the activity was cancelled'))
    await expect(left).rejects.toThrow('the activity was cancelled')
    expect(await finished(script, stayed)).toMatchObject({ status: 200 })
    expect(script.sent).toHaveLength(1)
  })

  test('a plus sign and a comma reach the server as they are meant', async () => {
    const script = scripted([fine])
    await finished(script, script.client.read({ path: '/a', query: [['since', '2026-01-01T00:00:00+02:00']] }, context))
    expect(script.sent[0]?.request.url).toBe('http://shop.test/a?since=2026-01-01T00%3A00%3A00%2B02%3A00')
  })
})

describe('a write', () => {
  const write = (script: Scripted) =>
    script.client.write({ method: 'POST', path: '/a', headers: {}, body: '{}' }, context)

  test.each([
    ['500', answer(500, '{}')],
    ['503 with Retry-After', answer(503, '{}', { 'retry-after': '1' })],
    ['408', answer(408, '{}')],
    ['a timeout', silence('timeout', 'ETIMEDOUT')],
    ['a reset', silence('brokenOff', 'ECONNRESET')],
    ['half a body', answer(201, 'half')],
  ])('is uncertain after %s and never repeated', async (_title, exchange) => {
    const script = scripted([exchange, fine])
    expect(await finished(script, write(script))).toMatchObject({ kind: 'uncertain' })
    expect(script.sent).toHaveLength(1)
  })

  test('that reached nobody is trouble', async () => {
    const script = scripted([silence('notReached', 'ECONNREFUSED')])
    expect(await troubleOf(finished(script, write(script)))).toMatchObject({ type: 'Unreachable' })
  })

  test('is repeated after a 429, three times at most', async () => {
    const script = scripted([answer(429, '', { 'retry-after': '1' })])
    expect(await troubleOf(finished(script, write(script)))).toMatchObject({ type: 'RateLimited' })
    expect(script.sent).toHaveLength(3)
    const healed = scripted([answer(429, ''), answer(429, ''), fine])
    expect(await finished(healed, write(healed))).toBe(fine)
  })

  test('E18: is not sent by an attempt that slept while the write waited for its turn', async () => {
    const script = scripted([answer(429, '', { 'retry-after': '1' }), fine])
    let asked = 0
    const assertAlive = () => {
      if (++asked === 2) throw new Error('asleep')
    }
    const request = { method: 'POST', path: '/a', headers: {}, body: '{}' } as const
    await expect(finished(script, script.client.write(request, { ...context, assertAlive }))).rejects.toThrow('asleep')
    expect(script.sent).toHaveLength(1)
    // Its turn was given back: whoever is alive goes on.
    expect(await finished(script, write(script))).toBe(fine)
  })

  test('answered without a body is done, and a refusal is an answer', async () => {
    for (const exchange of [answer(204, ''), answer(200, ''), answer(422, '{"title":"no"}'), answer(409, '{}')]) {
      const script = scripted([exchange])
      expect(await finished(script, write(script))).toBe(exchange)
    }
  })
})

describe('credentials', () => {
  test('are renewed once after a 401 and the request is sent again with the new ones', async () => {
    let issued = 1
    const script = scripted([answer(401, ''), fine], {
      credentials: {
        headers: () => Promise.resolve({ authorization: `Bearer ${issued}` }),
        renew: () => {
          issued += 1
          return true
        },
      },
    })
    await finished(script, script.client.write({ method: 'POST', path: '/a', headers: {}, body: '{}' }, context))
    expect(script.sent.map(({ request }) => request.headers['authorization'])).toEqual(['Bearer 1', 'Bearer 2'])
  })

  test('that are refused twice are NotAuthorised', async () => {
    const script = scripted([answer(401, '')], {
      credentials: { headers: () => Promise.resolve({}), renew: () => true },
    })
    expect(await troubleOf(finished(script, script.client.read({ path: '/a' }, context)))).toMatchObject({
      type: 'NotAuthorised',
    })
    expect(script.sent).toHaveLength(2)
  })
})

test('the clock offset comes from the Date header and ignores what the header cannot tell', async () => {
  const dated = async (aheadMs: number) => {
    const script = scripted([answer(200, '{}', { date: new Date(Date.now() + aheadMs).toUTCString() })])
    await finished(script, script.client.read({ path: '/a' }, context))
    return script.client.clockOffsetMs()
  }
  expect(await dated(0)).toBe(0)
  expect(Math.abs((await dated(90_000)) - 90_000)).toBeLessThan(2_000)
  expect(Math.abs((await dated(-90_000)) + 90_000)).toBeLessThan(2_000)
})

describe('what a caller can do without', () => {
  const forbidden = answer(403, '{}')

  test('a 403 is an answer to whoever takes it, and trouble to everybody else', async () => {
    const { client, clock } = scripted([forbidden])
    const taken = client.read({ path: '/invoices', takesForbidden: true }, context)
    const trouble = troubleOf(client.read({ path: '/invoices' }, context))
    await clock.advance(100)
    expect(await taken).toMatchObject({ status: 403 })
    expect(await trouble).toMatchObject({ type: 'NotAuthorised' })
  })

  test('a deletion has no body, and may be answered without one', async () => {
    const { client, clock, sent } = scripted([answer(200, '')])
    const gone = client.write({ method: 'DELETE', path: '/orders/1', headers: {}, body: null }, context)
    await clock.advance(100)
    expect(await gone).toMatchObject({ status: 200 })
    expect(sent.map(({ request }) => [request.method, request.body])).toEqual([['DELETE', null]])
  })
})
