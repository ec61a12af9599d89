import { z } from '@hono/zod-openapi'
import { decimal, shownDecimal } from './decimals.ts'
import { reference, requiredLongText, text } from './field-schemas.ts'

export const lineKinds = ['product', 'shipping', 'payment', 'discount', 'giftcard', 'rounding', 'text'] as const

const position = z.union([z.int(), z.string().regex(/^-?\d{1,9}$/)], { error: 'Must be a whole number.' })

/** R and W of the contract: `id` and `sku` are the shop's own. Texts arrive here tidied (json.ts). */
export const writableLine = z.object({
  kind: z.enum(lineKinds),
  description: requiredLongText,
  productId: reference.nullable(),
  quantity: decimal.nullable(),
  unit: text,
  unitPriceExVat: decimal.nullable(),
  discountPercent: decimal.nullable(),
  vatRate: decimal.nullable(),
  position,
})

export interface OrderLine {
  readonly id: string
  readonly kind: (typeof lineKinds)[number]
  /** Of the product when the line was given it; a later change of the product does not reach an order. */
  readonly sku: string | null
  readonly productId: string | null
  readonly description: string
  readonly quantity: string | null
  readonly unit: string | null
  readonly unitPriceExVat: string | null
  readonly discountPercent: string | null
  readonly vatRate: string | null
  readonly position: number
}

export const createLineSchema = writableLine
  .extend({ position: position.nullable().describe('after the other lines when not given') })
  .partial()
  .extend({ kind: writableLine.shape.kind, description: writableLine.shape.description })
  .openapi('NewLine')

export const patchLineSchema = writableLine.partial().openapi('LinePatch')

/** One entry of `lines` in the PATCH that sets invoiced. */
export const lineCorrectionSchema = writableLine
  .extend({
    id: reference.describe('the line that is changed or removed; a new line has none'),
    deleted: z.literal(true).describe('the line is removed'),
  })
  .partial()
  .openapi('LineCorrection')

export const lineSchema = z
  .object({
    id: z.string().max(40),
    sku: text,
    ...writableLine.shape,
    quantity: shownDecimal.nullable(),
    unitPriceExVat: shownDecimal.nullable(),
    discountPercent: shownDecimal.nullable(),
    vatRate: shownDecimal.nullable(),
    position: z.int().describe('compared by rank: neither dense nor from a fixed number'),
  })
  .openapi('Line')
