import { z } from '@hono/zod-openapi'
import { decimal, shownDecimal } from './decimals.ts'
import { erpId, longText, recordBase, reference, requiredText, text } from './field-schemas.ts'

export const productTypes = ['product', 'service'] as const

/** What the sync may write: W and R of the contract. Texts arrive here tidied (json.ts). */
export const writableProduct = z.object({
  sku: requiredText,
  name: requiredText,
  gtin: text,
  description: longText,
  type: z.enum(productTypes),
  category: text,
  unit: text,
  priceExVat: decimal.nullable(),
  vatRate: decimal.nullable(),
  erpStock: decimal.nullable(),
  active: z.boolean(),
  erpId,
})

/** `published` is the sync's in a POST only: afterwards somebody in the shop decides. */
export const creatableProduct = writableProduct.extend({ published: z.boolean() })

/** What only the shop's own users may write: S and not computed. */
export const shopkeeperProduct = creatableProduct.extend({ variantOf: reference.nullable() })

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
    type: z.enum(productTypes).nullable().describe('product when not given'),
    active: z.boolean().nullable().describe('true when not given'),
    published: z.boolean().nullable().describe('false when not given'),
  })
  .partial()
  .extend({ sku: requiredText, name: requiredText })
  .openapi('NewProduct')

export const patchProductSchema = writableProduct.partial().openapi('ProductPatch')

export const productSchema = recordBase
  .extend({
    ...shopkeeperProduct.shape,
    priceExVat: shownDecimal.nullable(),
    vatRate: shownDecimal.nullable(),
    erpStock: shownDecimal.nullable(),
  })
  .openapi('Product')
