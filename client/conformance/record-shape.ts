import { z } from 'zod'
import type { CollectionName, Json } from './collections.ts'

/** How records stand in answers (docs/webshop-contract.md, section 3). Unknown members are ignored. */
const id = z.string().regex(/^[A-Za-z0-9._-]{1,40}$/, 'at most 40 characters of A-Z a-z 0-9 . _ -')
const time = z.iso.datetime({ error: 'a time in UTC such as 2026-11-23T08:15:30.123Z' })
const text = z.string().nullish()
/** A JSON number is read too, though it cannot hold every decimal. */
const decimal = z.union([z.string().regex(/^-?\d+(\.\d+)?$/, 'decimal text such as "499.00"'), z.number()])
const address = z.object({ line1: text, line2: text, zip: text, city: text, country: text }).nullish()

const head = z.object({
  id,
  version: z.string().min(1),
  createdAt: time,
  changedAt: time,
  erpId: z.string().max(60).nullish(),
})

const customer = head.extend({
  kind: z.enum(['company', 'person', 'department']),
  name: text,
  firstName: text,
  lastName: text,
  email: text,
  phone: text,
  organizationNumber: text,
  customerNumber: text,
  invoiceEmail: text,
  website: text,
  address,
  active: z.boolean().nullish(),
  guest: z.boolean().nullish(),
})

const product = head.extend({
  sku: text,
  name: text,
  gtin: text,
  description: text,
  type: z.enum(['product', 'service']).nullish(),
  category: text,
  unit: text,
  priceExVat: decimal.nullish(),
  vatRate: decimal.nullish(),
  erpStock: decimal.nullish(),
  active: z.boolean().nullish(),
  published: z.boolean().nullish(),
  variantOf: id.nullish(),
})

const line = z.object({
  id,
  kind: z.enum(['product', 'shipping', 'payment', 'discount', 'giftcard', 'rounding', 'text']),
  description: z.string(),
  sku: text,
  productId: id.nullish(),
  quantity: decimal.nullish(),
  unit: text,
  unitPriceExVat: decimal.nullish(),
  discountPercent: decimal.nullish(),
  vatRate: decimal.nullish(),
  position: z.number().int().nullish(),
})

const order = head.extend({
  number: z.string().min(1),
  status: z.enum(['open', 'confirmed', 'invoiced', 'cancelled']),
  customerId: id,
  departmentId: id.nullish(),
  currency: z.string().regex(/^[A-Z]{3}$/, 'three capital letters'),
  orderedAt: time,
  purchaseOrderReference: text,
  customerReference: text,
  deliveryAddress: address,
  payment: z.object({
    status: z.enum(['none', 'authorised', 'paid', 'refunded']),
    method: text,
    reference: text,
  }),
  erpOrderNumber: text,
  invoiceNumber: text,
  invoiceDueDate: z.iso.date().nullish(),
  invoiceBalance: decimal.nullish(),
  creditsOrderId: id.nullish(),
  totalExVat: decimal,
  totalIncVat: decimal,
  lines: z.array(line),
})

const schemas: Readonly<Record<CollectionName, z.ZodType>> = { customers: customer, products: product, orders: order }

/** The first member that is not as the contract says, as a sentence without its value; null when all are. */
export function recordFault(collection: CollectionName, record: Json): string | null {
  const issue = schemas[collection].safeParse(record).error?.issues[0]
  return issue === undefined ? null : `${issue.path.join('.')}: ${issue.message}`
}

const tombstone = z.object({
  id,
  deleted: z.literal(true),
  kind: z.string().nullish(),
  erpId: z.string().nullable(),
  version: z.string().min(1),
  changedAt: time,
})

/** The same for what a list shows of a deleted record. @param isKinded customers carry their kind */
export function tombstoneFault(json: Json, isKinded: boolean): string | null {
  const issue = tombstone.safeParse(json).error?.issues[0]
  if (issue !== undefined) return `${issue.path.join('.')}: ${issue.message}`
  return isKinded && typeof json['kind'] !== 'string' ? 'kind: a customer’s tombstone says of which kind it was' : null
}
