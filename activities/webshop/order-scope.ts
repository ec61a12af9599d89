import type { CompanyOptions } from '../../flows/flow-options.ts'
import { osloDayOf, parseInstantMs } from '../canonical/date-time.ts'

export type OrderScope = Pick<CompanyOptions['salesOrders'], 'push' | 'since'>

export interface OrderInScope {
  readonly status: string | null
  readonly paymentStatus: string | null
  readonly orderedAt: string | null
  /** The counterpart that it names. */
  readonly reference: string | null
}

/**
 * Why an order takes no part (rule 4b, docs/rules.md). One that names its counterpart always does: a linked order that is
 * cancelled, refunded or older than the choice goes on being kept equal.
 */
export function outOfScopeOf(order: OrderInScope, { push, since }: OrderScope): string | null {
  if (order.reference !== null) return null
  if (since !== null && isBefore(order.orderedAt, since)) return 'beforeSince'
  return isPlaced(order, push) ? null : 'notPlaced'
}

const accepted: readonly (string | null)[] = ['confirmed', 'invoiced']
/** What was paid back had been paid. */
const paid: readonly (string | null)[] = ['paid', 'refunded']

function isPlaced({ status, paymentStatus }: OrderInScope, push: OrderScope['push']): boolean {
  switch (push) {
    case 'placed':
      return true
    case 'paid':
      return paid.includes(paymentStatus) || accepted.includes(status)
    case 'confirmed':
      return accepted.includes(status)
  }
}

/** By the day in Oslo. A time that nobody understands is the record's problem, not a reason to leave it out. */
function isBefore(orderedAt: string | null, since: string): boolean {
  const instantMs = parseInstantMs(orderedAt ?? '')
  if (instantMs !== null) return osloDayOf(instantMs) < since
  return /^\d{4}-\d{2}-\d{2}$/.test(orderedAt ?? '') && String(orderedAt) < since
}
