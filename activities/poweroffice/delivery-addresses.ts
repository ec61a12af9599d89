import { z } from 'zod'
import { toCanonicalAddress } from '../canonical/address.ts'
import type { JsonObject, RequestContext } from '../connector.ts'
import { fewestRows, isRow, type Row } from '../http/absent-property.ts'
import { contractChanged } from '../http/answer-meaning.ts'
import type { HttpClient } from '../http/http-client.ts'
import type { MonotonicClock } from '../http/monotonic-clock.ts'
import { createSharedCalls } from '../http/shared-calls.ts'
import { rawTextOf } from '../http/unreadable.ts'
import { VendorTrouble } from '../vendor-trouble.ts'
import type { SettledAddress } from './customer-address.ts'
import { type DocumentedNames, withDocumentedNames } from './documented-names.ts'
import { createListReader } from './list-pages.ts'
import { id, text } from './row-fields.ts'
import { powerOffice } from './system-names.ts'
import { parseProblem, type VendorProblem } from './vendor-problem.ts'

export interface DeliveryAddress {
  readonly AddressLine1: string | null
  readonly AddressLine2: string | null
  readonly ZipCode: string | null
  readonly City: string | null
  readonly CountryCode: string | null
}

/** What PowerOffice says of one address cannot be read: the order that names it is unreadable, and no other. */
export interface UnreadableAddress {
  readonly problem: string
  /** The same as long as PowerOffice says the same. */
  readonly rawText: string
}

export type AddressFound = DeliveryAddress | UnreadableAddress | null

/** Where a delivery address is asked for: by its contact and its own id. */
export interface AddressKey {
  readonly customerId: number
  readonly addressId: number
}

export type FoundAddress =
  | { readonly kind: 'found'; readonly id: number }
  | ({ readonly kind: 'refused'; readonly status: number } & VendorProblem)
  | { readonly kind: 'uncertain'; readonly message: string }

export interface DeliveryAddresses {
  /**
   * The addresses by their ids, null for one that is gone. `whole`: read anew, since whoever asks compares everything.
   * @throws VendorTrouble ContractChanged: one address after the other cannot be read
   */
  lookUp(
    keys: readonly AddressKey[],
    context: RequestContext,
    scope: 'whole' | 'some',
  ): Promise<ReadonlyMap<number, AddressFound>>
  /** One of the customer's that says the same, else a new one; a shared address is never changed. @throws VendorTrouble */
  findOrAdd(
    customerId: number,
    address: (SettledAddress & { readonly kind: 'send' })['address'],
    context: RequestContext,
  ): Promise<FoundAddress>
}

/** Above this, one list of all addresses costs fewer requests. */
const fewAddresses = 5
/** They are changed in PowerOffice by hand, and the webshop owns the field: late is soon enough. */
const maxAgeMs = 10 * 60_000

const path = '/ContactDeliveryAddresses'
const names: DocumentedNames = {
  Id: true,
  ContactId: true,
  AddressLine1: true,
  AddressLine2: true,
  ZipCode: true,
  City: true,
  CountryCode: true,
}
const addressSchema = z.object({
  Id: id,
  AddressLine1: text,
  AddressLine2: text,
  ZipCode: text,
  City: text,
  CountryCode: text,
})

export function createDeliveryAddresses(
  client: HttpClient,
  clock: MonotonicClock,
  options: { readonly timeoutMs: number; readonly pageSize?: number },
): DeliveryAddresses {
  const list = createListReader(client, { path, names }, options)
  const reading = createSharedCalls()
  const known = new Map<number, { readonly address: AddressFound; readonly atMs: number }>()
  /** One after the other: that many are no bad rows but a change of the interface (E16). */
  let unreadableInARow = 0

  const remember = (addressId: number, address: AddressFound) => known.set(addressId, { address, atMs: clock.nowMs() })

  function rememberRow(row: Row): { readonly id: number; readonly address: DeliveryAddress } | null {
    const parsed = addressSchema.safeParse(row)
    if (!parsed.success) return null
    const { Id, ...address } = parsed.data
    remember(Id, address)
    return { id: Id, address }
  }

  async function readOne({ customerId, addressId }: AddressKey, context: RequestContext): Promise<void> {
    const request = { path: `${path}/${customerId}/${addressId}`, label: `${path}/{contactId}/{id}` }
    const answer = await client.read(request, context)
    if (answer.status === 404 || answer.status === 410) return void remember(addressId, null)
    const row = answer.status < 400 ? withDocumentedNames(answer.json, names) : undefined
    if (row && rememberRow(row)?.id === addressId) {
      unreadableInARow = 0
      return
    }
    if (++unreadableInARow >= fewestRows) {
      const message = `PowerOffice answers GET ${request.label} again and again with something other than the address asked for (status ${answer.status} the last time): the developer must look.`
      throw new VendorTrouble(contractChanged(powerOffice, message))
    }
    const problem = `names a delivery address that PowerOffice does not show as one (status ${answer.status}): choose another one in PowerOffice`
    remember(addressId, { problem, rawText: rawTextOf(answer.json) })
  }

  /** Many orders of one page name one address. Joined while it is under way as well: late is soon enough here. */
  const readShared = (key: AddressKey, context: RequestContext): Promise<void> =>
    reading.run(`${context.priority} ${key.addressId}`, context.signal, (signal) =>
      readOne(key, { ...context, signal }),
    )

  return {
    lookUp: async (keys, context, scope) => {
      const isFresh = (addressId: number) =>
        clock.nowMs() - (known.get(addressId)?.atMs ?? Number.NEGATIVE_INFINITY) <= maxAgeMs
      const wanted = [...new Map(keys.map((key) => [key.addressId, key])).values()]
      const asked = scope === 'whole' ? wanted : wanted.filter(({ addressId }) => !isFresh(addressId))
      if (asked.length > fewAddresses) {
        const { rows } = await list.readAll([], context)
        const listed = new Set(rows.map((row) => rememberRow(row)?.id))
        const unread = new Map(rows.flatMap((row) => (addressSchema.safeParse(row).success ? [] : [[row['Id'], row]])))
        const problem = 'names a delivery address that cannot be read: choose another one in PowerOffice'
        for (const { addressId } of asked) {
          if (listed.has(addressId)) continue
          const row = unread.get(addressId)
          remember(addressId, row === undefined ? null : { problem, rawText: rawTextOf(row) })
        }
      } else await Promise.all(asked.map((key) => readShared(key, context)))
      return new Map(wanted.map(({ addressId }) => [addressId, known.get(addressId)?.address ?? null]))
    },

    findOrAdd: async (customerId, address, context) => {
      const wanted = contentOf(address)
      // A customer that PowerOffice does not know is refused below, in its own words.
      const listed = await list.tryReadAll([['contactIds', String(customerId)]], context)
      for (const row of typeof listed === 'string' ? [] : listed.rows) {
        // The filter may be ignored, and another customer's address is not this one's.
        if (row['ContactId'] !== customerId) continue
        const found = rememberRow(row)
        if (found && contentOf({ ...found.address }) === wanted) return { kind: 'found', id: found.id }
      }
      const body = Object.fromEntries(Object.entries(address).filter(([, part]) => part !== null))
      const answer = await client.write(
        {
          method: 'POST',
          path: `${path}/${customerId}`,
          label: `${path}/{contactId}`,
          headers: { 'content-type': 'application/json' },
          body: JSON.stringify(body),
        },
        context,
      )
      if (answer.kind === 'uncertain') return answer
      if (answer.status >= 400)
        return { kind: 'refused', status: answer.status, ...parseProblem(answer.status, answer.json) }
      const row = withDocumentedNames(answer.json, names)
      const added = isRow(row) ? rememberRow(row) : null
      if (added) return { kind: 'found', id: added.id }
      return {
        kind: 'uncertain',
        message: 'PowerOffice answered a new delivery address without it: it is looked up again.',
      }
    },
  }
}

/** What two addresses that say the same have in common. */
function contentOf(address: JsonObject): string {
  const canonical = toCanonicalAddress({
    line1: address['AddressLine1'] ?? null,
    line2: address['AddressLine2'] ?? null,
    zip: address['ZipCode'] ?? null,
    city: address['City'] ?? null,
    country: address['CountryCode'] ?? null,
  })
  return canonical.ok ? (canonical.canonical ?? '') : JSON.stringify(address)
}
