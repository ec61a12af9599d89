import { html } from 'hono/html'
import { recordText } from '../../pages/field.ts'
import { shownTime } from '../../pages/frame.ts'
import type { RecordPages } from '../../pages/record-pages.ts'
import type { DeliveryAddressDto } from '../delivery-addresses/dto.ts'
import { deliveryAddressKind } from '../delivery-addresses/kind.ts'
import type { SandboxState } from '../sandbox-state.ts'
import { customerLink } from './customer-link.ts'
import { kindPages, latestFirst } from './kind-pages.ts'
import { containingOrOf, customerLookup } from './lookups.ts'

export function deliveryAddressPages(state: SandboxState): RecordPages<DeliveryAddressDto> {
  const customers = customerLookup(state)
  return kindPages(state, deliveryAddressKind, {
    path: '/delivery-addresses',
    title: 'Delivery addresses',
    singular: 'delivery address',
    plural: 'delivery addresses',
    list: {
      placeholder: 'Address, postal code, city, customer',
      columns: [
        { title: 'Address' },
        { title: 'Postal code', isNumber: true },
        { title: 'City' },
        { title: 'Customer' },
        { title: '' },
        { title: 'Changed', isNumber: true, isQuiet: true },
      ],
      find: ({ words, limit, offset }) =>
        state.deliveryAddresses.seen({
          where: containingOrOf('contactId', words),
          orderBy: latestFirst,
          limit,
          offset,
        }),
      row: (address) => ({
        cells: [
          html`<a href="/delivery-addresses/${address.Id}">${nameOf(address)}</a>`,
          address.ZipCode,
          address.City,
          customerLink(state, address.ContactId),
          address.IsPrimary === true ? 'primary' : '',
          shownTime(address.LastChangedDateTimeOffset),
        ],
      }),
    },
    nameOf,
    facts: (address) => [['Customer', customerLink(state, address.ContactId)]],
    fields: () => [
      { name: 'ContactId', label: 'Customer', kind: 'record', lookup: customers, required: true, only: 'new' },
      { name: 'AddressLine1', label: 'Address', kind: 'text' },
      { name: 'AddressLine2', label: 'Address, second line', kind: 'text' },
      { name: 'ZipCode', label: 'Postal code', kind: 'text', required: true },
      { name: 'City', label: 'City', kind: 'text', required: true },
      { name: 'CountryCode', label: 'Country code', kind: 'text', hint: 'Two letters; NO where empty.' },
      { name: 'ExternalCode', label: 'External code', kind: 'text' },
      { name: 'IsPrimary', label: 'Primary', kind: 'yesNo', hint: 'New orders go there.' },
    ],
    begin: ({ customer = '' }) => {
      const option = customers.find(customer)
      return { ContactId: option ? recordText(option) : '', CountryCode: 'NO' }
    },
    creation: ({ ContactId: contactId, ...body }) => ({ body, given: { ContactId: Number(contactId) } }),
  })
}

function nameOf({ AddressLine1, City, Id }: DeliveryAddressDto): string {
  return [AddressLine1, City].filter(Boolean).join(', ') || String(Id)
}
