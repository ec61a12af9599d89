import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { defaultOptions } from '../../flows/flow-options.ts'
import {
  allSettled,
  erpOrderOf,
  placeOrder,
  shopCompany,
  shopLine,
  shopProduct,
  startOrderWorld,
} from '../support/orders.ts'
import { startWorld, until, type World } from '../support/world.ts'

let world: World

beforeAll(async () => {
  world = await startWorld({
    sweepMs: 1_000,
    graceMs: 300,
    company: {
      customers: { ...defaultOptions.customers, activeBothWays: true },
      products: { vatAccounts: { ...defaultOptions.products.vatAccounts, '11.11': 3000 }, stock: 'off' },
      createWith: { customers: { ContactGroupIds: [501], UseInvoiceFee: false }, products: { IsStockItem: true } },
      scope: {
        erp: { ...defaultOptions.scope.erp, contactGroupIds: [501] },
        shop: { ...defaultOptions.scope.shop, kinds: ['company'] },
      },
    },
  })
  await world.startWorker()
  world.erp.customers.insert([
    { Name: 'Innenfor AS', EmailAddress: 'post@innenfor.example', ContactGroupIds: [501] },
    { Name: 'Utenfor AS', EmailAddress: 'post@utenfor.example', ContactGroupIds: [502] },
    { Name: 'Uten gruppe AS', EmailAddress: 'post@utengruppe.example' },
  ])
  world.shop.insertCustomers([
    { kind: 'person', firstName: 'Kari', lastName: 'Nordmann', email: 'kari@nordmann.example' },
    { kind: 'company', name: 'Utenfor AS', email: 'post@utenfor.example' },
  ])
  world.erp.products.insert([
    {
      Code: 'LAGER',
      Name: 'Lagervare',
      UnitPrice: 10,
      UnitOfMeasureCode: 'EA',
      StandardSalesAccount: 3000,
      IsStockItem: true,
      StockOnHand: 12,
    },
  ])
  for (const flow of ['customers', 'products'] as const) await world.of(flow).start()
  for (const flow of ['customers', 'products'] as const) await world.of(flow).settled()
})
afterAll(async () => {
  await world.close()
})

const inErp = (email: string) => world.erp.customers.all().filter((customer) => customer.EmailAddress === email)
const inShop = (email: string) => world.shop.customers.all().filter((customer) => customer.email === email)
const leftOut = async () => (await world.status()).counters.outcomes.outOfScope ?? 0

describe('rule 4c: a record outside the scope', () => {
  test('is counted and neither listed nor created, whichever side it is on', async () => {
    expect(inShop('post@innenfor.example')).toHaveLength(1)
    expect(inShop('post@utengruppe.example')).toEqual([])
    expect(inErp('kari@nordmann.example')).toEqual([])
    expect(await world.inbox()).toEqual([])
    expect(await leftOut()).toBeGreaterThanOrEqual(3)
  })

  test('is no candidate: the one that would match it is created by itself', () => {
    const made = inErp('post@utenfor.example').find((customer) => customer.ContactGroupIds?.includes(501))
    expect(inErp('post@utenfor.example')).toHaveLength(2)
    expect(inShop('post@utenfor.example')).toMatchObject([{ erpId: `customer:${made?.Id}` }])
  })

  test('is frozen when it was linked: nothing is written or deleted, and the edit is carried over on its return', async () => {
    const [record] = inErp('post@innenfor.example')
    const [shown] = inShop('post@innenfor.example')
    const before = await leftOut()
    world.erp.customers.edit(Number(record?.Id), { ContactGroupIds: [502] })
    await until('the flow to leave it out', async () => (await leftOut()) > before)
    const frozen = await leftOut()
    world.shop.customers.edit(shown?.id ?? '', { name: 'Innenfor og ute AS' })
    await until('the flow to leave the edit alone', async () => (await leftOut()) > frozen)
    expect(inErp('post@innenfor.example')).toMatchObject([{ Name: 'Innenfor AS' }])
    expect(inShop('post@innenfor.example')).toMatchObject([{ active: true, erpId: `customer:${record?.Id}` }])

    world.erp.customers.edit(Number(record?.Id), { ContactGroupIds: [501, 502] })
    await until('PowerOffice to follow', async () => inErp('post@innenfor.example')[0]?.Name === 'Innenfor og ute AS')
    expect(await world.inbox()).toEqual([])
  })
})

describe('rule 11: what is set once', () => {
  test('goes along at creation, lists included; changed by hand in PowerOffice, it stays', async () => {
    const id = shopCompany(world, { email: 'ny@kunde.example' })
    await until('PowerOffice to have it', async () => inErp('ny@kunde.example').length === 1)
    const [made] = inErp('ny@kunde.example')
    expect(made).toMatchObject({ ContactGroupIds: [501], UseInvoiceFee: false })

    world.erp.customers.edit(Number(made?.Id), { UseInvoiceFee: true, ContactGroupIds: [501, 502] })
    await world.settled()
    world.shop.customers.edit(id, { name: 'Nytt navn AS' })
    await until('PowerOffice to follow', async () => inErp('ny@kunde.example')[0]?.Name === 'Nytt navn AS')
    expect(inErp('ny@kunde.example')).toMatchObject([{ UseInvoiceFee: true, ContactGroupIds: [501, 502] }])
  })

  test('holds for products, too', async () => {
    shopProduct(world, { sku: 'NY-1' })
    const made = await until('PowerOffice to have it', async () =>
      world.erp.products.all().find((product) => product.Code === 'NY-1'),
    )
    expect(made).toMatchObject({ IsStockItem: true })
  })
})

describe('options that change what is kept equal', () => {
  test('active travels to PowerOffice as well with customers.activeBothWays', async () => {
    const id = shopCompany(world, { email: 'hviler@kunde.example' })
    await until('PowerOffice to have it', async () => inErp('hviler@kunde.example').length === 1)
    await world.settled()
    world.shop.customers.edit(id, { active: false })
    await until('PowerOffice to archive it', async () => inErp('hviler@kunde.example')[0]?.IsArchived === true)
    world.shop.customers.edit(id, { active: true })
    await until('PowerOffice to take it back', async () => inErp('hviler@kunde.example')[0]?.IsArchived === false)
    expect(inErp('hviler@kunde.example')).toHaveLength(1)
  })

  test('stock is neither written nor compared with products.stock off', async () => {
    const shown = () => world.shop.products.all().find((product) => product.sku === 'LAGER')
    expect(shown()).toMatchObject({ name: 'Lagervare', erpStock: null })
    const product = world.erp.products.all().find((one) => one.Code === 'LAGER')
    world.erp.products.edit(Number(product?.Id), { Name: 'Lagervare 2' })
    await until('the webshop to follow', async () => shown()?.name === 'Lagervare 2')
    expect(shown()).toMatchObject({ erpStock: null })
  })

  test('an account that has another VAT rate than the option says is one matter in the inbox of products', async () => {
    const listed = await world.of('products').inbox()
    expect(listed.filter((entry) => entry.reason === 'room')).toMatchObject([
      { label: 'Sales accounts in PowerOffice', detail: expect.stringContaining('11.11 %') },
    ])
  })
})

describe('rule 4d: created when an order names it', () => {
  let shopOnly: World
  beforeAll(async () => {
    shopOnly = await startOrderWorld({
      company: { creation: { customers: { erp: 'when-referenced' }, products: { erp: 'when-referenced' } } },
    })
  })
  afterAll(async () => {
    await shopOnly.close()
  })

  test('a customer and a product of the webshop reach PowerOffice with the first order, others stay', async () => {
    const named = shopCompany(shopOnly, { email: 'bestiller@kunde.example' })
    shopCompany(shopOnly, { email: 'ser@kunde.example' })
    const product = shopProduct(shopOnly)
    shopProduct(shopOnly)
    await until('both to be looked at', async () => ((await shopOnly.status()).counters.outcomes.outOfScope ?? 0) >= 2)
    await allSettled(shopOnly)
    expect([shopOnly.erp.customers.count(), shopOnly.erp.products.count()]).toEqual([0, 0])

    const order = placeOrder(shopOnly, named, [shopLine(product)])
    await erpOrderOf(shopOnly, order)
    await allSettled(shopOnly)
    expect(shopOnly.erp.customers.all()).toMatchObject([{ EmailAddress: 'bestiller@kunde.example' }])
    expect(shopOnly.erp.products.count()).toBe(1)
  })
})
