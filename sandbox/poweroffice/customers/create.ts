import type { SandboxState } from '../sandbox-state.ts'
import { dtoSchema, type JsonObject, propertyNames, readDto } from '../schema.ts'
import { nextAddress } from './address.ts'
import type { CustomerDto } from './dto.ts'
import { nextCustomerNumber } from './number.ts'
import { settleReferences } from './references.ts'
import { assertCustomerAllowed, hiddenNationalId } from './rules.ts'

/** POST /Customers. Throws a Problem and then nothing is stored. */
export function createCustomer(state: SandboxState, body: unknown): CustomerDto {
  const switches = state.settings.current()
  const sent = readDto(body, 'CustomerPostDto', switches)
  return state.database.transaction(() => {
    const number = sent.Number ?? nextCustomerNumber(state, sent.SubLedgerNumberSeriesId)
    const settled = { ...sent, ...settleReferences(sent, switches), Number: number }
    const customer = newCustomer(state, settled, state.clock.next())
    assertCustomerAllowed(customer, 'all', state)
    const stored = withHiddenNationalId(customer)
    state.customers.save(stored, { lateMs: switches.lateVisibility })
    return stored
  })
}

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

/** A complete DTO with new ids, unchecked. */
export function newCustomer(state: SandboxState, sent: JsonObject, now: string): CustomerDto {
  const sequence = state.customers.nextId('contact')
  return completeDto({
    ...withDefaults(sent),
    Id: 21_480_000 + sequence,
    SubledgerAccountId: 5_100_000 + sequence,
    IsActive: true,
    MailAddress: nextAddress(state, undefined, sent.MailAddress, now),
    ContactCreatedDateTimeOffset: now,
    CustomerCreatedDateTimeOffset: now,
    LastChangedDateTimeOffset: now,
  })
}

export function withDefaults(properties: JsonObject): JsonObject {
  const complete: JsonObject = { ...properties }
  for (const [name, value] of Object.entries(defaults)) complete[name] ??= value
  return complete
}

const dtoProperties = propertyNames('CustomerDto').map((name) => ({
  name,
  // Enums and nested objects are not nullable in the description: left out where there is none (README.md).
  nullable: dtoSchema('CustomerDto').properties?.[name]?.$ref === undefined,
}))

/** Every property of the description in its order, null where empty; nothing else. */
export function completeDto(properties: JsonObject): CustomerDto {
  const complete: JsonObject = {}
  for (const { name, nullable } of dtoProperties) {
    const value = properties[name] ?? null
    if (value !== null || nullable) complete[name] = value
  }
  // A person's Name is put together from the two; the API's own form is not documented.
  if (complete.IsPerson === true) complete.Name = `${String(complete.FirstName)} ${String(complete.LastName)}`
  // Read back as the object that was just assembled from the description; rules check the rest.
  return complete as unknown as CustomerDto
}

/** The national id is judged as sent and stored as the word hidden. */
export function withHiddenNationalId(customer: CustomerDto): CustomerDto {
  return customer.NationalIdNumber ? { ...customer, NationalIdNumber: hiddenNationalId } : customer
}
