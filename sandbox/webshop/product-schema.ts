import { z } from '@hono/zod-openapi'
import { decimal, shownAs } from './decimals.ts'
import { erpId, longText, recordBase, reference, requiredText, text } from './field-schemas.ts'

export const productTypes = ['product', 'service'] as const

/** What the sync may write: W and R of the contract. Texts arrive here tidied (json.ts). */
export const writableProduct = z.object({
  sku: requiredText.describe('The article number. Unique; compared as written: "007" is not "7".'),
  name: requiredText,
  gtin: text.describe('EAN or UPC.'),
  description: longText,
  type: z.enum(productTypes),
  category: text.describe('The name of the product’s group in the ERP.'),
  unit: text.describe('Such as stk, kg or time.'),
  priceExVat: decimal.nullable().describe('Without VAT. null: no price, which is not a price of 0.'),
  vatRate: decimal.nullable().describe('In percent.'),
  erpStock: decimal.nullable().describe('What the ERP has in stock; the shop shows it and books nothing.'),
  active: z.boolean().describe('False: no longer sold. The sync archives by this and deletes nothing.'),
  erpId,
})

/** `published` is the sync's in a POST only: afterwards somebody in the shop decides. */
export const creatableProduct = writableProduct.extend({
  published: z
    .boolean()
    .describe('Whether the shop shows it. The sync sends false in the POST and never writes it again.'),
})

/** What only the shop's own users may write: S and not computed. */
export const shopkeeperProduct = creatableProduct.extend({
  variantOf: reference.nullable().describe('Set by the shop: the id of the product that this one is a variant of.'),
})

/** `sku` and `name` are null only in what was put in past the rules. */
export interface ProductFields {
  readonly sku: string | null
  readonly name: string | null
  readonly gtin: string | null
  readonly description: string | null
  readonly type: (typeof productTypes)[number]
  readonly category: string | null
  readonly unit: string | null
  readonly priceExVat: string | null
  readonly vatRate: string | null
  readonly erpStock: string | null
  readonly active: boolean
  readonly published: boolean
  readonly variantOf: string | null
  readonly erpId: string | null
}

/** In the order in which people read a product; answers keep it. */
export const emptyProduct: ProductFields = {
  sku: null,
  name: null,
  gtin: null,
  description: null,
  type: 'product',
  category: null,
  unit: null,
  priceExVat: null,
  vatRate: null,
  erpStock: null,
  active: true,
  published: false,
  variantOf: null,
  erpId: null,
}

/** null and absent are the same in a POST, so that these may be null here and nowhere else. */
export const createProductSchema = creatableProduct
  .extend({
    type: z.enum(productTypes).nullable().describe('`product` when not given.'),
    active: z.boolean().nullable().describe('True when not given.'),
    published: z.boolean().nullable().describe('False when not given, and what the sync sends.'),
  })
  .partial()
  .extend({ sku: writableProduct.shape.sku, name: requiredText })
  .openapi('NewProduct', {
    description: 'What a POST takes. null and absent mean the same; unknown fields are ignored.',
  })

export const patchProductSchema = writableProduct
  .partial()
  .openapi('ProductPatch', { description: 'A merge patch (RFC 7396): absent leaves a field, null clears it.' })

export const productSchema = recordBase
  .extend({
    ...shopkeeperProduct.shape,
    priceExVat: shownAs(writableProduct.shape.priceExVat),
    vatRate: shownAs(writableProduct.shape.vatRate),
    erpStock: shownAs(writableProduct.shape.erpStock),
  })
  .openapi('Product', { description: 'Something that is sold, or a variant of it.' })
