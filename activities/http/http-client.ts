import { setMaxListeners } from 'node:events'
import type { RequestContext } from '../connector.ts'
import { VendorTrouble } from '../vendor-trouble.ts'
import { decideMeaning, type Meaning, type SystemNames, throttled } from './answer-meaning.ts'
import { createClockOffset } from './clock-offset.ts'
import { createExchanger, type Exchanger, type HttpAnswer } from './exchange.ts'
import type { ConnectorLogger } from './logger.ts'
import { type MonotonicClock, monotonicClock, pause } from './monotonic-clock.ts'
import type { RateLimiter } from './rate-limiter.ts'
import { createSharedCalls } from './shared-calls.ts'

export type Query = readonly (readonly [string, string])[]

export interface ReadRequest {
  /** Appended to the base address; ids in it are encoded by the caller. */
  readonly path: string
  readonly query?: Query
  /** Path without ids, for messages and logs: `/Customers/{id}`. */
  readonly label?: string
  /** Long lists take their time; default: the client's. */
  readonly timeoutMs?: number
  /** A 403 is answered like any other 4xx: the caller can do without. Default: it is trouble. */
  readonly takesForbidden?: boolean
}

export interface WriteRequest {
  readonly method: 'POST' | 'PATCH' | 'DELETE'
  readonly path: string
  readonly label?: string
  readonly headers: Readonly<Record<string, string>>
  /** null: a DELETE has none. */
  readonly body: string | null
  /** A request that may be sent again like a reading (the token call). */
  readonly isRepeatable?: boolean
}

export type WriteResult = HttpAnswer | { readonly kind: 'uncertain'; readonly message: string }

export interface HttpClient {
  /** An answer with a status below 300, or a 4xx that is about one record. At most three tries. @throws VendorTrouble */
  read(request: ReadRequest, context: RequestContext): Promise<HttpAnswer>
  /** Sent once; again only after a 429, which means that it was not carried out. @throws VendorTrouble */
  write(request: WriteRequest, context: RequestContext): Promise<WriteResult>
  /** The system's clock minus ours. */
  clockOffsetMs(): number
}

export interface Credentials {
  headers(context: RequestContext): Promise<Readonly<Record<string, string>>>
  /** Called once after a 401 with the headers that were refused; true: new ones may be had. */
  renew(refused: Readonly<Record<string, string>>): boolean
}

export interface HttpClientOptions {
  readonly system: SystemNames
  readonly baseUrl: string
  readonly limiter: RateLimiter
  readonly credentials: Credentials
  readonly timeoutMs?: number
  readonly logger?: ConnectorLogger
  readonly exchanger?: Exchanger
  readonly clock?: MonotonicClock
  /** 0 up to 1. */
  readonly random?: () => number
}

export const defaultTimeoutMs = 10_000
const maxTries = 3
const firstBackoffMs = 250
/** Processes that share a key should not all come back in the same instant. */
const throttleJitterMs = 100
/** Longer waits belong to the flow (E17), and so does what is left after this share of the timeout. */
const maxWaitMs = 5_000
const budgetTimeouts = 1.5

interface Attempted {
  readonly method: 'GET' | 'POST' | 'PATCH' | 'DELETE'
  readonly path: string
  readonly query: Query
  readonly label: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: string | null
  readonly timeoutMs: number
  readonly takesForbidden: boolean
}

export function createHttpClient(options: HttpClientOptions): HttpClient {
  const { system, limiter, credentials, logger } = options
  const exchanger = options.exchanger ?? createExchanger()
  const clock = options.clock ?? monotonicClock
  const random = options.random ?? Math.random
  const timeoutMs = options.timeoutMs ?? defaultTimeoutMs
  const shared = createSharedCalls()
  const clockOffset = createClockOffset()

  /** One request with credentials, when the limiter lets it go. A 401 is tried once more with new credentials. */
  async function attempt(request: Attempted, context: RequestContext, onSend?: () => void): Promise<Meaning> {
    for (let isSecond = false; ; isSecond = true) {
      // Before the limiter's turn: the token call waits for a turn of its own.
      const authorisation = await credentials.headers(context)
      const meaning = await exchangeOnce(request, authorisation, context, onSend)
      if (meaning.kind !== 'unauthorised' || isSecond || !credentials.renew(authorisation)) return meaning
    }
  }

  async function exchangeOnce(
    request: Attempted,
    authorisation: Readonly<Record<string, string>>,
    context: RequestContext,
    onSend?: () => void,
  ): Promise<Meaning> {
    const grant = await limiter.acquire(context.priority, context.signal)
    if (grant.kind === 'paused') throw new VendorTrouble(throttled(system, grant.remainingMs))
    const startedAtMs = clock.nowMs()
    try {
      onSend?.()
      const sentAtMs = Date.now()
      const exchange = await exchanger.send(
        {
          method: request.method,
          url: urlOf(options.baseUrl, request),
          headers: { ...request.headers, ...authorisation },
          body: request.body,
          timeoutMs: request.timeoutMs,
        },
        context.signal,
      )
      if (exchange.kind === 'answer') clockOffset.observe(exchange.headers['date'], sentAtMs, Date.now())
      const meaning = decideMeaning(system, { ...request, label: labelOf(request) }, exchange, Date.now())
      const outcome = exchange.kind === 'answer' ? { status: exchange.status } : { failure: exchange.code }
      const ms = Math.round(clock.nowMs() - startedAtMs)
      logger?.[meaning.kind === 'usable' ? 'debug' : 'warn'](
        { system: system.side, request: labelOf(request), ...outcome, ms },
        'request',
      )
      if (meaning.kind === 'throttled') limiter.throttled(meaning.waitMs + random() * throttleJitterMs)
      return meaning
    } finally {
      grant.answered()
    }
  }

  async function repeated(request: Attempted, context: RequestContext, onSend?: () => void): Promise<HttpAnswer> {
    const startedAtMs = clock.nowMs()
    for (let tries = 1; ; tries += 1) {
      const meaning = await attempt(request, context, onSend)
      if (meaning.kind === 'usable') return meaning.answer
      if (meaning.kind === 'unauthorised' || meaning.kind === 'blocked') throw new VendorTrouble(meaning.trouble)
      const waitMs = meaning.kind === 'throttled' ? 0 : (meaning.waitMs ?? backoffMs(tries))
      const isOver = clock.nowMs() - startedAtMs > request.timeoutMs * budgetTimeouts
      if (tries === maxTries || waitMs > maxWaitMs || isOver) throw new VendorTrouble(meaning.trouble)
      // After a 429 the limiter itself holds the next try back.
      if (waitMs > 0) await pause(clock, waitMs, context.signal)
    }
  }

  async function writtenOnce(request: Attempted, context: RequestContext): Promise<WriteResult> {
    for (let tries = 1; ; tries += 1) {
      const meaning = await attempt(request, context, context.assertAlive)
      switch (meaning.kind) {
        case 'usable':
          return meaning.answer
        case 'unavailable':
          if (meaning.mayHaveLanded) return { kind: 'uncertain', message: meaning.trouble.message }
          throw new VendorTrouble(meaning.trouble)
        case 'unauthorised':
        case 'blocked':
          throw new VendorTrouble(meaning.trouble)
        case 'throttled':
          if (tries === maxTries) throw new VendorTrouble(meaning.trouble)
      }
    }
  }

  const backoffMs = (tries: number) => firstBackoffMs * 2 ** (tries - 1) * (0.5 + random())

  return {
    read: (request, context) => {
      expectManyListeners(context.signal)
      const attempted: Attempted = {
        method: 'GET',
        path: request.path,
        query: request.query ?? [],
        label: request.label ?? request.path,
        headers: {},
        body: null,
        timeoutMs: request.timeoutMs ?? timeoutMs,
        takesForbidden: request.takesForbidden === true,
      }
      // A live reading does not join one that waits behind the backfill.
      const key = `${context.priority} ${attempted.takesForbidden} ${urlOf('', attempted)}`
      // Joined only while it waits for its turn: once it is sent its answer may show what was there before the next caller
      // asked, and an edit or a new record of that moment would be taken for seen (E10).
      return shared.run(key, context.signal, (signal, close) => repeated(attempted, { ...context, signal }, close))
    },
    write: (request, context) => {
      expectManyListeners(context.signal)
      const attempted: Attempted = {
        method: request.method,
        path: request.path,
        query: [],
        label: request.label ?? request.path,
        headers: request.headers,
        body: request.body,
        timeoutMs,
        takesForbidden: false,
      }
      if (request.isRepeatable === true) return repeated(attempted, context)
      return writtenOnce(attempted, context)
    },
    clockOffsetMs: clockOffset.offsetMs,
  }
}

/** Hundreds of requests wait on one activity's signal; Node takes more than ten for a leak and warns. */
function expectManyListeners(signal: AbortSignal): void {
  setMaxListeners(0, signal)
}

function labelOf(request: Attempted): string {
  return `${request.method} ${request.label}`
}

function urlOf(baseUrl: string, request: Pick<Attempted, 'path' | 'query'>): string {
  // encodeURIComponent writes `+` as %2B and a blank as %20, which every server reads alike (sandbox/poweroffice/README.md).
  const query = request.query.map(([name, value]) => `${encodeURIComponent(name)}=${encodeURIComponent(value)}`)
  return `${baseUrl}${request.path}${query.length === 0 ? '' : `?${query.join('&')}`}`
}
