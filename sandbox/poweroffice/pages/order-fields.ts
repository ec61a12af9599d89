import type { Field } from '../../pages/field.ts'
import { deliveryAddressesOf } from '../delivery-addresses/of-contact.ts'
import type { OrderDto } from '../orders/order-dto.ts'
import type { SandboxState } from '../sandbox-state.ts'
import { describedFields } from './described-fields.ts'
import { customerLookup, departmentLookup, productLookup } from './lookups.ts'
import { deliveryTermOptions, paymentTermOptions } from './terms.ts'

/** @param order null for a new one, which takes its first lines along */
export function orderFields(state: SandboxState, order: OrderDto | null): readonly Field[] {
  const fields: Field[] = [
    {
      name: 'CustomerId',
      label: 'Customer',
      kind: 'record',
      lookup: customerLookup(state),
      required: true,
      hint: 'A name, or a number.',
    },
    { name: 'SalesOrderDate', label: 'Order date', kind: 'date' },
    { name: 'DeliveryDate', label: 'Delivery date', kind: 'date' },
    { name: 'CustomerReference', label: 'Customer reference', kind: 'text' },
    { name: 'PurchaseOrderReference', label: 'Purchase order', kind: 'text' },
    { name: 'DepartmentId', label: 'Department', kind: 'record', lookup: departmentLookup(state), hint: inherited },
    {
      name: 'PaymentTermId',
      label: 'Payment term',
      kind: 'choice',
      options: paymentTermOptions(state),
      hint: inherited,
    },
    {
      name: 'DeliveryTermId',
      label: 'Delivery term',
      kind: 'choice',
      options: deliveryTermOptions(state),
      hint: inherited,
    },
    { name: 'CurrencyCode', label: 'Currency', kind: 'text', hint: inherited },
    {
      name: 'ContactDeliveryAddressId',
      label: 'Delivery address',
      kind: 'choice',
      options: addressOptions(state, order?.CustomerId ?? null),
      only: 'edit',
      hint: inherited,
    },
    {
      name: 'RelatedInvoiceNo',
      label: 'Credits invoice number',
      kind: 'whole',
      hint: 'Of orders with a negative sum.',
    },
  ]
  return describedFields('SalesOrderCompletePostDto', order === null ? [...fields, ...firstLineFields(state)] : fields)
}

const inherited = 'That of the customer where empty.'

/** More can be added to the order afterwards. */
export const firstLines = [1, 2, 3] as const

function firstLineFields(state: SandboxState): readonly Field[] {
  const lookup = productLookup(state)
  return firstLines.flatMap((number): Field[] => {
    const group = `Line ${number}`
    return [
      { name: `line${number}.ProductId`, label: 'Product', kind: 'record', lookup, group },
      { name: `line${number}.Quantity`, label: 'Quantity', kind: 'decimal', group, hint: '1 where empty.' },
      {
        name: `line${number}.ProductUnitPrice`,
        label: 'Price ex VAT',
        kind: 'decimal',
        group,
        hint: 'That of the product where empty.',
      },
      { name: `line${number}.Allowance`, label: 'Discount %', kind: 'decimal', group, hint: inherited },
    ]
  })
}

export function lineFields(state: SandboxState): readonly Field[] {
  return describedFields('SalesOrderLinePostDto', [
    { name: 'ProductId', label: 'Product', kind: 'record', lookup: productLookup(state) },
    { name: 'Quantity', label: 'Quantity', kind: 'decimal' },
    {
      name: 'ProductUnitPrice',
      label: 'Price ex VAT',
      kind: 'decimal',
      hint: 'That of the product where empty in a new line.',
    },
    { name: 'Allowance', label: 'Discount %', kind: 'decimal', hint: inherited },
    { name: 'UnitOfMeasureCode', label: 'Unit', kind: 'choice', options: [] },
    { name: 'LineType', label: 'Type', kind: 'choice', options: [] },
    { name: 'SortOrder', label: 'Place', kind: 'whole', hint: '0 is the first.', only: 'edit' },
    {
      name: 'Description',
      label: 'Description',
      kind: 'long',
      hint: 'The name of the product where empty in a new line.',
    },
  ])
}

function addressOptions(state: SandboxState, customerId: number | null) {
  if (customerId === null) return []
  return deliveryAddressesOf(state, customerId).map(({ Id, AddressLine1, City }) => ({
    value: String(Id),
    label: [AddressLine1, City].filter(Boolean).join(', ') || String(Id),
  }))
}
