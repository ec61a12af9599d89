import type { ErpSeedCustomer } from '../../seed/customers.ts'
import type { JsonObject } from '../schema.ts'

/** @param discountPercent the customer's own, which lines of its orders inherit */
export function seededCustomer(seed: ErpSeedCustomer, discountPercent: string | null = null): JsonObject {
  return {
    IsPerson: seed.kind === 'person',
    Name: seed.name,
    FirstName: seed.firstName,
    LastName: seed.lastName,
    EmailAddress: seed.email,
    PhoneNumber: seed.phone,
    OrganizationNumber: seed.organizationNumber,
    InvoiceEmailAddress: seed.invoiceEmail,
    WebsiteUrl: seed.website,
    Number: seed.number,
    IsActive: seed.active,
    IsArchived: seed.archived,
    ...(discountPercent !== null && { Allowance: Number(discountPercent) }),
    MailAddress: seed.address && {
      AddressLine1: seed.address.line1,
      AddressLine2: seed.address.line2,
      City: seed.address.city,
      CountryCode: seed.address.country,
      ZipCode: seed.address.zip,
    },
  }
}
