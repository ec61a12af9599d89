import { base, Faker, nb_NO } from '@faker-js/faker'
import Big from 'big.js'
import { articleProducts } from './articles.ts'
import { type Assortment, assortments } from './catalogue.ts'
import { withCheckDigit } from './gtin.ts'
import { accountOf, asVatRate, rateOf, type VatRate } from './ledger.ts'
import { printed, withoutVat } from './money.ts'
import { type SeedOptions, sizeOr, streamOf } from './options.ts'
import { effectiveAccount, groupOf } from './product-groups.ts'
import type { ErpSeedProduct, Sellable, ShopSeedProduct } from './product-types.ts'
import { respellName, unitSpellings } from './spelling.ts'
import type { FlowExpectation } from './types.ts'

export type { ErpSeedProduct, ShopSeedProduct } from './product-types.ts'

const demoErpCount = 400

/** Shares of the ERP's number of products. What is left are products that the shop does not know. */
const shares = { pairs: 0.795, dormantErp: 0.01, shopOnly: 0.0975, dormantShop: 0.0075 } as const

/** Of the pairs, whatever the size: they carry no common article number but one GTIN. */
const pairsByGtinOnly = 6
/** Of the pairs, too: archived in the ERP, still on in the shop. */
const pairsArchived = 5

/** Article numbers that a system which takes them for numbers spoils. */
const oddCodes = ['007', '0042', '000815', '1e3']

export interface ProductSeed {
  readonly erp: readonly ErpSeedProduct[]
  readonly shop: readonly ShopSeedProduct[]
  readonly sellable: { readonly erp: readonly Sellable[]; readonly shop: readonly Sellable[] }
  readonly expectation: FlowExpectation
}

/** Two lists of products, most of them the same goods. The same on every call and every machine. */
export function seedProducts(options: SeedOptions = {}): ProductSeed {
  const erpCount = sizeOr(options, demoErpCount)
  const faker = new Faker({ locale: [nb_NO, base], seed: streamOf(options, 'products') })
  const draw = goodsSource(faker)
  const many = (share: number) => Math.round(erpCount * share)
  const articles = articleProducts()
  const pairs = Array.from({ length: many(shares.pairs) }, (_, index) => pairOf(faker, draw(), caseOf(index)))
  const dormantErp = Array.from({ length: many(shares.dormantErp) }, () => ({ ...draw(), archived: true }))
  const erpOnly = Array.from({ length: erpCount - pairs.length - dormantErp.length - articles.length }, () => draw())
  const shopOnly = Array.from({ length: many(shares.shopOnly) }, () => asShopSells(faker, draw()))
  const dormantShop = Array.from({ length: many(shares.dormantShop) }, () => ({
    ...asShopSells(faker, draw()),
    active: false,
    published: false,
  }))
  const soldByBoth = pairs.filter(({ erp, shop }) => !erp.archived && shop.active)
  return {
    erp: [...articles, ...faker.helpers.shuffle([...pairs.map(({ erp }) => erp), ...erpOnly, ...dormantErp])],
    shop: faker.helpers.shuffle([...pairs.map(({ shop }) => shop), ...shopOnly, ...dormantShop]),
    sellable: {
      erp: [...soldByBoth.map(({ erp }) => erp), ...erpOnly].flatMap(sellableInErp),
      shop: [
        ...soldByBoth.flatMap(({ erp, shop }) => sellableInShop(shop, vatRateOf(erp))),
        ...shopOnly.flatMap((product) => sellableInShop(product, asVatRate(product.vatRate))),
      ],
    },
    expectation: {
      pairs: pairs.length,
      erpOnly: articles.length + erpOnly.length,
      shopOnly: shopOnly.length,
      ambiguous: 0,
      refused: 0,
      waiting: 0,
      dormantErp: dormantErp.length,
      dormantShop: dormantShop.length,
    },
  }
}

/** The product's own price, else its group's; null is "not for sale". */
export function effectivePrice(product: ErpSeedProduct): string | null {
  return product.unitPrice ?? groupOf(product.group).unitPrice
}

export function effectiveUnit(product: ErpSeedProduct): string | null {
  return product.unit ?? groupOf(product.group).unit
}

export function vatRateOf(product: ErpSeedProduct): VatRate {
  return rateOf(effectiveAccount(product))
}

type PairCase = 'alike' | 'gtin only' | 'archived in the ERP'

function caseOf(index: number): PairCase {
  if (index < pairsByGtinOnly) return 'gtin only'
  return index < pairsByGtinOnly + pairsArchived ? 'archived in the ERP' : 'alike'
}

function pairOf(
  faker: Faker,
  goods: ErpSeedProduct,
  pairCase: PairCase,
): { erp: ErpSeedProduct; shop: ShopSeedProduct } {
  if (pairCase === 'archived in the ERP') {
    const erp = { ...goods, archived: true }
    return { erp, shop: asShopKnows(faker, erp) }
  }
  if (pairCase === 'alike') return { erp: goods, shop: asShopKnows(faker, goods) }
  const erp = { ...goods, gtin: goods.gtin ?? newGtin(faker) }
  return { erp, shop: { ...asShopKnows(faker, erp), sku: `NB-${goods.code}`, gtin: erp.gtin } }
}

/** Draws goods of the assortments by their weight, each with an article number and a name of its own. */
function goodsSource(faker: Faker): () => ErpSeedProduct {
  const shelves = assortments.map((assortment) => ({ assortment, names: namesOf(faker, assortment), drawn: 0 }))
  const weighted = shelves.map((shelf) => ({ weight: shelf.assortment.weight, value: shelf }))
  // Every shelf twice before chance decides, so that the smallest load has each VAT rate and unit as well.
  const first = [...shelves, ...shelves]
  const odd = [...oddCodes]
  let nextPlain = 1001
  const plainCode = () => {
    const code = odd.shift() ?? String(nextPlain)
    nextPlain += faker.number.int({ min: 1, max: 4 })
    return code
  }
  return () => {
    const shelf = first.pop() ?? faker.helpers.weightedArrayElement(weighted)
    const { assortment } = shelf
    shelf.drawn += 1
    const name = shelf.names()
    const gtin = gtinFor(faker, assortment)
    return {
      ...pricedAndTaxed(faker, assortment, name),
      code: assortment.prefix === '' ? plainCode() : codeOn(assortment, shelf.drawn, gtin),
      name: sometimesOdd(faker, name),
      description: faker.helpers.maybe(() => descriptionOf(faker, name), { probability: 0.5 }) ?? null,
      gtin,
      group: assortment.group,
      type: assortment.sells === 'services' ? 'Service' : 'Product',
      stockOnHand: assortment.sells === 'goods from stock' ? stockOf(faker, assortment) : null,
      archived: false,
    }
  }
}

/** Books are numbered by their ISBN, which is their GTIN as well. */
function codeOn(assortment: Assortment, place: number, gtin: string | null): string {
  return assortment.prefix === isbnPrefix && gtin !== null ? gtin : `${assortment.prefix}${100 + place}`
}

const isbnPrefix = '978'

/** Every thing in every variant once, then numbered editions: a load takes more names than words give. */
function namesOf(faker: Faker, { things, variants }: Assortment): () => string {
  const all = things.flatMap((thing) => variants.map((variant) => `${thing} ${variant}`))
  let round = 0
  let left: string[] = []
  return () => {
    if (left.length === 0) {
      round += 1
      left = faker.helpers.shuffle(all)
    }
    const name = left.pop() ?? ''
    return round === 1 ? name : `${name} nr. ${round}`
  }
}

function pricedAndTaxed(faker: Faker, assortment: Assortment, name: string) {
  const group = groupOf(assortment.group)
  // A gift box is no food, whatever is in it.
  const ownAccount = name.includes('gaveeske') ? accountOf('25') : null
  const repeated = group.salesAccount !== null && faker.datatype.boolean(0.15) ? group.salesAccount : null
  const salesAccount = ownAccount ?? repeated
  const rate = rateOf(effectiveAccount({ group: group.code, salesAccount }))
  const [low, high] = assortment.prices
  const onTheShelf = faker.helpers.weightedArrayElement([
    { weight: 3, value: `${faker.number.int({ min: low, max: high })}` },
    { weight: 1, value: `${faker.number.int({ min: low, max: high })}.9` },
  ])
  const inherited = faker.datatype.boolean(group.unitPrice === null ? 0.02 : 0.5)
  return {
    salesAccount,
    unitPrice: inherited ? null : withoutVat(onTheShelf, rate, 2),
    unit: ownUnit(faker, name),
  }
}

function ownUnit(faker: Faker, name: string): string | null {
  if (/pakning|sett/.test(name)) return faker.helpers.arrayElement(['XPK', 'SET'])
  if (/sokker|sko|hansker/i.test(name)) return 'PR'
  return faker.datatype.boolean(0.2) ? 'EA' : null
}

function gtinFor(faker: Faker, assortment: Assortment): string | null {
  if (assortment.prefix === isbnPrefix) return withCheckDigit(`97882${faker.string.numeric(7)}`)
  if (assortment.sells === 'services') return null
  return faker.datatype.boolean(0.88) ? newGtin(faker) : null
}

/** GS1 Norway hands out numbers from 700 to 709. Numbers of eight and twelve digits come with imported goods. */
function newGtin(faker: Faker): string {
  const shape = faker.helpers.weightedArrayElement([
    { weight: 17, value: { start: '70', length: 13 } },
    { weight: 1, value: { start: '5', length: 8 } },
    { weight: 1, value: { start: '6', length: 12 } },
    { weight: 1, value: { start: '170', length: 14 } },
  ])
  return withCheckDigit(shape.start + faker.string.numeric(shape.length - shape.start.length - 1))
}

function stockOf(faker: Faker, assortment: Assortment): string {
  const whole = faker.helpers.weightedArrayElement([
    { weight: 1, value: 0 },
    { weight: 9, value: faker.number.int({ min: 1, max: 400 }) },
  ])
  return groupOf(assortment.group).unit === 'KGM' && whole > 0 ? new Big(whole).minus('0.65').toString() : `${whole}`
}

function descriptionOf(faker: Faker, name: string): string {
  return faker.helpers.arrayElement([
    `${name}. Sendes fra lageret på Ås.`,
    `${name}.\nLeveres i hele landet.`,
    `Vår mest solgte: ${name}.`,
    `${name} – laget i Norge, for små og store behov.`,
  ])
}

function sometimesOdd(faker: Faker, name: string): string {
  return faker.helpers.weightedArrayElement([
    { weight: 40, value: name },
    { weight: 1, value: ` ${name}` },
    { weight: 1, value: `${name} ` },
    { weight: 1, value: name.toUpperCase() },
  ])
}

/** Goods as the shop's clerk entered them on their own. */
function asShopSells(faker: Faker, goods: ErpSeedProduct): ShopSeedProduct {
  const price = effectivePrice(goods)
  return {
    sku: goods.code,
    name: goods.name,
    description: goods.description,
    gtin: goods.gtin,
    type: goods.type === 'Service' ? 'service' : 'product',
    category: groupOf(goods.group).name,
    unit: spelledUnit(faker, effectiveUnit(goods)),
    priceExVat: price === null ? null : printed(price),
    vatRate: vatRateOf(goods),
    active: true,
    published: true,
  }
}

/** The same goods spelled differently here and there; never what a match relies on. */
function asShopKnows(faker: Faker, goods: ErpSeedProduct): ShopSeedProduct {
  const often = (probability: number) => faker.datatype.boolean(probability)
  const sold = asShopSells(faker, goods)
  return {
    ...sold,
    name: respellName(faker, goods.name),
    description: often(0.3) ? null : sold.description,
    gtin: respelledGtin(faker, goods.gtin),
    category: faker.helpers.weightedArrayElement([
      { weight: 8, value: sold.category },
      { weight: 1, value: sold.category?.toLowerCase() ?? null },
      { weight: 1, value: null },
    ]),
    unit: often(0.1) ? null : sold.unit,
    priceExVat: sold.priceExVat === null ? null : respelledPrice(faker, sold.priceExVat, vatRateOf(goods)),
    vatRate: often(0.05) ? null : sold.vatRate,
  }
}

function respelledGtin(faker: Faker, gtin: string | null): string | null {
  if (gtin === null) return null
  return faker.helpers.weightedArrayElement([
    { weight: 17, value: gtin },
    { weight: 2, value: gtin.padStart(14, '0') },
    { weight: 1, value: null },
  ])
}

/** Most prices agree. Some come from a price with VAT, at four decimals; some were raised on one side only. */
function respelledPrice(faker: Faker, price: string, rate: VatRate): string {
  const shelf = new Big(price).times(new Big(rate).plus(100)).div(100).round(0)
  return faker.helpers.weightedArrayElement([
    { weight: 17, value: price },
    { weight: 2, value: withoutVat(shelf.toString(), rate, 4) },
    { weight: 1, value: printed(new Big(price).plus('10').toString()) },
  ])
}

function spelledUnit(faker: Faker, unit: string | null): string | null {
  return unit === null ? null : faker.helpers.arrayElement([unit, ...(unitSpellings[unit] ?? [])])
}

function sellableInErp(product: ErpSeedProduct): Sellable[] {
  const priceExVat = effectivePrice(product)
  if (priceExVat === null) return []
  const { code, name } = product
  return [{ sku: code, name: name.trim(), unit: effectiveUnit(product), priceExVat, vatRate: vatRateOf(product) }]
}

function sellableInShop(product: ShopSeedProduct, vatRate: VatRate): Sellable[] {
  const { sku, name, unit, priceExVat } = product
  return priceExVat === null ? [] : [{ sku, name: name.trim(), unit, priceExVat, vatRate }]
}
