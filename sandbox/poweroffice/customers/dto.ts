import { departmentReference } from '../departments/dto.ts'
import { type EntityTable, numberId } from '../entity-store.ts'
import { deliveryTermReference, paymentTermReference } from '../reference-lists/term-references.ts'
import { searchText } from '../search-text.ts'

export interface AddressDto {
  readonly AddressLine1: string | null
  readonly AddressLine2: string | null
  readonly City: string | null
  readonly CountryCode: string | null
  readonly ExternalCode: string | null
  readonly Id: number
  readonly LastChangedDateTimeOffset: string
  readonly ZipCode: string | null
}

/** CustomerDto as stored: the properties that rules and filters name, and all others of the description as they came. */
export interface CustomerDto {
  readonly Id: number
  readonly Number: number | null
  readonly IsPerson: boolean
  readonly IsArchived: boolean
  readonly IsActive: boolean
  readonly Name: string | null
  readonly FirstName: string | null
  readonly LastName: string | null
  readonly EmailAddress: string | null
  readonly InvoiceEmailAddress: string | null
  readonly InvoiceEmailAddressCC: string | null
  readonly InvoiceDeliveryType?: string
  readonly PhoneNumber: string | null
  readonly OrganizationNumber: string | null
  readonly ExternalNumber: number | null
  readonly ExternalImportReference: string | null
  readonly NationalIdNumber: string | null
  readonly CurrencyCode: string | null
  readonly DepartmentId: number | null
  readonly PaymentTermId: number | null
  readonly DeliveryTermId: number | null
  readonly Allowance: number | null
  readonly BillableRate: number | null
  readonly ContactGroupIds: readonly number[] | null
  readonly MailAddress?: AddressDto
  readonly CustomerCreatedDateTimeOffset: string
  readonly LastChangedDateTimeOffset: string
  readonly [property: string]: unknown
}

export const customerTable: EntityTable<CustomerDto> = {
  name: 'customers',
  id: numberId,
  columns: {
    number: { type: 'INTEGER', of: (customer) => customer.Number },
    externalNumber: { type: 'INTEGER', of: (customer) => customer.ExternalNumber },
    externalImportReference: { type: 'TEXT', of: (customer) => customer.ExternalImportReference },
    email: { type: 'TEXT', of: (customer) => customer.EmailAddress?.toLowerCase() ?? null },
    organizationNumber: { type: 'TEXT', of: (customer) => customer.OrganizationNumber },
    phone: { type: 'TEXT', of: (customer) => customer.PhoneNumber },
    departmentId: { type: 'INTEGER', of: (customer) => customer.DepartmentId },
    paymentTermId: { type: 'INTEGER', of: (customer) => customer.PaymentTermId },
    deliveryTermId: { type: 'INTEGER', of: (customer) => customer.DeliveryTermId },
    created: { type: 'TEXT', of: (customer) => customer.CustomerCreatedDateTimeOffset },
    changed: { type: 'TEXT', of: (customer) => customer.LastChangedDateTimeOffset },
    search: {
      type: 'TEXT',
      of: (customer) =>
        searchText(
          customer.Id,
          customer.Number,
          customer.Name,
          customer.EmailAddress,
          customer.PhoneNumber,
          customer.OrganizationNumber,
          customer.MailAddress?.City,
        ),
      isUnindexed: true,
    },
  },
  references: [paymentTermReference, deliveryTermReference, departmentReference],
}
