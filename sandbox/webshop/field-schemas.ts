import { z } from '@hono/zod-openapi'

/** Generous and the same for all: the contract names no lengths but those of ids and erpId. */
const maxTextLength = 1000
const maxLongTextLength = 20_000

export const text = z.string().max(maxTextLength).nullable()
export const longText = z.string().max(maxLongTextLength).nullable()

const notEmpty = { error: 'Must be text and not empty.' }

/** Texts arrive tidied (json.ts), so that an empty one is null and refused here. */
export const requiredText = z.string(notEmpty).max(maxTextLength)
export const requiredLongText = z.string(notEmpty).max(maxLongTextLength)

/** The id of another record. That it exists is a rule of the collection that holds it. */
export const reference = z.string({ error: 'Must be the id of a record.' }).max(40)

export const erpId = z.string().max(60).nullable()

/** What the shop sets on every record. */
export const recordBase = z.object({
  id: z.string().max(40),
  version: z.string(),
  createdAt: z.iso.datetime(),
  changedAt: z.iso.datetime(),
})
