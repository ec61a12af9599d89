import { wholeNumberOf } from '../code-number.ts'
import { type EntityTable, numberId } from '../entity-store.ts'
import { salesAccountReference } from '../reference-lists/account-dto.ts'
import type { Reference } from '../references.ts'
import { searchText } from '../search-text.ts'

/** ProductDto as stored. null in prices, accounts and unit: inherited (effective.ts). Enums without a value are left out. */
export interface ProductDto {
  readonly Id: number
  readonly Code: string | null
  readonly Name: string | null
  readonly Description: string | null
  readonly Gtin: string | null
  readonly ProductType?: string
  readonly ProductGroupId: number | null
  readonly ProductGroupCode: string | null
  readonly IsArchived: boolean | null
  readonly IsStockItem: boolean | null
  /** null unless a stock item */
  readonly StockOnHand: number | null
  readonly StockAvailable: number | null
  readonly StockOnHandLastChangedDatetimeOffset: string | null
  readonly UnitPrice: number | null
  readonly UnitCost: number | null
  readonly UnitOfMeasureCode?: string
  readonly StandardSalesAccountId: number | null
  readonly OptionalSalesAccountId: number | null
  readonly CreatedDateTimeOffset: string
  readonly LastChangedDateTimeOffset: string
  readonly [property: string]: unknown
}

const productGroupReference: Reference = {
  id: 'ProductGroupId',
  column: 'productGroupId',
  to: 'productGroups',
  noun: 'Product group',
  key: { property: 'ProductGroupCode', of: 'Code', column: 'code', word: 'code' },
}

export const productTable: EntityTable<ProductDto> = {
  name: 'products',
  id: numberId,
  columns: {
    code: { type: 'TEXT', of: (product) => product.Code },
    codeNumber: { type: 'INTEGER', of: (product) => wholeNumberOf(product.Code) },
    productName: { type: 'TEXT', of: (product) => product.Name },
    productType: { type: 'TEXT', of: (product) => product.ProductType ?? null },
    isArchived: { type: 'INTEGER', of: (product) => Number(product.IsArchived ?? false) },
    productGroupId: { type: 'INTEGER', of: (product) => product.ProductGroupId },
    productGroupCode: { type: 'TEXT', of: (product) => product.ProductGroupCode },
    standardSalesAccountId: { type: 'INTEGER', of: (product) => product.StandardSalesAccountId },
    optionalSalesAccountId: { type: 'INTEGER', of: (product) => product.OptionalSalesAccountId },
    stockChanged: { type: 'TEXT', of: (product) => product.StockOnHandLastChangedDatetimeOffset },
    created: { type: 'TEXT', of: (product) => product.CreatedDateTimeOffset },
    changed: { type: 'TEXT', of: (product) => product.LastChangedDateTimeOffset },
    search: {
      type: 'TEXT',
      of: (product) => searchText(product.Id, product.Code, product.Name, product.Gtin),
      isUnindexed: true,
    },
  },
  references: [
    productGroupReference,
    salesAccountReference('StandardSalesAccount', 'standardSalesAccountId'),
    salesAccountReference('OptionalSalesAccount', 'optionalSalesAccountId'),
  ],
}
