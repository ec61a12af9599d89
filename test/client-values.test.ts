import { describe, expect, test } from 'vitest'
import { articleKinds, derivedProperties, lineKind } from '../client/console/systems/power-office-derived.ts'
import { jsonPatchOf } from '../client/console/systems/power-office-records.ts'
import type { JsonObject } from '../client/console/systems/system-records.ts'
import { mergePatchOf } from '../client/console/systems/webshop-records.ts'
import { choicesOf, editOf, isChangeable, isEditable } from '../client/console/values/edit-of.ts'
import { readField, recordLabel } from '../client/console/values/field-value.ts'
import { referencesOf } from '../client/console/values/references.ts'
import { isSameValue } from '../client/console/values/same-value.ts'
import { customers } from '../flows/customers.ts'
import { fieldNamed } from '../flows/flow-definition.ts'
import { products } from '../flows/products.ts'
import { salesOrderLines } from '../flows/sales-order-lines.ts'
import { salesOrders } from '../flows/sales-orders.ts'

const erpCompany: JsonObject = {
  Id: 1,
  IsPerson: false,
  Name: 'Fjord AS',
  FirstName: null,
  Number: 10_001,
  PhoneNumber: '22 40 91 87',
  OrganizationNumber: 'NO 923 609 016 MVA',
  EmailAddress: 'Post@Fjord.no',
  InvoiceEmailAddress: null,
  WebsiteUrl: 'https://fjord.no/',
  IsActive: true,
  IsArchived: false,
  MailAddress: { Id: 7, AddressLine1: 'Gata 1', ZipCode: '0150', City: 'Oslo', CountryCode: null, ExternalCode: 'x' },
}
const shopCompany: JsonObject = {
  id: 'c-1',
  kind: 'company',
  name: 'Fjord AS',
  customerNumber: '10001',
  phone: '0047 22409187',
  organizationNumber: '923609016',
  email: 'post@fjord.no',
  website: 'http://fjord.no',
  active: true,
  address: { line1: 'Gata 1', line2: null, zip: '0150', city: 'Oslo', country: 'NO' },
}

const shown = (name: string, side: 'erp' | 'shop', json: JsonObject) =>
  readField(customers, fieldNamed(customers, name), side, { json })
const same = (name: string, erp: JsonObject, shop: JsonObject) =>
  isSameValue(fieldNamed(customers, name), shown(name, 'erp', erp), shown(name, 'shop', shop))

describe('values as people read them', () => {
  test('come from the paths of the definition: enums in its words, groups on one line, inverted flags the right way', () => {
    expect(shown('kind', 'erp', erpCompany)?.text).toBe('company')
    expect(shown('address', 'shop', shopCompany)?.text).toBe('Gata 1, 0150, Oslo, NO')
    expect(shown('active', 'erp', erpCompany)?.text).toBe('true')
    expect(shown('active', 'erp', { ...erpCompany, IsArchived: true })?.text).toBe('false')
    expect(shown('customerNumber', 'erp', erpCompany)?.text).toBe('10001')
  })

  test('are absent where the field does not apply, and empty where it does', () => {
    expect(shown('personName', 'erp', erpCompany)).toBeUndefined()
    expect(shown('invoiceEmail', 'erp', erpCompany)?.text).toBe('')
  })

  test('name the record by the first label field that says something', () => {
    expect(recordLabel(customers, 'shop', { json: shopCompany })).toBe('Fjord AS')
    expect(recordLabel(customers, 'shop', { json: { kind: 'person', firstName: 'Kari', lastName: 'Li' } })).toBe(
      'Kari Li',
    )
    expect(recordLabel(customers, 'erp', { json: { IsPerson: false, EmailAddress: 'a@b.no' } })).toBe('a@b.no')
  })

  test('differ only where people would say so', () => {
    const names = customers.fields.map((field) => field.name)
    expect(names.filter((name) => !same(name, erpCompany, shopCompany))).toEqual([])
    expect(same('phone', erpCompany, { ...shopCompany, phone: '22409188' })).toBe(false)
    expect(
      same('address', erpCompany, { ...shopCompany, address: { line1: 'Gata 2', zip: '0150', city: 'Oslo' } }),
    ).toBe(false)
  })
})

describe('an edit of a person', () => {
  test('empties with null, and keeps integers of PowerOffice integers', () => {
    expect(editOf(fieldNamed(customers, 'email'), 'erp', { '': '  ' })).toEqual([{ path: 'EmailAddress', value: null }])
    expect(editOf(fieldNamed(customers, 'customerNumber'), 'erp', { '': '10002' })).toEqual([
      { path: 'Number', value: 10_002 },
    ])
    expect(editOf(fieldNamed(customers, 'customerNumber'), 'shop', { '': '10002' })).toEqual([
      { path: 'customerNumber', value: '10002' },
    ])
  })

  test('of an inverted flag is inverted', () => {
    expect(editOf(fieldNamed(customers, 'active'), 'erp', { '': 'false' })).toEqual([
      { path: 'IsArchived', value: true },
    ])
    expect(editOf(fieldNamed(customers, 'active'), 'shop', { '': 'false' })).toEqual([{ path: 'active', value: false }])
  })

  test('of an address at PowerOffice sends the whole address, what is not shown of it included, and no ids', () => {
    const edit = editOf(fieldNamed(customers, 'address'), 'erp', { city: 'Bergen', zip: '5003' })
    expect(jsonPatchOf(erpCompany, edit)).toEqual([
      {
        op: 'replace',
        path: '/MailAddress',
        value: { AddressLine1: 'Gata 1', ZipCode: '5003', City: 'Bergen', CountryCode: null, ExternalCode: 'x' },
      },
    ])
  })

  test('of an address at the webshop sends the parts that were typed', () => {
    const edit = editOf(fieldNamed(customers, 'address'), 'shop', { city: 'Bergen', zip: '5003', line2: '' })
    expect(mergePatchOf(edit)).toEqual({ address: { line2: null, zip: '5003', city: 'Bergen' } })
  })

  test('is not offered for what is fixed when a record is created', () => {
    expect(customers.fields.filter((field) => !isChangeable(field)).map((field) => field.name)).toEqual(['kind'])
  })

  test('spells a word as its own system does, and sends numbers where PowerOffice has them', () => {
    expect(editOf(fieldNamed(salesOrders, 'status'), 'erp', { '': 'confirmed' })).toEqual([
      { path: 'SalesOrderStatus', value: 'Confirmed' },
    ])
    expect(editOf(fieldNamed(products, 'price'), 'erp', { '': '99,50' })).toEqual([{ path: 'UnitPrice', value: 99.5 }])
    expect(editOf(fieldNamed(products, 'price'), 'shop', { '': '99,50' })).toEqual([
      { path: 'priceExVat', value: '99.50' },
    ])
    expect(editOf(fieldNamed(salesOrders, 'customer'), 'erp', { '': '12' })).toEqual([
      { path: 'CustomerId', value: 12 },
    ])
    expect(choicesOf(fieldNamed(salesOrders, 'status'), 'shop')).toEqual(['open', 'confirmed', 'invoiced', 'cancelled'])
  })

  test('is not offered for what PowerOffice does not have in the record itself', () => {
    const record = { json: { Id: 1, Name: 'Kopp', UnitPrice: 10, IsArchived: false } }
    const editable = products.fields.filter((field) => isEditable(field, 'erp', record)).map(({ name }) => name)
    expect(editable).toEqual(['name', 'price', 'active'])
  })
})

describe('products and orders', () => {
  const shownOf = (
    definition: typeof products,
    name: string,
    side: 'erp' | 'shop',
    record: Parameters<typeof readField>[3],
  ) => readField(definition, fieldNamed(definition, name), side, record)?.text

  test('show what is written where the sync works the value out, and nothing where only the sync knows it', () => {
    const json = { Id: 1, UnitPrice: 99.5, UnitOfMeasureCode: 'EA', IsStockItem: true, StockAvailable: 4 }
    const record = { json, derived: derivedProperties('Products', json) }
    expect(['price', 'unit', 'stock', 'vatRate'].map((name) => shownOf(products, name, 'erp', record))).toEqual([
      '99.5',
      'EA',
      '4',
      undefined,
    ])
    expect(derivedProperties('SalesOrders/{id}/Lines', { LineType: 'Normal', VatRate: 0.15 })).toEqual({
      VatPercent: '15',
    })
  })

  test('a line on the article for a kind is of that kind and names no product; others are products or texts', () => {
    const products = [
      { id: '7', json: { Code: 'FRAKT15' } },
      { id: '8', json: { Code: 'KOPP' } },
    ]
    const articles = articleKinds(products, { shipping: 'FRAKT', 'shipping:15': 'FRAKT15' })
    expect([
      lineKind({ LineType: 'Normal', ProductId: 7 }, articles),
      lineKind({ LineType: 'Normal', ProductId: 8 }, articles),
      lineKind({ LineType: 'Text', ProductId: null }, articles),
    ]).toEqual([{ Kind: 'shipping', ProductId: null }, { Kind: 'product' }, { Kind: 'text' }])
  })

  test('show what PowerOffice would use where the product has no value of its own, and write it to the product', () => {
    const json = { Id: 1, ProductGroupId: 5, UnitPrice: null, IsStockItem: false }
    const groups = new Map([['5', { Id: 5, Name: 'Kaffe', UnitPrice: 40, UnitOfMeasureCode: 'KGM' }]])
    const record = { json, derived: derivedProperties('Products', json, groups) }
    expect(['price', 'unit', 'category', 'stock'].map((name) => shownOf(products, name, 'erp', record))).toEqual([
      '40',
      'KGM',
      'Kaffe',
      '',
    ])
    const editable = products.fields.filter((field) => isEditable(field, 'erp', record)).map(({ name }) => name)
    expect(editable).toEqual(['price', 'unit'])
    expect(editOf(fieldNamed(products, 'unit'), 'erp', { '': 'EA' })).toEqual([
      { path: 'UnitOfMeasureCode', value: 'EA' },
    ])
  })

  test('are the same in other spellings: decimals, units, article numbers of other lengths, days in Oslo', () => {
    const alike = (definition: typeof products, name: string, erp: JsonObject, shop: JsonObject) => {
      const field = fieldNamed(definition, name)
      return isSameValue(
        field,
        readField(definition, field, 'erp', { json: erp }),
        readField(definition, field, 'shop', { json: shop }),
      )
    }
    expect(alike(products, 'price', { UnitPrice: 99.5 }, { priceExVat: '99.500000' })).toBe(true)
    expect(alike(products, 'price', { UnitPrice: null }, { priceExVat: '0' })).toBe(false)
    expect(alike(products, 'unit', { UnitOfMeasureCode: 'EA' }, { unit: 'stk' })).toBe(true)
    expect(alike(products, 'gtin', { Gtin: '0040170725' }, { gtin: '40170725' })).toBe(true)
    expect(
      alike(salesOrders, 'orderDate', { SalesOrderDate: '2026-07-01' }, { orderedAt: '2026-06-30T22:30:00Z' }),
    ).toBe(true)
    expect(
      alike(salesOrders, 'orderDate', { SalesOrderDate: '2026-07-01' }, { orderedAt: '2026-06-30T21:30:00Z' }),
    ).toBe(false)
    expect(alike(salesOrderLines, 'discount', { Allowance: 0 }, {})).toBe(true)
    expect(alike(salesOrderLines, 'discount', { Allowance: 0 }, { discountPercent: '2.5' })).toBe(false)
  })

  test('name the same record when the flow of that record has linked the two ids', () => {
    const customer = {
      linked: true,
      erpId: '7',
      shopId: 'c-7',
      erp: undefined,
      shop: undefined,
      reason: null,
      items: [],
    }
    const references = referencesOf(new Map([['customers', [{ ...customer, label: 'Fjord AS' }]]]))
    const field = fieldNamed(salesOrders, 'customer')
    const names = (erp: number | null, shop: string | null) =>
      isSameValue(
        field,
        readField(salesOrders, field, 'erp', { json: { CustomerId: erp } }),
        readField(salesOrders, field, 'shop', { json: { customerId: shop } }),
        references,
      )
    expect([names(7, 'c-7'), names(8, 'c-7'), names(7, null), names(null, null)]).toEqual([true, false, false, true])
    expect(references.label('customers', 'shop', 'c-7')).toBe('Fjord AS')
  })
})
