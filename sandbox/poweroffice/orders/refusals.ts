import { refusalOf, unknownReference } from '../entity-kind.ts'
import { Problem } from '../problem.ts'
import type { SandboxState } from '../sandbox-state.ts'
import type { OrderDto } from './order-dto.ts'

export const orderNoun = { noun: 'SalesOrder' } as const
export const lineNoun = { noun: 'SalesOrderLine' } as const

export function refusedOrder(detail: string, status = 400): Problem {
  return refusalOf(orderNoun, detail, status)
}

export function conflict(detail: string): Problem {
  return new Problem(409, 'SalesOrder conflict', detail)
}

/** For what a body points to and nobody has: 404, as for an unknown address (switch unknownReferenceOnPost). */
export function unknownInOrder(state: SandboxState): (detail: string) => Problem {
  return unknownReference(state, orderNoun)
}

/** Confirmed locks head and lines; only setting it back to Draft opens them (switch confirmedOrderEdit). */
export function assertOpen(state: SandboxState, order: OrderDto): void {
  const { confirmedOrderEdit } = state.settings.current()
  if (order.SalesOrderStatus !== 'Confirmed' || confirmedOrderEdit === 'accepted') return
  const detail = `SalesOrder with id = ${order.Id} is confirmed and cannot be edited.`
  throw confirmedOrderEdit === '409' ? conflict(detail) : refusedOrder(detail)
}
