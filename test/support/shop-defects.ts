import type { Defect, Forward, ShopAnswer, ShopRequest } from './shop-in-process.ts'

type Json = Record<string, unknown>

/** What is wrong with a shop, by the rule of the conformance kit that must find it, and by no other. */
export const shopDefects: Readonly<Record<string, () => Defect>> = {
  'changes.concurrent-writers': skipsWhatIsWrittenTogether,
  'lists.small-pages': () => skipsAt(1),
  'lists.unknown-cursor': () => async (request, forward) => {
    const answer = await forward(request)
    return isList(request) && answer.status === 410 ? forward(withoutParameter(request, 'changedSince')) : answer
  },
  'tombstones.listed': () => changingLists((items) => items.filter((item) => item['deleted'] !== true)),
  'reading.etag': () => async (request, forward) => {
    const answer = await forward(request)
    const { etag } = answer.headers
    return request.method === 'GET' && etag ? { ...answer, headers: { ...answer.headers, etag: `W/${etag}` } } : answer
  },
  'errors.problem': () => async (request, forward) => {
    const answer = await forward(request)
    return answer.status === 404 ? { ...answer, headers: { 'content-type': 'application/json' } } : answer
  },
  'filters.commas': () => (request, forward) => {
    const query = new URLSearchParams(
      [...request.query].flatMap(([name, value]) => value.split(',').map((one): [string, string] => [name, one])),
    )
    return forward({ ...request, query })
  },
  'filters.narrow': () => async (request, forward) => {
    const email = request.query.get('email')
    const answer = await forward(request)
    return email !== null && email !== email.toLowerCase()
      ? withJson(answer, (json) => ({ ...json, items: [] }))
      : answer
  },
  'filters.none': () => async (request, forward) => {
    const answer = await forward(request)
    const isEmpty = request.query.has('sku') && (parse(answer.text)['items'] as Json[]).length === 0
    return isEmpty ? forward(withoutParameter(request, 'sku')) : answer
  },
  'versions.move': () => async (request, forward) => {
    const answer = await forward(request)
    const before = versionOf(request)
    if (request.method !== 'PATCH' || !isRecord(request) || answer.status !== 200 || before === null) return answer
    const told = withJson(answer, (json) => ({ ...json, version: before }))
    return { ...told, headers: { ...told.headers, etag: `"${before}"` } }
  },
  'versions.no-change': () => async (request, forward) => {
    const answer = await forward(request)
    const { version } = parse(answer.text)
    const isUnchanged = request.method === 'PATCH' && answer.status === 200 && version === versionOf(request)
    if (!isUnchanged || !request.path.startsWith('/api/customers/')) return answer
    const { invoiceEmail = null } = parse(answer.text)
    const there = await forward(patchOf(request, String(version), { invoiceEmail: 'touched@example.com' }))
    return forward(patchOf(request, String(parse(there.text)['version']), { invoiceEmail }))
  },
  'versions.stale': () => async (request, forward) => {
    const answer = await forward(request)
    const isRefused = request.method === 'PATCH' && isRecord(request) && answer.status === 412
    return isRefused ? forward(await atPresentVersion(request, forward)) : answer
  },
  'versions.required': () => async (request, forward) => {
    const isBare = request.method === 'PATCH' && isRecord(request) && request.headers['if-match'] === undefined
    return forward(isBare ? await atPresentVersion(request, forward) : request)
  },
  'patch.absent-stays': () =>
    changingPatches('customers', (patch) =>
      'phone' in patch && !('website' in patch) ? { ...patch, website: null } : patch,
    ),
  'patch.null-clears': () =>
    changingPatches('products', ({ description, ...patch }) =>
      description === undefined || description === null ? patch : { ...patch, description },
    ),
  'patch.nested-address': () =>
    changingPatches('customers', (patch) => {
      const none = { line1: null, line2: null, zip: null, city: null, country: null }
      return isObject(patch['address']) ? { ...patch, address: { ...none, ...patch['address'] } } : patch
    }),
  'erpid.unique': () => async (request, forward) => {
    const answer = await forward(request)
    const errors = (parse(answer.text)['errors'] ?? []) as Json[]
    if (answer.status !== 409 || errors[0]?.['pointer'] !== '/erpId' || !request.path.includes('/customers'))
      return answer
    const { erpId: _taken, ...body } = parse(request.body ?? '')
    return forward({ ...request, body: JSON.stringify(body) })
  },
  'creating.answer': () => async (request, forward) => {
    const answer = await forward(request)
    const { location: _left, ...headers } = answer.headers
    return request.method === 'POST' && request.path === '/api/products' ? { ...answer, headers } : answer
  },
  'errors.pointers': () => async (request, forward) => {
    const answer = await forward(request)
    const isForm = request.path === '/api/customers' && answer.status === 422
    return isForm ? withJson(answer, ({ errors: _left, ...problem }) => problem) : answer
  },
  'errors.existing-id': () => async (request, forward) => {
    const answer = await forward(request)
    return answer.status === 409 ? withJson(answer, ({ existingId: _left, ...problem }) => problem) : answer
  },
  'decimals.exact': () =>
    changingBodies('products', (body) => {
      const { priceExVat } = body
      return typeof priceExVat === 'string' ? { ...body, priceExVat: priceExVat.replace(/(\.\d\d)\d+$/, '$1') } : body
    }),
  'decimals.numbers': () => async (request, forward) => {
    const isNumber = request.method === 'POST' && typeof parse(request.body ?? '')['priceExVat'] === 'number'
    return forward(
      isNumber ? { ...request, body: JSON.stringify({ ...parse(request.body ?? ''), priceExVat: 'NaN' }) } : request,
    )
  },
  'idempotency.same-body': forgetsKeys,
  'orders.totals': () =>
    changingRecords('orders', (order) => ({ ...order, totalIncVat: (Number(order['totalExVat']) * 1.25).toFixed(2) })),
  'orders.locked': () => async (request, forward) => {
    const answer = await forward(request)
    const isRefused = request.method === 'PATCH' && isRecord(request) && answer.status === 409
    return isRefused && parse(answer.text)['type']?.toString().endsWith('locked') === true
      ? forward({ ...request, method: 'GET', body: null })
      : answer
  },
  'lines.move-version': linesLeaveTheirOrder,
  'silence.order': () => async (request, forward) => {
    const answer = await forward(request)
    if (request.method !== 'POST' || request.path !== '/api/orders' || answer.status !== 201) return answer
    for (const line of parse(answer.text)['lines'] as Json[]) {
      if (line['productId'] === null) continue
      const path = `/api/products/${String(line['productId'])}`
      const product = parse((await forward({ ...request, method: 'GET', path, body: null })).text)
      const body = { erpStock: String(Number(product['erpStock'] ?? 0) - Number(line['quantity'])) }
      await forward(patchOf({ ...request, path }, String(product['version']), body))
    }
    return answer
  },
  'rates.retry-after': () => {
    let isFirst = true
    return (request, forward) => {
      if (!isFirst || !isList(request)) return forward(request)
      isFirst = false
      return Promise.resolve({ status: 429, headers: {}, text: '' })
    }
  },
}

/** What was written while another write was under way never comes: its place lies behind the cursor when it is committed. */
function skipsWhatIsWrittenTogether(): Defect {
  let underWay = 0
  const skipped = new Set<unknown>()
  return async (request, forward) => {
    if (request.method !== 'POST') {
      const answer = await forward(request)
      if (!isList(request) || !request.query.has('changedSince')) return answer
      return withItems(answer, (items) => items.filter(({ id }) => !skipped.has(id)))
    }
    underWay += 1
    const isTogether = underWay > 1
    const answer = await forward(request)
    underWay -= 1
    if (isTogether) skipped.add(parse(answer.text)['id'])
    return answer
  }
}

/** The first record of each page after a cursor is lost. */
function skipsAt(limit: number): Defect {
  return async (request, forward) => {
    const answer = await forward(request)
    const isSmall = isList(request) && request.query.get('limit') === String(limit) && request.query.has('changedSince')
    return isSmall ? withItems(answer, (items) => items.slice(1)) : answer
  }
}

/** The second time is taken for a new request, under a new key; another body is still refused. */
function forgetsKeys(): Defect {
  const seen = new Map<string, string | null>()
  return (request, forward) => {
    const key = request.headers['idempotency-key']
    const isAgain = key !== undefined && seen.get(key) === request.body && !request.path.endsWith('/lines')
    if (key !== undefined) seen.set(key, request.body)
    return forward(
      isAgain ? { ...request, headers: { ...request.headers, 'idempotency-key': `${key}-again` } } : request,
    )
  }
}

/** Edits of lines are stored, and the order goes on showing the version and the time that it had. */
function linesLeaveTheirOrder(): Defect {
  const shown = new Map<string, { readonly real: string; readonly version: string; readonly changedAt: unknown }>()
  return async (request, forward) => {
    const [, orderId = '', isLine] = /^\/api\/orders\/([^/]+)(\/lines)?/.exec(request.path) ?? []
    const known = shown.get(orderId)
    const asked = versionOf(request)
    const real = known && asked === known.version ? known.real : asked
    const order = { ...request, path: `/api/orders/${orderId}`, method: 'GET', body: null }
    const before = isLine ? parse((await forward(order)).text) : {}
    const answer = await forward(real === null ? request : withVersion(request, real))
    if (isLine && answer.status < 300) {
      const after = parse((await forward(order)).text)
      const version = known?.version ?? String(before['version'])
      shown.set(orderId, {
        real: String(after['version']),
        version,
        changedAt: known?.changedAt ?? before['changedAt'],
      })
    }
    return disguised(answer, shown)
  }
}

function disguised(
  answer: ShopAnswer,
  shown: ReadonlyMap<string, { real: string; version: string; changedAt: unknown }>,
) {
  const asShown = (json: Json): Json => {
    const known = shown.get(String(json['id']))
    return known?.real === json['version'] ? { ...json, version: known?.version, changedAt: known?.changedAt } : json
  }
  const known = [...shown.values()].find(({ real }) => answer.headers['etag'] === `"${real}"`)
  const headers = known ? { ...answer.headers, etag: `"${known.version}"` } : answer.headers
  if (answer.text === '') return { ...answer, headers }
  const items = (json: Json) =>
    Array.isArray(json['items']) ? { ...json, items: (json['items'] as Json[]).map(asShown) } : json
  return { ...withJson(answer, (json) => asShown(items(json))), headers }
}

const isList = ({ method, path }: ShopRequest) => method === 'GET' && /^\/api\/(customers|products|orders)$/.test(path)
const isRecord = ({ path }: ShopRequest) => /^\/api\/\w+\/[^/]+$/.test(path)

function versionOf({ headers }: ShopRequest): string | null {
  return /^"(.*)"$/.exec(headers['if-match'] ?? '')?.[1] ?? null
}

function withVersion(request: ShopRequest, version: string): ShopRequest {
  return { ...request, headers: { ...request.headers, 'if-match': `"${version}"` } }
}

function patchOf(request: ShopRequest, version: string, body: Json): ShopRequest {
  const headers = { ...request.headers, 'content-type': 'application/merge-patch+json' }
  return withVersion({ ...request, method: 'PATCH', headers, body: JSON.stringify(body) }, version)
}

async function atPresentVersion(request: ShopRequest, forward: Forward): Promise<ShopRequest> {
  const present = await forward({ ...request, method: 'GET', body: null })
  return withVersion(request, String(parse(present.text)['version']))
}

function withoutParameter(request: ShopRequest, name: string): ShopRequest {
  return { ...request, query: new URLSearchParams([...request.query].filter(([each]) => each !== name)) }
}

function changingLists(change: (items: Json[]) => Json[]): Defect {
  return async (request, forward) => {
    const answer = await forward(request)
    return isList(request) && answer.status === 200 ? withItems(answer, change) : answer
  }
}

function changingRecords(collection: string, change: (record: Json) => Json): Defect {
  return async (request, forward) => {
    const answer = await forward(request)
    const isOne = request.path.startsWith(`/api/${collection}/`) && isRecord(request) && answer.status === 200
    return isOne ? withJson(answer, change) : answer
  }
}

function changingBodies(collection: string, change: (body: Json) => Json, methods = ['POST', 'PATCH']): Defect {
  return (request, forward) => {
    const isMeant = methods.includes(request.method) && request.path.startsWith(`/api/${collection}`)
    return forward(isMeant ? { ...request, body: changedBody(request.body ?? '', change) } : request)
  }
}

const changingPatches = (collection: string, change: (patch: Json) => Json) =>
  changingBodies(collection, change, ['PATCH'])

/** What is no JSON goes through as it is. */
function changedBody(text: string, change: (body: Json) => Json): string {
  const body = parse(text)
  return Object.keys(body).length === 0 ? text : JSON.stringify(change(body))
}

const isObject = (value: unknown): value is Json => typeof value === 'object' && value !== null && !Array.isArray(value)

function parse(text: string): Json {
  try {
    const json: unknown = JSON.parse(text)
    return isObject(json) ? json : {}
  } catch {
    return {}
  }
}

function withJson(answer: ShopAnswer, change: (json: Json) => Json): ShopAnswer {
  const { 'content-length': _length, ...headers } = answer.headers
  return { ...answer, headers, text: JSON.stringify(change(parse(answer.text))) }
}

function withItems(answer: ShopAnswer, change: (items: Json[]) => Json[]): ShopAnswer {
  if (answer.status !== 200) return answer
  return withJson(answer, (json) => ({ ...json, items: change(json['items'] as Json[]) }))
}
