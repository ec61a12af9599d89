import { type EntityTable, numberId } from '../entity-store.ts'
import { searchText } from '../search-text.ts'

export interface DeliveryAddressDto {
  readonly Id: number
  readonly ContactId: number
  readonly AddressLine1: string | null
  readonly AddressLine2: string | null
  readonly City: string | null
  readonly ZipCode: string | null
  readonly CountryCode: string | null
  readonly ExternalCode: string | null
  readonly IsPrimary: boolean | null
  readonly CreatedDateTimeOffset: string
  readonly LastChangedDateTimeOffset: string
  readonly [property: string]: unknown
}

// No reference to its contact: it goes with it, and never keeps it from being deleted.
export const deliveryAddressTable: EntityTable<DeliveryAddressDto> = {
  name: 'delivery_addresses',
  id: numberId,
  columns: {
    contactId: { type: 'INTEGER', of: (address) => address.ContactId },
    externalCode: { type: 'TEXT', of: (address) => address.ExternalCode },
    isPrimary: { type: 'INTEGER', of: (address) => Number(address.IsPrimary ?? false) },
    created: { type: 'TEXT', of: (address) => address.CreatedDateTimeOffset },
    changed: { type: 'TEXT', of: (address) => address.LastChangedDateTimeOffset },
    search: {
      type: 'TEXT',
      of: (address) =>
        searchText(
          address.Id,
          address.AddressLine1,
          address.AddressLine2,
          address.ZipCode,
          address.City,
          address.ExternalCode,
        ),
      isUnindexed: true,
    },
  },
}
