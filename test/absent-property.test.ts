import { describe, expect, test } from 'vitest'
import { findAbsentProperty, type Row } from '../activities/http/absent-property.ts'
import { customers } from '../flows/customers.ts'
import { departments } from '../flows/departments.ts'
import type { FlowDefinition } from '../flows/flow-definition.ts'
import { products } from '../flows/products.ts'
import { salesOrders } from '../flows/sales-orders.ts'
import type { Side } from '../flows/side.ts'

const shopProduct: Row = {
  sku: 'A-1',
  gtin: null,
  name: 'Lampe',
  description: null,
  priceExVat: '499.00',
  unit: 'EA',
  vatRate: '25',
  erpStock: null,
  type: 'product',
  category: null,
  active: true,
}

function without(row: Row, ...names: readonly string[]): Row {
  return Object.fromEntries(Object.entries(row).filter(([name]) => !names.includes(name)))
}

function absentIn(definition: FlowDefinition, side: Side, row: Row, count = 5): string | undefined {
  return findAbsentProperty(
    definition,
    side,
    Array.from({ length: count }, () => row),
  )
}

describe('E16: a property that no row carries', () => {
  test('is found where both sides write it, and a single row that has it excuses the others', () => {
    expect(absentIn(products, 'shop', shopProduct)).toBeUndefined()
    expect(absentIn(products, 'shop', without(shopProduct, 'priceExVat'))).toBe('priceExVat')
    const rows = [shopProduct, ...Array.from({ length: 9 }, () => without(shopProduct, 'priceExVat'))]
    expect(findAbsentProperty(products, 'shop', rows)).toBeUndefined()
  })

  test('may be chance among four rows', () => {
    expect(absentIn(products, 'shop', without(shopProduct, 'priceExVat'), 4)).toBeUndefined()
  })

  test('may be missing where the side only receives it', () => {
    expect(absentIn(products, 'shop', without(shopProduct, 'erpStock', 'category'))).toBeUndefined()
  })

  test('may not where records are matched, created or left alone by it', () => {
    expect(absentIn(products, 'shop', without(shopProduct, 'sku'))).toBe('sku')
    expect(absentIn(products, 'shop', without(shopProduct, 'type'))).toBe('type')
    expect(absentIn(products, 'shop', without(shopProduct, 'vatRate'))).toBe('vatRate')
    expect(absentIn(products, 'shop', without(shopProduct, 'active'))).toBe('active')
    const department = { name: 'Oslo', customerNumber: 'OSL', active: true, kind: 'department' }
    expect(absentIn(departments, 'shop', department)).toBeUndefined()
    expect(absentIn(departments, 'shop', without(department, 'customerNumber'))).toBe('customerNumber')
    expect(absentIn(departments, 'shop', without(department, 'kind'))).toBe('kind')
  })

  test('is not asked for where every record has the same value, or where the connector works it out', () => {
    expect(absentIn(departments, 'erp', { Name: 'Oslo', Code: 'OSL', IsActive: true })).toBeUndefined()
    const erpOrder = {
      CustomerId: 1,
      DepartmentId: null,
      CurrencyCode: 'NOK',
      PurchaseOrderReference: null,
      CustomerReference: null,
      SalesOrderNo: 7,
      InvoiceNo: null,
      InvoiceDueDate: null,
      InvoiceBalance: null,
    }
    expect(absentIn(salesOrders, 'erp', erpOrder)).toBeUndefined()
    expect(absentIn(salesOrders, 'erp', without(erpOrder, 'CustomerId'))).toBe('CustomerId')
  })

  test('of a nested object does not count where the object is empty', () => {
    const erpCustomer: Row = {
      IsPerson: false,
      Name: 'Nord AS',
      EmailAddress: null,
      PhoneNumber: null,
      OrganizationNumber: null,
      Number: 1,
      InvoiceEmailAddress: null,
      WebsiteUrl: null,
      MailAddress: null,
      IsActive: true,
      IsArchived: false,
    }
    expect(absentIn(customers, 'erp', erpCustomer)).toBeUndefined()
    expect(absentIn(customers, 'erp', { ...erpCustomer, MailAddress: { ZipCode: '0155' } })).toBe(
      'MailAddress.AddressLine1',
    )
  })
})
