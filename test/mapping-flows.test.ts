import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { JsonObject } from '../activities/connector.ts'
import { createdValue } from '../activities/mapping/created-value.ts'
import { readFields } from '../activities/mapping/read-fields.ts'
import { referenceIdsOf } from '../activities/mapping/reference-ids.ts'
import type { ReferenceLinks } from '../activities/mapping/reference-links.ts'
import { writeFields } from '../activities/mapping/write-fields.ts'
import { departments } from '../flows/departments.ts'
import { type FlowDefinition, type FlowName, fieldNamed } from '../flows/flow-definition.ts'
import { products } from '../flows/products.ts'
import type { CanonicalValue, Content } from '../flows/reading.ts'
import { salesOrderLines } from '../flows/sales-order-lines.ts'
import { salesOrders } from '../flows/sales-orders.ts'
import { otherSide, type Side } from '../flows/side.ts'

/** Pairs by flow, `[PowerOffice id, webshop id]`; departments 8 and 8 are called alike on both sides. */
const pairs: Readonly<Partial<Record<FlowName, readonly (readonly [string, string])[]>>> = {
  customers: [['1017', 'c-17']],
  departments: [['8', '8']],
  products: [
    ['301', 'p-1'],
    ['302', 'p-2'],
  ],
}

const links: ReferenceLinks = {
  counterpart(flow, side, id) {
    const [own, other] = side === 'erp' ? ([0, 1] as const) : ([1, 0] as const)
    return pairs[flow]?.find((pair) => pair[own] === id)?.[other] ?? null
  },
}

function contentOf(canonical: Record<string, CanonicalValue>, written: Content['written'] = {}): Content {
  return { canonical, written }
}

function withheldOf(definition: FlowDefinition, to: Side, content: Content, field: string) {
  const { values, withheld } = writeFields(definition, to, content, [field])
  expect(values).toEqual({})
  return withheld.map(({ kind, detail }) => `${kind}: ${detail}`)
}

describe('references to records of other flows', () => {
  const erpOrder: JsonObject = { CustomerId: 1017, DepartmentId: 8 }
  const shopOrder: JsonObject = { customerId: 'c-17', departmentId: '8' }

  test('trap an id copied as if it were a field: each side is given the id by which it calls the record', () => {
    const fromErp = readFields(salesOrders, 'erp', erpOrder, links)
    const fromShop = readFields(salesOrders, 'shop', shopOrder, links)
    const both = { customer: '1017', department: '8' }
    expect([fromErp.canonical, fromShop.canonical]).toEqual([
      expect.objectContaining(both),
      expect.objectContaining(both),
    ])
    expect([fromErp.unlinked, fromShop.unlinked]).toEqual([[], []])
    const names = ['customer', 'department']
    expect(writeFields(salesOrders, 'shop', fromErp, names)).toEqual({ values: shopOrder, withheld: [] })
    expect(writeFields(salesOrders, 'erp', fromShop, names)).toEqual({ values: erpOrder, withheld: [] })
  })

  test('E23: a record without link is named, and the field waits for it in words', () => {
    const fromShop = readFields(salesOrders, 'shop', { customerId: 'c-99', departmentId: '8' }, links)
    expect(fromShop.unlinked).toEqual([{ field: 'customer', flow: 'customers', key: 'shop:c-99' }])
    expect(fromShop.canonical['customer']).toBe('?c-99')
    expect(withheldOf(salesOrders, 'erp', fromShop, 'customer')).toEqual([
      'waits: Customer c-99 of the webshop is not linked yet.',
    ])
    const fromErp = readFields(salesOrders, 'erp', { CustomerId: 7, DepartmentId: 9 }, links)
    expect(fromErp.unlinked).toEqual([
      { field: 'customer', flow: 'customers', key: 'erp:7' },
      { field: 'department', flow: 'departments', key: 'erp:9' },
    ])
    expect(withheldOf(salesOrders, 'shop', fromErp, 'department')).toEqual([
      'waits: Department 9 of PowerOffice is not linked yet.',
    ])
  })

  test('without links nothing is linked, and no reference is empty for that', () => {
    const { canonical, unlinked } = readFields(salesOrders, 'shop', shopOrder)
    expect(canonical).toMatchObject({ customer: '?c-17', department: '?8' })
    expect(unlinked.map(({ key }) => key)).toEqual(['shop:c-17', 'shop:8'])
  })

  test('rule 8: an order without department is cleared on the other side, one without customer is not', () => {
    const { values, withheld } = writeFields(
      salesOrders,
      'erp',
      readFields(salesOrders, 'shop', { customerId: null, departmentId: null }, links),
      ['customer', 'department'],
    )
    expect(values).toEqual({ DepartmentId: null })
    expect(withheld.map(({ field, kind }) => [field, kind])).toEqual([['customer', 'withheld']])
  })

  test('an id that JSON does not carry exactly is written as text', () => {
    const large: ReferenceLinks = { counterpart: () => '9007199254740993' }
    const fromShop = readFields(salesOrders, 'shop', shopOrder, large)
    expect(writeFields(salesOrders, 'erp', fromShop, ['customer']).values).toEqual({ CustomerId: '9007199254740993' })
  })

  test('what a record names is known before it is read, each record once', () => {
    expect(referenceIdsOf(salesOrders, 'erp', { raw: erpOrder })).toEqual([
      { flow: 'customers', side: 'erp', id: '1017' },
      { flow: 'departments', side: 'erp', id: '8' },
    ])
    expect(referenceIdsOf(salesOrders, 'shop', { raw: { customerId: null, departmentId: { id: 8 } } })).toEqual([])
    const items = ['p-1', 'p-2', 'p-1', null].map((productId) => ({ raw: { productId } }))
    expect(referenceIdsOf(salesOrderLines, 'shop', { raw: { productId: 'p-7' }, items })).toEqual([
      { flow: 'products', side: 'shop', id: 'p-1' },
      { flow: 'products', side: 'shop', id: 'p-2' },
    ])
    expect(referenceIdsOf(salesOrderLines, 'shop', { raw: {} })).toEqual([])
  })
})

describe('decimals on the two sides', () => {
  test('PowerOffice is given JSON numbers and the webshop decimal text, and both read either', () => {
    const line: JsonObject = { quantity: '2.500', unitPriceExVat: 499, discountPercent: null }
    const content = readFields(salesOrderLines, 'shop', line)
    const names = ['quantity', 'unitPrice', 'discount']
    expect(writeFields(salesOrderLines, 'erp', content, names).values).toEqual({
      Quantity: 2.5,
      ProductUnitPrice: 499,
      Allowance: null,
    })
    expect(writeFields(salesOrderLines, 'shop', content, names).values).toEqual({
      quantity: '2.5',
      unitPriceExVat: '499',
      discountPercent: null,
    })
  })

  test('trap null allowance against a discount: none is not 0, and stays apart from it', () => {
    const discountOf = (value: string | null) =>
      readFields(salesOrderLines, 'shop', { discountPercent: value }).canonical['discount']
    expect([discountOf(null), discountOf('0.00'), discountOf('10')]).toEqual([null, '0', '10'])
  })

  test('trap a discount as amount against percent: the percent travels as it is, money off is a line of its own', () => {
    const tenPercent = readFields(salesOrderLines, 'shop', { unitPriceExVat: '500', discountPercent: '10' })
    expect(writeFields(salesOrderLines, 'erp', tenPercent, ['unitPrice', 'discount']).values).toEqual({
      ProductUnitPrice: 500,
      Allowance: 10,
    })
    expect(readFields(salesOrderLines, 'erp', { ProductUnitPrice: 500, Allowance: 10 }).canonical['discount']).toBe(
      '10',
    )
    const moneyOff = readFields(salesOrderLines, 'shop', {
      kind: 'discount',
      unitPriceExVat: '-50',
      discountAmount: 50,
    })
    expect(moneyOff.canonical).toMatchObject({ kind: 'discount', unitPrice: '-50', discount: null })
    expect(writeFields(salesOrderLines, 'erp', moneyOff, ['unitPrice']).values).toEqual({ ProductUnitPrice: -50 })
  })

  test('trap a price with against without VAT: only prices without it are read, and the rate changes none of them', () => {
    const withVat = { price: '125', priceIncVat: '125', unitPriceIncVat: '125' }
    const product = readFields(products, 'shop', { ...withVat, priceExVat: '100', vatRate: '25' })
    expect(product.canonical).toMatchObject({ price: '100', vatRate: '25' })
    expect(writeFields(products, 'erp', product, ['price']).values).toEqual({ UnitPrice: 100 })
    const line = readFields(salesOrderLines, 'shop', { ...withVat, unitPriceExVat: '100', vatRate: '25' })
    expect(line.canonical).toMatchObject({ unitPrice: '100', vatRate: '25' })
    expect(writeFields(salesOrderLines, 'erp', line, ['unitPrice']).values).toEqual({ ProductUnitPrice: 100 })
    const fromErp = readFields(salesOrderLines, 'erp', { ProductUnitPrice: 100, UnitPriceIncVat: 125, VatPercent: 25 })
    expect(writeFields(salesOrderLines, 'shop', fromErp, ['unitPrice']).values).toEqual({ unitPriceExVat: '100' })
  })

  test('rule 9: a number that JSON would not carry digit by digit is withheld from PowerOffice, not rounded', () => {
    const content = readFields(products, 'shop', { priceExVat: '123456789012345678.25' })
    expect(withheldOf(products, 'erp', content, 'price')).toEqual([
      'withheld: It is not a number that PowerOffice can be given exactly; both values stand until it has fewer digits.',
    ])
    expect(writeFields(products, 'shop', content, ['price']).values).toEqual({ priceExVat: '123456789012345678.25' })
  })

  test('out and back in keeps a price and a quantity, whichever side they go to', () => {
    const amount = fc.stringMatching(/^-?\d{1,9}(\.\d{1,8})?$/)
    fc.assert(
      fc.property(amount, amount, fc.constantFrom<Side>('erp', 'shop'), (quantity, unitPriceExVat, to) => {
        const before = readFields(salesOrderLines, 'shop', { kind: 'product', quantity, unitPriceExVat })
        const { values, withheld } = writeFields(
          salesOrderLines,
          to,
          before,
          salesOrderLines.fields.map((field) => field.name),
        )
        // A line without description is the webshop's to refuse.
        expect(withheld.map(({ field }) => field)).toEqual(to === 'shop' ? ['description'] : [])
        expect(readFields(salesOrderLines, to, values).canonical).toEqual(before.canonical)
      }),
      { numRuns: 500, seed: 1 },
    )
  })

  test('where 0 means that nobody has said anything, it is empty', () => {
    const rateOf = (vatRate: string | number | null) => readFields(products, 'shop', { vatRate }).canonical['vatRate']
    expect([0, '0', '0.00', ' -0 ', null].map(rateOf)).toEqual([null, null, null, null, null])
    expect([15, '25.00'].map(rateOf)).toEqual(['15', '25'])
    expect(readFields(products, 'erp', { VatPercent: 0 }).canonical['vatRate']).toBe('0')
  })
})

describe('what is shown in one property and written to another', () => {
  test('an effective price is read where it is worked out and written where it belongs', () => {
    const { canonical } = readFields(products, 'erp', { EffectiveUnitPrice: 99.5, UnitPrice: null })
    expect(canonical['price']).toBe('99.5')
    expect(writeFields(products, 'erp', contentOf({ price: '120', unit: 'EA' }), ['price', 'unit']).values).toEqual({
      UnitPrice: 120,
      UnitOfMeasureCode: 'EA',
    })
  })

  test('trap an article number that is text: SKU "007" stays "007" on both sides', () => {
    const fromShop = readFields(products, 'shop', { sku: '007' })
    expect(fromShop.canonical['sku']).toBe('007')
    expect(writeFields(products, 'erp', fromShop, ['sku']).values).toEqual({ Code: '007' })
    expect(readFields(products, 'erp', { Code: '007' }).canonical['sku']).toBe('007')
    expect(readFields(products, 'erp', { Code: 7 }).problems).toMatchObject([{ field: 'sku', path: 'Code' }])
  })

  test('trap inverted booleans: archived is written where active is meant', () => {
    expect(readFields(products, 'erp', { IsArchived: true }).canonical['active']).toBe('false')
    expect(writeFields(products, 'erp', contentOf({ active: 'true' }), ['active']).values).toEqual({
      IsArchived: false,
    })
  })

  test('trap country codes in lower case: a delivery address is the same address', () => {
    const deliveryAddress = { line1: 'Storgata 1', line2: null, zip: '0155', city: 'Oslo', country: 'no' }
    const DeliveryAddress = { AddressLine1: 'Storgata 1', ZipCode: '0155', City: 'Oslo', CountryCode: 'NO' }
    expect(readFields(salesOrders, 'shop', { deliveryAddress }).canonical['deliveryAddress']).toBe(
      readFields(salesOrders, 'erp', { DeliveryAddress }).canonical['deliveryAddress'],
    )
  })

  test('trap Norwegian letters: NFC and NFD of a product’s name are one name', () => {
    const nameOf = (form: string) =>
      readFields(products, 'shop', { name: 'Blåbærsyltetøy'.normalize(form) }).canonical['name']
    expect(nameOf('NFD')).toBe(nameOf('NFC'))
  })

  test('trap the day of an order near midnight: both sides agree on the day in Oslo', () => {
    expect(readFields(salesOrders, 'shop', { orderedAt: '2026-01-31T23:30:00Z' }).canonical['orderDate']).toBe(
      '2026-02-01',
    )
    expect(readFields(salesOrders, 'erp', { OrderDay: '2026-02-01T00:00:00Z' }).canonical['orderDate']).toBe(
      '2026-02-01',
    )
    expect(writeFields(salesOrders, 'erp', contentOf({ orderDate: '2026-02-01' }), ['orderDate']).values).toEqual({
      SalesOrderDate: '2026-02-01',
    })
  })
})

describe('constants', () => {
  const kind = (to: Side, canonical: string) => writeFields(departments, to, contentOf({ kind: canonical }), ['kind'])

  test('every record of the side has the value, and it is written on the other side only', () => {
    expect(readFields(departments, 'erp', { Name: 'Nord', Code: '007', IsActive: true })).toMatchObject({
      canonical: { name: 'Nord', code: '007', active: 'true', kind: 'department' },
      problems: [],
    })
    expect(kind('shop', 'department')).toEqual({ values: { kind: 'department' }, withheld: [] })
    expect(kind('erp', 'department')).toEqual({ values: {}, withheld: [] })
  })

  test('another value than the constant is withheld in words', () => {
    expect(kind('erp', 'company')).toEqual({
      values: {},
      withheld: [
        { field: 'kind', kind: 'withheld', detail: 'PowerOffice has no value for this one; both values stand.' },
      ],
    })
  })
})

describe('rule 9: values that are not written', () => {
  test('an unknown unit does not make the record unreadable, and is written nowhere', () => {
    const content = readFields(products, 'shop', { unit: 'kartong', name: 'Lampe' })
    expect(content.problems).toEqual([])
    expect(content.canonical).toMatchObject({ unit: '?kartong', name: 'Lampe' })
    expect(withheldOf(products, 'erp', content, 'unit')).toEqual([
      'withheld: The value of the webshop is not a known one and is not guessed; set a known one there, both values stand until then.',
    ])
    expect(
      withheldOf(products, 'shop', readFields(products, 'erp', { EffectiveUnitOfMeasureCode: 'X9' }), 'unit'),
    ).toEqual([
      'withheld: The value of PowerOffice is not a known one and is not guessed; set a known one there, both values stand until then.',
    ])
  })

  test('a shop’s stk is EA, and EA is what is written', () => {
    const content = readFields(products, 'shop', { unit: 'stk' })
    expect(content.canonical['unit']).toBe('EA')
    expect(writeFields(products, 'erp', content, ['unit']).values).toEqual({ UnitOfMeasureCode: 'EA' })
    expect(writeFields(products, 'shop', content, ['unit']).values).toEqual({ unit: 'EA' })
  })

  test('a status that PowerOffice has no edit for is withheld', () => {
    for (const status of ['invoiced', 'cancelled']) {
      expect(withheldOf(salesOrders, 'erp', contentOf({ status }), 'status')).toEqual([
        `withheld: PowerOffice does not take the value ${status} from here; both values stand.`,
      ])
      expect(writeFields(salesOrders, 'shop', contentOf({ status }), ['status']).values).toEqual({ status })
    }
    expect(writeFields(salesOrders, 'erp', contentOf({ status: 'confirmed' }), ['status']).values).toEqual({
      SalesOrderStatus: 'Confirmed',
    })
  })

  test('an order number that is no number is no reason to leave the order out: only the number stays behind', () => {
    const content = readFields(salesOrders, 'shop', { number: 'A-1001' })
    expect(content.problems).toEqual([])
    expect(withheldOf(salesOrders, 'erp', content, 'number')).toEqual([
      'withheld: It is not a whole number, which is all that PowerOffice takes; both values stand.',
    ])
    expect(
      writeFields(salesOrders, 'erp', readFields(salesOrders, 'shop', { number: '1001' }), ['number']).values,
    ).toEqual({ ImportedOrderNo: 1001 })
  })

  test('a GTIN goes out as it was typed', () => {
    const content = readFields(products, 'shop', { gtin: '7038010055720' })
    expect(content.canonical['gtin']).toBe('07038010055720')
    expect(writeFields(products, 'erp', content, ['gtin']).values).toEqual({ Gtin: '7038010055720' })
  })
})

test('a new order of PowerOffice is a draft until its totals are checked, whatever the webshop’s is', () => {
  const status = fieldNamed(salesOrders, 'status')
  expect([createdValue(status, 'erp'), createdValue(status, 'shop')]).toEqual(['open', undefined])
  expect(createdValue(fieldNamed(salesOrders, 'currency'), otherSide('shop'))).toBeUndefined()
})
