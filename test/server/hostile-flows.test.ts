import { afterAll, beforeAll, expect, test } from 'vitest'
import { type FlowName, flowNames } from '../../flows/flow-definition.ts'
import type { LinkedRow, Row, SeenReason } from '../../flows/row.ts'
import { type RecordKey, type Side, sides } from '../../flows/side.ts'
import type { InboxEntry } from '../../workflows/messages.ts'
import { erpCompany, shopCompany } from '../support/customers.ts'
import {
  type HostileKind,
  hostileKinds,
  type Planted,
  plantHostile,
  productOfErp,
  productOfShop,
  turnHostile,
} from '../support/hostile-flows.ts'
import type { HostileRecord } from '../support/hostile-records.ts'
import { addLineArticles, placeOrder, plainErpLines, plainShopLines, shopLine } from '../support/orders.ts'
import { startRewritingProxy } from '../support/rewriting-proxy.ts'
import { taskFailuresIn } from '../support/run-histories.ts'
import { startWorld, until, type World } from '../support/world.ts'

// What test/server/hostile-records.test.ts asks of the customers, of the other four flows. Some 350 records with one hostile value
// each, in both systems at once: before the first load, made while the flows run, and linked ones that turn hostile.

const AT_FIRST = { departments: 22, products: 28, salesOrders: 34, lists: 24 }
const LIVE = { departments: 6, products: 12, salesOrders: 12, lists: 6 }
/** Of each side, sound and linked before they turn; as many orders whose lists turn as there are hostile forms of a list. */
const TURNED = { products: 10, salesOrders: 10, lists: 22 }
/** Of each side and flow, that nothing happens to. */
const SOUND = 5

const closing: (() => Promise<unknown>)[] = []
let world: World
let atFirst: Planted
let live: Planted | null = null
let turned: Planted | null = null
const sound = { departments: [] as string[], products: {} as BySide, orders: {} as BySide }
type BySide = Record<Side, readonly string[]>
const inboxes = {} as Record<FlowName, readonly InboxEntry[]>
const rows = {} as Record<FlowName, readonly Row[]>

beforeAll(async () => {
  world = await startWorld({ webhooks: false, erpPollMs: 2_000, shopPollMs: 500, requestsPerSecond: 1_000 })
  const { erp, shop } = world
  addLineArticles(world)
  atFirst = plantHostile(world, { howMany: AT_FIRST, number: 1, withChosen: true })
  const becoming = plantSound()
  const planted = () => [atFirst, live, turned].filter((one): one is Planted => one !== null)
  const proxyOf = (side: Side, target: string) =>
    startRewritingProxy(
      target,
      (record, path) =>
        planted().reduce((shown, one) => (shown === record ? one.rewrite(side)(shown, path) : shown), record),
      (text) => planted().reduce((spelled, one) => one.spell(side)(spelled), text),
    )
  const [erpProxy, shopProxy] = [await proxyOf('erp', erp.origin), await proxyOf('shop', shop.baseUrl)]
  closing.push(erpProxy.close, shopProxy.close)
  const { powerOffice, webshop } = world.settings
  await world.startWorker({
    powerOffice: { ...powerOffice, baseUrl: powerOffice.baseUrl.replace(erp.origin, erpProxy.url) },
    webshop: { ...webshop, baseUrl: shopProxy.url },
  })
  for (const flow of flowNames) await world.of(flow).start()
  await settled()
  live = plantHostile(world, { howMany: LIVE, number: 2, withChosen: false })
  turned = turnHostile(becoming, 31)
  for (const id of becoming.products.erp) erp.products.edit(Number(id), { Description: 'Endret' })
  for (const id of becoming.products.shop) shop.products.edit(id, { description: 'Endret' })
  for (const id of [...becoming.salesOrders.erp, ...becoming.lists.erp])
    erp.salesOrders.edit(id, { PurchaseOrderReference: 'Endret' })
  for (const id of [...becoming.salesOrders.shop, ...becoming.lists.shop])
    shop.orders.edit(id, { purchaseOrderReference: 'Endret' })
  await until('the last of them to be seen', async () => {
    const listed = listedIn(await world.of('salesOrderLines').inbox())
    return sides.every((side) => listed.has(`${side}:${becoming.lists[side][0]}`))
  })
  await settled()
  // Some 50 s of CPU in one process, and two and a half minutes under a load of 17: time says nothing about right or wrong.
}, 600_000)
afterAll(async () => {
  await world?.close()
  for (const close of closing) await close()
})

/** @returns those that are to turn hostile */
function plantSound() {
  const { erp, shop } = world
  const numbers = (count: number) => Array.from({ length: count }, (_, at) => at)
  sound.departments = erp.departments
    .insert(numbers(SOUND).map((at) => ({ Code: `A${at}`, Name: `Avdeling ${at}`, IsActive: true })))
    .map(({ Id }) => String(Id))
  const products: BySide = {
    erp: erp.products
      .insert(numbers(SOUND + TURNED.products).map((at) => productOfErp(`SE${at}`, `Kontorvare ${at}`)))
      .map(({ Id }) => String(Id)),
    shop: shop.insertProducts(
      numbers(SOUND + TURNED.products).map((at) => productOfShop(`SB${at}`, `Butikkvare ${at}`)),
    ),
  }
  const [buyer] = erp.insertCustomers([erpCompany(8_100)])
  const [shopBuyer = ''] = shop.insertCustomers([shopCompany(8_100) as never])
  const [product] = erp.products.insert([productOfErp('SOUND', 'Vare i begge')])
  const [shopProduct = ''] = shop.insertProducts([productOfShop('SOUND', 'Vare i begge')])
  const howMany = numbers(SOUND + TURNED.salesOrders + TURNED.lists)
  const linesOf = (at: number) => [1, 2].map((line) => ({ amount: line, description: `${at}.${line}` }))
  const orders: BySide = {
    erp: erp.salesOrders
      .insert(
        howMany.map((at) => ({
          CustomerId: buyer?.Id,
          SalesOrderLines: linesOf(at).map(({ amount, description }) => ({
            ...{ ProductId: product?.Id, Quantity: amount, Description: description },
          })),
        })),
      )
      .map(({ Id }) => Id),
    shop: howMany.map((at) =>
      placeOrder(
        world,
        shopBuyer,
        linesOf(at).map(({ amount, description }) => shopLine(shopProduct, { quantity: String(amount), description })),
      ),
    ),
  }
  const part = (of: BySide, from: number, to?: number): BySide => ({
    erp: of.erp.slice(from, to),
    shop: of.shop.slice(from, to),
  })
  sound.products = part(products, TURNED.products)
  sound.orders = part(orders, TURNED.salesOrders + TURNED.lists)
  return {
    products: part(products, 0, TURNED.products),
    salesOrders: part(orders, 0, TURNED.salesOrders),
    lists: part(orders, TURNED.salesOrders, TURNED.salesOrders + TURNED.lists),
  }
}

/** Far more than it takes: time says nothing about right or wrong. */
const SETTLED_WITHIN_MS = 270_000

/** Every flow is live with nothing in hand, and whatever is still tried again stands in its inbox. Twice: one wakes another. */
async function settled(): Promise<void> {
  for (const flow of [...flowNames, ...flowNames]) {
    await until(
      `the flow ${flow} to settle`,
      async () => {
        const { phase, inHand } = await world.of(flow).status()
        if (phase !== 'live' || inHand > 0) return false
        const state = await world.of(flow).handle.query<{ lookAgain: readonly { key: RecordKey }[] }, []>('state')
        const listed = listedIn(await world.of(flow).inbox())
        return state.lookAgain.every(({ key }) => listed.has(key))
      },
      SETTLED_WITHIN_MS,
      200,
    ).catch(async (failure: unknown) => {
      throw new Error(`${flow}: ${JSON.stringify(await world.of(flow).status())}`, { cause: failure })
    })
  }
  const known = await Promise.all(
    flowNames.map(async (flow) => [flow, await world.of(flow).inbox(), await world.of(flow).rows()] as const),
  )
  for (const [flow, inbox, all] of known) {
    inboxes[flow] = inbox
    rows[flow] = all
  }
}

function listedIn(entries: readonly InboxEntry[]): Set<RecordKey> {
  return new Set(
    entries.flatMap(({ erpId, shopId, others }) => [
      ...(erpId === null ? [] : [`erp:${erpId}` as const]),
      ...(shopId === null ? [] : [`shop:${shopId}` as const]),
      ...others,
    ]),
  )
}

function linksOf(flow: FlowName): readonly LinkedRow[] {
  return rows[flow].flatMap((row) => (row.kind === 'linked' ? [row] : []))
}

const idIn = (row: LinkedRow, side: Side): string => (side === 'erp' ? row.erpId : row.shopId)
const flowOf = (kind: HostileKind): FlowName => (kind === 'lists' ? 'salesOrders' : kind)
const leftAlone: readonly SeenReason[] = ['outOfScope', 'dormant']
const hasItsId = ({ field }: HostileRecord) => field.toLowerCase() !== 'id'
const lineOf = ({ id, field, json }: HostileRecord) => `${id} ${field}: ${json.slice(0, 60)}`
const cases = hostileKinds.flatMap((kind) => sides.map((side) => [kind, side] as const))

/** By the rules none of this flow's matters: archived, inactive, cancelled, or of another kind. */
function isLeftAlone(kind: HostileKind, side: Side, { id, field, json }: HostileRecord): boolean {
  if (kind === 'departments' && field === 'kind' && json !== '"department"') return true
  return rows[flowOf(kind)].some(
    (row) => row.kind === 'seen' && row.side === side && row.id === id && leftAlone.includes(row.reason),
  )
}

test('nothing stops a flow: all five are live, and none has a trouble or is paused', async () => {
  const statuses = await Promise.all(flowNames.map((flow) => world.of(flow).status()))
  expect(statuses.map(({ flow, phase, trouble, pauseReasons }) => ({ flow, phase, trouble, pauseReasons }))).toEqual(
    flowNames.map((flow) => ({ flow, phase: 'live', trouble: null, pauseReasons: [] })),
  )
})

test.each(cases)(
  'every hostile record is linked, listed, or left alone by a rule, and none is lost: %s (%s)',
  (kind, side) => {
    const listed = listedIn(inboxes[flowOf(kind)])
    const linked = new Set(linksOf(flowOf(kind)).map((row) => idIn(row, side)))
    const own = [atFirst, live].flatMap((planted) => planted?.hostile[kind][side].all.filter(hasItsId) ?? [])
    const lost = own.filter(
      (record) => !linked.has(record.id) && !listed.has(`${side}:${record.id}`) && !isLeftAlone(kind, side, record),
    )
    expect(lost.map(lineOf)).toEqual([])
    expect(own.filter(({ id }) => listed.has(`${side}:${id}`)).length).toBeGreaterThan(8)
  },
)

test.each(sides)('what carries no usable id is listed all the same, under a name of its own (%s)', (side) => {
  const names = flowNames.flatMap((flow) =>
    [...listedIn(inboxes[flow])].filter((key) => key.startsWith(`${side}:no-id-`)),
  )
  expect(names.length).toBeGreaterThan(2)
})

test.each(flowNames)('each entry says of which record, what is the matter, and what to do: %s', (flow) => {
  for (const entry of inboxes[flow]) {
    expect(entry.erpId ?? entry.shopId).not.toBeNull()
    expect(entry.wayOut).toMatch(/^[A-Z].*\.$/)
    expect(entry.detail).not.toMatch(/invalid input|\[object/i)
    expect(entry.detail).toMatch(entry.reason === 'unreadable' ? /^\S.*: \S/ : /\S/)
    expect(entry.label.length + entry.detail.length).toBeLessThan(1_000)
  }
})

test.each(['products', 'salesOrders'] as const)(
  'a linked record that shows a list or an object where a value belongs is listed and stays linked: %s',
  (kind) => {
    const listed = listedIn(inboxes[kind])
    let structures = 0
    for (const side of sides) {
      const linked = new Set(linksOf(kind).map((row) => idIn(row, side)))
      for (const record of turned?.hostile[kind][side].all ?? []) {
        expect(linked.has(record.id), lineOf(record)).toBe(true)
        // These may be objects.
        if (!/^[[{]/.test(record.json) || ['deliveryAddress', 'payment'].includes(record.field)) continue
        structures += 1
        expect(listed.has(`${side}:${record.id}`), lineOf(record)).toBe(true)
      }
    }
    expect(structures).toBeGreaterThan(3)
  },
)

test.each(sides)(
  'the lists of linked orders that turn hostile are listed by the flow of lines, or carried over (%s)',
  (side) => {
    const listed = listedIn(inboxes.salesOrderLines)
    const own = turned?.hostile.lists[side].all ?? []
    const unequal = own.flatMap((record) => {
      const row = linksOf('salesOrders').find((one) => idIn(one, side) === record.id)
      if (!row) return [`${lineOf(record)}: it has no link`]
      if (listed.has(`erp:${row.erpId}`) || listed.has(`shop:${row.shopId}`)) return []
      const there = side === 'erp' ? plainShopLines(world, row.shopId)[0] : plainErpLines(world, row.erpId)[0]
      return shownValues(record).flatMap(([name, value]) =>
        there && tidied(there[name]) === value ? [] : [`${lineOf(record)}: ${name} ${value} and ${there?.[name]}`],
      )
    })
    expect(unequal).toEqual([])
    expect(own.filter(({ id }) => listed.has(`${side}:${id}`)).length).toBeGreaterThan(10)
  },
)

type Comparable = 'quantity' | 'price' | 'discount' | 'description'
const comparable: Readonly<Record<string, Comparable>> = {
  Quantity: 'quantity',
  quantity: 'quantity',
  ProductUnitPrice: 'price',
  unitPriceExVat: 'price',
  Allowance: 'discount',
  discountPercent: 'discount',
  Description: 'description',
  description: 'description',
}

/** What the first line shows hostile, as people compare it; none where that is no value of a line that people see. */
function shownValues({ field, json }: HostileRecord): (readonly [Comparable, string | number])[] {
  const name = comparable[field.replace(/^line /, '')]
  if (name === undefined) return []
  const value: unknown = JSON.parse(json)
  return [[name, name === 'description' ? tidied(String(value ?? '')) : Number(value ?? 0)]]
}

function tidied<T>(value: T): T | string {
  return typeof value === 'string' ? value.normalize('NFC').trim() : value
}

test('sound records among them are linked and equal, and none of them is listed', () => {
  const shown = [...inboxes.departments, ...inboxes.products, ...inboxes.salesOrders, ...inboxes.salesOrderLines]
  const listed = listedIn(shown)
  const linked = (flow: FlowName, { erp, shop }: BySide) =>
    linksOf(flow).filter(({ erpId, shopId }) => erp.includes(erpId) || shop.includes(shopId))
  expect(linked('departments', { erp: sound.departments, shop: [] })).toHaveLength(SOUND)
  expect(linked('products', sound.products)).toHaveLength(2 * SOUND)
  const orders = linked('salesOrders', sound.orders)
  expect(orders).toHaveLength(2 * SOUND)
  for (const { erpId, shopId } of orders) expect(plainErpLines(world, erpId)).toEqual(plainShopLines(world, shopId))
  const all = [...orders, ...linked('products', sound.products)]
  expect(all.filter(({ erpId, shopId }) => listed.has(`erp:${erpId}`) || listed.has(`shop:${shopId}`))).toEqual([])
})

test('healthy records made on both sides afterwards go through in every flow, and nothing hostile is worked on again meanwhile', async () => {
  const { erp, shop } = world
  const [department] = erp.departments.insert([{ Code: 'NY', Name: 'Ny avdeling', IsActive: true }])
  const [buyer] = erp.insertCustomers([erpCompany(9_001)])
  const shopBuyer = shop.customers.create(shopCompany(9_002) as never).id
  const [product] = erp.products.insert([productOfErp('NY-E', 'Ny kontorvare')])
  const shopProduct = shop.products.create(productOfShop('NY-B', 'Ny butikkvare')).id
  const order = erp.salesOrders.create({
    CustomerId: buyer?.Id,
    DepartmentId: department?.Id,
    SalesOrderLines: [{ ProductId: product?.Id, Quantity: 4, Description: 'Ny' }],
  }).order.Id
  const shopOrder = placeOrder(world, shopBuyer, [shopLine(shopProduct, { quantity: '5' })])
  const isNamed = (records: readonly { readonly erpId: string | null }[], name: string) =>
    records.some(({ erpId }) => erpId === name)
  const names = (record: { readonly erpId: string | null } | undefined) => (record?.erpId ?? null) !== null
  await until(
    'all of them to be linked',
    async () =>
      isNamed(shop.customers.all(), `department:${department?.Id}`) &&
      isNamed(shop.customers.all(), `customer:${buyer?.Id}`) &&
      isNamed(shop.products.all(), `product:${product?.Id}`) &&
      isNamed(shop.orders.all(), `order:${order}`) &&
      names(shop.customers.get(shopBuyer)) &&
      names(shop.products.get(shopProduct)) &&
      names(shop.orders.get(shopOrder)),
  )
  const erpOrder = shop.orders.get(shopOrder)?.erpId?.slice('order:'.length) ?? ''
  const counterpart = shop.orders.all().find(({ erpId }) => erpId === `order:${order}`)?.id ?? ''
  shop.orders.editLine(shopOrder, shop.orders.get(shopOrder)?.lines[0]?.id ?? '', { quantity: '6' })
  erp.salesOrders.editLine(order, erp.salesOrders.linesOf(order)[0]?.Id ?? '', { Quantity: 7 })
  await until('the edits of their lines to arrive', async () => {
    return plainErpLines(world, erpOrder)[0]?.quantity === 6 && plainShopLines(world, counterpart)[0]?.quantity === 7
  })
  // PowerOffice is asked for the last minute each time, so all that is hostile there was shown again by now.
  const looks = async (flow: FlowName, of: readonly InboxEntry[] = inboxes[flow]) =>
    of.filter(({ reason }) => reason === 'unreadable').map(({ id, attempts }) => `${id} ${attempts}`)
  for (const flow of flowNames) expect(await looks(flow, await world.of(flow).inbox())).toEqual(await looks(flow))
})

test('no workflow task failed, and no activity but for what it says itself', async () => {
  const failures: string[] = []
  let runs = 0
  for await (const { workflowId, runId } of world.client.workflow.list({
    query: `WorkflowId STARTS_WITH "${world.settings.connection}."`,
  })) {
    const { events } = await world.client.workflow.getHandle(workflowId, runId).fetchHistory()
    failures.push(...taskFailuresIn([{ workflowId, events: events ?? [] }]))
    for (const { activityTaskStartedEventAttributes: started, activityTaskFailedEventAttributes: failed } of events ??
      []) {
      const failure = failed?.failure ?? started?.lastFailure
      if (failure) failures.push(`${workflowId}: ${failure.message} ${failure.stackTrace?.slice(0, 300)}`)
    }
    runs += 1
  }
  expect(runs).toBeGreaterThan(5)
  expect(failures).toEqual([])
})
