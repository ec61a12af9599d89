import { z } from '@hono/zod-openapi'
import { type Address, address } from './address.ts'
import { decimal, shownAs, shownDecimal } from './decimals.ts'
import { erpId, recordBase, reference, requiredText, text } from './field-schemas.ts'
import { createLineSchema, lineCorrectionSchema, lineSchema, type OrderLine } from './line-schema.ts'

export const orderStatuses = ['open', 'confirmed', 'invoiced', 'cancelled'] as const
export const paymentStatuses = ['none', 'authorised', 'paid', 'refunded'] as const

const payment = z
  .object({
    status: z.enum(paymentStatuses),
    method: text.describe('Such as card, vipps or invoice, in the shop’s own words.'),
    reference: text.describe('By which the payment is found at who settles it.'),
  })
  .partial()
  .nullable()
  .openapi('Payment')

/** R and W of the contract. Texts arrive here tidied (json.ts). */
const header = z.object({
  customerId: reference.describe('Of an existing customer that is no department.'),
  departmentId: reference.nullable().describe('Of a customer of kind `department`, or null.'),
  status: z
    .enum(orderStatuses)
    .describe(
      '`open` <-> `confirmed`; either -> `invoiced` or `cancelled`; nothing leaves these two. `confirmed`: the seller ' +
        'accepted the order, and the ERP may lock it.',
    ),
  currency: z.string().regex(/^[A-Z]{3}$/, 'Must be three capital letters, such as NOK.'),
  orderedAt: z.iso
    .datetime({ offset: true, error: 'Must be a time such as 2026-11-23T08:15:30Z.' })
    .describe('Given in the POST and never changed by the sync.'),
  purchaseOrderReference: text.describe('The customer’s own number of the order.'),
  customerReference: text.describe('Whom or what the customer wants to see on the invoice.'),
  erpOrderNumber: text.describe('The number of the order in the ERP.'),
  invoiceNumber: text.describe('Of the invoice that the ERP made of it.'),
  invoiceDueDate: z.iso.date({ error: 'Must be a date such as 2026-11-23.' }).nullable(),
  invoiceBalance: decimal.nullable().describe('What is still to be paid of the invoice.'),
  erpId,
})

/** What only the shop's own users may write: S and not computed. */
const ofShop = z.object({
  number: requiredText.describe('Set by the shop. Unique.'),
  deliveryAddress: address.describe('Set by the shop; null: the customer’s own.'),
  payment,
  creditsOrderId: reference.nullable().describe('Set by the shop: the order that this one takes back.'),
})

export const headerOfSync = header
export const headerOfShopkeeper = header.extend(ofShop.shape)

const newLines = z.array(createLineSchema, { error: 'Must be a list of lines.' })
const corrections = z.array(lineCorrectionSchema, { error: 'Must be a list of lines.' })

// Built once: zod compiles a schema at its first use, which costs more than a thousand uses.
export const changedOrder = headerOfShopkeeper.extend({ lines: corrections }).partial()
const required = {
  customerId: reference,
  currency: header.shape.currency,
  orderedAt: header.shape.orderedAt,
  lines: newLines,
}
export const newOrder = headerOfShopkeeper.partial().extend(required)

export interface Payment {
  readonly status: (typeof paymentStatuses)[number]
  readonly method: string | null
  readonly reference: string | null
}

export interface OrderFields {
  readonly number: string
  readonly status: (typeof orderStatuses)[number]
  readonly customerId: string
  readonly departmentId: string | null
  readonly currency: string
  readonly orderedAt: string
  readonly purchaseOrderReference: string | null
  readonly customerReference: string | null
  readonly deliveryAddress: Address | null
  readonly payment: Payment
  readonly erpOrderNumber: string | null
  readonly invoiceNumber: string | null
  readonly invoiceDueDate: string | null
  readonly invoiceBalance: string | null
  readonly creditsOrderId: string | null
  readonly totalExVat: string
  readonly totalIncVat: string
  readonly erpId: string | null
  /** Sorted by position. */
  readonly lines: readonly OrderLine[]
}

export const noPayment: Payment = { status: 'none', method: null, reference: null }

/** In the order in which people read an order; answers keep it. */
export const emptyOrder: OrderFields = {
  number: '',
  status: 'open',
  customerId: '',
  departmentId: null,
  currency: 'NOK',
  orderedAt: '',
  purchaseOrderReference: null,
  customerReference: null,
  deliveryAddress: null,
  payment: noPayment,
  erpOrderNumber: null,
  invoiceNumber: null,
  invoiceDueDate: null,
  invoiceBalance: null,
  creditsOrderId: null,
  totalExVat: '0.00',
  totalIncVat: '0.00',
  erpId: null,
  lines: [],
}

/** null and absent are the same in a POST, so that `status` may be null here and nowhere else. */
export const createOrderSchema = header
  .extend({ status: z.enum(orderStatuses).nullable().describe('`open` when not given.') })
  .partial()
  .extend(required)
  .openapi('NewOrder', {
    description: 'An order with its lines. null and absent mean the same; unknown fields are ignored.',
  })

export const patchOrderSchema = header
  .extend({ lines: corrections.describe('Only in the PATCH that sets `invoiced`: what changes, not the new list.') })
  .partial()
  .openapi('OrderPatch', {
    description: 'A merge patch (RFC 7396), but for `lines`: absent leaves a field, null clears it.',
  })

export const orderSchema = recordBase
  .extend({
    ...headerOfShopkeeper.shape,
    orderedAt: z.iso.datetime(),
    payment: payment.unwrap().required().describe('Set by the shop; never null.'),
    invoiceBalance: shownAs(header.shape.invoiceBalance),
    totalExVat: shownDecimal.describe('Computed by the shop: each line rounded half-up to two decimals.'),
    totalIncVat: shownDecimal.describe('Computed by the shop: each line’s VAT rounded half-up to two decimals.'),
    lines: z.array(lineSchema).describe('Whole, sorted by position.'),
  })
  .openapi('Order', { description: 'An order that was placed; carts are not listed.' })
