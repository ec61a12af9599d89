import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { seedLineProducts } from '../sandbox/seed/articles.ts'
import { seedEverything, seedExpectations } from '../sandbox/seed/everything.ts'
import { accountOf, asVatRate } from '../sandbox/seed/ledger.ts'
import type { SeedName } from '../sandbox/seed/options.ts'
import type { ShopSeedOrderLine } from '../sandbox/seed/orders.ts'
import { vatRateOf } from '../sandbox/seed/products.ts'
import type { FlowExpectation } from '../sandbox/seed/types.ts'
import { startWebshopSandbox, type WebshopSandbox } from '../sandbox/webshop/server.ts'
import { type ApiClient, startApi } from './sandbox-poweroffice-support.ts'
import { clientOf, type Json, type ShopClient } from './sandbox-webshop-client.ts'

const seed = seedEverything()
const expected = seedExpectations(seed)

const inErp = (one: FlowExpectation) => one.pairs + one.erpOnly + one.dormantErp + 2 * one.ambiguous
const inShop = (one: FlowExpectation) =>
  one.pairs + one.shopOnly + one.refused + one.waiting + one.dormantShop + one.ambiguous

let api: ApiClient
let shop: WebshopSandbox
let client: ShopClient
const others: { close(): Promise<void> }[] = []

beforeAll(async () => {
  api = await startApi({ seed: 'all' })
  shop = await startWebshopSandbox({ seed: 'all' })
  client = clientOf(shop.baseUrl)
})

afterAll(async () => {
  await Promise.all([api.sandbox, shop, ...others].map((sandbox) => sandbox.close()))
})

async function listOf(path: string, of: ApiClient = api): Promise<Json[]> {
  const { status, json } = await of.get(`${path}?PageSize=20000`)
  expect([200, 204]).toContain(status)
  return status === 204 ? [] : (json as Json[])
}

async function shopOf(name: SeedName): Promise<WebshopSandbox> {
  const started = await startWebshopSandbox({ seed: name })
  others.push(started)
  return started
}

const countsOf = async (sandbox: WebshopSandbox) => (await clientOf(sandbox.baseUrl).get('/api/counts')).body

async function recordsOf(collection: 'customers' | 'products' | 'orders'): Promise<Json[]> {
  const items: Json[] = []
  for (let cursor = ''; ; ) {
    const { body } = await client.get(`/api/${collection}?limit=500${cursor}`)
    items.push(...body.items)
    if (!body.hasMore) return items
    cursor = `&changedSince=${encodeURIComponent(body.next)}`
  }
}

describe('the PowerOffice sandbox with the seed of everything', () => {
  test('lists as many records as the expectation says, and the default product group', async () => {
    const counts = {
      departments: (await listOf('/Departments')).length,
      customers: (await listOf('/Customers')).length,
      groups: (await listOf('/ProductGroups')).length,
      products: (await listOf('/Products')).length,
      orders: (await listOf('/SalesOrders')).length,
      lines: (await listOf('/SalesOrders')).reduce((sum, order) => sum + order.LineCount, 0),
    }
    expect(counts).toEqual({
      departments: inErp(expected.departments),
      customers: inErp(expected.customers),
      groups: seed.productGroups.length + 1,
      products: inErp(expected.products),
      orders: inErp(expected.salesOrders),
      lines: inErp(expected.salesOrderLines),
    })
  })

  test('has each product in its group, on the account that gives the VAT rate of the seed', async () => {
    const products = new Map((await listOf('/Products')).map((product) => [product.Code, product]))
    const groups = new Map((await listOf('/ProductGroups')).map((group) => [group.Id, group]))
    const stored = seed.products.erp.map(({ code }) => {
      const product = products.get(code)
      const group = groups.get(product?.ProductGroupId)
      return {
        code: product?.Code,
        group: group?.Code,
        account: product?.StandardSalesAccount ?? group?.StandardSalesAccount ?? null,
        price: product?.UnitPrice ?? group?.UnitPrice ?? null,
        onHand: product?.StockOnHand,
      }
    })
    const groupOf = new Map(seed.productGroups.map((group) => [group.code, group]))
    const numberOr = (text: string | null | undefined) => (text ? Number(text) : null)
    expect(stored).toEqual(
      seed.products.erp.map(({ code, group, salesAccount, unitPrice, stockOnHand }) => ({
        code,
        group,
        account: salesAccount ?? groupOf.get(group)?.salesAccount ?? null,
        price: numberOr(unitPrice ?? groupOf.get(group)?.unitPrice),
        onHand: numberOr(stockOnHand),
      })),
    )
  })

  test('has customers with a discount of their own', async () => {
    const discounts = (await listOf('/Customers')).flatMap(({ Allowance }) => (Allowance ? [Allowance] : []))
    const wanted = seed.orders.customerDiscounts.map(({ discountPercent }) => Number(discountPercent))
    expect(discounts.toSorted()).toEqual(wanted.toSorted())
  })

  test('has orders on the customers, departments and products that they are of, priced and taxed', async () => {
    const customers = await listOf('/Customers')
    const departments = new Map((await listOf('/Departments')).map((department) => [department.Id, department.Code]))
    const stored = await listOf('/SalesOrders')
    const complete = await Promise.all(
      stored.map(async ({ Id }) => (await api.get(`/SalesOrders/${Id}/Complete`)).json as Json),
    )
    const shown = complete.map((order) => ({
      customer: customers.findIndex((customer) => customer.Id === order.CustomerId),
      department: order.DepartmentId === -1 ? '-1' : (departments.get(order.DepartmentId) ?? null),
      status: order.SalesOrderStatus,
      date: order.SalesOrderDate,
      currency: order.CurrencyCode,
      reference: order.CustomerReference,
      lines: order.SalesOrderLines.map((line: Json) => [line.LineType, line.ProductCode ?? null, line.Quantity]),
    }))
    expect(shown).toEqual(
      seed.orders.erp.map(({ customer, department, status, date, currency, lines, ...order }) => ({
        ...{ customer, department, status, date, currency },
        reference: order.contactPerson
          ? `${order.contactPerson.firstName} ${order.contactPerson.lastName}`
          : order.customerReference,
        lines: lines.map(({ type, product, quantity }) => [type, product, quantity === null ? null : Number(quantity)]),
      })),
    )
    const taxed = complete.flatMap((order) => order.SalesOrderLines).filter((line: Json) => line.LineType === 'Normal')
    expect(taxed.filter((line: Json) => line.VatRate === null || line.TotalAmount === null)).toEqual([])
    expect(complete.filter((order) => !(order.TotalAmount > 0))).toEqual([])
  })

  test('has customers alone, or nothing, when asked for that', async () => {
    const customersAlone = await startApi({ seed: 'customers' })
    const nothing = await startApi({ seed: 'none' })
    others.push(customersAlone.sandbox, nothing.sandbox)
    const lengths = (of: ApiClient) =>
      Promise.all(
        ['/Customers', '/Departments', '/Products', '/SalesOrders'].map(
          async (path) => (await listOf(path, of)).length,
        ),
      )
    expect(await lengths(customersAlone)).toEqual([inErp(expected.customers), 0, 0, 0])
    expect(await lengths(nothing)).toEqual([0, 0, 0, 0])
  })
})

describe('the webshop sandbox with the seed of everything', () => {
  test('counts as many records as the expectation says, departments among the customers', async () => {
    expect(await countsOf(shop)).toEqual({
      customers: inShop(expected.customers) + inShop(expected.departments),
      products: inShop(expected.products),
      orders: inShop(expected.salesOrders),
      lines: inShop(expected.salesOrderLines),
    })
    const customers = await recordsOf('customers')
    expect(customers.filter(({ kind }) => kind === 'department')).toHaveLength(inShop(expected.departments))
  })

  test('has orders on the customers, departments, products and orders that they are of', async () => {
    const customers = new Map((await recordsOf('customers')).map((customer) => [customer.id, customer]))
    const products = new Map((await recordsOf('products')).map((product) => [product.id, product]))
    const orders = await recordsOf('orders')
    const numbers = new Map(orders.map((order) => [order.id, order.number]))
    const resolved = orders.map((order) => ({
      number: order.number,
      email: customers.get(order.customerId)?.email,
      department: order.departmentId && customers.get(order.departmentId)?.customerNumber,
      credits: order.creditsOrderId && numbers.get(order.creditsOrderId),
      skus: order.lines.map((line: Json) => line.productId && products.get(line.productId)?.sku),
    }))
    expect(resolved).toEqual(
      seed.orders.shop.map((order) => ({
        number: order.number,
        email: seed.customers.shop[order.customer]?.email,
        department: order.department,
        credits: order.credits,
        skus: order.lines.map((line) => line.sku),
      })),
    )
  })

  test('takes the seed once in the life of its data file', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'seed-'))
    const dataFile = join(folder, 'webshop.sqlite')
    try {
      const first = await startWebshopSandbox({ seed: 'all', dataFile })
      const before = await countsOf(first)
      await first.close()
      const again = await startWebshopSandbox({ seed: 'all', dataFile })
      const after = await countsOf(again)
      await again.close()
      expect(after).toEqual(before)
      expect(after.orders).toBe(inShop(expected.salesOrders))
    } finally {
      rmSync(folder, { recursive: true, force: true })
    }
  })

  test('has customers alone, or nothing, when asked for that', async () => {
    const nothing = { customers: 0, products: 0, orders: 0, lines: 0 }
    expect(await countsOf(await shopOf('customers'))).toEqual({ ...nothing, customers: inShop(expected.customers) })
    expect(await countsOf(await shopOf('none'))).toEqual(nothing)
  })
})

describe('the two seeds together', () => {
  const aside = ['invoiced', 'cancelled']
  const goingThrough = seed.orders.shop.filter(
    (order) =>
      !aside.includes(order.status) && order.lines.every((line) => line.kind === 'product' || codeOf(line) !== null),
  )

  /** The article of the line's kind and rate; '' for a text. null where the ERP has none: the order waits. */
  function codeOf(line: ShopSeedOrderLine): string | null {
    if (line.kind === 'text') return ''
    const code = seedLineProducts[`${line.kind}:${line.vatRate}`] ?? seedLineProducts[line.kind]
    const article = seed.products.erp.find((product) => product.code === code)
    return article && vatRateOf(article) === line.vatRate ? article.code : null
  }

  const productOf = new Map<string, string>()

  function lineInErp(line: ShopSeedOrderLine) {
    if (line.kind === 'text') return { LineType: 'Text', Description: line.description }
    return {
      ProductCode: line.sku === null ? codeOf(line) : productOf.get(line.sku),
      Description: line.description,
      Quantity: Number(line.quantity),
      ProductUnitPrice: Number(line.unitPriceExVat),
      Allowance: Number(line.discountPercent ?? '0'),
    }
  }

  beforeAll(() => {
    const codes = new Map(
      seed.products.erp.flatMap(({ code, gtin }) => [code, ...(gtin ? [gtin] : [])].map((key) => [key, code])),
    )
    const unknown = seed.products.shop.filter(({ sku, gtin }) => !codes.has(sku) && !codes.has(gtin ?? sku))
    api.sandbox.products.insert(
      unknown.map(({ sku, name, vatRate }) => ({
        Code: sku,
        Name: name,
        StandardSalesAccount: accountOf(asVatRate(vatRate)),
      })),
    )
    for (const { sku, gtin } of seed.products.shop) productOf.set(sku, codes.get(sku) ?? codes.get(gtin ?? sku) ?? sku)
  })

  test('every order of the shop that goes through is taken by PowerOffice and adds up to the same there', async () => {
    expect(goingThrough).toHaveLength(expected.salesOrders.shopOnly)
    const totals = new Map((await recordsOf('orders')).map((order) => [order.number, Number(order.totalIncVat)]))
    const customers = await listOf('/Customers')
    const differing: unknown[] = []
    for (const order of goingThrough) {
      const { status, json } = await api.post('/SalesOrders/Complete', {
        CustomerId: customers[0].Id,
        SalesOrderLines: order.lines.map(lineInErp),
      })
      const inErp = (json as Json).TotalAmount
      const inShop = totals.get(order.number) ?? Number.NaN
      const tolerance = Math.max(0.05, 0.01 * order.lines.length)
      if (status !== 201 || !(Math.abs(inErp - inShop) <= tolerance))
        differing.push([order.number, status, inErp, inShop])
    }
    expect(differing).toEqual([])
  })
})
