import { setTimeout as pause } from 'node:timers/promises'

/** One request as it was sent. The key is not among the headers, so that no report can print it. */
export interface Sent {
  readonly method: 'GET' | 'POST' | 'PATCH' | 'DELETE'
  /** With its query, from `/api` on. */
  readonly path: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: string | null
}

export interface Answer {
  readonly sent: Sent
  readonly status: number
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>
  readonly text: string
  /** undefined where the body is empty or no JSON. */
  readonly json: unknown
}

/** A 429 or 503 that was met. */
export interface HeldBack {
  readonly status: number
  readonly path: string
  /** null: the answer had no Retry-After that could be read. */
  readonly retryAfterSeconds: number | null
}

/** The shop does not answer, or only with "not now": nothing more can be said about it. */
export class ShopUnreachable extends Error {}

export type Query = readonly (readonly [string, string])[]

export interface WriteOptions {
  readonly headers?: Readonly<Record<string, string>>
}

export interface ShopClient {
  get(path: string, query?: Query, key?: string | null): Promise<Answer>
  post(path: string, body: unknown, options?: WriteOptions): Promise<Answer>
  /** @param version null: without If-Match */
  patch(path: string, version: string | null, body: unknown, options?: WriteOptions): Promise<Answer>
  remove(path: string, version: string | null): Promise<Answer>
  /** @param key instead of the one that the kit was given; null: none */
  send(sent: Sent, key?: string | null): Promise<Answer>
  heldBack(): readonly HeldBack[]
  requests(): number
}

export interface ShopClientOptions {
  readonly baseUrl: string
  readonly key: string
  /** Aborted by Ctrl-C; cleaning up has a client of its own. */
  readonly signal: AbortSignal
  readonly timeoutMs?: number
  /** Instead of the network's, for a shop that runs in the same process. */
  readonly fetch?: Fetch
}

export type Fetch = (url: string, init: RequestInit) => Promise<Response>

const defaultTimeoutMs = 30_000
/** A shop under maintenance for longer is checked another day. */
const maxHeldBackMs = 60_000
/** Where the answer does not say how long. */
const unknownWaitMs = 2_000
const jsonType = 'application/json'
const mergePatchType = 'application/merge-patch+json'

export function createShopClient(options: ShopClientOptions): ShopClient {
  const base = options.baseUrl.replace(/\/+$/, '')
  const heldBack: HeldBack[] = []
  let requests = 0

  const send: ShopClient['send'] = async (sent, key = options.key) => {
    for (let waitedMs = 0; ; ) {
      requests += 1
      const answer = await exchange(base, sent, key, options)
      if (answer.status !== 429 && answer.status !== 503) return answer
      const retryAfterSeconds = secondsOf(answer.headers['retry-after'])
      heldBack.push({ status: answer.status, path: sent.path, retryAfterSeconds })
      const waitMs = retryAfterSeconds === null ? unknownWaitMs : Math.max(100, retryAfterSeconds * 1000)
      if (waitedMs + waitMs > maxHeldBackMs) {
        throw new ShopUnreachable(
          `The shop goes on answering ${answer.status} to ${sent.method} ${sent.path}: run it again when it has time.`,
        )
      }
      waitedMs += waitMs
      await pause(waitMs, undefined, { signal: options.signal })
    }
  }
  const write = (
    method: 'POST' | 'PATCH',
    path: string,
    contentType: string,
    body: unknown,
    headers: Readonly<Record<string, string>>,
  ) => send({ method, path, headers: { 'content-type': contentType, ...headers }, body: JSON.stringify(body) })
  return {
    send,
    get: (path, query = [], key = options.key) =>
      send({ method: 'GET', path: path + queryText(query), headers: {}, body: null }, key),
    post: (path, body, { headers = {} } = {}) => write('POST', path, jsonType, body, headers),
    patch: (path, version, body, { headers = {} } = {}) =>
      write('PATCH', path, mergePatchType, body, { ...ifMatch(version), ...headers }),
    remove: (path, version) => send({ method: 'DELETE', path, headers: ifMatch(version), body: null }),
    heldBack: () => heldBack,
    requests: () => requests,
  }
}

export function ifMatch(version: string | null): Readonly<Record<string, string>> {
  return version === null ? {} : { 'if-match': `"${version}"` }
}

async function exchange(
  base: string,
  sent: Sent,
  key: string | null,
  { signal, timeoutMs = defaultTimeoutMs, fetch: fetchFrom = fetch }: ShopClientOptions,
): Promise<Answer> {
  try {
    const response = await fetchFrom(base + sent.path, {
      method: sent.method,
      headers: { accept: jsonType, ...sent.headers, ...(key !== null && { authorization: `Bearer ${key}` }) },
      ...(sent.body !== null && { body: sent.body }),
      // A redirect would carry the key to whatever host it names.
      redirect: 'manual',
      signal: AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]),
    })
    const text = await response.text()
    return { sent, status: response.status, headers: Object.fromEntries(response.headers), text, json: parse(text) }
  } catch (error) {
    signal.throwIfAborted()
    const isLate = error instanceof Error && error.name === 'TimeoutError'
    const what = isLate ? `did not answer within ${timeoutMs / 1000} s` : 'broke off or could not be reached'
    throw new ShopUnreachable(`The shop ${what} at ${sent.method} ${sent.path}: is it running at ${originOf(base)}?`)
  }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text) as unknown
  } catch {
    return undefined
  }
}

/** Without user and password, which an address may carry. */
export function originOf(url: string): string {
  const { origin, pathname } = new URL(url)
  return `${origin}${pathname === '/' ? '' : pathname}`
}

/** Seconds or a date, as RFC 9110 allows. */
function secondsOf(header: string | undefined): number | null {
  if (header === undefined) return null
  if (/^\s*\d+\s*$/.test(header)) return Number(header)
  const at = Date.parse(header)
  return Number.isNaN(at) ? null : Math.max(0, (at - Date.now()) / 1000)
}

function queryText(query: Query): string {
  if (query.length === 0) return ''
  return `?${query.map(([name, value]) => `${encodeURIComponent(name)}=${encodeURIComponent(value)}`).join('&')}`
}
