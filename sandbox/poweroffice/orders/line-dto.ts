import { dtoCompleter } from '../complete-dto.ts'
import { departmentReference } from '../departments/dto.ts'
import { type EntityTable, textId } from '../entity-store.ts'
import type { Reference } from '../references.ts'
import type { JsonObject } from '../schema.ts'

/** SalesOrderLineDto as stored. null in Allowance, DepartmentId, UseStandardSalesAccount: inherited (inherited.ts). */
export interface LineDto {
  readonly Id: string
  readonly SalesOrderId: string
  readonly LineType: string
  readonly ProductId: number | null
  readonly ProductCode: string | null
  readonly Description: string | null
  readonly Quantity: number | null
  readonly ProductUnitPrice: number | null
  readonly ProductUnitCost: number | null
  readonly UnitOfMeasureCode?: string
  readonly Allowance: number | null
  readonly UseStandardSalesAccount: boolean | null
  readonly VatCode: string | null
  readonly VatId: number | null
  readonly VatRate: number | null
  readonly NetAmount: number
  readonly VatAmount: number
  readonly TotalAmount: number
  readonly DepartmentId: number | null
  readonly DepartmentCode: string | null
  readonly ExternalImportReference: string | null
  readonly SortOrder: number
  readonly Accrual?: JsonObject
  /** Of creation within the order: decides between lines of one SortOrder. No part of any answer. */
  readonly Sequence: number
  readonly [property: string]: unknown
}

export const productReference: Reference = {
  id: 'ProductId',
  column: 'productId',
  to: 'products',
  noun: 'Product',
  key: { property: 'ProductCode', of: 'Code', column: 'code', word: 'code' },
}

export const lineTable: EntityTable<LineDto, string> = {
  name: 'sales_order_lines',
  id: textId,
  columns: {
    salesOrderId: { type: 'TEXT', of: (line) => line.SalesOrderId },
    sortOrder: { type: 'INTEGER', of: (line) => line.SortOrder, isUnindexed: true },
    sequence: { type: 'INTEGER', of: (line) => line.Sequence, isUnindexed: true },
    productId: { type: 'INTEGER', of: (line) => line.ProductId },
    departmentId: { type: 'INTEGER', of: (line) => line.DepartmentId },
  },
  references: [productReference, departmentReference],
}

const complete = dtoCompleter('SalesOrderLineDto')

/** What answers show of a line. */
export function shownLine(line: JsonObject): JsonObject {
  return complete(line)
}

export function storedLine(properties: JsonObject & { readonly Sequence: number }): LineDto {
  return { ...complete(properties), Sequence: properties.Sequence } as unknown as LineDto
}
