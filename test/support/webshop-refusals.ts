import type { SettingsChange } from '../../sandbox/webshop/settings.ts'
import type { SampleRequest } from './mutate-request.ts'
import type { ContractWorld } from './webshop-contract-world.ts'

export interface Refused {
  readonly request: SampleRequest
  /** What the shop is set to while it is asked. */
  readonly settings?: SettingsChange
  /** How often it is sent; the last answer counts. */
  readonly times?: number
}

type Spoil = (good: SampleRequest, world: ContractWorld) => Refused | Promise<Refused>

const changed = (good: SampleRequest, headers: Readonly<Record<string, string>>, body = good.body): SampleRequest => ({
  ...good,
  headers: { ...good.headers, ...headers },
  ...(body !== undefined && { body }),
})

const without = (good: SampleRequest, name: string): SampleRequest => ({
  ...good,
  headers: Object.fromEntries(Object.entries(good.headers).filter(([each]) => each !== name)),
})

const isLine = (good: SampleRequest) => good.path.includes('/lines')
const collectionOf = (good: SampleRequest) => good.path.split(/[/?]/)[2] as 'customers' | 'products' | 'orders'
const idIn = (good: SampleRequest) => good.path.split('/')[3] ?? ''

const notOffered: Readonly<Record<string, SettingsChange>> = {
  'POST customers': { createCustomers: false },
  'PATCH customers': { updateCustomers: false },
  'DELETE customers': { deleteCustomers: false },
  'POST products': { createProducts: false },
  'PATCH products': { updateProducts: false },
  'POST orders': { createOrders: false },
  'PATCH orders': { updateOrders: false },
}

/** The order of this request, invoiced by the shop's own users; If-Match names its new version. */
function invoiced(good: SampleRequest, world: ContractWorld): SampleRequest {
  const { version } = world.sandbox.orders.edit(idIn(good), { status: 'invoiced' })
  return changed(good, { 'if-match': `"${version}"` })
}

/** For each type of problem: how a request that works is made to be refused with it. */
export const spoils: Readonly<{ [type: string]: Spoil }> = {
  'bad-request': (good) => {
    if (good.body !== undefined) return { request: changed(good, {}, Buffer.from('{')) }
    if (good.method === 'GET') return { request: { ...good, path: `${good.path}0000` } }
    return { request: changed(good, { 'if-match': 'no quotes' }) }
  },
  unauthorized: (good) => ({ request: without(good, 'authorization') }),
  forbidden: (good) => ({ request: changed(good, { authorization: 'Bearer sandbox-reader' }) }),
  'not-offered': (good) => ({
    request: good,
    settings: isLine(good) ? { editOrderLines: false } : (notOffered[`${good.method} ${collectionOf(good)}`] ?? {}),
  }),
  'not-found': (good) => ({ request: { ...good, path: good.path.replace(idIn(good), 'x-404') } }),
  'already-exists': (good, world) => {
    const erpId = world.unique()
    const taken = { customers: world.customer, products: world.product, orders: world.order }[collectionOf(good)]()
    world.sandbox[collectionOf(good)].edit(taken.id, { erpId })
    return { request: changed(good, {}, { ...(good.body as object), erpId }) }
  },
  locked: (good, world) => ({ request: invoiced(good, world) }),
  'in-use': (good, world) => {
    const id = collectionOf(good) === 'customers' ? world.buyerId : world.soldId
    return { request: changed({ ...good, path: good.path.replace(idIn(good), id) }, { 'if-match': '*' }) }
  },
  gone: (good, world) => {
    world.sandbox[collectionOf(good)].remove(idIn(good))
    return { request: good }
  },
  'unknown-cursor': (good) => ({ request: { ...good, path: `${good.path}&changedSince=abc` } }),
  'version-changed': (good) => ({ request: changed(good, { 'if-match': '"another"' }) }),
  'too-large': (good) => ({ request: changed(good, {}, { note: 'x'.repeat(2_000_000) }) }),
  'unsupported-media-type': (good) => ({ request: changed(good, { 'content-type': 'text/plain' }) }),
  'invalid-fields': (good) => ({
    request: changed(
      good,
      {},
      good.method === 'POST' ? {} : isLine(good) ? { kind: 'gift' } : { erpId: 'x'.repeat(61) },
    ),
  }),
  'idempotency-key-reused': async (good, world) => {
    const first = await world.send(good)
    if (first.status !== 201) throw new Error(`the first POST: ${first.status} ${first.text}`)
    return { request: changed(good, {}, { ...(good.body as object), unknown: 1 }) }
  },
  'if-match-required': (good) => ({ request: without(good, 'if-match') }),
  // The bucket holds one request, so that the second finds it empty; none drips in within the time of a test.
  'rate-limited': (good) => ({ request: good, settings: { requestsPerSecond: 0.001 }, times: 2 }),
  maintenance: (good) => ({ request: good, settings: { maintenance: true } }),
}

/** Back to how the shop was, after `settings`. */
export const usualSettings: SettingsChange = {
  maintenance: false,
  requestsPerSecond: 'off',
  editOrderLines: true,
  ...Object.assign(
    {},
    ...Object.values(notOffered).map((off) => Object.fromEntries(Object.keys(off).map((name) => [name, true]))),
  ),
}
