import { dtoCompleter, withDefaults } from '../complete-dto.ts'
import type { EntityKind } from '../entity-kind.ts'
import { Problem } from '../problem.ts'
import type { SandboxState } from '../sandbox-state.ts'
import type { JsonObject } from '../schema.ts'
import { nextAddress } from './address.ts'
import type { CustomerDto } from './dto.ts'
import { nextCustomerNumber, numberOfAnySeries } from './number.ts'
import { customerReferences, writtenReferences } from './references.ts'
import { hiddenNationalId } from './rules.ts'

// README.md for those documented; ReminderDeliveryType and NoticeOfDebtCollectionDeliveryType have no stated default and stay out.
const defaults: JsonObject = {
  CurrencyCode: 'NOK',
  DoNotAddLatePaymentFees: false,
  DoNotAddLatePaymentInterest: false,
  DoNotAutomatePaymentNotifications: false,
  InvoiceDeliveryType: 'PdfByEmail',
  IsArchived: false,
  IsPerson: false,
  IsVatFree: false,
  SendPaymentReminders: true,
  TransferToDebtCollectionAgency: true,
  UseInvoiceFee: true,
}

/** In bulk, customers without an e-mail get Print, and numbers overflow into the next series, so that more than ten thousand fit. */
export const buildCustomer: EntityKind<CustomerDto>['build'] = (state, sent, { now, origin }) => {
  const number = () => (origin === 'api' ? nextCustomerNumber(state, sent.SubLedgerNumberSeriesId) : bulkNumber(state))
  const hasEmail = Boolean(sent.EmailAddress) || Boolean(sent.InvoiceEmailAddress)
  const delivery = origin === 'bulk' && !hasEmail ? { InvoiceDeliveryType: sent.InvoiceDeliveryType ?? 'Print' } : {}
  const settled = { ...sent, ...delivery, ...customerReferences(state, sent), Number: sent.Number ?? number() }
  const sequence = state.customers.nextId('contact')
  return completeCustomer({
    ...withDefaults(settled, defaults),
    Id: 21_480_000 + sequence,
    SubledgerAccountId: 5_100_000 + sequence,
    IsActive: sent.IsActive !== false,
    MailAddress: nextAddress(state, undefined, sent.MailAddress, now),
    ContactCreatedDateTimeOffset: now,
    CustomerCreatedDateTimeOffset: now,
    LastChangedDateTimeOffset: now,
  })
}

export const changeCustomer: EntityKind<CustomerDto>['change'] = (state, current, changes, now) => {
  const writesAddress = 'MailAddress' in changes
  const address = writesAddress
    ? nextAddress(state, current.MailAddress, changes.MailAddress, now)
    : (current.MailAddress ?? null)
  // The change time ignores the address: the vendor says so, and a client that polls by it must notice (README.md).
  const movesCustomer = Object.keys(changes).some((name) => name !== 'MailAddress')
  return completeCustomer({
    ...withDefaults({ ...current, ...changes, ...writtenReferences(state, changes) }, defaults),
    MailAddress: address,
    LastChangedDateTimeOffset: movesCustomer ? now : current.LastChangedDateTimeOffset,
  })
}

const complete = dtoCompleter('CustomerDto')

function completeCustomer(properties: JsonObject): CustomerDto {
  const customer = complete(properties)
  // A person's Name is put together from the two; the API's own form is not documented.
  if (customer.IsPerson === true) customer.Name = `${String(customer.FirstName)} ${String(customer.LastName)}`
  // Read back as the object that was just assembled from the description; rules check the rest.
  return customer as unknown as CustomerDto
}

/** The national id is judged as sent and stored as the word hidden. */
export function withHiddenNationalId(customer: CustomerDto): CustomerDto {
  return customer.NationalIdNumber ? { ...customer, NationalIdNumber: hiddenNationalId } : customer
}

function bulkNumber(state: SandboxState): number {
  const number = numberOfAnySeries(state)
  if (number === null) throw new Problem(409, 'Customer validation error(s)', 'All customer number series are full.')
  return number
}
