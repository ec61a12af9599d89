import type { ShopScope } from '../../flows/flow-options.ts'
import { products as definition } from '../../flows/products.ts'
import type { JsonObject, Prepared } from '../connector.ts'
import {
  firstMissing,
  newBody,
  patchBody,
  type RequiredProperty,
  refuse,
  refusedReference,
  withholdCleared,
} from './record-rules.ts'
import { absentFrom, type ShopEntity } from './shop-entity.ts'
import { isTombstone, parseRow, presentRecord, recordHead } from './shop-record.ts'
import { productOutOfScope } from './shop-scope.ts'
import { active, decimal, text } from './shop-values.ts'

/** `sku` may be missing here: such a product is read, and refused where it would be created. */
const productSchema = recordHead.extend({
  sku: text,
  gtin: text,
  name: text,
  description: text,
  type: text,
  category: text,
  unit: text,
  priceExVat: decimal,
  vatRate: decimal,
  erpStock: decimal,
  active,
})

const required: readonly RequiredProperty[] = [
  { name: 'sku', field: 'sku', called: 'an article number' },
  { name: 'name', field: 'name', called: 'a name' },
]

/** Whether a product is on sale is the shop's own decision, and so is what it is a variant of. */
const setByShop = ['published', 'variantOf']

export const productsEntity = (scope: ShopScope): ShopEntity => ({
  definition,
  path: '/api/products',
  offers: ({ products }) => ({ create: products?.create === true, update: products?.update === true }),
  notOffered: ({ products }) =>
    products
      ? null
      : 'The webshop has no products to offer: add them to its lists and capabilities to have them kept equal.',
  findSchemaFault: (rows) =>
    absentFrom(
      definition,
      rows.filter((row) => !isTombstone(row)),
    ),
  parse: (item, etag) =>
    parseRow(item, productSchema, ({ id, version, changedAt, erpId, ...raw }) =>
      presentRecord(definition, { id, version, changedAt, erpId }, raw, {
        etag,
        outOfScope: productOutOfScope(raw.category, scope),
      }),
    ),
  prepareCreate: prepareProductCreate,
  prepareUpdate: prepareProductUpdate,
})

function prepareProductCreate(values: JsonObject, counterpartId: string): Prepared {
  const refusal = refusedReference(definition, counterpartId)
  if (refusal !== null) return refuse(refusal)
  const missing = firstMissing(values, required)
  if (missing) return refuse(`The webshop needs ${missing.called} of a product: fill it in in PowerOffice.`)
  // Somebody in the shop adds pictures and text first, and then puts it on sale.
  const body = { ...newBody(definition, values, counterpartId, setByShop), published: false }
  return { body, flags: '', notes: [], refusal: null }
}

function prepareProductUpdate(_current: JsonObject, values: JsonObject, flags: string): Prepared {
  const body = patchBody(values, setByShop)
  const notes = withholdCleared(body, required)
  return { body, flags, notes, refusal: null }
}
