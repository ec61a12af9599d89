import { afterAll, beforeAll, expect, test } from 'vitest'
import { flowNames } from '../../flows/flow-definition.ts'
import {
  addLineArticles,
  allSettled,
  erpOrderOf,
  placeOrder,
  shopCompany,
  shopLine,
  shopProduct,
} from '../support/orders.ts'
import { startWorld, until, type World } from '../support/world.ts'

let world: World
let shopOrder: string
let erpOrder: string

/** Levels of the contract between the first and the last: what the shop offers grows, in one life of the same flows. */
beforeAll(async () => {
  world = await startWorld({ webhooks: false })
  await world.shopSettings({
    ...{ createCustomers: false, createProducts: false },
    ...{ createOrders: false, editOrderLines: false, cancelOrders: false },
  })
  addLineArticles(world)
  world.erp.customers.insert([
    { Name: 'Begge AS', EmailAddress: 'post@begge.example', PhoneNumber: '+47 22 00 00 00' },
    { Name: 'Bare PowerOffice AS', EmailAddress: 'post@erp.example' },
  ])
  shopCompany(world, { name: 'Begge AS', email: 'post@begge.example' })
  const buyer = shopCompany(world, { name: 'Kjøper AS', email: 'post@kjoper.example' })
  shopOrder = placeOrder(world, buyer, [shopLine(shopProduct(world, { sku: 'NIVÅ-2' }))])
  await world.startWorker()
  for (const flow of flowNames) await world.of(flow).start()
  erpOrder = await erpOrderOf(world, shopOrder)
  await allSettled(world)
})
afterAll(async () => {
  await world.close()
})

const inShop = (email: string) => world.shop.customers.all().filter((customer) => customer.email === email)
const inErp = (email: string) => world.erp.customers.all().find((customer) => customer.EmailAddress === email)
const newInShop = async () => {
  const { byRoute } = await world.shopCounts()
  return Object.keys(byRoute).filter((route) => /^(POST|DELETE)|lines/.test(route))
}
const listed = async () =>
  (await Promise.all(flowNames.map((flow) => world.of(flow).inbox())))
    .flat()
    .map(({ reason, detail }) => [reason, detail])

test('a shop of level 2 is linked, named and edited; nothing is created in it, and nothing is listed for that', async () => {
  const [both] = inShop('post@begge.example')
  expect(both).toMatchObject({ erpId: `customer:${inErp('post@begge.example')?.Id}` })
  expect(String(both?.phone).replace(/\D/g, '')).toMatch(/22000000$/)
  expect(inShop('post@erp.example')).toEqual([])
  expect(world.shop.orders.get(shopOrder)?.erpOrderNumber).toBe(
    String(world.erp.salesOrders.get(erpOrder)?.SalesOrderNo),
  )
  expect(await newInShop()).toEqual([])
  expect(await listed()).toEqual([])
  expect((await world.status()).limits).toBe(
    'The webshop does not offer to create customers: new ones in PowerOffice stay there.',
  )
})

test('where lines cannot be edited, an order’s own fields and its status still travel', async () => {
  const [line] = world.erp.salesOrders.linesOf(erpOrder)
  world.erp.salesOrders.editLine(erpOrder, line?.Id ?? '', { Quantity: 7 })
  world.erp.salesOrders.edit(erpOrder, { PurchaseOrderReference: 'Fra PowerOffice' })
  await until('the reference to arrive', async () => {
    return world.shop.orders.get(shopOrder)?.purchaseOrderReference === 'Fra PowerOffice'
  })
  await allSettled(world)
  expect(Number(world.shop.orders.get(shopOrder)?.lines[0]?.quantity)).toBe(2)
  world.shop.orders.editLine(shopOrder, world.shop.orders.get(shopOrder)?.lines[0]?.id ?? '', {
    description: 'Ny tekst',
  })
  await until('the line’s text to arrive', async () => {
    return world.erp.salesOrders.linesOf(erpOrder)[0]?.Description === 'Ny tekst'
  })
  await allSettled(world)
  expect(Number(world.erp.salesOrders.linesOf(erpOrder)[0]?.Quantity)).toBe(7)
  world.erp.salesOrders.confirm(erpOrder)
  await until('the status to arrive', async () => world.shop.orders.get(shopOrder)?.status === 'confirmed')
  await allSettled(world)
  expect(await newInShop()).toEqual([])
  expect(await listed()).toEqual([])
})

test('a shop that rises to level 3 is given new records at once, and those of before when they are edited', async () => {
  await world.stopWorker()
  await world.shopSettings({ createCustomers: true, createProducts: true })
  await world.startWorker()
  world.erp.customers.insert([{ Name: 'Ny AS', EmailAddress: 'post@ny.example' }])
  world.erp.customers.edit(Number(inErp('post@erp.example')?.Id), { PhoneNumber: '+47 22 11 11 11' })
  await until('both to appear', async () => inShop('post@ny.example').length + inShop('post@erp.example').length === 2)
  const [product] = world.erp.products.insert([
    { Code: 'NIVÅ-3', Name: 'Vare', UnitPrice: 50, StandardSalesAccount: 3000, UnitOfMeasureCode: 'EA' },
  ])
  await until('the product to appear', async () => world.shop.products.all().some(({ sku }) => sku === 'NIVÅ-3'))
  world.erp.salesOrders.create({
    CustomerId: inErp('post@ny.example')?.Id,
    SalesOrderLines: [{ LineType: 'Normal', ProductId: product?.Id, Quantity: 1, SortOrder: 0 }],
  })
  await until('the order to be looked at', async () => {
    return ((await world.of('salesOrders').status()).counters.outcomes.outOfScope ?? 0) > 0
  })
  await allSettled(world)
  expect((await newInShop()).filter((route) => route.includes('orders'))).toEqual([])
  expect(await listed()).toEqual([])
  expect((await world.status()).limits).toBeNull()
  expect((await world.of('salesOrders').status()).limits).toBe(
    'The webshop does not offer to create orders: new ones in PowerOffice stay there.',
  )
})

test('a shop that stops offering edits is noticed by its refusal: the flow asks again and goes on without a word in the inbox', async () => {
  const [both] = inShop('post@begge.example')
  await world.shopSettings({ updateCustomers: false })
  world.erp.customers.edit(Number(inErp('post@begge.example')?.Id), { PhoneNumber: '+47 22 99 99 99' })
  await until(
    'the flow to have noticed',
    async () => (await world.status()).limits?.includes('edit customers') === true,
  )
  await allSettled(world)
  expect(world.shop.customers.get(String(both?.id))?.phone).toBe(both?.phone)
  expect(await listed()).toEqual([])
  world.shop.customers.edit(String(both?.id), { website: 'https://begge.example' })
  await until('an edit of the shop to arrive', async () => {
    return String(inErp('post@begge.example')?.WebsiteUrl).includes('begge.example')
  })
})
