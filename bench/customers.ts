import { asciiSlug, createIdentitySource } from '../sandbox/seed/identity.ts'
import { companyFirstWords, companySecondWords } from '../sandbox/seed/norway.ts'
import { respell } from '../sandbox/seed/spelling.ts'
import type { SeedCustomer } from '../sandbox/seed/types.ts'

const fakerSeed = 20261123

/** Invented customers, half of them companies, with the gaps that real ones have. The same on every call. */
export function inventCustomers(count: number): SeedCustomer[] {
  const source = createIdentitySource(fakerSeed)
  const { faker } = source
  return Array.from({ length: count }, (_, index): SeedCustomer => {
    const sometimes = <T>(probability: number, value: () => T): T | null =>
      faker.helpers.maybe(value, { probability }) ?? null
    const common = { phone: sometimes(0.88, source.phone), address: sometimes(0.9, source.address), active: true }
    if (index % 2 === 1) {
      const names = { firstName: faker.person.firstName(), lastName: faker.person.lastName() }
      const local = `${asciiSlug(names.firstName)}.${asciiSlug(names.lastName)}.${index}`
      const email = sometimes(0.88, () => `${local}@fjordnett.example`)
      return {
        ...common,
        ...names,
        email,
        kind: 'person',
        name: null,
        organizationNumber: null,
        invoiceEmail: null,
        website: null,
      }
    }
    const words = `${faker.helpers.arrayElement(companyFirstWords)} ${faker.helpers.arrayElement(companySecondWords)}`
    const host = `${asciiSlug(words)}${index}.example`
    return {
      ...common,
      kind: 'company',
      name: `${words} ${index} AS`,
      firstName: null,
      lastName: null,
      email: sometimes(0.88, () => `post@${host}`),
      organizationNumber: sometimes(0.92, source.organizationNumber),
      invoiceEmail: sometimes(0.35, () => `faktura@${host}`),
      website: sometimes(0.5, () => `https://www.${host}`),
    }
  })
}

/** The same people as somebody else typed them. */
export function respelled(customers: readonly SeedCustomer[]): SeedCustomer[] {
  const { faker } = createIdentitySource(fakerSeed + 1)
  return customers.map((customer) => respell(faker, customer))
}

/** As PowerOffice's bulk endpoint takes them. */
export function asErpCustomer(customer: SeedCustomer): object {
  return {
    IsPerson: customer.kind === 'person',
    Name: customer.name,
    FirstName: customer.firstName,
    LastName: customer.lastName,
    EmailAddress: customer.email,
    PhoneNumber: customer.phone,
    OrganizationNumber: customer.organizationNumber,
    InvoiceEmailAddress: customer.invoiceEmail,
    WebsiteUrl: customer.website,
    MailAddress: customer.address && {
      AddressLine1: customer.address.line1,
      AddressLine2: customer.address.line2,
      City: customer.address.city,
      CountryCode: customer.address.country,
      ZipCode: customer.address.zip,
    },
  }
}
