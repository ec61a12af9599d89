import Big from 'big.js'
import { describe, expect, test } from 'vitest'
import { shopUnits } from '../flows/units.ts'
import { seedLineProducts } from '../sandbox/seed/articles.ts'
import { type Everything, seedEverything, seedExpectations } from '../sandbox/seed/everything.ts'
import { salesAccounts } from '../sandbox/seed/ledger.ts'
import { referenceDate } from '../sandbox/seed/order-times.ts'
import type { ShopSeedOrder, ShopSeedOrderLine } from '../sandbox/seed/orders.ts'
import type { ErpSeedProduct, ShopSeedProduct } from '../sandbox/seed/products.ts'

const demo = seedEverything()
const sizes = [
  { name: 'the demo', seed: demo },
  { name: 'a small load of another seed', seed: seedEverything({ size: 100, seed: 7 }) },
  { name: 'a load of 1,000', seed: seedEverything({ size: 1_000 }) },
]

// What PowerOffice would find, worked out here once more: a product's account, else its group's, else 3000.

function rateIn(seed: Everything, product: ErpSeedProduct): string {
  const group = seed.productGroups.find((one) => one.code === product.group)
  const account = product.salesAccount ?? group?.salesAccount ?? 3000
  return salesAccounts.find((one) => one.number === account)?.vatRate ?? `no account ${account}`
}

const padded = (gtin: string | null) => gtin?.padStart(14, '0') ?? null

function twinsOf(seed: Everything): Map<ShopSeedProduct, ErpSeedProduct> {
  const byCode = new Map(seed.products.erp.map((product) => [product.code, product]))
  const byGtin = new Map(
    seed.products.erp.flatMap((product) => (product.gtin ? [[padded(product.gtin), product]] : [])),
  )
  return new Map(
    seed.products.shop.flatMap((product) => {
      const twin = byCode.get(product.sku) ?? (product.gtin ? byGtin.get(padded(product.gtin)) : undefined)
      return twin ? [[product, twin] as const] : []
    }),
  )
}

/** The articles that a line without a product could stand on: named for kind and rate, or for the kind, with that rate. */
function articleFor(seed: Everything, line: ShopSeedOrderLine): ErpSeedProduct | undefined {
  const codes = [seedLineProducts[`${line.kind}:${line.vatRate}`], seedLineProducts[line.kind]]
  return seed.products.erp.find((product) => codes.includes(product.code) && rateIn(seed, product) === line.vatRate)
}

const isExtra = (line: ShopSeedOrderLine) => line.kind !== 'product' && line.kind !== 'text'

function netOf(order: ShopSeedOrder): Big {
  return order.lines.reduce((sum, line) => {
    const part = new Big(100).minus(line.discountPercent ?? '0').div(100)
    return sum.plus(new Big(line.quantity ?? '0').times(line.unitPriceExVat ?? '0').times(part))
  }, new Big(0))
}

function repeated(values: readonly (string | null)[]): string[] {
  const seen = new Set<string>()
  return values.filter((value) => value !== null).filter((value) => seen.has(value) || !seen.add(value))
}

/** GS1's rule as it is printed: the digits of 14, weighed 3 and 1 from the left, sum up to a multiple of ten. */
const isGtin = (gtin: string) =>
  [8, 12, 13, 14].includes(gtin.length) &&
  [...gtin.padStart(14, '0')].reduce((sum, digit, place) => sum + Number(digit) * (place % 2 === 0 ? 3 : 1), 0) % 10 ===
    0

const isDecimal = (text: string | null) => text === null || /^-?\d+(\.\d{1,6})?$/.test(text)

describe('the seed of a whole company', () => {
  test('is the same on every call, and another one for another seed', () => {
    expect(seedEverything()).toEqual(demo)
    const other = seedEverything({ seed: 1 })
    expect(other.customers.erp[0]).not.toEqual(demo.customers.erp[0])
    expect(other.products.erp.at(-1)).not.toEqual(demo.products.erp.at(-1))
    expect(other.orders.shop[0]).not.toEqual(demo.orders.shop[0])
  })

  test('promises the same of another seed, lines aside', () => {
    const { salesOrderLines, ...records } = seedExpectations(demo)
    expect(seedExpectations(seedEverything({ seed: 1 }))).toMatchObject(records)
    expect(salesOrderLines.waiting).toBeGreaterThan(0)
  })

  test('is 12 departments, 14 product groups, 400 and 360 products and 150 orders', () => {
    expect({
      departments: [demo.departments.erp.length, demo.departments.shop.length],
      groups: demo.productGroups.length,
      products: [demo.products.erp.length, demo.products.shop.length],
      orders: demo.orders.erp.length + demo.orders.shop.length,
    }).toEqual({ departments: [12, 6], groups: 14, products: [400, 360], orders: 150 })
  })

  test('follows a size in customers, products and orders', () => {
    const load = seedEverything({ size: 1_000 })
    expect({
      customers: load.customers.erp.length,
      products: load.products.erp.length,
      orders: load.orders.erp.length + load.orders.shop.length,
      groups: load.productGroups.length,
    }).toEqual({ customers: 1_000, products: 1_000, orders: 1_000, groups: 14 })
    expect(() => seedEverything({ size: 12 })).toThrow('from 100 on, not 12')
  })
})

describe.each(sizes)('in $name', ({ seed }) => {
  const expectations = seedExpectations(seed)
  const twins = twinsOf(seed)
  const linesOf = (orders: readonly { readonly lines: readonly unknown[] }[]) =>
    orders.reduce((sum, order) => sum + order.lines.length, 0)

  test.each([
    ['departments', seed.departments.erp.length, seed.departments.shop.length],
    ['customers', seed.customers.erp.length, seed.customers.shop.length],
    ['products', seed.products.erp.length, seed.products.shop.length],
    ['salesOrders', seed.orders.erp.length, seed.orders.shop.length],
    ['salesOrderLines', linesOf(seed.orders.erp), linesOf(seed.orders.shop)],
  ] as const)('the expectation of %s has every record in exactly one group', (flow, erp, shop) => {
    const one = expectations[flow]
    expect(one.pairs + one.erpOnly + one.dormantErp + 2 * one.ambiguous).toBe(erp)
    expect(one.pairs + one.shopOnly + one.refused + one.waiting + one.dormantShop + one.ambiguous).toBe(shop)
  })

  test('departments pair by their code, text with its leading zeros, and one is inactive', () => {
    const codes = seed.departments.erp.map((department) => department.code)
    expect(repeated(codes)).toEqual([])
    expect(codes.filter((code) => /^0\d/.test(code)).length).toBeGreaterThan(1)
    expect(seed.departments.shop.filter(({ customerNumber }) => !codes.includes(customerNumber))).toEqual([])
    const known = new Set(seed.departments.shop.map((department) => department.customerNumber))
    const missing = seed.departments.erp.filter(({ code }) => !known.has(code))
    expect({
      pairs: known.size,
      erpOnly: missing.filter(({ active }) => active).length,
      dormantErp: missing.filter(({ active }) => !active).length,
    }).toEqual({
      pairs: expectations.departments.pairs,
      erpOnly: expectations.departments.erpOnly,
      dormantErp: expectations.departments.dormantErp,
    })
  })

  test('products pair as promised, counted by a matcher of its own', () => {
    const paired = new Set(twins.values())
    const lone = seed.products.shop.filter((product) => !twins.has(product))
    expect(paired.size).toBe(twins.size)
    expect({
      pairs: twins.size,
      erpOnly: seed.products.erp.filter((product) => !paired.has(product) && !product.archived).length,
      dormantErp: seed.products.erp.filter((product) => !paired.has(product) && product.archived).length,
      shopOnly: lone.filter((product) => product.active).length,
      dormantShop: lone.filter((product) => !product.active).length,
    }).toEqual({
      pairs: expectations.products.pairs,
      erpOnly: expectations.products.erpOnly,
      dormantErp: expectations.products.dormantErp,
      shopOnly: expectations.products.shopOnly,
      dormantShop: expectations.products.dormantShop,
    })
  })

  test('article numbers and GTINs are there once a side, and GTINs end in their check digit', () => {
    const { erp, shop } = seed.products
    expect(repeated(erp.map((product) => product.code))).toEqual([])
    expect(repeated(shop.map((product) => product.sku))).toEqual([])
    expect(repeated(erp.map((product) => padded(product.gtin)))).toEqual([])
    expect(repeated(shop.map((product) => padded(product.gtin)))).toEqual([])
    const gtins = [...erp, ...shop].flatMap((product) => product.gtin ?? [])
    expect(gtins.length).toBeGreaterThan(erp.length)
    expect(gtins.filter((gtin) => !isGtin(gtin))).toEqual([])
  })

  test('every product has a group, an account and units that both sides understand', () => {
    const groups = new Set(seed.productGroups.map((group) => group.code))
    const rates = new Set(salesAccounts.map((account) => account.vatRate as string))
    expect(seed.products.erp.filter((product) => !groups.has(product.group))).toEqual([])
    expect(seed.products.erp.filter((product) => !rates.has(rateIn(seed, product)))).toEqual([])
    expect(seed.products.shop.filter(({ unit }) => unit !== null && shopUnits[unit] === undefined)).toEqual([])
    const erpUnits = [...seed.products.erp, ...seed.productGroups].flatMap(({ unit }) => unit ?? [])
    expect(erpUnits.filter((unit) => shopUnits[unit] !== unit)).toEqual([])
  })

  test('a pair agrees on its VAT rate or the shop has none, so that no rate waits for a person', () => {
    const differing = [...twins].filter(([shop, erp]) => shop.vatRate !== null && shop.vatRate !== rateIn(seed, erp))
    expect(differing).toEqual([])
    expect(new Set(seed.products.shop.map((product) => product.vatRate))).toEqual(
      new Set(['25', '15', '12', '0', null]),
    )
    expect(seed.products.shop.filter((product) => !twins.has(product) && product.vatRate === null)).toEqual([])
  })

  test('every order names a customer that will be linked', () => {
    const { erp, shop } = seed.customers
    const wanted = new Set(seed.orders.erp.map((order) => erp[order.customer]))
    const alsoWanted = new Set(seed.orders.shop.map((order) => shop[order.customer]))
    expect(wanted.has(undefined) || alsoWanted.has(undefined)).toBe(false)
    expect([...wanted].filter((customer) => customer?.archived || !customer?.active)).toEqual([])
    const holders = (email: string) => erp.filter((one) => one.email?.toLowerCase() === email.toLowerCase()).length
    const digits = (text: string | null) => text?.replaceAll(/\D/g, '') ?? ''
    const companies = (number: string) => erp.filter((one) => digits(one.organizationNumber) === number).length
    const isWrong = (number: string) =>
      number !== '' && [3, 2, 7, 6, 5, 4, 3, 2, 1].reduce((sum, w, at) => sum + w * Number(number[at]), 0) % 11 !== 0
    const stuck = [...alsoWanted].filter((customer) => {
      const number = digits(customer?.organizationNumber ?? null)
      return isWrong(number) || (number !== '' && companies(number) > 1) || holders(customer?.email ?? '-') > 1
    })
    expect(stuck).toEqual([])
  })

  test('every order names departments and products that exist and are in use', () => {
    const departments = new Set(seed.departments.erp.flatMap(({ code, active }) => (active ? [code] : [])))
    const ofShop = new Set(seed.departments.shop.map((department) => department.customerNumber))
    const erpProducts = new Map(seed.products.erp.map((product) => [product.code, product]))
    const shopProducts = new Map(seed.products.shop.map((product) => [product.sku, product]))
    const { erp, shop } = seed.orders
    const known = (code: string | null, codes: ReadonlySet<string>) => code === null || code === '-1' || codes.has(code)
    expect(erp.filter((order) => !known(order.department, departments))).toEqual([])
    expect(shop.filter((order) => !known(order.department, ofShop))).toEqual([])
    const erpNamed = erp.flatMap(({ lines }) => lines.flatMap(({ product }) => product ?? []))
    expect(erpNamed.length).toBeGreaterThan(erp.length)
    expect(erpNamed.filter((code) => erpProducts.get(code)?.archived !== false)).toEqual([])
    const shopNamed = shop.flatMap(({ lines }) => lines.flatMap(({ sku }) => sku ?? []))
    expect(shopNamed.length).toBeGreaterThan(shop.length)
    const unusable = shopNamed
      .map((sku) => shopProducts.get(sku))
      .filter((product) => {
        return !product?.active || twins.get(product)?.archived
      })
    expect(unusable).toEqual([])
  })

  test('a line of goods has the rate that the ERP will find for its product', () => {
    const bySku = new Map(seed.products.shop.map((product) => [product.sku, product]))
    const lines = seed.orders.shop.flatMap((order) => order.lines.filter((line) => line.kind === 'product'))
    const odd = lines.filter((line) => {
      const product = bySku.get(line.sku ?? '')
      const twin = product && twins.get(product)
      return line.vatRate !== (twin ? rateIn(seed, twin) : product?.vatRate)
    })
    expect(lines.length).toBeGreaterThan(0)
    expect(odd).toEqual([])
  })

  test('every article is named for a kind of line', () => {
    const articles = seed.products.erp.filter((product) => product.group === '900').map((product) => product.code)
    expect(articles.toSorted()).toEqual(Object.values(seedLineProducts).toSorted())
  })

  test('exactly one order waits for a person: its freight has a rate that no article has', () => {
    const stuck = seed.orders.shop.filter((order) =>
      order.lines.some((line) => isExtra(line) && !articleFor(seed, line)),
    )
    const lines = stuck.flatMap((order) => order.lines.filter(isExtra).map((line) => [line.kind, line.vatRate]))
    expect({ orders: stuck.length, lines }).toEqual({
      orders: expectations.salesOrders.waiting,
      lines: [['shipping', '12']],
    })
    expect(stuck[0]?.status).not.toBe('cancelled')
  })

  test('only the credit order sums negative, and it names an invoiced order', () => {
    const negative = seed.orders.shop.filter((order) => netOf(order).lt(0))
    const credited = negative.map((order) => seed.orders.shop.find((one) => one.number === order.credits))
    expect(negative.map((order) => order.lines.every((line) => line.quantity?.startsWith('-')))).toEqual([true])
    expect(credited.map((order) => order?.status)).toEqual(['invoiced'])
    expect(credited[0]?.invoiceNumber).toMatch(/^\d+$/)
  })

  test('amounts are exact decimals, a text has none, and what is not text has price and quantity', () => {
    const shopLines = seed.orders.shop.flatMap((order) => order.lines)
    const erpLines = seed.orders.erp.flatMap((order) => order.lines)
    const odd = [...shopLines, ...erpLines].filter((line) => {
      const amounts = [line.quantity, line.unitPriceExVat]
      const isText = 'kind' in line ? line.kind === 'text' : line.type === 'Text'
      return amounts.some((amount) => (amount === null) !== isText || !isDecimal(amount)) || line.description === ''
    })
    expect(odd).toEqual([])
    expect([...shopLines, ...erpLines].filter((line) => !isDecimal(line.discountPercent))).toEqual([])
  })

  test('order numbers are unique and rise with the days, up to the day of the seed', () => {
    const numbers = seed.orders.shop.map((order) => order.number)
    expect(repeated(numbers)).toEqual([])
    expect(numbers.filter((number) => !/^[1-9]\d{0,14}$/.test(number))).toEqual([])
    const days = seed.orders.shop.map((order) => order.orderedAt.slice(0, 10))
    expect(days).toEqual(days.toSorted())
    expect(days.at(-1)?.localeCompare(referenceDate)).toBeLessThanOrEqual(0)
    expect(seed.orders.erp.filter(({ date }) => date !== null && date > referenceDate)).toEqual([])
  })

  test('an order is there for every case that a shop and a bookkeeper bring', () => {
    const { erp, shop, customerDiscounts } = seed.orders
    const discounted = new Set(customerDiscounts.map(({ customer }) => customer))
    const shopLines = shop.flatMap((order) => order.lines)
    const ofKind = (kind: string) => shopLines.filter((line) => line.kind === kind).length
    const day = new Intl.DateTimeFormat('sv-SE', { timeZone: 'Europe/Oslo' })
    const counts = {
      drafts: erp.filter((order) => order.status === 'Draft').length,
      confirmed: erp.filter((order) => order.status === 'Confirmed').length,
      inheritedDiscounts: erp.filter(
        (order) => discounted.has(order.customer) && order.lines.some((line) => line.product && !line.discountPercent),
      ).length,
      ownDiscounts: erp.filter((order) => order.lines.some((line) => line.discountPercent === '12.5')).length,
      contactPersons: erp.filter((order) => order.contactPerson !== null).length,
      withoutDate: erp.filter((order) => order.date === null).length,
      withoutDepartmentWhateverIsInherited: erp.filter((order) => order.department === '-1').length,
      texts: erp.filter((order) => order.lines.some((line) => line.type === 'Text')).length,
      shopTexts: ofKind('text'),
      freight: ofKind('shipping'),
      fees: ofKind('payment'),
      discounts: ofKind('discount'),
      giftCards: ofKind('giftcard'),
      roundings: ofKind('rounding'),
      threeDecimals: shopLines.filter((line) => /\.\d{3}$/.test(line.quantity ?? '')).length,
      fourDecimals: shopLines.filter((line) => /\.\d{4}$/.test(line.unitPriceExVat ?? '')).length,
      deliveryAddresses: shop.filter((order) => order.deliveryAddress !== null).length,
      paymentReferences: shop.filter((order) => order.payment.reference !== null).length,
      purchaseOrders: shop.filter((order) => order.purchaseOrderReference !== null).length,
      departments: shop.filter((order) => order.department !== null).length,
      cancelled: shop.filter((order) => order.status === 'cancelled').length,
      longest: shop.filter((order) => order.lines.length === 200).length,
      nightly: shop.filter(({ orderedAt }) => day.format(new Date(orderedAt)) !== orderedAt.slice(0, 10)).length,
    }
    expect(Object.entries(counts).filter(([, count]) => count === 0)).toEqual([])
  })
})

describe('the products of the demo', () => {
  test('have the oddities that real lists have', () => {
    const { erp, shop } = demo.products
    const twins = [...twinsOf(demo)]
    const counts = {
      odd: erp.filter((product) => ['007', '0042', '1e3'].includes(product.code)).length,
      norwegianLetters: erp.filter((product) => /[æøå]/i.test(product.name)).length,
      blanks: erp.filter((product) => product.name !== product.name.trim()).length,
      inheritedPrices: erp.filter((product) => product.unitPrice === null && product.group === '070').length,
      ownUnits: erp.filter((product) => product.unit !== null).length,
      inheritedUnits: erp.filter((product) => product.unit === null).length,
      ownAccounts: erp.filter((product) => product.salesAccount !== null).length,
      taxedUnlikeTheirGroup: erp.filter((product) => {
        return product.group !== '900' && rateIn(demo, product) !== rateIn(demo, { ...product, salesAccount: null })
      }).length,
      stockItems: erp.filter((product) => product.stockOnHand !== null).length,
      services: erp.filter((product) => product.type === 'Service').length,
      archived: erp.filter((product) => product.archived).length,
      pairsOfAnotherNumber: twins.filter(([one, other]) => one.sku !== other.code).length,
      pairsOfAnotherPrice: twins.filter(([one, other]) => {
        return one.priceExVat && other.unitPrice && !new Big(one.priceExVat).eq(other.unitPrice)
      }).length,
      aliases: shop.filter((product) => ['stk', 'kg', 'timer', 'pk'].includes(product.unit ?? '')).length,
      notForSale: shop.filter((product) => product.priceExVat === null).length,
    }
    expect(Object.entries(counts).filter(([, count]) => count < 3)).toEqual([])
  })

  test('agree on most prices', () => {
    const priced = [...twinsOf(demo)].filter(([one, other]) => one.priceExVat && other.unitPrice)
    const equal = priced.filter(([one, other]) => new Big(one.priceExVat ?? '0').eq(other.unitPrice ?? '-1'))
    expect(equal.length / priced.length).toBeGreaterThan(0.7)
    expect(equal.length).toBeLessThan(priced.length)
  })
})
