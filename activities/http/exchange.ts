import { Agent as HttpAgent } from 'node:http'
import { Agent as HttpsAgent } from 'node:https'
import axios, { isAxiosError } from 'axios'
import { reasonOf } from './monotonic-clock.ts'

export interface OutgoingRequest {
  readonly method: 'GET' | 'POST' | 'PATCH' | 'DELETE'
  readonly url: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: string | null
  readonly timeoutMs: number
}

export interface HttpAnswer {
  readonly kind: 'answer'
  readonly status: number
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>
  readonly text: string
  /** undefined where the body is empty or no JSON. */
  readonly json: unknown
  readonly isJson: boolean
}

/** Nothing, or only the beginning of an answer, came back. */
export interface NoAnswer {
  readonly kind: 'noAnswer'
  readonly why: 'timeout' | 'notReached' | 'certificate' | 'brokenOff' | 'tooLarge'
  /** The network's own word (ECONNRESET), for those who know it. */
  readonly code: string
}

export type Exchange = HttpAnswer | NoAnswer

export interface Exchanger {
  /** One request, one answer, no second try. Rejects only with the signal's reason. */
  send(request: OutgoingRequest, signal: AbortSignal): Promise<Exchange>
}

/** Servers keep idle connections for 5 s as a rule (Node's default); one that is used as it closes costs an uncertain write. */
const idleConnectionMs = 4_000
const maxConnections = 64
/** 20,000 customers are some 20 MB. */
const maxAnswerBytes = 256 * 1024 * 1024

const agentOptions = { keepAlive: true, timeout: idleConnectionMs, maxSockets: maxConnections }

export function createExchanger(): Exchanger {
  const client = axios.create({
    adapter: 'http',
    httpAgent: new HttpAgent(agentOptions),
    httpsAgent: new HttpsAgent(agentOptions),
    // The environment's proxy must not see the keys unless somebody decides so here.
    proxy: false,
    // A redirect would carry the keys to whatever host it names.
    maxRedirects: 0,
    responseType: 'text',
    transformRequest: [(body: unknown) => body],
    transformResponse: [(body: unknown) => body],
    validateStatus: () => true,
    maxContentLength: maxAnswerBytes,
    maxBodyLength: maxAnswerBytes,
  })

  return {
    send: async (request, signal) => {
      if (signal.aborted) throw reasonOf(signal)
      // axios's own timeout watches for silence; this one ends a trickle too.
      const ending = new AbortController()
      const onAbort = () => ending.abort()
      signal.addEventListener('abort', onAbort, { once: true })
      let isLate = false
      const timer = setTimeout(() => {
        isLate = true
        ending.abort()
      }, request.timeoutMs)
      try {
        const { status, headers, data } = await client.request<string>({
          method: request.method,
          url: request.url,
          headers: { accept: 'application/json', ...request.headers },
          ...(request.body !== null && { data: request.body }),
          signal: ending.signal,
        })
        return readAnswer(status, Object.entries(headers), status < 400 ? data : withoutKeys(data, request.headers))
      } catch (failure) {
        if (signal.aborted) throw reasonOf(signal)
        // The failure itself stays here: it carries the request's headers, and with them the keys.
        return isLate ? { kind: 'noAnswer', why: 'timeout', code: 'ETIMEDOUT' } : noAnswerOf(failure)
      } finally {
        clearTimeout(timer)
        signal.removeEventListener('abort', onAbort)
      }
    },
  }
}

/** A refusal that quotes its request must not carry the keys on, to where refusals are listed and stored. */
function withoutKeys(text: unknown, headers: OutgoingRequest['headers']): unknown {
  if (typeof text !== 'string') return text
  return Object.entries(headers)
    .flatMap(([name, value]) => keysIn(name.toLowerCase(), value))
    .reduce((known, key) => known.replaceAll(key, '***'), text)
}

function keysIn(name: string, value: string): string[] {
  if (name === 'ocp-apim-subscription-key') return [value]
  const [, scheme, credentials] = name === 'authorization' ? (/^(\S+) +(\S+)$/.exec(value) ?? []) : []
  if (credentials === undefined) return []
  const inside = scheme === 'Basic' ? Buffer.from(credentials, 'base64').toString().split(':') : []
  return [credentials, ...inside].filter((key) => key !== '')
}

function readAnswer(status: number, headers: readonly (readonly [string, unknown])[], text: unknown): HttpAnswer {
  const body = typeof text === 'string' ? text : ''
  const lowerCased = Object.fromEntries(headers.map(([name, value]) => [name.toLowerCase(), String(value)]))
  return { kind: 'answer', status, headers: lowerCased, text: body, ...parseJson(body) }
}

function parseJson(text: string): { readonly json: unknown; readonly isJson: boolean } {
  if (text === '') return { json: undefined, isJson: false }
  try {
    return { json: JSON.parse(text) as unknown, isJson: true }
  } catch {
    return { json: undefined, isJson: false }
  }
}

/** The request did not reach anybody, so nothing can have come of it. */
const notReached = new Set(['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'EHOSTUNREACH', 'ENETUNREACH', 'EADDRNOTAVAIL'])

function noAnswerOf(failure: unknown): NoAnswer {
  const code = isAxiosError(failure) ? (failure.code ?? '') : ''
  const message = failure instanceof Error ? failure.message : ''
  if (notReached.has(code)) return { kind: 'noAnswer', why: 'notReached', code }
  if (/CERT|SELF_SIGNED|UNABLE_TO_VERIFY|TLS/.test(code)) return { kind: 'noAnswer', why: 'certificate', code }
  if (message.startsWith('maxContentLength')) return { kind: 'noAnswer', why: 'tooLarge', code: 'ETOOLARGE' }
  return { kind: 'noAnswer', why: 'brokenOff', code: /^[A-Z_]{3,40}$/.test(code) ? code : 'ECONNRESET' }
}
