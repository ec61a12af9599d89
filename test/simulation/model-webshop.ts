import type { HttpAnswer, OutgoingRequest } from '../../activities/http/exchange.ts'
import { answerOf, type Json, type ModelServer } from './model-answer.ts'
import type { VirtualTime } from './virtual-time.ts'

/** Small, so that a feed takes several pages. */
const PAGE = 3

export interface WebshopTraits {
  /** false: If-Match is read by nobody. */
  readonly comparesVersions: boolean
  /** false: the Idempotency-Key and a taken erpId are no reason to refuse. */
  readonly keepsReferencesUnique: boolean
  /** A code that another record has is refused, and the answer names that record. */
  readonly keepsCodesUnique: boolean
}

/** A shop that keeps the contract (docs/webshop-contract.md): versions, a complete feed with tombstones, idempotent creation. */
export function createWebshop(time: VirtualTime, traits: WebshopTraits) {
  const records = new Map<string, Json>()
  const places = new Map<string, number>()
  const created = new Map<string, { readonly body: string; readonly first: HttpAnswer }>()
  const named = new Map<string, number>()
  /** Made over the interface, by id: when. */
  const made = new Map<string, number>()
  let feed = 0
  let lastId = 0
  let writes = 0
  let onChange = (_id: string): void => undefined

  function store(id: string, values: Json): Json {
    const before = records.get(id)
    const record: Json = {
      ...(before ?? {
        id,
        mark: null,
        code: null,
        name: null,
        note: null,
        tag: null,
        price: null,
        address: null,
        active: true,
        erpId: null,
      }),
      ...values,
      version: String(Number(before?.['version'] ?? 0) + 1),
      changedAt: new Date(time.nowMs).toISOString(),
    }
    records.set(id, record)
    places.set(id, ++feed)
    if (record['erpId'] !== null && !named.has(id)) named.set(id, time.nowMs)
    onChange(id)
    return record
  }

  function add(values: Json): Json {
    return store(`c${++lastId}`, values)
  }

  function holderOf(name: string, value: unknown): Json | undefined {
    return [...records.values()].find((record) => record['deleted'] !== true && record[name] === value)
  }

  function taken(name: string, holder: Json): HttpAnswer {
    const title = `${name} is taken`
    return answerOf(time.nowMs, 409, { type: 'urn:already-exists', title, existingId: holder['id'] })
  }

  function page(query: URLSearchParams): HttpAnswer {
    const ids = query.getAll('id')
    const erpId = query.get('erpId')
    if (ids.length > 0 || erpId !== null) {
      const items = [...records.values()].filter(
        (record) =>
          record['deleted'] !== true &&
          (erpId === null ? ids.includes(String(record['id'])) : record['erpId'] === erpId),
      )
      return answerOf(time.nowMs, 200, { items, next: String(feed), hasMore: false, epoch: '1' })
    }
    const since = Number(query.get('changedSince') ?? 0)
    const later = [...records.values()]
      .map((record) => ({ record, place: places.get(String(record['id'])) ?? 0 }))
      .filter(({ place }) => place > since)
      .sort((a, b) => a.place - b.place)
    const items = later.slice(0, Math.min(PAGE, Number(query.get('limit') ?? PAGE)))
    return answerOf(time.nowMs, 200, {
      items: items.map(({ record }) => record),
      next: String(items.at(-1)?.place ?? since),
      hasMore: later.length > items.length,
      epoch: '1',
    })
  }

  function isTaken(code: unknown): boolean {
    return traits.keepsCodesUnique && typeof code === 'string' && holderOf('code', code) !== undefined
  }

  function post(key: string | undefined, body: string): HttpAnswer {
    const values = JSON.parse(body) as Json
    if (traits.keepsReferencesUnique) {
      const earlier = created.get(key ?? '')
      if (earlier && earlier.body !== body)
        return answerOf(time.nowMs, 422, { type: 'urn:idempotency-key-reused', title: 'key reused' })
      // The first answer again, as it was: the record may have moved on since.
      if (earlier) return earlier.first
      const holder = holderOf('erpId', values['erpId'])
      if (holder) return taken('erpId', holder)
    }
    const namesake = isTaken(values['code']) ? holderOf('code', values['code']) : undefined
    if (namesake) return taken('code', namesake)
    writes++
    const record = add(values)
    made.set(String(record['id']), time.nowMs)
    const first = answerOf(time.nowMs, 201, record, etag(record))
    if (key !== undefined) created.set(key, { body, first })
    return first
  }

  function patch(record: Json, ifMatch: string | undefined, values: Json): HttpAnswer {
    if (traits.comparesVersions && ifMatch !== `"${String(record['version'])}"`)
      return answerOf(time.nowMs, 412, { title: 'version' })
    const { erpId = null } = values
    const holder = traits.keepsReferencesUnique && erpId !== null ? holderOf('erpId', erpId) : undefined
    if (holder && holder !== record) return taken('erpId', holder)
    writes++
    const next = store(String(record['id']), values)
    return answerOf(time.nowMs, 200, next, etag(next))
  }

  const server: ModelServer = {
    answer: ({ method, url, headers, body }: OutgoingRequest): HttpAnswer => {
      const { pathname, searchParams } = new URL(url)
      if (pathname === '/api/capabilities') return answerOf(time.nowMs, 200, capabilities)
      const id = /^\/api\/customers\/(.+)$/.exec(pathname)?.[1]
      if (id === undefined)
        return method === 'POST' ? post(headers['idempotency-key'], body ?? '{}') : page(searchParams)
      const record = records.get(id)
      if (!record) return answerOf(time.nowMs, 404, { title: 'not found' })
      if (record['deleted'] === true) return answerOf(time.nowMs, 410, { title: 'gone' })
      if (method === 'PATCH') return patch(record, headers['if-match'], JSON.parse(body ?? '{}') as Json)
      return answerOf(time.nowMs, 200, record, etag(record))
    },
  }

  return {
    server,
    records,
    writes: () => writes,
    add,
    /** Nobody can make another record of that code. */
    isTaken,
    /** When it was made over the interface; undefined: by a person. */
    madeMs: (id: string): number | undefined => made.get(id),
    /** Since when the record names a counterpart; Infinity: it names none. */
    namedSinceMs: (id: string): number => named.get(id) ?? Number.POSITIVE_INFINITY,
    save: (id: string, values: Json): boolean => {
      const record = records.get(id)
      if (!record || record['deleted'] === true) return false
      store(id, values)
      return true
    },
    remove: (id: string): boolean => {
      const record = records.get(id)
      if (!record || record['deleted'] === true) return false
      records.set(id, { id, deleted: true })
      places.set(id, ++feed)
      onChange(id)
      return true
    },
    onChange: (listen: (id: string) => void): void => {
      onChange = listen
    },
  }
}

const capabilities = {
  contract: '1',
  shop: 'a simulated shop',
  customers: { kinds: ['company'], create: true, update: true },
  idempotency: true,
}

function etag(record: Json): Record<string, string> {
  return { etag: `"${String(record['version'])}"` }
}

export type ModelWebshop = ReturnType<typeof createWebshop>
