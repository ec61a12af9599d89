import { z } from '@hono/zod-openapi'

/** Generous and the same for all: the contract names no lengths but those of ids and erpId. */
const maxTextLength = 1000
const maxLongTextLength = 20_000

export const text = z.string().max(maxTextLength).nullable()
export const longText = z.string().max(maxLongTextLength).nullable()

const notEmpty = { error: 'Must be text and not empty.' }

/** Texts arrive tidied (json.ts), so that an empty one is null and refused here. */
export const requiredText = z.string(notEmpty).min(1, notEmpty).max(maxTextLength)
export const requiredLongText = z.string(notEmpty).min(1, notEmpty).max(maxLongTextLength)

const notReference = { error: 'Must be the id of a record.' }

/** The id of another record. That it exists is a rule of the collection that holds it. */
export const reference = z.string(notReference).min(1, notReference).max(40)

export const erpId = z
  .string()
  .max(60)
  .nullable()
  .describe(
    'The id of the counterpart in the ERP: stored and answered as it was sent, opaque to the shop, unique within the ' +
      'collection, found by the filter `erpId`.',
  )

/** The id of a record or a line, in an answer. */
export const ownId = z
  .string()
  .regex(/^[A-Za-z0-9._-]{1,40}$/)
  .describe('Set by the shop; never used again, not even after the record was deleted.')

export const changedAt = z.iso.datetime().describe('Set by the shop; moves with every change.')

export const version = z
  .string()
  .min(1)
  .describe('Set by the shop; another one after every change. Opaque, compared only for equality.')

/** What the shop sets on every record. */
export const recordBase = z.object({
  id: ownId,
  version,
  createdAt: z.iso.datetime().describe('Set by the shop.'),
  changedAt,
})
