import { z } from 'zod'
import type { ParsedRecord, RequestContext } from '../connector.ts'
import type { MonotonicClock } from '../http/monotonic-clock.ts'
import type { ChangeFeed } from './change-feed.ts'
import type { GuestPolicy } from './customers.ts'
import { id } from './shop-values.ts'

/** So many values a filter takes (docs/webshop-contract.md). */
const maxFilterValues = 100
/** Some ten megabytes; then the customers are asked for again. */
const maxKnown = 100_000
/** A guest may open an account. */
const knownForMs = 3_600_000

export interface OrderGuests {
  /** Orders as the guest policy has them. @throws VendorTrouble */
  complete(records: readonly ParsedRecord[], context: RequestContext): Promise<ParsedRecord[]>
}

const customerSchema = z.object({ id, guest: z.boolean().nullish() })

/**
 * Guests are no customers of PowerOffice under this policy, so their orders name the one customer that stands for all of
 * them, or are left out like they are. An order does not say whether its customer is a guest: that is asked, once each.
 */
export function createOrderGuests(
  customers: ChangeFeed,
  policy: GuestPolicy,
  clock: MonotonicClock,
): OrderGuests | null {
  if (policy === 'create') return null
  const collective = policy === 'leave-out' ? null : policy.slice('collective:'.length)
  let isGuest = new Map<string, boolean>()
  let knownSinceMs = clock.nowMs()

  async function ask(ids: readonly string[], context: RequestContext): Promise<void> {
    for (let from = 0; from < ids.length; from += maxFilterValues) {
      const filters = ids.slice(from, from + maxFilterValues).map((value) => ['id', value] as const)
      for (const item of await customers.readFiltered(filters, context)) {
        const parsed = customerSchema.safeParse(item)
        if (parsed.success) isGuest.set(parsed.data.id, parsed.data.guest === true)
      }
    }
  }

  return {
    complete: async (records, context) => {
      if (isGuest.size > maxKnown || clock.nowMs() - knownSinceMs > knownForMs) {
        isGuest = new Map()
        knownSinceMs = clock.nowMs()
      }
      const customerIds = new Set(records.flatMap((record) => customerOf(record) ?? []))
      const unknown = [...customerIds].filter((customerId) => !isGuest.has(customerId))
      if (unknown.length > 0) await ask(unknown, context)
      return records.map((record) => {
        const customerId = customerOf(record)
        if (record.kind !== 'record' || customerId === null || isGuest.get(customerId) !== true) return record
        if (collective !== null) return { ...record, raw: { ...record.raw, customerId: collective } }
        // An order that is linked already goes on being kept equal.
        return record.reference === null ? { ...record, outOfScope: record.outOfScope ?? 'guest' } : record
      })
    },
  }
}

function customerOf(record: ParsedRecord): string | null {
  const customerId = record.kind === 'record' ? record.raw['customerId'] : null
  return typeof customerId === 'string' ? customerId : null
}
