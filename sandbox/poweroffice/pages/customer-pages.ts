import { html } from 'hono/html'
import type { Field } from '../../pages/field.ts'
import { linkButton, shownTime } from '../../pages/frame.ts'
import type { RecordPages } from '../../pages/record-pages.ts'
import { table } from '../../pages/table.ts'
import type { CustomerDto } from '../customers/dto.ts'
import { customerKind } from '../customers/kind.ts'
import { deliveryAddressesOf } from '../delivery-addresses/of-contact.ts'
import type { SandboxState } from '../sandbox-state.ts'
import { isJsonObject, type JsonObject } from '../schema.ts'
import { kindPages, latestFirst } from './kind-pages.ts'
import { containing, departmentLookup } from './lookups.ts'
import { deliveryTermOptions, paymentTermOptions } from './terms.ts'

export function customerPages(state: SandboxState): RecordPages<CustomerDto> {
  return kindPages(state, customerKind, {
    path: '/customers',
    title: 'Customers',
    singular: 'customer',
    plural: 'customers',
    list: {
      placeholder: 'Name, number, e-mail, organisation number',
      columns: [
        { title: 'Number', isNumber: true },
        { title: 'Name' },
        { title: 'E-mail' },
        { title: 'Org. no.', isNumber: true },
        { title: 'Place' },
        { title: 'Department' },
        { title: 'Changed', isNumber: true, isQuiet: true },
      ],
      find: ({ words, limit, offset }) =>
        state.customers.seen({ where: containing(words), orderBy: latestFirst, limit, offset }),
      row: (customer) => ({
        cells: [
          customer.Number,
          html`<a href="/customers/${customer.Id}">${customer.Name ?? customer.Id}</a>${statesOf(customer)}`,
          customer.EmailAddress,
          customer.OrganizationNumber,
          customer.MailAddress?.City,
          typeof customer['DepartmentCode'] === 'string' ? customer['DepartmentCode'] : null,
          shownTime(customer.LastChangedDateTimeOffset),
        ],
        isQuiet: customer.IsArchived || !customer.IsActive,
      }),
    },
    nameOf: (customer) => customer.Name ?? String(customer.Id),
    fields: () => customerFields(state),
    facts: (customer) => [['External import reference', customer.ExternalImportReference]],
    begin: () => ({ InvoiceDeliveryType: 'PdfByEmail', CurrencyCode: 'NOK', 'MailAddress.CountryCode': 'NO' }),
    // A country alone is what the form began with, and no address.
    creation: (body) => {
      const { MailAddress: address, ...others } = body
      const isAddress = isJsonObject(address) && Object.keys(address).some((name) => name !== 'CountryCode')
      return { body: isAddress ? body : others }
    },
    edition: (changes, customer) => withoutEmptyAddress(changes, customer),
    buttons: ({ Id: id }) =>
      html`${linkButton(`/sales-orders/new?customer=${id}`, 'New sales order')}${linkButton(`/delivery-addresses/new?customer=${id}`, 'New delivery address')}`,
    below: (customer) => deliveryAddresses(state, customer),
  })
}

function statesOf({ IsArchived: isArchived, IsActive: isActive }: CustomerDto): string {
  if (isArchived) return ' (archived)'
  return isActive ? '' : ' (inactive)'
}

/** Emptying the last part of an address takes the address away. */
function withoutEmptyAddress(changes: JsonObject, { MailAddress: before }: CustomerDto): JsonObject {
  const { MailAddress: changed } = changes
  if (!isJsonObject(changed)) return changes
  const { AddressLine1, AddressLine2, City, ZipCode } = { ...before, ...changed }
  const isEmpty = [AddressLine1, AddressLine2, City, ZipCode].every((part) => (part ?? '') === '')
  return isEmpty ? { ...changes, MailAddress: null } : changes
}

function deliveryAddresses(state: SandboxState, { Id: id }: CustomerDto) {
  const addresses = deliveryAddressesOf(state, id)
  if (addresses.length === 0) return html``
  const rows = addresses.map((address) => ({
    cells: [
      html`<a href="/delivery-addresses/${address.Id}">${address.AddressLine1 ?? address.City ?? address.Id}</a>`,
      address.ZipCode,
      address.City,
      address.IsPrimary === true ? 'primary' : '',
    ],
  }))
  return html`<h2>Delivery addresses</h2>${table([{ title: 'Address' }, { title: 'Postal code' }, { title: 'City' }, { title: '' }], rows)}`
}

function customerFields(state: SandboxState): readonly Field[] {
  const invoicing = { group: 'Invoicing' }
  const address = { group: 'Address' }
  return [
    { name: 'IsPerson', label: 'A person', kind: 'yesNo' },
    { name: 'Name', label: 'Name', kind: 'text', hint: 'Of a company.' },
    { name: 'FirstName', label: 'First name', kind: 'text', hint: 'Of a person.' },
    { name: 'LastName', label: 'Last name', kind: 'text', hint: 'Of a person.' },
    { name: 'EmailAddress', label: 'E-mail', kind: 'email' },
    { name: 'PhoneNumber', label: 'Phone', kind: 'tel' },
    { name: 'OrganizationNumber', label: 'Organisation number', kind: 'text' },
    {
      name: 'Number',
      label: 'Customer number',
      kind: 'whole',
      hint: 'The next free one where empty in a new customer.',
    },
    { name: 'WebsiteUrl', label: 'Website', kind: 'text' },
    { name: 'DepartmentId', label: 'Department', kind: 'record', lookup: departmentLookup(state) },
    { name: 'IsActive', label: 'Active', kind: 'yesNo', only: 'edit' },
    { name: 'IsArchived', label: 'Archived', kind: 'yesNo', only: 'edit' },
    { name: 'InvoiceDeliveryType', label: 'Invoices go by', kind: 'choice', options: [], ...invoicing },
    { name: 'InvoiceEmailAddress', label: 'E-mail for invoices', kind: 'email', ...invoicing },
    { name: 'PaymentTermId', label: 'Payment term', kind: 'choice', options: paymentTermOptions(state), ...invoicing },
    {
      name: 'DeliveryTermId',
      label: 'Delivery term',
      kind: 'choice',
      options: deliveryTermOptions(state),
      ...invoicing,
    },
    { name: 'CurrencyCode', label: 'Currency', kind: 'text', ...invoicing },
    { name: 'Allowance', label: 'Discount %', kind: 'decimal', ...invoicing },
    { name: 'IsVatFree', label: 'Free of VAT', kind: 'yesNo', ...invoicing },
    { name: 'MailAddress.AddressLine1', label: 'Address', kind: 'text', ...address },
    { name: 'MailAddress.AddressLine2', label: 'Address, second line', kind: 'text', ...address },
    { name: 'MailAddress.ZipCode', label: 'Postal code', kind: 'text', ...address },
    { name: 'MailAddress.City', label: 'City', kind: 'text', ...address },
    { name: 'MailAddress.CountryCode', label: 'Country code', kind: 'text', ...address },
  ]
}
