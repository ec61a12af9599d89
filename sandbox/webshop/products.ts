import { parseFields, patchedFields, pickWritable, refuse, withoutNulls } from './body-fields.ts'
import type { Collection, Column, UniqueRule, WriteContext } from './collection.ts'
import { moneyDecimal, plainDecimal, unlessEqual } from './decimals.ts'
import type { JsonObject } from './json.ts'
import {
  creatableProduct,
  createProductSchema,
  emptyProduct,
  type ProductFields,
  patchProductSchema,
  productSchema,
  shopkeeperProduct,
  writableProduct,
} from './product-schema.ts'

const asWritten = (value: string) => value

const columns: readonly Column<ProductFields>[] = [
  { name: 'erpId', indexed: true, read: (product) => product.erpId, fold: asWritten },
  { name: 'sku', indexed: true, read: (product) => product.sku, fold: asWritten },
  { name: 'gtin', indexed: true, read: (product) => product.gtin, fold: asWritten },
]

export const products: Collection<ProductFields> = {
  name: 'products',
  singular: 'product',
  idPrefix: 'p',
  columns,
  schemas: { record: productSchema, create: createProductSchema, patch: patchProductSchema },
  create: (body, context) => {
    const writable = context.caller === 'shopkeeper' ? shopkeeperProduct : creatableProduct
    const given = withoutNulls(pickWritable(body, writable))
    const fields = { ...emptyProduct, ...storedForm(emptyProduct, given, newProduct) }
    refuseUnknownParent(fields, emptyProduct, context)
    return fields
  },
  patch: (current, patch, context) => {
    const writable = context.caller === 'shopkeeper' ? shopkeeperProduct : writableProduct
    const given = patchedFields(current, pickWritable(patch, writable))
    const next = { ...current, ...storedForm(current, given, changedProduct) }
    refuseUnknownParent(next, current, context)
    return next
  },
  unique: ({ erpId, sku }) => {
    const rules: UniqueRule[] = []
    if (erpId !== null) rules.push({ field: 'erpId', columns: { erpId } })
    if (sku !== null) rules.push({ field: 'sku', columns: { sku } })
    return rules
  },
  // The contract has no capability for it: whoever may write products may delete them.
  offers: (settings) => ({ create: settings.createProducts, update: settings.updateProducts, delete: true }),
  usedBy: (product, view) => view.findOrderOfProduct(product.id),
  searchText: ({ sku, name, gtin, category, erpId }) =>
    [sku, name, gtin, category, erpId].filter((part) => part).join(' '),
}

// Built once: zod compiles a schema at its first use, which costs more than a thousand uses.
const changedProduct = shopkeeperProduct.partial()
const newProduct = changedProduct.extend({ sku: shopkeeperProduct.shape.sku, name: shopkeeperProduct.shape.name })

function storedForm(
  before: ProductFields,
  given: JsonObject,
  schema: typeof changedProduct | typeof newProduct,
): Partial<ProductFields> {
  const { priceExVat, vatRate, erpStock, ...fields } = parseFields(given, schema)
  const kept = (name: 'priceExVat' | 'vatRate' | 'erpStock', next: string | null) => ({
    [name]: unlessEqual(before[name], next),
  })
  return {
    ...(fields as Partial<ProductFields>), // JSON has no undefined, which is all that the cast removes
    ...(priceExVat !== undefined && kept('priceExVat', priceExVat === null ? null : moneyDecimal(priceExVat))),
    ...(vatRate !== undefined && kept('vatRate', vatRate === null ? null : plainDecimal(vatRate))),
    ...(erpStock !== undefined && kept('erpStock', erpStock === null ? null : plainDecimal(erpStock))),
  }
}

function refuseUnknownParent({ variantOf }: ProductFields, before: ProductFields, { view }: WriteContext): void {
  if (variantOf === null || variantOf === before.variantOf || view.findProduct(variantOf)) return
  refuse([{ pointer: '/variantOf', detail: `There is no product ${variantOf}.` }])
}
