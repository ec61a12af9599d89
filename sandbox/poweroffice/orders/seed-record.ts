import type { ErpSeedOrder, ErpSeedOrderLine } from '../../seed/orders.ts'
import type { JsonObject } from '../schema.ts'

export interface SeededReferences {
  readonly customerId: number
  readonly contactPersonId: number | null
}

export function seededOrder(order: ErpSeedOrder, { customerId, contactPersonId }: SeededReferences): JsonObject {
  return {
    CustomerId: customerId,
    DepartmentCode: order.department,
    SalesOrderStatus: order.status,
    SalesOrderDate: order.date,
    CurrencyCode: order.currency,
    PurchaseOrderReference: order.purchaseOrderReference,
    CustomerReference: order.customerReference,
    CustomerReferenceContactPersonId: contactPersonId,
    SalesOrderLines: order.lines.map(seededLine),
  }
}

function seededLine(line: ErpSeedOrderLine): JsonObject {
  const text = { LineType: line.type, Description: line.description }
  if (line.type === 'Text') return text
  return {
    ...text,
    ProductCode: line.product,
    Quantity: numberOrNull(line.quantity),
    ProductUnitPrice: numberOrNull(line.unitPriceExVat),
    Allowance: numberOrNull(line.discountPercent),
  }
}

function numberOrNull(text: string | null): number | null {
  return text === null ? null : Number(text)
}
