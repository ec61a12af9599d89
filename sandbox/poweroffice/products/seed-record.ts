import type { ErpSeedProduct } from '../../seed/products.ts'
import type { JsonObject } from '../schema.ts'

export function seededProduct(product: ErpSeedProduct): JsonObject {
  const isStockItem = product.stockOnHand !== null
  return {
    Code: product.code,
    Name: product.name,
    Description: product.description,
    Gtin: product.gtin,
    ProductGroupCode: product.group,
    ProductType: product.type,
    UnitPrice: product.unitPrice === null ? null : Number(product.unitPrice),
    UnitOfMeasureCode: product.unit,
    StandardSalesAccount: product.salesAccount,
    IsStockItem: isStockItem,
    ...(isStockItem && { StockOnHand: Number(product.stockOnHand) }),
    IsArchived: product.archived,
  }
}
