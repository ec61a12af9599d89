import type { ShopScope } from '../../flows/flow-options.ts'

/** Why a record of the webshop takes no part (rule 4c, docs/rules.md); null: it does. Told from the record itself. Pure. */

export function customerOutOfScope(kind: string, { kinds }: ShopScope): string | null {
  return isAmong(kind, kinds) ? null : 'kind'
}

export function productOutOfScope(category: string | null, { categories }: ShopScope): string | null {
  return isAmong(category, categories) ? null : 'category'
}

export function orderOutOfScope(
  order: { readonly status: string | null; readonly paymentStatus: string | null },
  { statuses, paymentStatuses }: ShopScope,
): string | null {
  if (!isAmong(order.status, statuses)) return 'status'
  return isAmong(order.paymentStatus, paymentStatuses) ? null : 'paymentStatus'
}

function isAmong(value: string | null, chosen: readonly string[]): boolean {
  return chosen.length === 0 || (value !== null && chosen.some((one) => one.trim() === value.trim()))
}
