import { type Lookup, numberIn, type Option } from '../../pages/field.ts'
import type { CustomerFields } from '../customer-schema.ts'
import type { ProductFields } from '../product-schema.ts'
import type { Filters, RecordStore, StoredRecord } from '../record-store.ts'
import type { CustomerKind } from '../settings.ts'
import type { Shop } from '../shop.ts'

const suggested = 30

export function customerName({ kind, name, firstName, lastName }: CustomerFields): string {
  return (kind === 'person' ? [firstName, lastName].filter(Boolean).join(' ') : name) ?? ''
}

export function kindFilter(kinds: readonly CustomerKind[]): Filters {
  return new Map([['kind', kinds]])
}

export function customerLookup(shop: Shop, plural: string, kinds: readonly CustomerKind[]): Lookup {
  return lookupIn(shop.stores.customers, {
    plural,
    filters: kindFilter(kinds),
    labelOf: (customer) => [customerName(customer), customer.customerNumber].filter(Boolean).join(', '),
  })
}

/** By id, by SKU, or by words of the name. */
export function productLookup(shop: Shop): Lookup {
  const store = shop.stores.products
  const lookup = lookupIn<ProductFields>(store, {
    plural: 'products',
    filters: new Map(),
    labelOf: ({ sku, name }) => [sku, name].filter(Boolean).join(' '),
  })
  return {
    ...lookup,
    find: (typed) => {
      const id = store.findTaken({ field: 'sku', columns: { sku: typed.trim() } }, '')
      return lookup.find(typed) ?? (id === undefined ? undefined : lookup.find(id))
    },
  }
}

interface LookedUp<Fields> {
  readonly plural: string
  readonly filters: Filters
  readonly labelOf: (record: StoredRecord<Fields>) => string
}

function lookupIn<Fields>(store: RecordStore<Fields>, { plural, filters, labelOf }: LookedUp<Fields>): Lookup {
  const optionOf = (record: StoredRecord<Fields>): Option => ({ value: record.id, label: labelOf(record) })
  return {
    plural,
    suggest: () => store.search([], filters, { limit: suggested }).map(optionOf),
    find: (typed) => {
      const found = store.find(numberIn(typed))
      return found.kind === 'live' ? optionOf(found.record) : undefined
    },
    search: (words, limit) => store.search(words, filters, { limit }).map(optionOf),
  }
}
