import { afterAll, beforeAll, expect, test } from 'vitest'
import type { CheckReport } from '../../client/commands/check.ts'
import { flowNames } from '../../flows/flow-definition.ts'
import type { InboxEntry } from '../../workflows/messages.ts'
import { compareAll } from '../support/compare-all.ts'
import { koblingOf } from '../support/kobling.ts'
import {
  allSettled,
  erpOrderOf,
  linesAgree,
  placeOrder,
  shopCompany,
  shopLine,
  shopProduct,
  startOrderWorld,
} from '../support/orders.ts'
import { until, type World } from '../support/world.ts'

// Positions of the PowerOffice sandbox's switches that matter to more than the rounds of test/server/switches.test.ts show: a
// line's value that is cleared, and the audit while a role is missing (docs/switches.md).

let world: World

beforeAll(async () => {
  world = await startOrderWorld({ sweepMs: 2_000, erpPollMs: 300, shopPollMs: 300, graceMs: 600_000 })
})
afterAll(async () => {
  await world?.close()
})

/** An order of one line by the kilo, linked, with nothing under way. */
async function kiloOrder(): Promise<{ readonly shopId: string; readonly erpId: string; readonly lineId: string }> {
  const shopId = placeOrder(world, shopCompany(world), [shopLine(shopProduct(world), { unit: 'KGM' })])
  const erpId = await erpOrderOf(world, shopId)
  await linesAgree(world, erpId, shopId)
  await allSettled(world)
  return { shopId, erpId, lineId: world.shop.orders.get(shopId)?.lines[0]?.id ?? '' }
}

const unitsOf = ({ erpId, shopId }: { readonly erpId: string; readonly shopId: string }) => [
  world.erp.salesOrders.linesOf(erpId)[0]?.UnitOfMeasureCode ?? null,
  world.shop.orders.get(shopId)?.lines[0]?.unit ?? null,
]

async function listed(flow: 'salesOrders' | 'salesOrderLines', erpId: string): Promise<InboxEntry | undefined> {
  return (await world.of(flow).inbox()).find((entry) => entry.erpId === erpId)
}

async function retry(flow: 'salesOrders' | 'salesOrderLines', erpId: string): Promise<void> {
  const id = (await listed(flow, erpId))?.id
  if (id !== undefined) await world.of(flow).handle.executeUpdate('retry', { args: [{ id, by: 'a test' }] })
}

test.each([
  ['ignored', 'keeps its value all the same', 9],
  // One patch says all of a line: refused for one value, it carries none.
  ['400', 'is invalid for target location', 2],
] as const)(
  'patchNullClears %s: a unit cleared on a line of the webshop is listed with the line, and both stand',
  async (position, says, arrives) => {
    const order = await kiloOrder()
    world.erp.settings.change({ patchNullClears: position })
    world.shop.orders.editLine(order.shopId, order.lineId, { unit: null })
    const entry = await until('the line to be listed', () => listed('salesOrderLines', order.erpId))
    expect(entry).toMatchObject({ pile: 'needsYou', reason: 'field', shopId: order.shopId })
    expect(entry.field).toMatch(/^line 1/)
    expect(entry.detail).toContain(says)
    await allSettled(world)
    expect(unitsOf(order)).toEqual(['KGM', null])
    const { attempts } = entry
    world.shop.orders.editLine(order.shopId, order.lineId, { quantity: '9' })
    await until('the line to be looked at again', async () => {
      return ((await listed('salesOrderLines', order.erpId))?.attempts ?? 0) > attempts
    })
    await allSettled(world)
    expect(world.erp.salesOrders.linesOf(order.erpId)[0]?.Quantity).toBe(arrives)
    expect(unitsOf(order)).toEqual(['KGM', null])
    world.erp.settings.change({ patchNullClears: null })
    await retry('salesOrderLines', order.erpId)
    await until('PowerOffice to follow', async () => unitsOf(order)[0] === null)
    await allSettled(world)
    expect(await listed('salesOrderLines', order.erpId)).toBeUndefined()
    expect(compareAll(world)).toEqual([])
  },
)

test('outgoingInvoiceRole missing: the audit finds nothing that is not listed, hands nothing over, and all is equal once the role is there', async () => {
  const [open, order] = [await kiloOrder(), await kiloOrder()]
  world.shop.orders.edit(order.shopId, { status: 'confirmed' })
  await until('the order to be confirmed', async () => {
    return world.erp.salesOrders.get(order.erpId)?.SalesOrderStatus === 'Confirmed'
  })
  await allSettled(world)
  world.erp.settings.change({ outgoingInvoiceRole: 'missing' })
  world.erp.salesOrders.invoice(order.erpId)
  const entry = await until('the order to be listed', () => listed('salesOrders', order.erpId))
  expect(entry).toMatchObject({ reason: 'unreadable', pile: 'needsYou' })
  expect(entry.detail).toContain('OutgoingInvoice')
  await allSettled(world)

  const ordersNow = world.shop.orders.count()
  const audit = async (...more: string[]) => {
    const { code, said } = await koblingOf(world.settings)('check', '--json', ...more)
    return { code, report: JSON.parse(said.slice(0, said.lastIndexOf('}') + 1)) as CheckReport }
  }
  for (const more of [[], ['--repair']]) {
    const { code, report } = await audit(...more)
    expect(report.workflows).toEqual([])
    expect(
      report.audit?.flows.map(({ flow, skipped, found, fed, withheld, remaining }) => ({
        ...{ flow, skipped, found, fed, withheld, remaining },
      })),
    ).toEqual(flowNames.map((flow) => ({ flow, skipped: null, found: [], fed: 0, withheld: 0, remaining: [] })))
    const compared = new Map(report.audit?.flows.map(({ flow, compared: counts }) => [flow, counts]))
    // Its counterpart is looked at in the webshop alone: PowerOffice's list does not show it.
    expect([compared.get('salesOrders')?.erp, compared.get('salesOrders')?.shop]).toEqual([ordersNow - 1, ordersNow])
    expect(compared.get('salesOrderLines')?.erp).toBeGreaterThan(0)
    expect(code).toBe(0)
  }
  // What a person edits meanwhile goes on, and an order that is really gone is still told from one that was invoiced.
  world.shop.orders.editLine(open.shopId, open.lineId, { quantity: '8' })
  await until('the edit to arrive', async () => world.erp.salesOrders.linesOf(open.erpId)[0]?.Quantity === 8)

  world.erp.settings.change({ outgoingInvoiceRole: null })
  await retry('salesOrders', order.erpId)
  await until('the webshop to show the invoice', async () => {
    return world.shop.orders.get(order.shopId)?.status === 'invoiced'
  })
  await allSettled(world)
  await until('the entries to close', async () => {
    return (
      (await listed('salesOrders', order.erpId)) === undefined &&
      (await listed('salesOrderLines', order.erpId)) === undefined
    )
  })
  expect(compareAll(world)).toEqual([])
  const after = await audit()
  expect(after.report.audit?.flows.map(({ found }) => found)).toEqual(flowNames.map(() => []))
  expect(after.code).toBe(0)
})
