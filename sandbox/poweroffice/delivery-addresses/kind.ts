import { dtoCompleter } from '../complete-dto.ts'
import { type EntityKind, refusalOf, takenBy } from '../entity-kind.ts'
import { changedAfter, textList } from '../filters.ts'
import { derivedPatch } from '../json-patch.ts'
import { notFound } from '../problem.ts'
import type { JsonObject } from '../schema.ts'
import type { DeliveryAddressDto } from './dto.ts'
import { deliveryAddressesOf, primaryDeliveryAddress } from './of-contact.ts'

/** Where goods go: an entity of its own with its own change times, beside the customer's mail address. */
export const deliveryAddressKind: EntityKind<DeliveryAddressDto> = {
  name: 'deliveryAddresses',
  path: '/ContactDeliveryAddresses',
  noun: 'Contact delivery address',
  dtoSchema: 'ContactDeliveryAddressDto',
  postSchema: 'ContactDeliveryAddressPostDto',
  // IsPrimary is read-only in the answer, so no patch sets it.
  patch: derivedPatch('Contact delivery address', {
    post: 'ContactDeliveryAddressPostDto',
    dto: 'ContactDeliveryAddressDto',
  }),
  filters: [
    changedAfter('lastChangedDateTimeOffsetGreaterThan', 'changed'),
    changedAfter('createdDateTimeOffsetGreaterThan', 'created'),
    textList('externalCodes', 'externalCode'),
  ],
  roles: {
    read: [
      'ContactDeliveryAddress',
      'ContactDeliveryAddress_Full',
      'Customer',
      'Customer_Full',
      'Supplier',
      'Supplier_Full',
      'Employee',
      'Employee_Full',
    ],
    write: ['ContactDeliveryAddress_Full', 'Customer_Full', 'Supplier_Full', 'Employee_Full'],
  },
  identity: ['Id', 'ContactId'],
  bulkOnly: ['ContactId'],
  editOnly: ['IsPrimary'],
  build(state, sent, { now }) {
    const contactId = Number(sent.ContactId)
    if (!state.customers.get(contactId)) throw notFound(`Contact with id = ${contactId} not found.`)
    return complete({
      ...sent,
      // The first address of a contact becomes the primary one, asked or not (README.md).
      IsPrimary: sent.IsPrimary === true || primaryDeliveryAddress(state, contactId) === null,
      Id: 7_300_000 + state.deliveryAddresses.nextId('address'),
      CreatedDateTimeOffset: now,
      LastChangedDateTimeOffset: now,
    })
  },
  change(_, current, changes, now) {
    if (current.IsPrimary === true && 'IsPrimary' in changes) {
      throw refusalOf(deliveryAddressKind, 'Make another address the primary one instead.')
    }
    return complete({ ...current, ...changes, LastChangedDateTimeOffset: now })
  },
  assertAllowed(state, address, written) {
    const isWritten = (name: string) => written === 'all' || written.has(name)
    const isBlank = (text: string | null) => (text ?? '').trim() === ''
    if ((isWritten('City') || isWritten('ZipCode')) && (isBlank(address.City) || isBlank(address.ZipCode))) {
      throw refusalOf(deliveryAddressKind, 'City and ZipCode are required.')
    }
    if (!/^[A-Z]{2}$/.test(address.CountryCode ?? '')) {
      throw refusalOf(deliveryAddressKind, 'CountryCode must be a code of ISO 3166-1 alpha-2.')
    }
    if (!isWritten('ExternalCode') || isBlank(address.ExternalCode)) return
    const isSame = { sql: 'contactId = ? AND externalCode = ?', values: [address.ContactId, address.ExternalCode] }
    const other = state.deliveryAddresses.find(isSame, address.Id)
    if (other) throw refusalOf(deliveryAddressKind, takenBy('ExternalCode', address.ExternalCode, other))
  },
  afterSave(state, address) {
    if (address.IsPrimary !== true) return
    for (const other of deliveryAddressesOf(state, address.ContactId)) {
      if (other.Id === address.Id || other.IsPrimary !== true) continue
      state.deliveryAddresses.save({ ...other, IsPrimary: false, LastChangedDateTimeOffset: state.clock.next() })
    }
  },
  // Somebody has to be primary; that it is the oldest left is not documented.
  afterRemove(state, removed) {
    const [oldest] = deliveryAddressesOf(state, removed.ContactId)
    if (!oldest || removed.IsPrimary !== true) return
    state.deliveryAddresses.save({ ...oldest, IsPrimary: true, LastChangedDateTimeOffset: state.clock.next() })
  },
}

const completeDto = dtoCompleter('ContactDeliveryAddressDto')

function complete(properties: JsonObject): DeliveryAddressDto {
  const country = String(properties.CountryCode ?? '') || 'NO'
  return completeDto({ ...properties, CountryCode: country.toUpperCase() }) as unknown as DeliveryAddressDto
}
