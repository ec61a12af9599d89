import { expect } from 'vitest'
import { startWebshopSandbox, type WebshopSandbox, type WebshopSandboxOptions } from '../sandbox/webshop/server.ts'

export interface Answer {
  readonly status: number
  readonly headers: Headers
  /** Parsed when it was JSON; tests know the shape that they ask for. */
  readonly body: Json
}

// biome-ignore lint/suspicious/noExplicitAny: the tests assert on whole bodies, whatever they turn out to be
export type Json = any

export interface RequestOptions {
  readonly key?: string | null
  readonly body?: unknown
  readonly headers?: Readonly<Record<string, string>>
}

/** The shop as its callers see it: plain HTTP. Knows nothing of the sandbox but its address. */
export function clientOf(baseUrl: string) {
  const request = async (method: string, path: string, options: RequestOptions = {}): Promise<Answer> => {
    const { key = 'sandbox-webshop', body } = options
    const contentType = method === 'PATCH' ? 'application/merge-patch+json' : 'application/json'
    const answer = await fetch(baseUrl + path, {
      method,
      headers: {
        ...(key !== null && { authorization: `Bearer ${key}` }),
        ...(body !== undefined && { 'content-type': contentType }),
        ...options.headers,
      },
      ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    })
    const text = await answer.text()
    const isJson = answer.headers.get('content-type')?.includes('json') && text !== ''
    return { status: answer.status, headers: answer.headers, body: isJson ? JSON.parse(text) : text }
  }
  const get = (path: string, options?: RequestOptions) => request('GET', path, options)
  const collection = (path: string) => {
    const matching = (version: string, options: RequestOptions) => ({
      ...options,
      headers: { 'if-match': `"${version}"`, ...options.headers },
    })
    return {
      create: (body: unknown, options: RequestOptions = {}) => request('POST', path, { ...options, body }),
      patch: (id: string, version: string, body: unknown, options: RequestOptions = {}) =>
        request('PATCH', `${path}/${id}`, matching(version, { ...options, body })),
      remove: (id: string, version: string, options: RequestOptions = {}) =>
        request('DELETE', `${path}/${id}`, matching(version, options)),
      read: async (id: string): Promise<Json> => (await get(`${path}/${id}`)).body,
    }
  }
  const admin = (method: string, path: string, body?: unknown) =>
    request(method, `/sandbox${path}`, { key: null, ...(body !== undefined && { body }) })
  return {
    request,
    get,
    admin,
    ...collection('/api/customers'),
    products: collection('/api/products'),
    orders: collection('/api/orders'),
    /** If-Match is the order's version. */
    linesOf: (order: { id: string; version: string }) => {
      const { create, patch, remove } = collection(`/api/orders/${order.id}/lines`)
      const matched = (options: RequestOptions) => ({
        ...options,
        headers: { 'if-match': `"${order.version}"`, ...options.headers },
      })
      return {
        add: (body: unknown, options: RequestOptions = {}) => create(body, matched(options)),
        edit: (lineId: string, body: unknown, options: RequestOptions = {}) =>
          patch(lineId, order.version, body, options),
        remove: (lineId: string, options: RequestOptions = {}) => remove(lineId, order.version, options),
      }
    },
  }
}

export type ShopClient = ReturnType<typeof clientOf>

/** Every page from a cursor on, and the last page, whose `next` goes on from there. */
export async function readAll(client: ShopClient, from?: string, limit = 500, collection = 'customers') {
  const items: Json[] = []
  for (let cursor = from; ; ) {
    const since = cursor === undefined ? '' : `&changedSince=${encodeURIComponent(cursor)}`
    const { body } = await client.get(`/api/${collection}?limit=${limit}${since}`)
    items.push(...body.items)
    cursor = body.next
    if (!body.hasMore) return { items, last: body }
  }
}

/** Runs the body against a sandbox of its own and closes it whatever happens. */
export async function withShop(
  options: WebshopSandboxOptions,
  body: (client: ShopClient, sandbox: WebshopSandbox) => Promise<void>,
): Promise<void> {
  const sandbox = await startWebshopSandbox(options)
  try {
    await body(clientOf(sandbox.baseUrl), sandbox)
  } finally {
    await sandbox.close()
  }
}

/** A problem as the shop answers it; `ending` is how its type ends. */
export const problem = (status: number, ending: string, rest: object = {}) => ({
  type: expect.stringMatching(new RegExp(`/${ending}$`)),
  title: expect.any(String),
  status,
  detail: expect.any(String),
  ...rest,
})

/** Waits for a condition instead of for a time. */
export async function until<Value>(read: () => Value | undefined | false, deadlineMs = 5_000): Promise<Value> {
  for (const startMs = Date.now(); ; await new Promise((resolve) => setTimeout(resolve, 5))) {
    const value = read()
    if (value !== undefined && value !== false) return value
    if (Date.now() - startMs > deadlineMs) throw new Error(`Not true within ${deadlineMs} ms`)
  }
}
