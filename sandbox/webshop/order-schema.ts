import { z } from '@hono/zod-openapi'
import { type Address, address } from './address.ts'
import { decimal, shownDecimal } from './decimals.ts'
import { erpId, recordBase, reference, requiredText, text } from './field-schemas.ts'
import { createLineSchema, lineCorrectionSchema, lineSchema, type OrderLine } from './line-schema.ts'

export const orderStatuses = ['open', 'confirmed', 'invoiced', 'cancelled'] as const
export const paymentStatuses = ['none', 'authorised', 'paid', 'refunded'] as const

const payment = z
  .object({ status: z.enum(paymentStatuses), method: text, reference: text })
  .partial()
  .nullable()
  .openapi('Payment')

/** R and W of the contract. Texts arrive here tidied (json.ts). */
const header = z.object({
  customerId: reference,
  departmentId: reference.nullable(),
  status: z.enum(orderStatuses),
  currency: z.string().regex(/^[A-Z]{3}$/, 'Must be three capital letters, such as NOK.'),
  orderedAt: z.iso.datetime({ offset: true, error: 'Must be a time such as 2026-11-23T08:15:30Z.' }),
  purchaseOrderReference: text,
  customerReference: text,
  erpOrderNumber: text,
  invoiceNumber: text,
  invoiceDueDate: z.iso.date({ error: 'Must be a date such as 2026-11-23.' }).nullable(),
  invoiceBalance: decimal.nullable(),
  erpId,
})

/** What only the shop's own users may write: S and not computed. */
const ofShop = z.object({
  number: requiredText,
  deliveryAddress: address,
  payment,
  creditsOrderId: reference.nullable(),
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
  .extend({ status: z.enum(orderStatuses).nullable().describe('open when not given') })
  .partial()
  .extend(required)
  .openapi('NewOrder')

export const patchOrderSchema = header
  .extend({ lines: corrections.describe('only in the PATCH that sets invoiced') })
  .partial()
  .openapi('OrderPatch')

export const orderSchema = recordBase
  .extend({
    ...headerOfShopkeeper.shape,
    orderedAt: z.iso.datetime(),
    payment: z.object({ status: z.enum(paymentStatuses), method: text, reference: text }),
    invoiceBalance: shownDecimal.nullable(),
    totalExVat: shownDecimal,
    totalIncVat: shownDecimal,
    lines: z.array(lineSchema),
  })
  .openapi('Order')
