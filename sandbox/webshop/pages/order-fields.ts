import { type Field, type FormValues, type Lookup, recordText } from '../../pages/field.ts'
import { type OrderFields, paymentStatuses } from '../order-schema.ts'
import type { Shop } from '../shop.ts'
import { addressFields, addressValues } from './addresses.ts'
import { customerLookup } from './lookups.ts'

/** Cancelled and invoiced are reached by other ways: a button, and the ERP. */
const settableStatuses = ['open', 'confirmed'] as const

export function headFields(shop: Shop): readonly Field[] {
  const { buyers, departments } = lookups(shop)
  return [
    {
      name: 'customerId',
      label: 'Customer',
      kind: 'record',
      lookup: buyers,
      required: true,
      hint: 'A name, or a number.',
    },
    { name: 'departmentId', label: 'Department', kind: 'record', lookup: departments },
    {
      name: 'status',
      label: 'Status',
      kind: 'choice',
      required: true,
      options: settableStatuses.map((value) => ({ value, label: value })),
    },
    { name: 'customerReference', label: 'Customer reference', kind: 'text' },
    { name: 'purchaseOrderReference', label: 'Purchase order', kind: 'text' },
    ...addressFields('deliveryAddress', 'Delivery address'),
    {
      name: 'payment.status',
      label: 'Payment',
      kind: 'choice',
      group: 'Payment',
      options: paymentStatuses.map((value) => ({ value, label: value })),
    },
    { name: 'payment.method', label: 'Method', kind: 'text', group: 'Payment' },
    { name: 'payment.reference', label: 'Reference', kind: 'text', group: 'Payment' },
  ]
}

export function headValues(shop: Shop, order: OrderFields): FormValues {
  const { buyers, departments } = lookups(shop)
  return {
    customerId: textOf(buyers, order.customerId),
    departmentId: textOf(departments, order.departmentId),
    status: order.status,
    customerReference: order.customerReference ?? '',
    purchaseOrderReference: order.purchaseOrderReference ?? '',
    ...addressValues('deliveryAddress', order.deliveryAddress),
    'payment.status': order.payment.status,
    'payment.method': order.payment.method ?? '',
    'payment.reference': order.payment.reference ?? '',
  }
}

export function buyerText(shop: Shop, id: string): string {
  return textOf(lookups(shop).buyers, id)
}

/** What stands in the input of a record; the bare id where the record is gone. */
export function textOf(lookup: Lookup, id: string | null): string {
  const option = id === null ? undefined : lookup.find(id)
  return option ? recordText(option) : (id ?? '')
}

function lookups(shop: Shop) {
  return {
    buyers: customerLookup(shop, 'customers', ['company', 'person']),
    departments: customerLookup(shop, 'departments', ['department']),
  }
}
