import { afterEach, describe, expect, test } from 'vitest'
import { markWord } from '../client/conformance/mark.ts'
import type { Report } from '../client/conformance/run.ts'
import type { SettingsChange } from '../sandbox/webshop/settings.ts'
import { openShopInProcess, type ShopInProcess } from './support/shop-in-process.ts'

const nothing: SettingsChange = {
  createCustomers: false,
  updateCustomers: false,
  deleteCustomers: false,
  createProducts: false,
  updateProducts: false,
  createOrders: false,
  updateOrders: false,
  editOrderLines: false,
  cancelOrders: false,
  webhooks: 'off',
  tombstones: false,
  idempotency: false,
}
const updates: SettingsChange = { ...nothing, updateCustomers: true, updateProducts: true, updateOrders: true }
const creates: SettingsChange = { ...updates, createCustomers: true, createProducts: true }

const open: ShopInProcess[] = []
afterEach(async () => {
  await Promise.all(open.splice(0).map((shop) => shop.close()))
})

/** A shop with one record of each collection; `name` is what stands in their names. */
async function shopWith(settings: SettingsChange, name = 'Fjord'): Promise<ShopInProcess> {
  const shop = await openShopInProcess({ settings })
  open.push(shop)
  const { customers, products, orders } = shop.users
  const email = 'post@fjord.example'
  const { id } = customers.create({
    kind: 'company',
    name,
    email,
    phone: '22 00 00 00',
    address: { line1: 'Storgata 1' },
  })
  products.create({ sku: name, name, priceExVat: '10.00' })
  const line = { kind: 'text', description: name }
  const orderedAt = '2026-11-23T08:15:30Z'
  orders.create({ customerId: id, currency: 'NOK', orderedAt, purchaseOrderReference: name, lines: [line] })
  return shop
}

/** All records without what every write moves. */
function contentOf({ users }: ShopInProcess) {
  const all = [...users.customers.all(), ...users.products.all(), ...users.orders.all()]
  return all.map(({ version: _version, changedAt: _changedAt, ...content }) => content)
}

const idsOf = ({ results }: Report, ...kinds: readonly string[]) =>
  results.filter(({ outcome }) => kinds.includes(outcome.kind)).map(({ id }) => id)
const failed = (report: Report) => idsOf(report, 'broken', 'blocked')

describe('a shop is not failed for what it declares not to offer', () => {
  test('level 1: everything that only reads is tried, and not one write is sent', async () => {
    const shop = await shopWith(nothing)
    const report = await shop.check()
    expect(failed(report)).toEqual([])
    expect(report.verdict).toEqual({
      reached: 1,
      declared: 1,
      conforms: true,
      next: {
        level: 2,
        missing: [
          {
            what: 'the shop declares customers.update: false, the shop declares products.update: false, the shop declares orders.update: false',
            hint: 'implement it and say so in the capabilities',
          },
        ],
      },
    })
    expect(idsOf(report, 'held')).toEqual(
      expect.arrayContaining(['lists.small-pages', 'lists.unknown-cursor', 'reading.etag', 'errors.problem']),
    )
    expect(shop.shop.requests.read().writes).toBe(0)
  })

  test('level 2: records that were made by hand for the kit are edited and put back', async () => {
    const shop = await shopWith(updates, markWord)
    const before = contentOf(shop)
    const report = await shop.check()
    expect(failed(report)).toEqual([])
    expect(report.verdict).toMatchObject({ reached: 2, declared: 2, conforms: true })
    expect(idsOf(report, 'held')).toEqual(
      expect.arrayContaining(['versions.move', 'patch.nested-address', 'erpid.stored', 'changes.latest-only']),
    )
    expect(shop.shop.requests.read().writes).toBeGreaterThan(50)
    expect([contentOf(shop), report.left]).toEqual([before, []])
  })

  test('level 2 without such records: nobody else’s are touched, and it is said what to make', async () => {
    const shop = await shopWith(updates)
    const before = contentOf(shop)
    const report = await shop.check()
    expect(failed(report)).toEqual([])
    expect(report.verdict).toMatchObject({ reached: 1, declared: 2, conforms: true, next: { level: 2 } })
    expect(report.verdict.next?.missing).toEqual([
      {
        what: expect.stringMatching(/^versions\.move was not checked, .*silence\.stays was not checked$/),
        hint: `make by hand in the shop, beginning with ${markWord}: the name of a customer, the sku of a product, the purchaseOrderReference of an open order`,
      },
    ])
    expect([contentOf(shop), shop.shop.requests.read().writes]).toEqual([before, 0])
  })

  test('level 3: customers and products are created; what cannot be deleted is archived and listed', async () => {
    const shop = await shopWith(creates)
    const report = await shop.check()
    expect(failed(report)).toEqual([])
    expect(report.verdict).toMatchObject({ reached: 3, declared: 3, conforms: true, next: { level: 4 } })
    const own = shop.users.customers.all().filter((customer) => JSON.stringify(customer).includes(report.mark))
    expect(own.length).toBeGreaterThan(10)
    expect(own.filter(({ active }) => active)).toEqual([])
    const left = report.left.filter(({ collection }) => collection === 'customers')
    expect(left.map(({ id, state }) => `${id} ${state}`).toSorted()).toEqual(
      own.map(({ id }) => `${id} archived`).toSorted(),
    )
  })

  test('a shop with other habits (numbers for decimals, positions from 0, two decimals of a price in lines) is at level 4 too', async () => {
    const shop = await shopWith({ decimalsAs: 'numbers', positionsFrom: 0, lineDecimals: 2, emailRequired: true })
    const report = await shop.check()
    expect(failed(report)).toEqual([])
    expect(report.verdict).toMatchObject({ reached: 4, conforms: true })
    expect(report.results.flatMap(({ notes }) => notes)).toContain(
      'shows decimals as JSON numbers, where the contract has text',
    )
  })
})

describe('what it made is taken away', () => {
  test('after a whole run the shop has what it had before', async () => {
    const shop = await shopWith({})
    const [before, counts] = [contentOf(shop), countsOf(shop)]
    const report = await shop.check()
    expect(report.verdict).toMatchObject({ reached: 4, declared: 4, next: null, conforms: true })
    expect([contentOf(shop), countsOf(shop), report.left]).toEqual([before, counts, []])
  })

  test('with --invoice one order and its customer stay, and are listed', async () => {
    const shop = await shopWith({})
    const { customers, orders, ...others } = countsOf(shop)
    const report = await shop.check({ invoice: true })
    expect(failed(report)).toEqual([])
    expect(idsOf(report, 'held')).toContain('orders.invoiced')
    expect(countsOf(shop)).toMatchObject({ customers: customers + 1, orders: orders + 1, products: others.products })
    expect(report.left.map(({ collection, state }) => `${collection} ${state}`)).toEqual([
      'orders as it was made',
      'customers archived',
    ])
  })

  test('after Ctrl-C in the middle of a rule too, with what no answer told of', async () => {
    const shop = await shopWith({})
    const before = contentOf(shop)
    const interruption = new AbortController()
    let posts = 0
    const report = await shop.check({
      signal: interruption.signal,
      fetch: async (url, init) => {
        const answer = await shop.fetch(url, init)
        posts += init.method === 'POST' ? 1 : 0
        // The record was made, and its answer is lost.
        if (posts === 9 && !interruption.signal.aborted) interruption.abort()
        init.signal?.throwIfAborted()
        return answer
      },
    })
    expect(posts).toBeGreaterThanOrEqual(9)
    expect(report.stopped).toBe('it was interrupted.')
    expect(idsOf(report, 'notChecked').length).toBeGreaterThan(50)
    expect([contentOf(shop), report.left]).toEqual([before, []])
  })

  test('when the shop goes away, it is said what happened, and rules that were not tried are not called broken', async () => {
    const shop = await shopWith({})
    let isGone = false
    const report = await shop.check({
      onResult: ({ id }) => {
        isGone ||= id === 'versions.stale'
      },
      fetch: (url, init) => (isGone ? Promise.reject(new TypeError('fetch failed')) : shop.fetch(url, init)),
    })
    expect(report.stopped).toMatch(
      /^The shop broke off or could not be reached at [A-Z]+ \/api\/.*: is it running at http:\/\/shop\.invalid\?$/,
    )
    expect(failed(report)).toEqual([])
    expect(report.verdict.reached).toBe(1)
  })
})

test('--read-only sends nothing but GETs, and says which rules that leaves unchecked', async () => {
  const shop = await shopWith({})
  const report = await shop.check({ readOnly: true })
  expect(failed(report)).toEqual([])
  expect(report.verdict).toMatchObject({ reached: 1, declared: 4, conforms: true })
  expect(idsOf(report, 'held')).toEqual(expect.arrayContaining(['filters.narrow', 'filters.repeated', 'lists.epoch']))
  expect(report.verdict.next?.missing.map(({ hint }) => hint)).toContain('nothing was written, as --read-only asked')
  expect(shop.shop.requests.read().writes).toBe(0)
})

test('a shop that holds back with Retry-After is waited for, and that is noted', async () => {
  const shop = await shopWith({})
  let held = 0
  const report = await shop.check({
    fetch: (url, init) => {
      held += 1
      if (held % 200 !== 1 || held === 1) return shop.fetch(url, init)
      return Promise.resolve(new Response(null, { status: 429, headers: { 'retry-after': '0' } }))
    },
  })
  expect(failed(report)).toEqual([])
  const rates = report.results.find(({ id }) => id === 'rates.retry-after')
  expect([rates?.outcome.kind, rates?.notes]).toEqual(['held', [expect.stringMatching(/^was held back \d+ times$/)]])
})

function countsOf({ shop: { stores } }: ShopInProcess) {
  return { customers: stores.customers.count(), products: stores.products.count(), orders: stores.orders.count() }
}
