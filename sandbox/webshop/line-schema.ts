import { z } from '@hono/zod-openapi'
import { decimal, shownAs } from './decimals.ts'
import { ownId, reference, requiredLongText, text } from './field-schemas.ts'

export const lineKinds = ['product', 'shipping', 'payment', 'discount', 'giftcard', 'rounding', 'text'] as const

const position = z.union([z.int(), z.string().regex(/^-?\d{1,9}$/)], { error: 'Must be a whole number.' })

/** R and W of the contract: `id` and `sku` are the shop's own. Texts arrive here tidied (json.ts). */
export const writableLine = z.object({
  kind: z
    .enum(lineKinds)
    .describe(
      'Does not change later. Freight, fees, coupons and gift cards are lines of their kind; a discount in money is a ' +
        '`discount` line with a negative price.',
    ),
  description: requiredLongText,
  productId: reference.nullable().describe('Of an existing product; null unless kind is `product`.'),
  quantity: decimal.nullable().describe('At least three decimals; may be negative.'),
  unit: text,
  unitPriceExVat: decimal.nullable().describe('Without VAT, up to six decimals; may be zero or negative.'),
  discountPercent: decimal.nullable().describe('Of this line, up to six decimals.'),
  vatRate: decimal.nullable().describe('In percent.'),
  position: position.describe('Compared by rank: a shop may number from 0 or from 1 and leave gaps.'),
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
  .extend({ position: position.nullable().describe('After the other lines when not given.') })
  .partial()
  .extend({ kind: writableLine.shape.kind, description: writableLine.shape.description })
  .openapi('NewLine', { description: 'A line of a new order, or one that is added.' })

export const patchLineSchema = writableLine
  .partial()
  .openapi('LinePatch', { description: 'A merge patch (RFC 7396): absent leaves a field, null clears it.' })

/** One entry of `lines` in the PATCH that sets invoiced. */
export const lineCorrectionSchema = writableLine
  .extend({
    id: reference.describe('The line that is changed or removed; a new line has none.'),
    deleted: z.literal(true).describe('The line is removed.'),
  })
  .partial()
  .openapi('LineCorrection', {
    description: 'With an id it changes what it names of that line, or removes the line; without one it adds a line.',
  })

export const lineSchema = z
  .object({
    id: ownId,
    sku: text.describe('Set by the shop: of the product when the line was given it.'),
    ...writableLine.shape,
    quantity: shownAs(writableLine.shape.quantity),
    unitPriceExVat: shownAs(writableLine.shape.unitPriceExVat),
    discountPercent: shownAs(writableLine.shape.discountPercent),
    vatRate: shownAs(writableLine.shape.vatRate),
    position: z.int().describe('Compared by rank: neither dense nor from a fixed number.'),
  })
  .openapi('Line', { description: 'A line of an order, read with its order.' })
