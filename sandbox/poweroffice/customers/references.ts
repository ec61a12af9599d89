import { unknownReference } from '../entity-kind.ts'
import { notFound } from '../problem.ts'
import { isGiven, settleReferences, settleWritten } from '../references.ts'
import type { SandboxState } from '../sandbox-state.ts'
import type { JsonObject } from '../schema.ts'
import { customerTable } from './dto.ts'

// Small and fixed: none of it is synchronised.
export const contactGroupIds: readonly number[] = [501, 502]

// What the company has none of, so that every one named is unknown: employees and branding themes.
const absent = [
  'SalesPersonEmployeeId',
  'SalesPersonEmployeeNumber',
  'InvoiceBrandingThemeId',
  'InvoiceBrandingThemeCode',
] as const

/** Id and Code/No twins settled into what the DTO shows. Without a payment term it is the company's default one. */
export function customerReferences(state: SandboxState, sent: JsonObject): JsonObject {
  refuseAbsent(state, sent)
  const settled = settleReferences(state, references, sent, unknown(state))
  return 'PaymentTermId' in settled ? settled : { ...settled, ...defaultPaymentTerm(state) }
}

/** Id references that a patch wrote, with the twins they imply. */
export function writtenReferences(state: SandboxState, changes: JsonObject): JsonObject {
  refuseAbsent(state, changes)
  const settled = settleWritten(state, references, changes, unknown(state))
  return settled.PaymentTermId === null ? { ...settled, ...defaultPaymentTerm(state) } : settled
}

const references = customerTable.references ?? []
const unknown = (state: SandboxState) => unknownReference(state, { noun: 'Customer' })

function refuseAbsent(state: SandboxState, sent: JsonObject): void {
  for (const property of absent) {
    if (isGiven(sent[property])) throw unknown(state)(`${property} = ${String(sent[property])} not found.`)
  }
}

function defaultPaymentTerm(state: SandboxState): JsonObject {
  const term = state.paymentTerms.find({ sql: 'isDefault = 1', values: [] })
  return { PaymentTermId: term?.Id ?? null, PaymentTerm: term?.CreditDays ?? null }
}

/** The filter's own words for a group nobody made (README.md). */
export function assertContactGroups(ids: readonly number[]): void {
  const missing = ids.filter((id) => !contactGroupIds.includes(id))
  if (missing.length > 0) throw notFound(`Could not find contact group(s) with id = ${missing.join(', ')}.`)
}
