import { type Field, FormRefused, type Given, nested } from '../../pages/field.ts'
import type { JsonObject } from '../json.ts'
import type { OrderFields } from '../order-schema.ts'
import { Problem } from '../problem.ts'
import type { StoredRecord } from '../record-store.ts'
import type { Shop } from '../shop.ts'
import type { AllShopUsers } from '../shop-users.ts'
import { errorsOf } from './explain.ts'
import { productLookup } from './lookups.ts'
import { headFields } from './order-fields.ts'

/** More can be added to the order afterwards. */
const lineNumbers = [1, 2, 3, 4, 5] as const

/** What a new order is made of: who, what, freight, discount, where to and how it is paid. */
export function placingFields(shop: Shop): readonly Field[] {
  const lookup = productLookup(shop)
  const heads = headFields(shop).filter(({ name }) => name !== 'status')
  const isEarly = ({ group }: Field) => group === undefined
  return [
    ...heads.filter(isEarly),
    ...lineNumbers.flatMap((number): Field[] => {
      const group = `Line ${number}`
      return [
        { name: `line${number}.product`, label: 'Product', kind: 'record', lookup, group },
        { name: `line${number}.quantity`, label: 'Quantity', kind: 'decimal', group, hint: '1 where empty.' },
        {
          name: `line${number}.price`,
          label: 'Price ex VAT',
          kind: 'decimal',
          group,
          hint: 'The list price where empty.',
        },
        { name: `line${number}.discount`, label: 'Discount %', kind: 'decimal', group },
      ]
    }),
    {
      name: 'freight.amount',
      label: 'Freight ex VAT',
      kind: 'decimal',
      group: freightGroup,
      hint: 'No freight where empty.',
    },
    {
      name: 'freight.vatRate',
      label: 'VAT % on freight',
      kind: 'decimal',
      group: freightGroup,
      hint: '25 where empty.',
    },
    {
      name: 'discount.amount',
      label: 'Discount ex VAT',
      kind: 'decimal',
      group: freightGroup,
      hint: 'Taken off the order.',
    },
    {
      name: 'discount.vatRate',
      label: 'VAT % on the discount',
      kind: 'decimal',
      group: freightGroup,
      hint: '25 where empty.',
    },
    ...heads
      .filter((field) => !isEarly(field))
      .map((field): Field => (field.name === 'deliveryAddress.line1' ? { ...field, hint: ownAddress } : field)),
  ]
}

const ownAddress = 'The customer’s own where all is empty.'
const freightGroup = 'Freight and discount'
const usualVatRate = '25'

/** @throws FormRefused with the shop's words at the inputs that they are about | Problem */
export function placeOrder(shop: Shop, users: AllShopUsers, given: Given): StoredRecord<OrderFields> {
  const { lines, inputs } = linesOf(users, given)
  if (lines.length === 0) throw new FormRefused({ general: [], fields: { 'line1.product': 'Choose a product.' } })
  const isHead = (name: string) => !/^(line\d|freight|discount)\./.test(name)
  const head = nested(Object.fromEntries(Object.entries(given).filter(([name]) => isHead(name))))
  const customer = users.customers.get(String(given['customerId'] ?? ''))
  const body = {
    currency: shop.settings().currency,
    orderedAt: new Date().toISOString(),
    ...(customer?.address && { deliveryAddress: customer.address }),
    ...head,
    lines,
  }
  try {
    return users.orders.create(body)
  } catch (error) {
    if (!(error instanceof Problem)) throw error
    const inputOf = (place: string) => {
      const [, index = '', part = ''] = /^lines\.(\d+)\.(\w+)$/.exec(place) ?? []
      return index === '' ? place : `${inputs[Number(index)] ?? ''}.${inputParts[part] ?? part}`
    }
    throw new FormRefused(errorsOf(error, placingFields(shop), inputOf))
  }
}

/** Names of the shop and of the form, where they differ. */
const inputParts: Readonly<Record<string, string>> = {
  productId: 'product',
  unitPriceExVat: 'price',
  discountPercent: 'discount',
}

/** The lines, and beside each the first half of its inputs' names. */
function linesOf(users: AllShopUsers, given: Given): { lines: JsonObject[]; inputs: string[] } {
  const goods = lineNumbers.flatMap((number) => {
    const input = `line${number}`
    const of = (part: string) => given[`${input}.${part}`] ?? null
    const product = users.products.get(String(of('product') ?? ''))
    if (!product) {
      if (['quantity', 'price', 'discount'].every((part) => of(part) === null)) return []
      throw new FormRefused({ general: [], fields: { [`${input}.product`]: 'Choose a product.' } })
    }
    const line: JsonObject = {
      kind: 'product',
      productId: product.id,
      description: product.name ?? product.sku ?? product.id,
      quantity: of('quantity') ?? '1',
      unit: product.unit,
      unitPriceExVat: of('price') ?? product.priceExVat ?? '0',
      discountPercent: of('discount'),
      vatRate: product.vatRate ?? usualVatRate,
    }
    return [{ input, line }]
  })
  const extras = [
    { input: 'freight', kind: 'shipping', description: 'Frakt', sign: '' },
    { input: 'discount', kind: 'discount', description: 'Rabatt', sign: '-' },
  ].flatMap(({ input, kind, description, sign }) => {
    const amount = given[`${input}.amount`]
    if (typeof amount !== 'string') return []
    if (amount.startsWith('-')) {
      const sentence = 'Type the amount without a minus sign.'
      throw new FormRefused({ general: [], fields: { [`${input}.amount`]: sentence } })
    }
    const vatRate = given[`${input}.vatRate`] ?? usualVatRate
    const line: JsonObject = { kind, description, quantity: '1', unitPriceExVat: sign + amount, vatRate }
    return [{ input, line }]
  })
  const all = [...goods, ...extras]
  return { lines: all.map(({ line }) => line), inputs: all.map(({ input }) => input) }
}
