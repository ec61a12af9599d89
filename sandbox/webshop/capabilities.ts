import { z } from '@hono/zod-openapi'
import { customerKinds, type Settings } from './settings.ts'

export const capabilitiesSchema = z
  .object({
    contract: z.literal('1.0'),
    shop: z.string(),
    currency: z.string(),
    pricesIncludeVat: z.boolean(),
    customers: z.object({
      kinds: z.array(z.enum(customerKinds)),
      create: z.boolean(),
      update: z.boolean(),
      delete: z.boolean(),
      emailRequired: z.boolean(),
      emailUnique: z.boolean(),
    }),
    products: z.object({ create: z.boolean(), update: z.boolean() }),
    orders: z.object({ create: z.boolean(), update: z.boolean(), editLines: z.boolean(), cancel: z.boolean() }),
    webhooks: z.boolean(),
    tombstones: z.boolean(),
    idempotency: z.boolean(),
  })
  .openapi('Capabilities')

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

export const recordCountsSchema = z
  .object({ customers: z.int(), products: z.int(), orders: z.int(), lines: z.int() })
  .openapi('Counts')
