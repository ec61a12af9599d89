import type { SeedProductGroup } from '../../seed/product-groups.ts'
import type { JsonObject } from '../schema.ts'

export function seededProductGroup(group: SeedProductGroup): JsonObject {
  return {
    Code: group.code,
    Name: group.name,
    UnitPrice: group.unitPrice === null ? null : Number(group.unitPrice),
    UnitOfMeasureCode: group.unit,
    StandardSalesAccount: group.salesAccount,
    OptionalSalesAccount: group.optionalSalesAccount,
  }
}
