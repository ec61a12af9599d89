import { z } from '@hono/zod-openapi'
import { ownId } from '../field-schemas.ts'

export const ifMatch = z.object({
  'If-Match': z
    .string()
    .min(1)
    .describe(
      'The ETag of the version that was read, or `*` for whatever is there. Compared and written in one transaction.',
    )
    .openapi({ example: '"3-9f2c11aa"' }),
})

export const idempotencyKey = z.object({
  'Idempotency-Key': z
    .string()
    .min(1)
    .max(255)
    .optional()
    .describe(
      'The same key with the same body gives the first answer again and creates nothing; with another body it is 422. ' +
        'Only 2xx answers are kept, for at least 24 hours, in the transaction that creates.',
    )
    .openapi({ example: 'kobling-customers-4711-1' }),
})

export const recordId = z.object({
  id: ownId.describe('The id of the record.').openapi({ example: 'c-000123' }),
})

export const lineId = z.object({
  id: ownId.describe('The id of the order.').openapi({ example: 'o-000210' }),
  lineId: ownId.describe('The id of the line.').openapi({ example: 'l-000301' }),
})
