import Big from 'big.js'
import { consoleUrl } from '../addresses.ts'
import { CommandFailure } from '../command-failure.ts'
import { refusalOf } from '../console/systems/call-system.ts'
import { system } from '../console/systems/power-office-call.ts'
import { isJsonObject, type JsonObject, type SystemRecord } from '../console/systems/system-records.ts'
import { webshopRecords } from '../console/systems/webshop-records.ts'
import { createShopRecord } from './create-shop-record.ts'
import { powerOfficeCreate, powerOfficeRead, webshopCreate } from './curl.ts'
import type { TourStep, TourWorld } from './tour-step.ts'
import { seconds, waitFor } from './wait-for.ts'

/** Customer, product and order are each found and created in their turn; three times what one edit may take. */
const orderWithinMs = 90_000
/** Any price; twice the product and once the freight make the totals below. */
const price = '199.00'
const freight = '79.00'

export const orderFromShop: TourStep = {
  name: 'An order with freight, of a new customer for a new product, travels to PowerOffice: customer and product first',
  async run(world) {
    const { stamp } = world
    const customer = await createInShop(world, 'customers', {
      kind: 'company',
      name: `Tour Handel ${stamp} AS`,
      email: `handel.${stamp}@example.com`,
      active: true,
    })
    const product = await createInShop(world, 'products', {
      sku: `TOUR-${stamp}`,
      name: `Tour mug ${stamp}`,
      type: 'product',
      unit: 'EA',
      priceExVat: price,
      vatRate: '25',
      active: true,
    })
    const placedAt = Date.now()
    const order = await createInShop(world, 'orders', {
      customerId: customer.id,
      currency: 'NOK',
      orderedAt: new Date(placedAt).toISOString(),
      payment: { status: 'authorised', method: 'card', reference: `tour-${stamp}` },
      lines: [
        {
          kind: 'product',
          productId: product.id,
          description: `Tour mug ${stamp}`,
          quantity: '2',
          unit: 'EA',
          unitPriceExVat: price,
          vatRate: '25',
          position: 1,
        },
        { kind: 'shipping', description: 'Frakt', quantity: '1', unitPriceExVat: freight, vatRate: '25', position: 2 },
      ],
    })
    for (const [collection, record] of Object.entries({ customers: customer, products: product, orders: order })) {
      const erpId = await erpIdOf(world, collection, record.id)
      world.saw(
        `webshop ${collection} ${record.id} is ${erpId} in PowerOffice, ${seconds(Date.now() - placedAt)} after the order`,
      )
    }
    const erpId = idWithin(await erpIdOf(world, 'orders', order.id))
    const complete = await readComplete(world, erpId)
    sawLines(world, 'PowerOffice', linesAt(complete, 'SalesOrderLines'), {
      description: 'Description',
      quantity: 'Quantity',
    })
    assertSameTotal(complete['TotalAmount'], await shopValue(world, order.id, 'totalIncVat'))
    world.saw(`both sides have the same total, VAT included: ${String(complete['TotalAmount'])}`)
    linkOrder(world, erpId)
  },
}

export const orderFromErp: TourStep = {
  name: 'An order made in PowerOffice appears in the webshop with its lines',
  async run(world) {
    const product = await linkedProduct(world)
    const made = {
      CustomerId: Number(world.pair.erpId),
      CurrencyCode: 'NOK',
      SalesOrderDate: new Date().toISOString().slice(0, 10),
      SalesOrderStatus: 'Draft',
      PurchaseOrderReference: `tour ${world.stamp}`,
      SalesOrderLines: [
        {
          LineType: 'Normal',
          ProductId: product.erpId,
          Description: product.name,
          Quantity: 3,
          ProductUnitPrice: 50,
          Allowance: 0,
          SortOrder: 1,
        },
        { LineType: 'Text', Description: `Greetings from the tour, ${world.stamp}`, SortOrder: 2 },
      ],
    }
    const since = Date.now()
    const erpId = await createInErp(world, made)
    const { found } = await waitFor(
      `PowerOffice order ${erpId} appearing in the webshop`,
      async () =>
        [...(await shopRecords(world, 'orders').readAll()).values()].find(
          ({ json }) => json['erpId'] === `order:${erpId}`,
        ),
      { withinMs: orderWithinMs, signal: world.context.signal },
    )
    world.saw(`webshop order ${found.id} names order:${erpId}, ${seconds(Date.now() - since)} after it was made`)
    const lines = linesAt(found.json, 'lines')
    if (lines.length !== made.SalesOrderLines.length) {
      throw new CommandFailure(
        `The webshop's order has ${lines.length} lines, PowerOffice's ${made.SalesOrderLines.length}.`,
      )
    }
    sawLines(world, 'webshop', lines, { description: 'description', quantity: 'quantity' })
    linkOrder(world, erpId)
  },
}

function createInShop(
  world: TourWorld,
  collection: string,
  json: Readonly<Record<string, unknown>>,
): Promise<SystemRecord> {
  world.command(webshopCreate(world.settings, collection, json))
  return createShopRecord(world.settings.webshop, collection, json)
}

/** @returns the order's id */
async function createInErp(world: TourWorld, json: object): Promise<string> {
  const path = 'SalesOrders/Complete'
  world.token()
  world.command(powerOfficeCreate(world.settings, path, json))
  const reply = await world.call({
    url: `${world.settings.powerOffice.baseUrl}/${path}`,
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(json),
  })
  if (reply.status !== 201 || !isJsonObject(reply.json)) throw refusalOf({ system }, reply)
  world.saw(`PowerOffice order ${String(reply.json['SalesOrderNo'])} is made: ${String(reply.json['Id'])}`)
  return String(reply.json['Id'])
}

async function readComplete(world: TourWorld, erpId: string): Promise<JsonObject> {
  const path = `SalesOrders/${erpId}/Complete`
  world.token()
  world.command(powerOfficeRead(world.settings, path))
  const reply = await world.call({ url: `${world.settings.powerOffice.baseUrl}/${path}` })
  if (reply.status !== 200 || !isJsonObject(reply.json)) throw refusalOf({ system }, reply)
  return reply.json
}

/** The shop's word for the counterpart: `order:<id>`. It has none until the sync has created it. */
async function erpIdOf(world: TourWorld, collection: string, id: string): Promise<string> {
  const { found } = await waitFor(
    `${collection} ${id} of the webshop being created in PowerOffice`,
    async () => {
      const erpId = (await shopRecords(world, collection).find(id))?.json['erpId']
      return typeof erpId === 'string' ? erpId : undefined
    },
    { withinMs: orderWithinMs, signal: world.context.signal },
  )
  return found
}

async function linkedProduct(world: TourWorld): Promise<{ readonly erpId: number; readonly name: string }> {
  for (const { json } of (await shopRecords(world, 'products').readAll()).values()) {
    const { erpId, name, active } = json
    if (typeof erpId === 'string' && active === true) return { erpId: Number(idWithin(erpId)), name: String(name) }
  }
  throw new CommandFailure('There is no product that both sides have yet: wait for the first load to end.')
}

async function shopValue(world: TourWorld, id: string, property: string) {
  return (await shopRecords(world, 'orders').find(id))?.json[property]
}

function shopRecords({ settings }: TourWorld, collection: string) {
  return webshopRecords(settings.webshop, collection)
}

function idWithin(erpId: string): string {
  return erpId.slice(erpId.indexOf(':') + 1)
}

function linesAt(json: JsonObject, property: string): JsonObject[] {
  const lines = json[property]
  return Array.isArray(lines) ? lines.filter(isJsonObject) : []
}

function sawLines(
  world: TourWorld,
  where: string,
  lines: readonly JsonObject[],
  names: { readonly description: string; readonly quantity: string },
): void {
  for (const line of lines) {
    const quantity = line[names.quantity] ?? null
    world.saw(`${where} line: ${quantity === null ? '' : `${String(quantity)} x `}${String(line[names.description])}`)
  }
}

function assertSameTotal(erp: unknown, shop: unknown): void {
  const [left, right] = [String(erp), String(shop)]
  const isNumber = (text: string) => /^-?\d+(\.\d+)?$/.test(text)
  if (!isNumber(left) || !isNumber(right) || !new Big(left).eq(right)) {
    throw new CommandFailure(`The totals differ: ${left} in PowerOffice, ${right} in the webshop.`)
  }
}

function linkOrder({ link, settings }: TourWorld, erpId: string): void {
  link(consoleUrl(settings, `/flows/salesOrders?q=${erpId}`))
}
