import { isDeepStrictEqual } from 'node:util'
import { Big } from 'big.js'
import { moveReservation } from '../products/stock.ts'
import type { SandboxState } from '../sandbox-state.ts'
import { removeAttachmentsOf } from './attachment-files.ts'
import type { LineDto } from './line-dto.ts'
import type { OrderWithLines } from './order-dto.ts'

/**
 * Stores an order as it is now, with what that moves elsewhere. null before: it is new; null after: it is gone.
 * Lists of orders may show it late (switch lateVisibility); its lines are only read below it.
 */
export function saveOrder(state: SandboxState, before: OrderWithLines | null, after: OrderWithLines | null): void {
  const kept = new Map((after?.lines ?? []).map((line) => [line.Id, line]))
  for (const line of before?.lines ?? []) {
    if (!kept.has(line.Id)) state.salesOrderLines.remove(line.Id)
  }
  const known = new Map((before?.lines ?? []).map((line) => [line.Id, line]))
  for (const line of kept.values()) {
    if (!isDeepStrictEqual(known.get(line.Id), line)) state.salesOrderLines.save(line)
  }
  if (after) state.salesOrders.save(after.order, { lateMs: state.settings.current().lateVisibility })
  else if (before) {
    state.salesOrders.remove(before.order.Id)
    removeAttachmentsOf(state, before.order.Id)
  }
  moveReservations(state, before, after)
}

/** A confirmed order holds back what it sells. */
function moveReservations(state: SandboxState, before: OrderWithLines | null, after: OrderWithLines | null): void {
  const deltas = new Map<number, Big>()
  const add = (productId: number, quantity: Big) =>
    deltas.set(productId, (deltas.get(productId) ?? new Big(0)).plus(quantity))
  for (const { productId, quantity } of reservedBy(before)) add(productId, quantity.neg())
  for (const { productId, quantity } of reservedBy(after)) add(productId, quantity)
  for (const [productId, delta] of deltas) {
    if (!delta.eq(0)) moveReservation(state, productId, delta.toNumber())
  }
}

function reservedBy(saved: OrderWithLines | null): readonly ProductQuantity[] {
  return saved?.order.SalesOrderStatus === 'Confirmed' ? productQuantities(saved.lines) : []
}

interface ProductQuantity {
  readonly productId: number
  readonly quantity: Big
}

export function productQuantities(lines: readonly LineDto[]): readonly ProductQuantity[] {
  return lines.flatMap(({ ProductId: productId, Quantity: quantity }) =>
    productId === null || quantity === null ? [] : [{ productId, quantity: new Big(quantity) }],
  )
}
