import { type ErpSeedCustomer, seedCustomers } from '../../seed/customers.ts'
import type { SandboxState } from '../sandbox-state.ts'
import type { JsonObject } from '../schema.ts'
import { insertRecords } from '../write-record.ts'
import { customerKind } from './kind.ts'

/** Fills an empty company with the seed; one that has customers is left alone. */
export function seedWhenEmpty(state: SandboxState): void {
  if (state.customers.count([]) > 0) return
  insertRecords(state, customerKind, seedCustomers().erp.map(asCustomer))
}

function asCustomer(seed: ErpSeedCustomer): JsonObject {
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
    MailAddress: seed.address && {
      AddressLine1: seed.address.line1,
      AddressLine2: seed.address.line2,
      City: seed.address.city,
      CountryCode: seed.address.country,
      ZipCode: seed.address.zip,
    },
  }
}
