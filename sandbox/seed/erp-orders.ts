import { seedLineProducts } from './articles.ts'
import { seedDepartments } from './departments.ts'
import type { IdentitySource } from './identity.ts'
import { daysBefore } from './order-times.ts'
import type { ErpSeedOrder, ErpSeedOrderLine } from './order-types.ts'
import type { Sellable } from './product-types.ts'

interface Given {
  readonly source: IdentitySource
  readonly count: number
  readonly customers: readonly number[]
  /** Of the customers, those with a discount of their own. */
  readonly discounted: readonly number[]
  readonly sellable: readonly Sellable[]
}

/** Orders that a bookkeeper entered, every fifth for a customer whose discount the lines inherit. */
export function erpOrders(given: Given): ErpSeedOrder[] {
  return Array.from({ length: given.count }, (_, index) => erpOrder(given, index))
}

function erpOrder({ source, customers, discounted, sellable }: Given, index: number): ErpSeedOrder {
  const { faker } = source
  const often = (probability: number) => faker.datatype.boolean(probability)
  const contactPerson = index % 8 === 3 ? source.personName() : null
  const goods = Array.from({ length: faker.number.int({ min: 1, max: 5 }) }, () =>
    goodsLine(source, faker.helpers.arrayElement(sellable)),
  )
  return {
    customer: faker.helpers.arrayElement(index % 5 === 0 ? discounted : customers),
    department: departmentOf(source, index),
    status: often(0.4) ? 'Confirmed' : 'Draft',
    date: often(0.4) ? daysBefore(faker.number.int({ min: 0, max: 40 })) : null,
    currency: often(0.5) ? 'NOK' : null,
    purchaseOrderReference: often(0.25) ? `Rekv. ${faker.string.numeric(5)}` : null,
    customerReference: contactPerson === null && often(0.3) ? fullName(source) : null,
    contactPerson,
    lines: [
      ...(often(0.2) ? [textLine('Etter avtale på telefon.')] : []),
      ...goods,
      ...(often(0.3) ? [freightLine()] : []),
      ...(often(0.1) ? [textLine('Leveres på lageret, ring først.\nTakk for handelen!')] : []),
    ],
  }
}

function departmentOf({ faker }: IdentitySource, index: number): string | null {
  if (index % 20 === 7) return '-1'
  const codes = seedDepartments().erp.flatMap(({ code, active }) => (active ? [code] : []))
  return faker.helpers.maybe(() => faker.helpers.arrayElement(codes), { probability: 0.4 }) ?? null
}

function goodsLine({ faker }: IdentitySource, product: Sellable): ErpSeedOrderLine {
  return {
    type: 'Normal',
    product: product.sku,
    description: product.name,
    quantity:
      product.unit === 'KGM' || product.unit === 'MTR'
        ? faker.number.float({ min: 0.5, max: 20, fractionDigits: 2 }).toFixed(2)
        : `${faker.number.int({ min: 1, max: 12 })}`,
    unitPriceExVat: product.priceExVat,
    discountPercent: faker.helpers.weightedArrayElement([
      { weight: 7, value: null },
      { weight: 2, value: '0' },
      { weight: 1, value: '12.5' },
    ]),
  }
}

function freightLine(): ErpSeedOrderLine {
  return {
    type: 'Normal',
    product: seedLineProducts['shipping'] ?? null,
    description: 'Frakt',
    quantity: '1',
    unitPriceExVat: '119.2',
    discountPercent: '0',
  }
}

function textLine(description: string): ErpSeedOrderLine {
  return { type: 'Text', product: null, description, quantity: null, unitPriceExVat: null, discountPercent: null }
}

function fullName(source: IdentitySource): string {
  const { firstName, lastName } = source.personName()
  return `${firstName} ${lastName}`
}
