import { z } from '@hono/zod-openapi'
import { moneyDecimal, plainDecimal } from './decimals.ts'
import { fieldErrors, invalidFields } from './problem.ts'
import { emptyProduct, type ProductFields, shopkeeperProduct } from './product-schema.ts'
import type { Shop } from './shop.ts'

/** A product to put in as it is: what is not given is as in `emptyProduct`. */
export type BulkProduct = Partial<ProductFields>

const anyText = z.string().nullable()

// Types are checked, contents are not: dirty data is the point. What the API promises its readers still holds.
const bulkSchema = z.array(
  shopkeeperProduct.extend({ sku: anyText, name: anyText, variantOf: anyText }).partial().strict(),
)

/**
 * Puts products in as they are: not trimmed, no rule checked, taken skus and none at all welcome, no webhooks sent.
 * They appear in the change feed like any others. All in one transaction.
 * @returns the new ids, in the order of the list
 */
export function insertProducts(shop: Shop, list: readonly BulkProduct[]): string[] {
  return shop.inTransaction(() =>
    list.map((product) => shop.stores.products.insert({ ...emptyProduct, ...product }).id),
  )
}

/** @throws Problem 422 that names each wrong field by its place in the list */
export function parseBulkProducts(list: unknown): BulkProduct[] {
  const parsed = bulkSchema.safeParse(list)
  if (!parsed.success) throw invalidFields(fieldErrors(parsed.error).slice(0, 20))
  return parsed.data.map(({ priceExVat, vatRate, erpStock, ...product }) => ({
    ...(product as BulkProduct), // JSON has no undefined, which is all that the cast removes
    // Text stays as it was written; only a JSON number needs a form.
    priceExVat: typeof priceExVat === 'number' ? moneyDecimal(priceExVat) : (priceExVat ?? null),
    vatRate: typeof vatRate === 'number' ? plainDecimal(vatRate) : (vatRate ?? null),
    erpStock: typeof erpStock === 'number' ? plainDecimal(erpStock) : (erpStock ?? null),
  }))
}
