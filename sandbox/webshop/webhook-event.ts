import { z } from '@hono/zod-openapi'
import { ownId, version } from './field-schemas.ts'

export const webhookTypes = [
  'customer.changed',
  'customer.deleted',
  'product.changed',
  'product.deleted',
  'order.changed',
  'order.deleted',
] as const

/** The body of a webhook (Standard Webhooks). It says which record changed, not what: the receiver reads the record. */
export const webhookEventSchema = z
  .object({
    type: z.enum(webhookTypes),
    timestamp: z.iso.datetime().describe('When it happened: `changedAt` of the record.'),
    data: z.object({ id: ownId, version: version.describe('The version that the change led to.') }),
  })
  .openapi('WebhookEvent', { description: 'Which record changed, and to which version.' })

export type WebhookEvent = Readonly<z.infer<typeof webhookEventSchema>>
