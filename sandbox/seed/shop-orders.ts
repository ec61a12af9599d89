import Big from 'big.js'
import { seedDepartments } from './departments.ts'
import type { IdentitySource } from './identity.ts'
import { asVatRate, type VatRate } from './ledger.ts'
import { printed, withoutVat } from './money.ts'
import { orderedAt } from './order-times.ts'
import type { SeedPayment, ShopSeedOrder, ShopSeedOrderLine } from './order-types.ts'
import type { Sellable } from './product-types.ts'
import { someOf } from './some-of.ts'

interface Given {
  readonly source: IdentitySource
  readonly count: number
  readonly customers: readonly number[]
  readonly sellable: readonly Sellable[]
}

/** An order without what its place in time gives it. */
type Draft = Omit<ShopSeedOrder, 'number' | 'orderedAt' | 'credits'> & { readonly credits: Draft | null }

export interface ShopOrders {
  readonly orders: readonly ShopSeedOrder[]
  /** Indices of those that wait for a person, and of those that were over before anybody looked. */
  readonly waiting: readonly number[]
  readonly dormant: readonly number[]
}

const cancelledCount = 3
const longestOrderLines = 200
const measuredUnits: ReadonlySet<string> = new Set(['KGM', 'kg', 'MTR', 'm', 'meter'])
const firstNumber = 100_231

/**
 * What customers ordered: always one order each of the special ones, the rest as they come. One waits: its freight has
 * 12 % VAT, for which the ERP has no article.
 */
export function shopOrders(given: Given): ShopOrders {
  const { source, count } = given
  const invoiced = invoicedOrder(given)
  const credit = creditOf(invoiced)
  const waiting = freightWithoutArticle(given)
  const cancelled = Array.from({ length: cancelledCount }, (): Draft => ({ ...ordinary(given), status: 'cancelled' }))
  const special = [waiting, ...cancelled, longOrder(given), orderByMeasure(given), orderWithEverything(given)]
  const rest = Array.from({ length: count - special.length - 2 }, () => ordinary(given))
  const drafts = [invoiced, ...source.faker.helpers.shuffle([...special, ...rest]), credit]
  const numberOf = (draft: Draft) => String(firstNumber + drafts.indexOf(draft))
  return {
    orders: drafts.map((draft, place) => ({
      ...draft,
      number: String(firstNumber + place),
      orderedAt: orderedAt(place, drafts.length),
      credits: draft.credits && numberOf(draft.credits),
    })),
    waiting: [drafts.indexOf(waiting)],
    dormant: [invoiced, ...cancelled].map((draft) => drafts.indexOf(draft)),
  }
}

function ordinary(given: Given): Draft {
  const { source, sellable } = given
  const { faker } = source
  const often = (probability: number) => faker.datatype.boolean(probability)
  const chosen = someOf(faker, sellable, { min: 1, max: 6 })
  const goods = chosen.map((product) => goodsLine(source, product))
  return head(given, [
    ...goods,
    ...(often(0.1) ? [textLine('Pakkes inn som gave. Hilsen Åse og Bjørn')] : []),
    ...(often(0.15) ? discountLines(goods) : []),
    ...(often(0.65) ? freightLines(source, goods) : []),
    ...(often(0.06) ? [feeLine()] : []),
    ...(often(0.08) ? giftCardLines(goods) : []),
  ])
}

/** Draws customer, payment and references, and closes the lines with a rounding line now and then. */
function head({ source, customers }: Given, lines: readonly ShopSeedOrderLine[]): Draft {
  const { faker } = source
  const maybe = <T>(probability: number, draw: () => T) => faker.helpers.maybe(draw, { probability }) ?? null
  const departments = seedDepartments().shop.map(({ customerNumber }) => customerNumber)
  return {
    customer: faker.helpers.arrayElement(customers),
    department: maybe(0.15, () => faker.helpers.arrayElement(departments)),
    currency: 'NOK',
    status: faker.datatype.boolean(0.15) ? 'confirmed' : 'open',
    purchaseOrderReference: maybe(0.2, () => `PO-${faker.string.numeric(6)}`),
    customerReference: maybe(0.25, () => source.personName().firstName),
    deliveryAddress: maybe(0.35, () => source.address()),
    payment: paymentOf(source),
    credits: null,
    invoiceNumber: null,
    lines: [...lines, ...(faker.datatype.boolean(0.1) ? roundingLines(lines) : [])],
  }
}

/** Tickets sent by post: the freight follows the goods' 12 %. */
function freightWithoutArticle(given: Given): Draft {
  const ticket = given.sellable.find((product) => product.vatRate === '12')
  if (!ticket) throw new Error('the seed has no product at 12 %')
  return head(given, [goodsLine(given.source, ticket), shippingLine('49', '12')])
}

function longOrder(given: Given): Draft {
  const { faker } = given.source
  const goods = Array.from({ length: longestOrderLines - 1 }, () => faker.helpers.arrayElement(given.sellable))
  const lines = [...goods.map((product) => goodsLine(given.source, product)), shippingLine('990', '25')]
  return { ...head(given, lines), lines }
}

/** Quantities of three decimals, and prices that came from prices with VAT. */
function orderByMeasure(given: Given): Draft {
  const food = given.sellable.filter((product) => product.vatRate === '15')
  const byWeightFirst = [...food.filter(isMeasured), ...food.filter((product) => !isMeasured(product))]
  const lines = byWeightFirst.slice(0, 3).map((product, place) => ({
    ...goodsLine(given.source, product),
    quantity: ['0.375', '1.255', '12.005'][place] ?? '1.125',
    unitPriceExVat: printed(withoutVat('349', product.vatRate, 4)),
  }))
  return head(given, [...lines, ...freightLines(given.source, lines)])
}

function orderWithEverything(given: Given): Draft {
  const { source } = given
  const { faker } = source
  const taxed = given.sellable.filter((product) => product.vatRate === '25')
  const goods = faker.helpers.arrayElements(taxed, 3).map((product) => ({
    ...goodsLine(source, product),
    quantity: '3',
    unitPriceExVat: printed(withoutVat('499.5', '25', 4)),
    discountPercent: '12.5',
  }))
  const lines = [
    ...goods,
    textLine('Leveres i resepsjonen.'),
    ...discountLines(goods),
    shippingLine('149', '25'),
    feeLine(),
    ...giftCardLines(goods),
  ]
  return {
    ...head(given, lines),
    department: '03',
    purchaseOrderReference: 'PO-4711',
    customerReference: 'Åse Bjørk',
    deliveryAddress: source.address(),
    lines: [...lines, ...roundingLines(lines)],
  }
}

/** Delivered, invoiced and paid before the two systems knew each other. */
function invoicedOrder(given: Given): Draft {
  const order = ordinary(given)
  return {
    ...order,
    status: 'invoiced',
    invoiceNumber: '20017',
    payment: { status: 'paid', method: 'card', reference: 'card-FIRSTINVOICE' },
  }
}

/** All goods of the order come back. */
function creditOf(invoiced: Draft): Draft {
  const goods = invoiced.lines.filter((line) => line.kind === 'product')
  return {
    ...invoiced,
    status: 'open',
    payment: { ...invoiced.payment, status: 'refunded' },
    credits: invoiced,
    invoiceNumber: null,
    lines: goods.map((line) => ({ ...line, quantity: new Big(line.quantity ?? '0').times(-1).toString() })),
  }
}

function goodsLine({ faker }: IdentitySource, product: Sellable): ShopSeedOrderLine {
  // A shop that prices with VAT sends its price without it at four decimals, which then differs from the list price.
  const withVat = new Big(product.priceExVat).times(new Big(product.vatRate).plus(100)).div(100).round(0)
  return {
    kind: 'product',
    sku: product.sku,
    description: product.name,
    quantity: isMeasured(product)
      ? faker.number.float({ min: 0.1, max: 5, fractionDigits: 3 }).toFixed(3)
      : `${faker.number.int({ min: 1, max: 8 })}`,
    unit: product.unit,
    unitPriceExVat: faker.helpers.weightedArrayElement([
      { weight: 3, value: printed(product.priceExVat) },
      { weight: 2, value: printed(withoutVat(withVat.toString(), product.vatRate, 4)) },
    ]),
    discountPercent: faker.helpers.weightedArrayElement([
      { weight: 8, value: null },
      { weight: 1, value: '10' },
      { weight: 1, value: '7.5' },
    ]),
    vatRate: product.vatRate,
  }
}

function isMeasured({ unit }: Sellable): boolean {
  return unit !== null && measuredUnits.has(unit)
}

/** Freight has the rate of the dearest goods. Tickets alone are sent by e-mail. */
function freightLines({ faker }: IdentitySource, goods: readonly ShopSeedOrderLine[]): ShopSeedOrderLine[] {
  const rate = rateOfDearest(goods)
  return rate === '12' ? [] : [shippingLine(faker.helpers.arrayElement(['79', '149', '199']), rate)]
}

function rateOfDearest(goods: readonly ShopSeedOrderLine[]): VatRate {
  const dearest = goods.reduce((one, other) => (netOf(other).gt(netOf(one)) ? other : one))
  return asVatRate(dearest.vatRate)
}

function shippingLine(priceIncVat: string, rate: VatRate): ShopSeedOrderLine {
  return extraLine('shipping', 'Frakt', printed(withoutVat(priceIncVat, rate, 4)), rate)
}

function feeLine(): ShopSeedOrderLine {
  return extraLine('payment', 'Fakturagebyr', '39.20', '25')
}

/** A coupon of a tenth of the goods: one line per VAT rate, each with its share. */
function discountLines(goods: readonly ShopSeedOrderLine[]): ShopSeedOrderLine[] {
  const rates = [...new Set(goods.map((line) => asVatRate(line.vatRate)))]
  return rates.map((rate) => {
    const share = sumOf(goods.filter((line) => line.vatRate === rate).map(netOf)).div(-10)
    return extraLine('discount', 'Rabattkode HØST10', printed(share.round(4).toString()), rate)
  })
}

/** At most four tenths of the goods, so that something is left to pay. */
function giftCardLines(goods: readonly ShopSeedOrderLine[]): ShopSeedOrderLine[] {
  const amount = sumOf(goods.map(netOf)).times('0.4').div(50).round(0, 0).times(50)
  return amount.gt(0) ? [extraLine('giftcard', 'Gavekort innløst', amount.times(-1).toFixed(2), '0')] : []
}

function roundingLines(lines: readonly ShopSeedOrderLine[]): ShopSeedOrderLine[] {
  const total = sumOf(lines.map((line) => netOf(line).plus(vatOf(line))))
  const missing = total.round(0).minus(total)
  return missing.eq(0) ? [] : [extraLine('rounding', 'Øreavrunding', missing.toFixed(2), '0')]
}

function extraLine(
  kind: ShopSeedOrderLine['kind'],
  description: string,
  unitPriceExVat: string,
  vatRate: VatRate,
): ShopSeedOrderLine {
  return { kind, sku: null, description, quantity: '1', unit: null, unitPriceExVat, discountPercent: null, vatRate }
}

function textLine(description: string): ShopSeedOrderLine {
  return {
    kind: 'text',
    sku: null,
    description,
    quantity: null,
    unit: null,
    unitPriceExVat: null,
    discountPercent: null,
    vatRate: null,
  }
}

/** Rounded half up to 2 decimals, as both systems do per line. */
function netOf({ quantity, unitPriceExVat, discountPercent }: ShopSeedOrderLine): Big {
  const part = new Big(100).minus(discountPercent ?? '0').div(100)
  return new Big(quantity ?? '0')
    .times(unitPriceExVat ?? '0')
    .times(part)
    .round(2)
}

function vatOf(line: ShopSeedOrderLine): Big {
  return netOf(line)
    .times(line.vatRate ?? '0')
    .div(100)
    .round(2)
}

function sumOf(amounts: readonly Big[]): Big {
  return amounts.reduce((sum, amount) => sum.plus(amount), new Big(0))
}

function paymentOf({ faker }: IdentitySource): SeedPayment {
  const method = faker.helpers.weightedArrayElement([
    { weight: 4, value: 'card' as const },
    { weight: 3, value: 'vipps' as const },
    { weight: 2, value: 'klarna' as const },
    { weight: 2, value: 'invoice' as const },
  ])
  if (method === 'invoice') return { status: 'none', method, reference: null }
  const reference = `${method}-${faker.string.alphanumeric({ length: 12, casing: 'upper' })}`
  return { status: faker.helpers.arrayElement(['authorised', 'paid']), method, reference }
}
