import { z } from 'zod'
import { customers as definition } from '../../flows/customers.ts'
import type { JsonObject, ParsedRecord } from '../connector.ts'
import type { Row } from '../http/absent-property.ts'
import { idOrStandIn, unreadableOf } from '../http/unreadable.ts'
import { prepareCustomerCreate, prepareCustomerUpdate } from './customer-rules.ts'
import type { DocumentedNames } from './documented-names.ts'
import type { PowerOfficeEntity } from './entity.ts'
import type { References } from './reference.ts'

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
  ExternalImportReference: true,
  LastChangedDateTimeOffset: true,
}

// null and absent are taken alike; findAbsentProperty has looked at what no row carries.
const text = z
  .union([z.string(), z.number().transform(String)])
  .nullish()
  .transform((value) => value ?? null)
const integer = z
  .union([
    z.int(),
    z
      .string()
      .regex(/^\d{1,15}$/, 'expected a whole number')
      .transform(Number),
  ])
  .nullish()
  .transform((value) => value ?? null)
/** The documented value where none is given (sandbox/poweroffice/README.md). */
const flag = (otherwise: boolean) =>
  z
    .boolean()
    .nullish()
    .transform((value) => value ?? otherwise)

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
  // An id beyond 2^53 has lost digits on its way through JSON and would name another record.
  Id: z.union([
    z.int(),
    z
      .string()
      .regex(/^\d{1,15}$/, 'expected a whole number')
      .transform(Number),
  ]),
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
  ExternalImportReference: text,
  LastChangedDateTimeOffset: text,
})

export function customersEntity(references: References): PowerOfficeEntity {
  return {
    definition,
    path: '/Customers',
    names,
    changedAtProperty: 'LastChangedDateTimeOffset',
    changedAfterFilter: 'lastChangedDateTimeOffsetGreaterThan',
    referenceFilter: 'externalImportReference',
    parse: (row) => parseCustomer(row, references),
    prepareCreate: (values, counterpart) => prepareCustomerCreate(values, references.write(counterpart)),
    prepareUpdate: prepareCustomerUpdate,
  }
}

function parseCustomer(row: Row, references: References): ParsedRecord {
  const parsed = customerSchema.safeParse(row)
  if (!parsed.success) return unreadableOf(idOrStandIn(row['Id'], row), parsed.error, row)
  const raw: JsonObject = parsed.data
  const { Id, MailAddress, LastChangedDateTimeOffset, ExternalImportReference } = parsed.data
  const addressChangedAt = MailAddress?.LastChangedDateTimeOffset ?? null
  return {
    kind: 'record',
    id: String(Id),
    raw,
    version: null,
    changedAt: LastChangedDateTimeOffset,
    // An edit of the address moves its own time and not the customer's (sandbox/poweroffice/README.md).
    groupChangedAt: addressChangedAt === null ? {} : { address: addressChangedAt },
    reference: references.read(ExternalImportReference),
    outOfScope: null,
  }
}
