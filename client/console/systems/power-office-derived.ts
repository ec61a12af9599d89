import Big from 'big.js'
import type { JsonObject } from './system-records.ts'

/**
 * Values that PowerOffice states in another form than the flows' definitions name them, for people to see. What takes
 * further requests (a product's group and VAT rate, an order's invoice) is not worked out here and not shown.
 */
export function derivedProperties(collection: string, json: JsonObject): JsonObject {
  return derivations[collection]?.(json) ?? {}
}

const derivations: Readonly<Record<string, (json: JsonObject) => JsonObject>> = {
  Products: ({ IsStockItem, StockAvailable = null }) => ({
    StockForShop: IsStockItem === true ? StockAvailable : null,
  }),
  'SalesOrders/{id}/Lines': ({ LineType, VatRate }) => ({
    // Which kind a Normal line is depends on its article, which only the sync looks up.
    ...(LineType === 'Text' ? { Kind: 'text' } : {}),
    ...(typeof VatRate === 'number' ? { VatPercent: new Big(VatRate).times(100).toString() } : {}),
  }),
}
