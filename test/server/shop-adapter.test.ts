import Database from 'libsql'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { flowNames } from '../../flows/flow-definition.ts'
import { defaultWebhookSecret } from '../../sandbox/webshop/sandbox-keys.ts'
import { addLineArticles, allSettled } from '../support/orders.ts'
import { prepareShopAdapter, type ShopAdapter } from '../support/shop-adapter.ts'
import { startWorld, until, type World } from '../support/world.ts'

const erpCustomer = (world: World, email: string) =>
  world.erp.customers.all().filter((customer) => customer.EmailAddress === email)
const digits = (phone: unknown): string => String(phone).replace(/\D/g, '')
const erpLines = (world: World, erpId: string) =>
  world.erp.salesOrders
    .linesOf(erpId)
    .map(({ Description, Quantity, ProductUnitPrice }) => [Description, Number(Quantity), Number(ProductUnitPrice)])
const shopLines = (order: Readonly<Record<string, unknown>>) =>
  (order['lines'] as readonly Record<string, unknown>[]).map((line) => [
    line['description'],
    Number(line['quantity']),
    Number(line['unitPriceExVat']),
  ])

/** What both shops meet: two customers and two products, one of each known to the shop as well. */
async function startWorldWith(shop: ShopAdapter, webhooks: boolean): Promise<World> {
  const world = await startWorld({ webshopUrl: shop.url, webhooks: false })
  world.erp.customers.insert([
    { Name: 'Begge AS', EmailAddress: 'post@begge.example' },
    { Name: 'Bare PowerOffice AS', EmailAddress: 'post@erp.example' },
  ])
  world.erp.products.insert(
    ['BEGGE-1', 'ERP-1'].map((Code) => ({
      ...{ Code, Name: `Vare ${Code}`, UnitPrice: 50, StandardSalesAccount: 3000, UnitOfMeasureCode: 'EA' },
    })),
  )
  addLineArticles(world)
  const worker = await world.startWorker()
  const webhookUrl = `http://127.0.0.1:${worker.receiverPort}/webhooks/${world.settings.connection}`
  await shop.start(
    webhooks ? { WEBHOOK_URL: webhookUrl, WEBHOOK_SECRET: defaultWebhookSecret } : { LONGEST_TRANSACTION_MS: '200' },
  )
  return world
}

async function startFlows(world: World): Promise<void> {
  for (const flow of flowNames) await world.of(flow).start()
  await allSettled(world)
}

/** Everything is looked at anew; the memory of links stays. */
async function secondPass(world: World): Promise<void> {
  world.erp.counts.reset()
  for (const flow of flowNames) {
    await world.of(flow).handle.terminate('everything is looked at anew')
    await world.of(flow).start()
  }
  await allSettled(world)
}

const listed = async (world: World) =>
  (await Promise.all(flowNames.map((flow) => world.of(flow).inbox())))
    .flat()
    .map(({ reason, detail }) => [reason, detail])

describe('the example shop of level 4, all five flows', () => {
  let world: World
  let shop: ShopAdapter
  let orderId: string

  beforeAll(async () => {
    shop = await prepareShopAdapter(4)
    world = await startWorldWith(shop, true)
    await shop.add('customers', { kind: 'company', name: 'Begge AS', email: 'Post@Begge.example' })
    const { id: buyer } = await shop.add('customers', {
      ...{ kind: 'person', firstName: 'Kari', lastName: 'Nordmann', email: 'kari@shop.example' },
      address: { line1: 'Storgata 1', zip: '0155', city: 'Oslo', country: 'NO' },
    })
    const { id: product } = await shop.add('products', {
      ...{ sku: 'SHOP-1', name: 'Ski', priceExVat: '499.50', vatRate: '25', unit: 'EA' },
    })
    await shop.add('products', { sku: 'BEGGE-1', name: 'Vare BEGGE-1', priceExVat: '50', vatRate: '25', unit: 'EA' })
    const lines = [
      {
        kind: 'product',
        productId: product,
        description: 'Ski',
        quantity: '2',
        unitPriceExVat: '499.50',
        vatRate: '25',
      },
      { kind: 'shipping', description: 'Frakt', quantity: '1', unitPriceExVat: '79.20', vatRate: '25' },
    ]
    const order = { customerId: buyer, currency: 'NOK', orderedAt: '2026-11-20T10:00:00Z', number: '10042', lines }
    orderId = (await shop.add('orders', order)).id
    await startFlows(world)
  })
  afterAll(async () => {
    await world.close()
    await shop.close()
  })

  test('is filled from both sides: what belongs together is linked, the rest is created, and nothing is listed', async () => {
    const names = (await shop.all('customers')).map((customer) => [customer['email'], customer['erpId']])
    const ids = (email: string) => erpCustomer(world, email).map(({ Id }) => `customer:${Id}`)
    expect(names).toEqual(
      expect.arrayContaining([
        ['Post@Begge.example', ...ids('post@begge.example')],
        ['kari@shop.example', ...ids('kari@shop.example')],
        ['post@erp.example', ...ids('post@erp.example')],
      ]),
    )
    expect((await shop.all('products')).map(({ sku }) => sku)).toEqual(expect.arrayContaining(['ERP-1', 'SHOP-1']))
    expect(world.erp.products.all().filter(({ Code }) => Code === 'SHOP-1' || Code === 'BEGGE-1')).toHaveLength(2)
    expect(await listed(world)).toEqual([])
    expect((await world.status()).limits).toBeNull()
  })

  test('an order with freight stands in PowerOffice, line by line', async () => {
    const order = await shop.get(`/orders/${orderId}`)
    const erpId = String(order['erpId']).slice('order:'.length)
    expect(erpLines(world, erpId)).toEqual([
      ['Ski', 2, 499.5],
      ['Frakt', 1, 79.2],
    ])
    expect(Number(world.erp.salesOrders.get(erpId)?.TotalAmount)).toBe(Number(order['totalIncVat']))
  })

  test('an edit on either side reaches the other', async () => {
    const [both] = erpCustomer(world, 'post@begge.example')
    const shown = (await shop.all('customers')).find((customer) => customer['email'] === 'Post@Begge.example')
    world.erp.customers.edit(Number(both?.Id), { PhoneNumber: '+47 22 33 44 55' })
    await shop.edit(`/customers/${shown?.id}`, { name: 'Begge og Sønn AS' })
    await until('both edits to arrive', async () => {
      const now = await shop.get(`/customers/${shown?.id}`)
      return (
        digits(now['phone']).endsWith('22334455') && world.erp.customers.get(Number(both?.Id))?.Name === now['name']
      )
    })
    expect(world.erp.customers.get(Number(both?.Id))?.Name).toBe('Begge og Sønn AS')
  })

  test('an order made in PowerOffice appears with its lines, and an edited line follows on either side', async () => {
    const [customer] = erpCustomer(world, 'post@erp.example')
    const product = world.erp.products.all().find(({ Code }) => Code === 'ERP-1')
    const { order } = world.erp.salesOrders.create({
      CustomerId: customer?.Id,
      SalesOrderLines: [{ LineType: 'Normal', ProductId: product?.Id, Quantity: 4, SortOrder: 0 }],
    })
    const made = await until('the order to appear', async () =>
      (await shop.all('orders')).find(({ erpId }) => erpId === `order:${order.Id}`),
    )
    await allSettled(world)
    world.erp.salesOrders.editLine(order.Id, world.erp.salesOrders.linesOf(order.Id)[0]?.Id ?? '', { Quantity: 5 })
    await until('the line to follow', async () => {
      const lines = shopLines(await shop.get(`/orders/${made.id}`))
      return lines[0]?.[1] === 5
    })
    await allSettled(world)
    const [line] = (await shop.get(`/orders/${made.id}`))['lines'] as readonly { readonly id: string }[]
    await shop.edit(`/orders/${made.id}/lines/${line?.id}`, { unitPriceExVat: '45.25' })
    await until('the price to follow', async () => erpLines(world, order.Id)[0]?.[2] === 45.25)
    expect(erpLines(world, order.Id)).toEqual(shopLines(await shop.get(`/orders/${made.id}`)))
  })

  test('rule 6: looking at everything again writes nothing', async () => {
    await allSettled(world)
    const before = { ...shop.writes() }
    await secondPass(world)
    expect(world.erp.counts.report().writes).toBe(0)
    expect(shop.writes()).toEqual(before)
    expect(Object.keys(before).sort()).toEqual(['PATCH', 'POST'])
  })
})

describe('the example shop of level 1, all five flows', () => {
  let world: World
  let shop: ShopAdapter
  let tables: Database.Database

  beforeAll(async () => {
    shop = await prepareShopAdapter(1)
    // The shop's tables are made when its window is opened first; the shop itself writes past it, as shops do.
    world = await startWorldWith(shop, false)
    tables = new Database(shop.database)
    tables.exec(`
      INSERT INTO customers (name, email) VALUES ('Begge AS', 'post@begge.example');
      INSERT INTO customers (first_name, last_name, email) VALUES ('Kari', 'Nordmann', 'kari@shop.example');
      INSERT INTO products (sku, name, price, vat) VALUES ('SHOP-1', 'Ski', '499.50', '25'), ('BEGGE-1', 'Vare BEGGE-1', '50', '25');
      INSERT INTO orders (number, customer_id, placed_at, total_ex_vat, total_inc_vat)
        VALUES ('10042', 2, '2026-11-20T10:00:00.000Z', '1078.20', '1347.75');
      INSERT INTO order_lines (order_id, product_id, kind, description, quantity, price, vat)
        VALUES (1, 1, 'product', 'Ski', '2', '499.50', '25'), (1, NULL, 'shipping', 'Frakt', '1', '79.20', '25');`)
    await startFlows(world)
  })
  afterAll(async () => {
    tables.close()
    await world.close()
    await shop.close()
  })

  test('everything of it stands in PowerOffice, what both have is linked, and what it does not take is not attempted', async () => {
    expect(erpCustomer(world, 'kari@shop.example')).toHaveLength(1)
    expect(erpCustomer(world, 'post@begge.example')).toHaveLength(1)
    expect(world.erp.products.all().map(({ Code }) => Code)).toEqual(expect.arrayContaining(['SHOP-1', 'BEGGE-1']))
    const [order, ...others] = world.erp.salesOrders.all()
    expect(others).toEqual([])
    expect(erpLines(world, order?.Id ?? '')).toEqual([
      ['Ski', 2, 499.5],
      ['Frakt', 1, 79.2],
    ])
    expect((await world.of('customers').status()).links).toBe(2)
    expect((await world.of('products').status()).links).toBe(2)
    expect(shop.reads()).toBeGreaterThan(0)
    expect(shop.writes()).toEqual({})
  })

  test('nothing is listed for what it does not offer: each flow says it in a sentence', async () => {
    expect(await listed(world)).toEqual([])
    const said = await Promise.all(flowNames.map(async (flow) => [flow, await sentenceOf(flow)]))
    const stays = 'what is new or edited in PowerOffice stays there.'
    expect(Object.fromEntries(said)).toEqual({
      departments: expect.stringContaining('has no customers of kind department'),
      customers: `The webshop does not offer to create or edit customers: ${stays}`,
      products: `The webshop does not offer to create or edit products: ${stays}`,
      salesOrders: `The webshop does not offer to create or edit orders: ${stays}`,
      salesOrderLines: 'The webshop does not offer to edit the lines of orders: edits in PowerOffice stay there.',
    })
  })

  test('edits in the shop reach PowerOffice, those of lines too', async () => {
    tables.exec(`UPDATE customers SET phone = '+47 22 33 44 55' WHERE id = 1;
      UPDATE order_lines SET quantity = '3' WHERE id = 1;
      INSERT INTO order_lines (order_id, product_id, description, price, vat) VALUES (1, 2, 'Vare', '50', '25')`)
    const [order] = world.erp.salesOrders.all()
    await until('the edits to arrive', async () => {
      const [customer] = erpCustomer(world, 'post@begge.example')
      return digits(customer?.PhoneNumber).endsWith('22334455') && erpLines(world, order?.Id ?? '').length === 3
    })
    await allSettled(world)
    expect(erpLines(world, order?.Id ?? '')).toEqual([
      ['Ski', 3, 499.5],
      ['Frakt', 1, 79.2],
      ['Vare', 1, 50],
    ])
  })

  test('edits in PowerOffice stay there unlisted, and are left standing by edits of other fields in the shop', async () => {
    const [customer] = erpCustomer(world, 'post@begge.example')
    const [order] = world.erp.salesOrders.all()
    const looked = (await world.status()).counters.outcomes.unchanged ?? 0
    world.erp.customers.edit(Number(customer?.Id), { PhoneNumber: '+47 99 88 77 66' })
    world.erp.salesOrders.edit(order?.Id ?? '', { PurchaseOrderReference: 'Fra PowerOffice' })
    await until(
      'the edit to be looked at',
      async () => ((await world.status()).counters.outcomes.unchanged ?? 0) > looked,
    )
    await allSettled(world)
    expect(world.erp.customers.get(Number(customer?.Id))?.PhoneNumber).toContain('99 88 77 66')
    expect(await listed(world)).toEqual([])
    tables.exec(`UPDATE customers SET name = 'Begge og Sønn AS' WHERE id = 1`)
    await until('the edit of another field to arrive', async () => {
      return world.erp.customers.get(Number(customer?.Id))?.Name === 'Begge og Sønn AS'
    })
    expect(world.erp.customers.get(Number(customer?.Id))?.PhoneNumber).toContain('99 88 77 66')
    expect(shop.writes()).toEqual({})
  })

  test('rule 6: looking at everything again writes nothing', async () => {
    await secondPass(world)
    expect(world.erp.counts.report().writes).toBe(0)
    expect(shop.writes()).toEqual({})
    expect(await listed(world)).toEqual([])
  })

  async function sentenceOf(flow: (typeof flowNames)[number]): Promise<string | null> {
    const { idle, limits } = await world.of(flow).status()
    return idle ?? limits
  }
})
