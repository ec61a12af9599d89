import { z } from '@hono/zod-openapi'
import { customerKinds, type Settings } from './settings.ts'

export const capabilitiesSchema = z
  .object({
    contract: z.literal('1.0').describe('The version of the contract that the shop speaks.'),
    shop: z.string().min(1).describe('Its name, as people know it.'),
    currency: z.string().regex(/^[A-Z]{3}$/),
    pricesIncludeVat: z.boolean().describe('Whether the shop’s own prices are with VAT; the contract’s never are.'),
    customers: z.object({
      kinds: z.array(z.enum(customerKinds)).describe('A kind that is missing is never sent.'),
      create: z.boolean(),
      update: z.boolean(),
      delete: z.boolean(),
      emailRequired: z.boolean(),
      emailUnique: z.boolean(),
    }),
    products: z.object({ create: z.boolean(), update: z.boolean() }),
    orders: z.object({
      create: z.boolean(),
      update: z.boolean().describe('The PATCH of an order.'),
      editLines: z.boolean().describe('The routes of lines, and `lines` in the PATCH that sets invoiced.'),
      cancel: z.boolean().describe('A PATCH that sets cancelled; needs `update` too.'),
    }),
    webhooks: z.boolean(),
    tombstones: z.boolean().describe('Deleted records stay in the change lists.'),
    idempotency: z.boolean().describe('A POST takes an Idempotency-Key.'),
  })
  .openapi('Capabilities', { description: 'What the shop offers. What it does not offer is never attempted.' })

export function capabilitiesOf(settings: Settings): z.infer<typeof capabilitiesSchema> {
  return {
    contract: '1.0',
    shop: settings.shop,
    currency: settings.currency,
    pricesIncludeVat: settings.pricesIncludeVat,
    customers: {
      kinds: [...settings.customerKinds],
      create: settings.createCustomers,
      update: settings.updateCustomers,
      delete: settings.deleteCustomers,
      emailRequired: settings.emailRequired,
      emailUnique: settings.emailUnique,
    },
    products: { create: settings.createProducts, update: settings.updateProducts },
    orders: {
      create: settings.createOrders,
      update: settings.updateOrders,
      editLines: settings.editOrderLines,
      cancel: settings.cancelOrders,
    },
    // Lost webhooks are declared: that they do not arrive is the fault, not a missing capability.
    webhooks: settings.webhooks !== 'off',
    tombstones: settings.tombstones,
    idempotency: settings.idempotency,
  }
}

const count = z.int().min(0)

export const recordCountsSchema = z
  .object({ customers: count, products: count, orders: count, lines: count })
  .openapi('Counts', { description: 'Without tombstones.' })
