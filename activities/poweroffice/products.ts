import { z } from 'zod'
import type { CompanyOptions } from '../../flows/flow-options.ts'
import { products as flow } from '../../flows/products.ts'
import type { JsonObject, ParsedRecord, RequestContext } from '../connector.ts'
import type { Row } from '../http/absent-property.ts'
import { idOrStandIn, rawTextOf, unreadableOf } from '../http/unreadable.ts'
import { byLastChanged, type ChangeFilter } from './change-watermarks.ts'
import { checkedDefinition } from './checked-definition.ts'
import { decimalOf } from './decimal-text.ts'
import type { DocumentedNames } from './documented-names.ts'
import type { PowerOfficeEntity } from './entity.ts'
import { productOutOfScope } from './erp-scope.ts'
import { prepareProductCreate, prepareProductUpdate } from './product-rules.ts'
import type { ProductGroup, ReferenceListSource, ReferenceLists } from './reference-lists.ts'
import { flag, id, integer, number, text } from './row-fields.ts'
import { companyAccount } from './sales-accounts.ts'

/** UnitCost is nobody's business here and must stay out (docs/rules.md, products). */
export const productNames: DocumentedNames = {
  Id: true,
  Code: true,
  Gtin: true,
  Name: true,
  Description: true,
  ProductType: true,
  ProductGroupId: true,
  IsArchived: true,
  IsStockItem: true,
  StockAvailable: true,
  UnitPrice: true,
  UnitOfMeasureCode: true,
  StandardSalesAccountId: true,
  LastChangedDateTimeOffset: true,
  StockOnHandLastChangedDatetimeOffset: true,
}

/** Stock moves a time of its own and not the product's (sandbox/poweroffice/README.md); the lower-case t is the vendor's. */
const byStockChanged: ChangeFilter = {
  watermark: 'stock',
  filter: 'stockOnHandLastChangedDatetimeOffsetGreaterThan',
  property: 'StockOnHandLastChangedDatetimeOffset',
  isOptional: true,
}

const productSchema = z.object({
  Id: id,
  Code: text,
  Gtin: text,
  Name: text,
  Description: text,
  ProductType: text,
  ProductGroupId: integer,
  IsArchived: flag(false),
  IsStockItem: flag(false),
  StockAvailable: number,
  UnitPrice: number,
  UnitOfMeasureCode: text,
  StandardSalesAccountId: integer,
  LastChangedDateTimeOffset: text,
  StockOnHandLastChangedDatetimeOffset: text,
})

type Product = z.infer<typeof productSchema>

/** What the composed properties are made of. The unit is not asserted: a nullable enum is left out where there is none. */
const madeOf: Readonly<Record<string, string | null>> = {
  EffectiveUnitPrice: 'UnitPrice',
  EffectiveUnitOfMeasureCode: null,
  StockForShop: 'StockAvailable',
  VatPercent: 'StandardSalesAccountId',
  ProductGroupName: 'ProductGroupId',
}

const definition = checkedDefinition(flow, madeOf)

export function productsEntity(lists: ReferenceListSource, options: CompanyOptions): PowerOfficeEntity {
  return {
    definition,
    path: '/Products',
    names: productNames,
    changes: [byLastChanged, byStockChanged],
    findsBy: { kind: 'naturalKey', filter: 'codes', property: 'Code' },
    parserFor: (rows, context, scope) => productParser(lists, options, rows, context, scope),
    prepareCreate: (values) => prepareProductCreate(values, options),
    prepareUpdate: prepareProductUpdate,
  }
}

/** Rows of products in the form of the flow, with what they inherit (rule 10). */
export async function productParser(
  source: ReferenceListSource,
  options: CompanyOptions,
  rows: readonly Row[],
  context: RequestContext,
  scope: 'whole' | 'some',
): Promise<(row: Row) => ParsedRecord> {
  const numbersIn = (property: string) =>
    rows.map((row) => row[property]).filter((value): value is number => typeof value === 'number')
  const named = { groups: numbersIn('ProductGroupId'), accounts: numbersIn('StandardSalesAccountId') }
  if (scope === 'whole') await source.refreshed(context)
  const lists = await source.current(context, named)
  return (row) => parseProduct(row, lists, options)
}

function parseProduct(row: Row, lists: ReferenceLists, options: CompanyOptions): ParsedRecord {
  const parsed = productSchema.safeParse(row)
  if (!parsed.success) return unreadableOf(idOrStandIn(row['Id'], row), parsed.error, row)
  const product = parsed.data
  const inherited = inheritedBy(product, lists, options)
  const unreadable = (path: string, problem: string): ParsedRecord => ({
    kind: 'unreadable',
    id: String(product.Id),
    path,
    problem,
    rawText: rawTextOf(row),
  })
  if (inherited.kind === 'unknownGroup') {
    return unreadable('ProductGroupId', 'it names a product group that PowerOffice does not list')
  }
  if (inherited.kind === 'unknownAccount') {
    return unreadable(
      'StandardSalesAccountId',
      'its sales account, or the VAT code of that, is not listed by PowerOffice',
    )
  }
  if (inherited.kind === 'noAccount') {
    return unreadable(
      'StandardSalesAccountId',
      'neither it nor its group names a sales account, and the one that the option vatAccounts names for the highest rate is not in PowerOffice',
    )
  }
  const { group, vatPercent } = inherited
  const raw: JsonObject = {
    ...product,
    EffectiveUnitPrice: decimalOf(product.UnitPrice ?? group?.UnitPrice ?? null),
    EffectiveUnitOfMeasureCode: product.UnitOfMeasureCode ?? group?.UnitOfMeasureCode ?? null,
    StockForShop: product.IsStockItem ? decimalOf(product.StockAvailable) : null,
    VatPercent: vatPercent,
    ProductGroupName: group?.Name ?? null,
    GroupUnitPrice: decimalOf(group?.UnitPrice ?? null),
    GroupUnitOfMeasureCode: group?.UnitOfMeasureCode ?? null,
  }
  const stockChangedAt = product.StockOnHandLastChangedDatetimeOffset
  return {
    kind: 'record',
    id: String(product.Id),
    raw,
    version: null,
    changedAt: product.LastChangedDateTimeOffset,
    groupChangedAt: stockChangedAt === null ? {} : { stock: stockChangedAt },
    reference: null,
    outOfScope: productOutOfScope(group?.Code ?? null, options.scope.erp),
  }
}

type Inherited =
  | { readonly kind: 'known'; readonly group: ProductGroup | null; readonly vatPercent: string }
  | { readonly kind: 'unknownGroup' }
  | { readonly kind: 'unknownAccount' }
  | { readonly kind: 'noAccount' }

/** A name that leads nowhere is no empty value: read as one, it would clear price and rate in the webshop. */
function inheritedBy(product: Product, lists: ReferenceLists, options: CompanyOptions): Inherited {
  const group = product.ProductGroupId === null ? null : lists.groups.get(product.ProductGroupId)
  if (group === undefined) return { kind: 'unknownGroup' }
  const accountId = product.StandardSalesAccountId ?? group?.StandardSalesAccountId ?? null
  const account =
    accountId === null ? companyAccount(options.products.vatAccounts, lists) : lists.accounts.get(accountId)
  if (accountId === null && !account) return { kind: 'noAccount' }
  if (!account || account.vatPercent === null) return { kind: 'unknownAccount' }
  return { kind: 'known', group, vatPercent: account.vatPercent }
}
