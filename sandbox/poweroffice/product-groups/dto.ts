import { type EntityTable, numberId } from '../entity-store.ts'
import { salesAccountReference } from '../reference-lists/account-dto.ts'
import { searchText } from '../search-text.ts'

export interface ProductGroupDto {
  readonly Id: number
  readonly Code: string | null
  readonly Name: string | null
  readonly ProductType?: string
  readonly IsArchived: boolean | null
  readonly UnitPrice: number | null
  readonly UnitCost: number | null
  readonly UnitOfMeasureCode?: string
  readonly StandardSalesAccountId: number | null
  readonly OptionalSalesAccountId: number | null
  readonly CreatedDateTimeOffset: string
  readonly LastChangedDateTimeOffset: string
  readonly [property: string]: unknown
}

export const productGroupTable: EntityTable<ProductGroupDto> = {
  name: 'product_groups',
  id: numberId,
  columns: {
    code: { type: 'TEXT', of: (group) => group.Code },
    groupName: { type: 'TEXT', of: (group) => group.Name },
    productType: { type: 'TEXT', of: (group) => group.ProductType ?? null },
    isArchived: { type: 'INTEGER', of: (group) => Number(group.IsArchived ?? false) },
    standardSalesAccountId: { type: 'INTEGER', of: (group) => group.StandardSalesAccountId },
    optionalSalesAccountId: { type: 'INTEGER', of: (group) => group.OptionalSalesAccountId },
    created: { type: 'TEXT', of: (group) => group.CreatedDateTimeOffset },
    changed: { type: 'TEXT', of: (group) => group.LastChangedDateTimeOffset },
    search: { type: 'TEXT', of: (group) => searchText(group.Id, group.Code, group.Name), isUnindexed: true },
  },
  references: [
    salesAccountReference('StandardSalesAccount', 'standardSalesAccountId'),
    salesAccountReference('OptionalSalesAccount', 'optionalSalesAccountId'),
  ],
}
