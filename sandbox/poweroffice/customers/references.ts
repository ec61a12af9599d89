import { notFound, Problem } from '../problem.ts'
import type { JsonObject } from '../schema.ts'
import type { Switches } from '../settings.ts'

// What customers may point to. Small and fixed: none of it is synchronised yet.
const paymentTerms = [
  { id: 1, days: 14 },
  { id: 2, days: 30 },
] as const
const deliveryTerms = [
  { id: 1, name: 'EXW' },
  { id: 2, name: 'DDP' },
] as const
export const contactGroupIds: readonly number[] = [501, 502]

/** Id and Code/No twins settled into what the DTO shows. An Id wins over its twin, silently (README.md). */
export function settleReferences(sent: JsonObject, switches: Switches): JsonObject {
  const unknown = (detail: string) =>
    new Problem(switches.unknownReferenceOnPost === '404' ? 404 : 400, 'Customer validation error(s)', detail)
  return {
    ...settlePaymentTerm(sent, unknown),
    ...settleDeliveryTerm(sent, unknown),
    ...settleDepartment(sent, unknown),
    ...refuseOthers(sent, unknown),
  }
}

type Unknown = (detail: string) => Problem

function settlePaymentTerm(sent: JsonObject, unknown: Unknown): JsonObject {
  if (isGiven(sent.PaymentTermId)) {
    const term = paymentTerms.find(({ id }) => id === sent.PaymentTermId)
    if (!term) throw unknown(`Payment term with id = ${String(sent.PaymentTermId)} not found.`)
    return { PaymentTermId: term.id, PaymentTerm: term.days }
  }
  if (isGiven(sent.PaymentTerm)) {
    const term = paymentTerms.find(({ days }) => days === sent.PaymentTerm)
    if (!term) throw unknown(`Payment term with days = ${String(sent.PaymentTerm)} not found.`)
    return { PaymentTermId: term.id, PaymentTerm: term.days }
  }
  return { PaymentTermId: paymentTerms[0].id, PaymentTerm: paymentTerms[0].days }
}

function settleDeliveryTerm(sent: JsonObject, unknown: Unknown): JsonObject {
  if (isGiven(sent.DeliveryTermId)) {
    const term = deliveryTerms.find(({ id }) => id === sent.DeliveryTermId)
    if (!term) throw unknown(`Delivery term with id = ${String(sent.DeliveryTermId)} not found.`)
    return { DeliveryTermId: term.id, DeliveryTerm: term.name }
  }
  if (!isGiven(sent.DeliveryTerm)) return {}
  // Any text is allowed, incoterms are only the default set (README.md).
  const term = deliveryTerms.find(({ name }) => name === sent.DeliveryTerm)
  return { DeliveryTermId: term?.id ?? null, DeliveryTerm: sent.DeliveryTerm }
}

// TODO(when departments are built): look them up. Until then the company has none, so every one named is unknown.
function settleDepartment(sent: JsonObject, unknown: Unknown): JsonObject {
  if (isGiven(sent.DepartmentId)) throw unknown(`Department with id = ${String(sent.DepartmentId)} not found.`)
  if (isGiven(sent.DepartmentCode)) throw unknown(`Department with code = '${String(sent.DepartmentCode)}' not found.`)
  return {}
}

function refuseOthers(sent: JsonObject, unknown: Unknown): JsonObject {
  for (const property of [
    'SalesPersonEmployeeId',
    'SalesPersonEmployeeNumber',
    'InvoiceBrandingThemeId',
    'InvoiceBrandingThemeCode',
  ]) {
    if (isGiven(sent[property])) throw unknown(`${property} = ${String(sent[property])} not found.`)
  }
  return {}
}

/** The filter's own words for a group nobody made (README.md). */
export function assertContactGroups(ids: readonly number[]): void {
  const missing = ids.filter((id) => !contactGroupIds.includes(id))
  if (missing.length > 0) throw notFound(`Could not find contact group(s) with id = ${missing.join(', ')}.`)
}

function isGiven(value: unknown): boolean {
  return value !== undefined && value !== null
}
