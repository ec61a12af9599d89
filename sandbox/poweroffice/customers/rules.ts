import type { Condition } from '../entity-store.ts'
import { isMarkedInUse } from '../in-use.ts'
import { hasBalance } from '../orders/payment.ts'
import { Problem } from '../problem.ts'
import type { SandboxState } from '../sandbox-state.ts'
import type { CustomerDto } from './dto.ts'
import { isInsideSeries } from './number.ts'
import { isNorwegianOrganizationNumber } from './organization-number.ts'
import { contactGroupIds } from './references.ts'

const title = 'Customer validation error(s)'

/** Says in one sentence what is wrong, or null. Only asked when one of its properties is written. */
interface Rule {
  readonly properties: readonly string[]
  refusal(customer: CustomerDto, state: SandboxState): string | null
}

// PowerOffice API v2 description, March 2025, as told in README.md; wording is ours except where a comment says otherwise.
const rules: readonly Rule[] = [
  {
    properties: ['Name', 'FirstName', 'LastName', 'IsPerson'],
    refusal(customer) {
      if (!customer.IsPerson) return isBlank(customer.Name) ? 'Name is required for companies.' : null
      const complete = !isBlank(customer.FirstName) && !isBlank(customer.LastName)
      return complete ? null : 'FirstName and LastName are required for persons.'
    },
  },
  {
    properties: ['Number'],
    refusal(customer, state) {
      if (customer.Number === null) return 'Number cannot be empty.'
      if (!isInsideSeries(state, customer.Number))
        return `Number ${customer.Number} is outside the customer number series.`
      return takenBy(state, customer, 'Number', { sql: 'number = ?', values: [customer.Number] })
    },
  },
  {
    properties: ['ExternalNumber'],
    refusal(customer, state) {
      if (customer.ExternalNumber === null) return null
      const condition = { sql: 'externalNumber = ?', values: [customer.ExternalNumber] }
      return takenBy(state, customer, 'ExternalNumber', condition)
    },
  },
  {
    properties: ['ExternalImportReference'],
    refusal(customer, state) {
      if (isBlank(customer.ExternalImportReference)) return null
      const condition = { sql: 'externalImportReference = ?', values: [customer.ExternalImportReference] }
      return takenBy(state, customer, 'ExternalImportReference', condition)
    },
  },
  { properties: ['OrganizationNumber', 'IsPerson', 'MailAddress'], refusal: organizationNumberRefusal },
  { properties: ['InvoiceDeliveryType', 'EmailAddress', 'InvoiceEmailAddress'], refusal: deliveryTypeRefusal },
  { properties: ['MailAddress'], refusal: addressRefusal },
  {
    properties: ['Allowance'],
    refusal: ({ Allowance: allowance }) =>
      allowance !== null && (allowance < -1000 || allowance > 100) ? 'Allowance must be from -1000 to 100.' : null,
  },
  {
    properties: ['BillableRate'],
    refusal: ({ BillableRate: rate }) => (rate !== null && rate <= 0 ? 'BillableRate must be positive.' : null),
  },
  {
    properties: ['CurrencyCode'],
    refusal: ({ CurrencyCode: code }) =>
      code !== null && !/^[A-Z]{3}$/i.test(code) ? 'CurrencyCode must be a code of ISO 4217.' : null,
  },
  {
    properties: ['NationalIdNumber'],
    refusal: ({ NationalIdNumber: id }) =>
      isBlank(id) || id === hiddenNationalId || /^\d{11}$/.test(id ?? '') ? null : 'NationalIdNumber is not valid.',
  },
  {
    properties: ['InvoiceEmailAddressCC'],
    refusal({ InvoiceEmailAddressCC: list }) {
      if (list === null) return null
      if (list.length > 2000) return 'InvoiceEmailAddressCC: the maximum length is 2000.'
      return list.split(';').length > 10 ? 'InvoiceEmailAddressCC takes up to 10 addresses.' : null
    },
  },
  {
    properties: ['ContactGroupIds'],
    refusal({ ContactGroupIds: ids }) {
      const missing = (ids ?? []).filter((id) => !contactGroupIds.includes(id))
      return missing.length > 0 ? `Could not find contact group(s) with id = ${missing.join(', ')}.` : null
    },
  },
  {
    properties: ['IsArchived'],
    // Refused while the contact has a ledger balance (README.md); the sandbox marks such customers at /sandbox/customers/{id}/in-use.
    refusal: (customer, state) =>
      customer.IsArchived && (isMarkedInUse(state.database, 'customers', customer.Id) || hasBalance(state, customer.Id))
        ? 'The contact has a balance and cannot be archived.'
        : null,
  },
]

/** How a stored national id reads back (README.md); the sandbox keeps nothing else. */
export const hiddenNationalId = 'hidden'

/** @param written properties named by the request; rules about others stay quiet, so old records remain editable */
export function assertCustomerAllowed(
  customer: CustomerDto,
  written: ReadonlySet<string> | 'all',
  state: SandboxState,
): void {
  for (const rule of rules) {
    if (written !== 'all' && !rule.properties.some((property) => written.has(property))) continue
    const refusal = rule.refusal(customer, state)
    if (refusal !== null) throw new Problem(400, title, refusal)
  }
}

function takenBy(state: SandboxState, customer: CustomerDto, property: string, condition: Condition): string | null {
  const other = state.customers.find(condition, customer.Id)
  // Text of the spec's sample (README.md).
  return other ? `${property} is already in use. '${condition.values[0]}' is used on (contact) Id = ${other.Id}.` : null
}

function organizationNumberRefusal(customer: CustomerDto, state: SandboxState): string | null {
  const number = customer.OrganizationNumber
  if (number === null || number.trim() === '') return null
  if (customer.IsPerson) return 'OrganizationNumber is for companies only.'
  const { organizationNumberCheck } = state.settings.current()
  if (organizationNumberCheck === 'off') return null
  const isNorwegian = (customer.MailAddress?.CountryCode ?? 'NO') === 'NO'
  if (isNorwegian && !isNorwegianOrganizationNumber(number)) return `OrganizationNumber '${number}' is not valid.`
  if (organizationNumberCheck === 'mod11') return null
  return takenBy(state, customer, 'OrganizationNumber', { sql: 'organizationNumber = ?', values: [number] })
}

function deliveryTypeRefusal(customer: CustomerDto, state: SandboxState): string | null {
  const hasEmail = !isBlank(customer.EmailAddress) || !isBlank(customer.InvoiceEmailAddress)
  switch (customer.InvoiceDeliveryType ?? 'Print') {
    case 'PdfByEmail':
      // SESAM has to force Print for customers without e-mail; the real text is unknown (README.md).
      return hasEmail || state.settings.current().defaultInvoiceDelivery === 'accepted'
        ? null
        : 'InvoiceDeliveryType PdfByEmail needs EmailAddress or InvoiceEmailAddress.'
    case 'EHF':
      // ELMA is out of reach of a sandbox: a valid number counts as registered.
      return isNorwegianOrganizationNumber(customer.OrganizationNumber ?? '')
        ? null
        : 'InvoiceDeliveryType EHF needs an OrganizationNumber registered in ELMA.'
    case 'AvtaleGiro':
    case 'Efaktura':
    case 'External':
    case 'Factoring':
      return `InvoiceDeliveryType ${customer.InvoiceDeliveryType} cannot be set.`
    default:
      return null
  }
}

// City and ZipCode are REQ in ContactAddressPostDto only; holding PATCH to it as well is the strict reading.
function addressRefusal({ MailAddress: address }: CustomerDto): string | null {
  if (!address) return null
  if (isBlank(address.City) || isBlank(address.ZipCode)) return 'MailAddress needs City and ZipCode.'
  if (!/^[A-Z]{2}$/.test(address.CountryCode ?? 'NO'))
    return 'MailAddress.CountryCode must be a code of ISO 3166-1 alpha-2.'
  return null
}

function isBlank(text: string | null | undefined): boolean {
  return text === null || text === undefined || text.trim() === ''
}
