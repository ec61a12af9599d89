import { type Dice, hostileTexts, hostileUrlText, oneIn, pick } from './hostile-values.ts'
import { bodyMutations, type Draft, type Mutation } from './mutate-body.ts'

/** A request that a well-behaved client might send, for mutateRequest to spoil. */
export interface SampleRequest {
  readonly method: string
  /** With the query, as it stands in the request line. */
  readonly path: string
  readonly headers: Readonly<Record<string, string>>
  /** A JSON value, bytes as they are, or none. */
  readonly body?: unknown
}

export interface MutatedRequest {
  readonly method: string
  readonly path: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: Buffer | null
  /** What was done to it, in words, for whoever reads a failure. */
  readonly mutations: readonly string[]
}

/**
 * One to three things wrong with a request: path, query, method, headers or body. Mostly small faults of otherwise good requests,
 * since those get deepest. The same dice, the same request. All of it can be sent by Node's own client (send-mutated.ts).
 */
export function mutateRequest(sample: SampleRequest, dice: Dice): MutatedRequest {
  const draft: Draft = {
    method: sample.method,
    path: sample.path,
    headers: { ...sample.headers },
    body: sample.body === undefined ? null : bytesOf(sample.body),
    json: sample.body === undefined || Buffer.isBuffer(sample.body) ? null : { value: sample.body },
  }
  const applied: string[] = []
  for (let count = dice.between(1, 3); count > 0; count -= 1) {
    const fitting = draft.body === null ? requestMutations : [...requestMutations, ...bodyMutations]
    const [name, , apply] = weighted(fitting, dice)
    apply(draft, dice)
    applied.push(name)
  }
  const { method, path, headers, body } = draft
  return { method, path, headers, body, mutations: applied }
}

/** As it is sent when nothing is wrong with it. */
export function unspoiled({ method, path, headers, body }: SampleRequest): MutatedRequest {
  return { method, path, headers, body: body === undefined ? null : bytesOf(body), mutations: [] }
}

function bytesOf(body: unknown): Buffer {
  return Buffer.isBuffer(body) ? body : Buffer.from(JSON.stringify(body))
}

function weighted(list: readonly Mutation[], dice: Dice): Mutation {
  const total = list.reduce((sum, [, weight]) => sum + weight, 0)
  let left = dice.between(1, total)
  for (const mutation of list) {
    left -= mutation[1]
    if (left <= 0) return mutation
  }
  throw new Error('weights are whole numbers from 1')
}

const requestMutations: readonly Mutation[] = [
  ['path: a segment replaced', 6, (draft, dice) => changeSegments(draft, dice, () => [hostileUrlText(dice)])],
  [
    'path: a segment added',
    2,
    (draft, dice) => changeSegments(draft, dice, (segment) => [segment, hostileUrlText(dice)]),
  ],
  ['path: a segment left out', 1, (draft, dice) => changeSegments(draft, dice, () => [])],
  [
    'path: slashes',
    1,
    (draft, dice) =>
      changeSegments(draft, dice, (segment) =>
        pick(dice, [
          ['', segment],
          [segment, ''],
        ]),
      ),
  ],
  ['path: other casing', 1, (draft) => changePath(draft, (path) => path.toUpperCase())],
  [
    'query: a key added',
    5,
    (draft, dice) => changeQuery(draft, (pairs) => [...pairs, `${pick(dice, queryKeys)}=${hostileUrlText(dice)}`]),
  ],
  [
    'query: a value replaced',
    8,
    (draft, dice) =>
      changeQuery(draft, (pairs) =>
        replacedOne(pairs, dice, (pair) => `${pair.split('=')[0]}=${hostileUrlText(dice)}`),
      ),
  ],
  [
    'query: a key twice',
    2,
    (draft, dice) => changeQuery(draft, (pairs) => (pairs.length === 0 ? [] : [...pairs, pick(dice, pairs)])),
  ],
  [
    'query: no value',
    1,
    (draft, dice) => changeQuery(draft, (pairs) => replacedOne(pairs, dice, (pair) => pair.split('=')[0] ?? '')),
  ],
  [
    'query: very many',
    1,
    (draft) => changeQuery(draft, (pairs) => [...pairs, ...Array.from({ length: 500 }, (_, index) => `k${index}=1`)]),
  ],
  [
    'method: another',
    3,
    (draft, dice) => {
      draft.method = pick(dice, ['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'HEAD', 'OPTIONS', 'TRACE', 'PROPFIND'])
    },
  ],
  ['header: content type', 3, (draft, dice) => setHeader(draft, 'content-type', pick(dice, contentTypes))],
  ['header: left out', 2, (draft, dice) => leaveHeaderOut(draft, dice)],
  ['header: hostile value', 3, (draft, dice) => setHeader(draft, pick(dice, headerNames), headerValue(dice))],
  ['header: very long', 1, (draft) => setHeader(draft, 'x-long', 'x'.repeat(6_000))],
]

const queryKeys = [
  '$filter',
  '$top',
  '__proto__',
  'constructor',
  'PageNumber',
  'PageSize',
  'Fields',
  'OrderBy',
  'limit',
  'since',
  'cursor',
  'q',
  'id',
  '',
  'a[b]',
  '%',
]

const contentTypes = [
  '',
  'text/plain',
  'text/html',
  'application/xml',
  'application/x-www-form-urlencoded',
  'multipart/form-data',
  'multipart/form-data; boundary=x',
  'application/json',
  'application/json; charset=utf-16',
  'application/json-patch+json',
  'application/merge-patch+json',
  'application/json;;;',
  '/',
  'x'.repeat(2_000),
]

const headerNames = [
  'accept',
  'accept-encoding',
  'authorization',
  'content-encoding',
  'cookie',
  'expect-ct',
  'host',
  'idempotency-key',
  'if-match',
  'if-none-match',
  'origin',
  'range',
  'x-forwarded-host',
  'ocp-apim-subscription-key',
]

/** What Node's client refuses to send (control characters, beyond Latin-1) is left out of header values. */
function headerValue(dice: Dice): string {
  const text = pick(dice, [
    ...hostileTexts,
    '"',
    'W/"1"',
    '*',
    'Bearer',
    'Bearer  ',
    'Basic',
    'Basic !!!',
    'a b:99999',
    '[::1',
    'localhost:port',
  ])
  return text.replace(/[^\x20-\x7e\xa0-\xff]/g, '?')
}

function changePath(draft: Draft, change: (path: string) => string): void {
  const [path = '', ...query] = draft.path.split('?')
  const changed = change(path)
  draft.path = [changed.startsWith('/') ? changed : `/${changed}`, ...query].join('?')
}

/** The first segment stays, mostly: below another one nothing is found, and that is soon tested enough. */
function changeSegments(draft: Draft, dice: Dice, change: (segment: string) => readonly string[]): void {
  changePath(draft, (path) => {
    const segments = path.split('/').slice(1)
    const first = segments.length > 1 && !oneIn(dice, 10) ? 1 : 0
    const at = dice.between(first, segments.length - 1)
    return `/${segments.flatMap((segment, index) => (index === at ? change(segment) : [segment])).join('/')}`
  })
}

function changeQuery(draft: Draft, change: (pairs: readonly string[]) => readonly string[]): void {
  const [path = '', query = ''] = draft.path.split('?')
  const pairs = change(query === '' ? [] : query.split('&'))
  draft.path = pairs.length === 0 ? path : `${path}?${pairs.join('&')}`
}

function replacedOne(list: readonly string[], dice: Dice, replace: (one: string) => string): readonly string[] {
  if (list.length === 0) return list
  const at = dice.between(0, list.length - 1)
  return list.map((one, index) => (index === at ? replace(one) : one))
}

function setHeader(draft: Draft, name: string, value: string): void {
  const present = Object.keys(draft.headers).find((known) => known.toLowerCase() === name)
  draft.headers[present ?? name] = value
}

function leaveHeaderOut(draft: Draft, dice: Dice): void {
  const names = Object.keys(draft.headers)
  if (names.length > 0) delete draft.headers[pick(dice, names)]
}
