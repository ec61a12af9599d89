import { describe, expect, test } from 'vitest'
import * as erp from '../activities/poweroffice/erp-scope.ts'
import * as shop from '../activities/webshop/shop-scope.ts'
import { defaultOptions, type ErpScope, type ShopScope } from '../flows/flow-options.ts'

const inErp = (scope: Partial<ErpScope>): ErpScope => ({ ...defaultOptions.scope.erp, ...scope })
const inShop = (scope: Partial<ShopScope>): ShopScope => ({ ...defaultOptions.scope.shop, ...scope })

describe('rule 4c: what takes part of PowerOffice', () => {
  test('everything, where nothing was chosen', () => {
    const all = inErp({})
    expect(erp.customerOutOfScope([], all)).toBeNull()
    expect(erp.productOutOfScope(null, all)).toBeNull()
    expect(erp.departmentOutOfScope(null, all)).toBeNull()
    expect(erp.orderOutOfScope({ departmentCode: null, reference: null }, all)).toBeNull()
  })

  test('a customer that is in one of the contact groups, whatever others it is in', () => {
    const groups = inErp({ contactGroupIds: [501, 502] })
    expect(erp.customerOutOfScope([7, 502], groups)).toBeNull()
    expect(erp.customerOutOfScope([7], groups)).toBe('contactGroup')
    expect(erp.customerOutOfScope([], groups)).toBe('contactGroup')
  })

  test('a product of one of the groups; a code is text, and one without a group is outside', () => {
    const groups = inErp({ productGroupCodes: ['010 '] })
    expect(erp.productOutOfScope('010', groups)).toBeNull()
    expect(erp.productOutOfScope('10', groups)).toBe('productGroup')
    expect(erp.productOutOfScope(null, groups)).toBe('productGroup')
  })

  test('departments, and orders of these departments', () => {
    const departments = inErp({ departmentCodes: ['010'] })
    expect(erp.departmentOutOfScope('020', departments)).toBe('department')
    expect(erp.orderOutOfScope({ departmentCode: '010', reference: null }, departments)).toBeNull()
    expect(erp.orderOutOfScope({ departmentCode: null, reference: '9001' }, departments)).toBe('department')
  })

  test('of orders those that carry our reference, if so chosen', () => {
    const own = inErp({ onlyCreatedByCurrentIntegration: true })
    expect(erp.orderOutOfScope({ departmentCode: null, reference: '9001' }, own)).toBeNull()
    expect(erp.orderOutOfScope({ departmentCode: null, reference: null }, own)).toBe('otherIntegration')
  })
})

describe('rule 4c: what takes part of the webshop', () => {
  test('everything, where nothing was chosen', () => {
    expect(shop.customerOutOfScope('person', inShop({}))).toBeNull()
    expect(shop.productOutOfScope(null, inShop({}))).toBeNull()
    expect(shop.orderOutOfScope({ status: null, paymentStatus: null }, inShop({}))).toBeNull()
  })

  test('customers by kind, products by category, and an empty category is outside', () => {
    expect(shop.customerOutOfScope('person', inShop({ kinds: ['company'] }))).toBe('kind')
    expect(shop.customerOutOfScope('company', inShop({ kinds: ['company'] }))).toBeNull()
    expect(shop.productOutOfScope('Tools', inShop({ categories: ['Tools'] }))).toBeNull()
    expect(shop.productOutOfScope(null, inShop({ categories: ['Tools'] }))).toBe('category')
  })

  test('orders by status and by payment status, both of which must fit', () => {
    const paid = inShop({ statuses: ['open', 'confirmed'], paymentStatuses: ['paid'] })
    expect(shop.orderOutOfScope({ status: 'open', paymentStatus: 'paid' }, paid)).toBeNull()
    expect(shop.orderOutOfScope({ status: 'cancelled', paymentStatus: 'paid' }, paid)).toBe('status')
    expect(shop.orderOutOfScope({ status: 'open', paymentStatus: 'pending' }, paid)).toBe('paymentStatus')
  })
})
