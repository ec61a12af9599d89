import { unreachable } from '../../flows/unreachable.ts'
import { creatable, type Declared, updatable } from './declared.ts'

/** What a rule can ask for before it is tried. */
export const needs = [
  'filters',
  'writes',
  'updates',
  'creates',
  'customers.create',
  'customers.update',
  'customers.delete',
  'products.create',
  'products.update',
  'orders.create',
  'orders.update',
  'orders.editLines',
  'orders.cancel',
  'tombstones',
  'idempotency',
  'webhooks',
  'invoicing',
  'readerKey',
] as const
export type Need = (typeof needs)[number]

/** What the person who runs the kit gave it. */
export interface Given {
  readonly readOnly: boolean
  readonly invoice: boolean
  readonly listens: boolean
  readonly hasReaderKey: boolean
}

export type Unmet =
  /** The shop says that it does not offer it: no reason to complain. */
  | { readonly kind: 'notOffered'; readonly reason: string }
  /** The kit was not given what it takes. */
  | { readonly kind: 'notChecked'; readonly reason: string }

/** The first need that is not met, or null. Pure. */
export function unmetNeed(wanted: readonly Need[], declared: Declared, given: Given): Unmet | null {
  const unmet = wanted.flatMap((need) => unmetOf(need, declared, given) ?? [])
  // What the shop does not offer comes first: no option of the kit would change it.
  return unmet.find(({ kind }) => kind === 'notOffered') ?? unmet[0] ?? null
}

const noWrites = 'nothing was written, as --read-only asked'

function unmetOf(need: Need, declared: Declared, given: Given): Unmet | null {
  const { customers, products, orders } = declared
  const offered = (isOffered: boolean): Unmet | null => {
    if (!isOffered) return { kind: 'notOffered', reason: `the shop does not declare ${need}` }
    return given.readOnly ? { kind: 'notChecked', reason: noWrites } : null
  }
  const withGiven = (isGiven: boolean, reason: string): Unmet | null =>
    isGiven ? null : { kind: 'notChecked', reason }
  switch (need) {
    case 'filters':
      if (creatable(declared).length + updatable(declared).length > 0) return null
      return { kind: 'notOffered', reason: 'filters belong to level 2, and the shop declares nothing beyond level 1' }
    case 'writes':
      return offered(creatable(declared).length + updatable(declared).length > 0)
    case 'updates':
      return offered(updatable(declared).length > 0)
    case 'creates':
      return offered(creatable(declared).length > 0)
    case 'customers.create':
      return offered(customers.create)
    case 'customers.update':
      return offered(customers.update)
    case 'customers.delete':
      return offered(customers.delete)
    case 'products.create':
      return offered(products.create)
    case 'products.update':
      return offered(products.update)
    case 'orders.create':
      return offered(orders.create)
    case 'orders.update':
      return offered(orders.update)
    case 'orders.editLines':
      return offered(orders.editLines)
    case 'orders.cancel':
      return offered(orders.cancel && orders.update)
    case 'tombstones':
      return offered(declared.tombstones)
    case 'idempotency':
      return offered(declared.idempotency)
    case 'webhooks':
      if (!declared.webhooks) return { kind: 'notOffered', reason: 'the shop does not declare webhooks' }
      return withGiven(given.listens, 'give --webhook-secret and --listen, and point the shop’s webhooks there')
    case 'invoicing':
      return withGiven(given.invoice, 'give --invoice: an order is then invoiced, and stays in the shop')
    case 'readerKey':
      return withGiven(given.hasReaderKey, 'give --reader-key, a key without the right to write')
    default:
      return unreachable(need)
  }
}
