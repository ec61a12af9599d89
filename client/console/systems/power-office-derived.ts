import Big from 'big.js'
import { type JsonObject, valueAt } from './system-records.ts'

/**
 * Values that PowerOffice states in another form than the flows' definitions name them, for people to see. What takes a
 * request for every record (a VAT rate, an order's invoice) is not worked out here and not shown.
 * @param groups the records of `groupsOf(collection)`, by id
 */
export function derivedProperties(
  collection: string,
  json: JsonObject,
  groups: ReadonlyMap<string, JsonObject> = new Map(),
): JsonObject {
  return derivations[collection]?.(json, groups) ?? {}
}

/** The collection whose records the values of this one may come from. */
export function groupsOf(collection: string): string | null {
  return collection === 'Products' ? 'ProductGroups' : null
}

/** Asked with the list and with one record: PowerOffice then shows what it would use, as its own pages do. */
export function shownAs(collection: string): string {
  return collection === 'SalesOrders' ? 'showInherited=true' : ''
}

type Derivation = (json: JsonObject, groups: ReadonlyMap<string, JsonObject>) => JsonObject

const derivations: Readonly<Record<string, Derivation>> = {
  Products: (json, groups) => {
    const group = groups.get(String(json['ProductGroupId'])) ?? {}
    const effective = (name: string) => json[name] ?? valueAt(group, name) ?? null
    return {
      EffectiveUnitPrice: effective('UnitPrice'),
      EffectiveUnitOfMeasureCode: effective('UnitOfMeasureCode'),
      ProductGroupName: valueAt(group, 'Name') ?? null,
      StockForShop: json['IsStockItem'] === true ? (json['StockAvailable'] ?? null) : null,
    }
  },
  'SalesOrders/{id}/Lines': ({ VatRate }) => ({
    ...(typeof VatRate === 'number' ? { VatPercent: new Big(VatRate).times(100).toString() } : {}),
  }),
}

/** Articles that stand for a kind of line (freight, fees), by their id: the option `lineProducts` names them by code. */
export function articleKinds(
  products: Iterable<{ readonly id: string; readonly json: JsonObject }>,
  lineProducts: Readonly<Record<string, string>>,
): ReadonlyMap<string, string> {
  const kindOfCode = new Map(Object.entries(lineProducts).map(([key, code]) => [code, key.split(':')[0] ?? key]))
  return new Map(
    [...products].flatMap(({ id, json }) => {
      const kind = kindOfCode.get(String(json['Code']))
      return kind === undefined ? [] : [[id, kind] as const]
    }),
  )
}

/** What kind a line is: a line on an article for a kind is of that kind, and names no product. */
export function lineKind({ LineType, ProductId }: JsonObject, articles: ReadonlyMap<string, string>): JsonObject {
  if (LineType === 'Text') return { Kind: 'text' }
  const kind = articles.get(String(ProductId))
  return kind === undefined ? { Kind: 'product' } : { Kind: kind, ProductId: null }
}
