import Big from 'big.js'
import { z } from 'zod'
import { type FieldError, refuse } from './problem.ts'

/** What a customer, a product, an order and a line hold (section 3 of the contract). */

export const collections = ['customers', 'products', 'orders'] as const
export type Collection = (typeof collections)[number]
export type JsonObject = Readonly<Record<string, unknown>>

/** In a POST null and absent are the same, and what is stored says null. */
const orNull = <Schema extends z.ZodType>(schema: Schema) => schema.nullish().transform((value) => value ?? null)
const orElse = <Value extends string | boolean>(schema: z.ZodType<Value>, value: NoInfer<Value>) =>
  schema.nullish().transform((given) => given ?? value)

const text = orNull(z.string().max(20_000))
const required = z.string({ error: 'Must be text and not empty.' }).max(20_000)
const reference = z.string({ error: 'Must be the id of a record.' }).max(40)
const email = orNull(z.email({ error: 'Must be an e-mail address.' }))

/**
 * Decimals travel as text, and a reader takes numbers too. Kept in one spelling, so that "499" over "499.00" changes
 * nothing; never as floats, which lose an øre somewhere.
 */
const decimal = orNull(
  z.union([z.string(), z.number()]).transform((given, context) => {
    const plain = typeof given === 'number' ? new Big(given).toFixed() : given
    if (/^-?\d{1,12}(\.\d{1,6})?$/.test(plain)) return new Big(plain).eq(0) ? '0' : new Big(plain).toFixed()
    context.addIssue({ code: 'custom', message: 'Must be a decimal such as "499.00", with at most six decimals.' })
    return z.NEVER
  }),
)

const address = orNull(
  z
    .object({ line1: text, line2: text, zip: text, city: text, country: text })
    // An address with no part filled is no address.
    .transform((parts) => (Object.values(parts).some((part) => part !== null) ? parts : null)),
)

const customer = z.object({
  kind: z.enum(['company', 'person', 'department']),
  ...{ erpId: orNull(z.string().max(60)), name: text, firstName: text, lastName: text, email, phone: text },
  ...{ organizationNumber: text, customerNumber: text, invoiceEmail: email, website: text, address },
  active: orElse(z.boolean(), true),
  guest: orElse(z.boolean(), false),
})

const product = z.object({
  ...{ erpId: orNull(z.string().max(60)), sku: required, name: required, gtin: text, description: text },
  type: orElse(z.enum(['product', 'service']), 'product'),
  ...{ category: text, unit: text, priceExVat: decimal, vatRate: decimal, erpStock: decimal },
  active: orElse(z.boolean(), true),
  published: orElse(z.boolean(), false),
  variantOf: orNull(reference),
})

export const statuses = ['open', 'confirmed', 'invoiced', 'cancelled'] as const
const noPayment = { status: 'none' as const, method: null, reference: null }

const orderHeader = z.object({
  ...{ erpId: orNull(z.string().max(60)), customerId: reference },
  currency: z.string().regex(/^[A-Z]{3}$/, 'Must be three capital letters, such as NOK.'),
  orderedAt: z.iso.datetime({ offset: true }).transform((time) => new Date(time).toISOString()),
  status: orElse(z.enum(statuses), 'open'),
  ...{ departmentId: orNull(reference), purchaseOrderReference: text, customerReference: text },
  ...{ erpOrderNumber: text, invoiceNumber: text, invoiceDueDate: orNull(z.iso.date()), invoiceBalance: decimal },
  ...{ number: text, deliveryAddress: address, creditsOrderId: orNull(reference) },
  payment: z
    .object({
      status: orElse(z.enum(['none', 'authorised', 'paid', 'refunded']), 'none'),
      method: text,
      reference: text,
    })
    .nullish()
    .transform((payment) => payment ?? noPayment),
})

export const lineKinds = ['product', 'shipping', 'payment', 'discount', 'giftcard', 'rounding', 'text'] as const

const line = z.object({
  kind: z.enum(lineKinds),
  ...{ description: required, productId: orNull(reference), quantity: decimal, unit: text, unitPriceExVat: decimal },
  ...{ discountPercent: decimal, vatRate: decimal, position: orNull(z.int()) },
})

export const schemas = { customers: customer, products: product, orders: orderHeader, lines: line }
export type Shape = keyof typeof schemas
export type Fields<Of extends Shape> = z.output<(typeof schemas)[Of]>
export type Line = Fields<'lines'> & { readonly id: string; readonly sku: string | null }

/** Set by the shop: ignored in requests of the sync, which may send whole records back. */
const setByShop: Readonly<Record<Shape, readonly string[]>> = {
  customers: ['guest'],
  products: ['published', 'variantOf'],
  orders: ['number', 'deliveryAddress', 'creditsOrderId', 'payment'],
  lines: [],
}
/** Said once, when the record is made. */
const fixed: Readonly<Record<Shape, readonly string[]>> = {
  customers: ['kind'],
  products: [],
  orders: ['orderedAt'],
  lines: ['kind'],
}

/**
 * A body over what is stored, by the rules of a merge patch (RFC 7396): absent leaves, null clears, objects merge.
 * `before` null: a POST.
 * @throws Problem 422
 */
export function changed<Of extends Shape>(
  of: Of,
  body: JsonObject,
  { before, bySync, at = '' }: { readonly before: JsonObject | null; readonly bySync: boolean; readonly at?: string },
): Fields<Of> {
  const isIgnored = (name: string) =>
    bySync && setByShop[of].includes(name) && !(name === 'published' && before === null)
  const given = Object.fromEntries(Object.entries(tidied(body) as JsonObject).filter(([name]) => !isIgnored(name)))
  const merged = merge(before ?? {}, given) as JsonObject
  const errors: FieldError[] = fixed[of]
    .filter((name) => bySync && before !== null && merged[name] !== before[name])
    .map((name) => ({ pointer: `${at}/${name}`, detail: 'Cannot be changed once the record is made.' }))
  const isNameless = (merged['name'] ?? null) === null
  if (of === 'customers' && merged['kind'] !== 'person' && isNameless)
    errors.push({ pointer: `${at}/name`, detail: 'A company or department needs a name.' })
  for (const name of of === 'customers' && merged['kind'] === 'person' ? ['firstName', 'lastName'] : [])
    if ((merged[name] ?? null) === null) errors.push({ pointer: `${at}/${name}`, detail: 'A person needs it.' })
  const parsed = schemas[of].safeParse(merged)
  if (!parsed.success)
    errors.push(
      ...parsed.error.issues.map(({ path, message }) => ({ pointer: `${at}/${path.join('/')}`, detail: message })),
    )
  refuse(errors)
  return parsed.data as Fields<Of>
}

/** The result of a merge patch over a value (RFC 7396, section 2). */
function merge(target: unknown, patch: unknown): unknown {
  if (!isObject(patch)) return patch
  const result: Record<string, unknown> = isObject(target) ? { ...target } : {}
  for (const [name, value] of Object.entries(patch)) result[name] = merge(result[name], value)
  return result
}

/** Texts without blanks at their ends, and no empty ones: what a form on a web page leaves behind. */
function tidied(value: unknown): unknown {
  if (typeof value === 'string') return value.trim() || null
  if (Array.isArray(value)) return value.map(tidied)
  if (!isObject(value)) return value
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, tidied(member)]))
}

export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
