import Big from 'big.js'
import { plainDecimal } from '../decimals.ts'
import type { JsonObject } from '../json.ts'
import type { OrderLine } from '../line-schema.ts'
import type { OrderFields } from '../order-schema.ts'
import type { StoredRecord } from '../record-store.ts'

/**
 * The order that gives everything of another one back, ready to be created: every quantity turned round, so that the sums
 * cancel to the last øre. Pure.
 */
export function creditOrder(order: StoredRecord<OrderFields>, orderedAt: string): JsonObject {
  const { customerId, departmentId, currency, customerReference, purchaseOrderReference, deliveryAddress } = order
  return {
    customerId,
    departmentId,
    currency,
    customerReference,
    purchaseOrderReference,
    deliveryAddress,
    orderedAt,
    payment: { ...order.payment, status: 'refunded' },
    creditsOrderId: order.id,
    lines: order.lines.map(creditLine),
  }
}

function creditLine({ id: _, sku: __, quantity, ...line }: OrderLine): JsonObject {
  // A line without a quantity counts once; one without a price too says something and costs nothing.
  if (quantity === null && line.unitPriceExVat === null) return { ...line }
  return { ...line, quantity: plainDecimal(new Big(quantity ?? 1).times(-1)) }
}
