import { z } from 'zod'
import { customers as definition } from '../../flows/customers.ts'
import type { CompanyOptions, ErpScope } from '../../flows/flow-options.ts'
import type { JsonObject, ParsedRecord } from '../connector.ts'
import type { Row } from '../http/absent-property.ts'
import { idOrStandIn, unreadableOf } from '../http/unreadable.ts'
import { byLastChanged } from './change-watermarks.ts'
import { prepareCustomerCreate, prepareCustomerUpdate } from './customer-rules.ts'
import type { DocumentedNames } from './documented-names.ts'
import type { PowerOfficeEntity } from './entity.ts'
import { customerOutOfScope } from './erp-scope.ts'
import type { References } from './reference.ts'
import { flag, id, integer, text } from './row-fields.ts'

/** DateOfBirth and NationalIdNumber are left out on purpose and must stay out (docs/rules.md, customers). */
const names: DocumentedNames = {
  Id: true,
  IsPerson: true,
  Name: true,
  FirstName: true,
  LastName: true,
  EmailAddress: true,
  PhoneNumber: true,
  OrganizationNumber: true,
  Number: true,
  InvoiceEmailAddress: true,
  InvoiceDeliveryType: true,
  WebsiteUrl: true,
  MailAddress: {
    AddressLine1: true,
    AddressLine2: true,
    ZipCode: true,
    City: true,
    CountryCode: true,
    ExternalCode: true,
    LastChangedDateTimeOffset: true,
  },
  IsActive: true,
  IsArchived: true,
  ContactGroupIds: true,
  ExternalImportReference: true,
  CustomerCreatedDateTimeOffset: true,
  LastChangedDateTimeOffset: true,
}

const addressSchema = z.object({
  AddressLine1: text,
  AddressLine2: text,
  ZipCode: text,
  City: text,
  CountryCode: text,
  ExternalCode: text,
  LastChangedDateTimeOffset: text,
})

const customerSchema = z.object({
  Id: id,
  IsPerson: flag(false),
  Name: text,
  FirstName: text,
  LastName: text,
  EmailAddress: text,
  PhoneNumber: text,
  OrganizationNumber: text,
  Number: integer,
  InvoiceEmailAddress: text,
  InvoiceDeliveryType: text,
  WebsiteUrl: text,
  MailAddress: addressSchema.nullish().transform((value) => value ?? null),
  IsActive: flag(true),
  IsArchived: flag(false),
  ContactGroupIds: z
    .array(id)
    .nullish()
    .transform((value) => value ?? []),
  ExternalImportReference: text,
  CustomerCreatedDateTimeOffset: text,
  LastChangedDateTimeOffset: text,
})

export function customersEntity(references: References, options: CompanyOptions): PowerOfficeEntity {
  const { singleName } = options.customers
  const createWith = options.createWith.customers ?? {}
  return {
    definition,
    path: '/Customers',
    names,
    changes: [byLastChanged],
    findsBy: { kind: 'reference', filter: 'externalImportReference' },
    parserFor: () => Promise.resolve((row) => parseCustomer(row, references, options.scope.erp)),
    prepareCreate: (values, counterpart) =>
      prepareCustomerCreate(values, references.write(counterpart), { singleName, createWith }),
    prepareUpdate: (current, values, flags) => prepareCustomerUpdate(current, values, flags, singleName),
  }
}

function parseCustomer(row: Row, references: References, scope: ErpScope): ParsedRecord {
  const parsed = customerSchema.safeParse(row)
  if (!parsed.success) return unreadableOf(idOrStandIn(row['Id'], row), parsed.error, row)
  const { CustomerCreatedDateTimeOffset, ...customer } = parsed.data
  const { Id, MailAddress, LastChangedDateTimeOffset, ExternalImportReference } = customer
  const addressChangedAt = MailAddress?.LastChangedDateTimeOffset ?? null
  return {
    kind: 'record',
    id: String(Id),
    raw: customer satisfies JsonObject,
    version: null,
    changedAt: LastChangedDateTimeOffset,
    createdAt: CustomerCreatedDateTimeOffset,
    movesNoTime: ['address'],
    // An edit of the address moves its own time and not the customer's (sandbox/poweroffice/README.md).
    groupChangedAt: addressChangedAt === null ? {} : { address: addressChangedAt },
    reference: references.read(ExternalImportReference),
    outOfScope: customerOutOfScope(customer.ContactGroupIds, scope),
  }
}
