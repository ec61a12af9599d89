import { Problem } from '../problem.ts'
import type { SandboxState } from '../sandbox-state.ts'
import { type JsonObject, readDto } from '../schema.ts'
import { settleInvoicings } from './invoice-order.ts'
import { assertNotBeingInvoiced, type InvoiceRequest, startInvoicing } from './invoicing-state.ts'
import { existingOrder } from './write-order.ts'

/**
 * POST createAndSendInvoice, or the same by a person in the ERP, who needs no privilege of an integration: a promise only,
 * kept after the switch invoicingDelay; sentState tells the outcome.
 * @param body null where nothing was sent: every property is optional
 */
export function requestInvoice(
  state: SandboxState,
  orderId: string,
  body: unknown,
  { isByIntegration }: { isByIntegration: boolean },
): JsonObject {
  const switches = state.settings.current()
  const request = readInvoiceRequest(state, body)
  const { order } = existingOrder(state, orderId)
  // A grant of its own, and a 400 where a role would be a 403 (README.md).
  if (isByIntegration && switches.allowSendInvoice === 'missing') {
    throw new Problem(400, 'Missing privilege', 'The integration lacks the privilege to send invoices.')
  }
  assertNotBeingInvoiced(state, order.Id)
  startInvoicing(state, order.Id, request, state.clock.nowMs() + switches.invoicingDelay)
  if (switches.invoicingDelay === 0) settleInvoicings(state)
  return { ...request, Id: order.Id }
}

export function readInvoiceRequest(state: SandboxState, body: unknown): InvoiceRequest {
  const sent = readDto(body ?? {}, 'SendInvoiceRequestPostDto', state.settings.current())
  const nothing = { DeliveryType: null, EmailAddress: null, VoucherDate: null, OverrideDueDate: null }
  const request = { ...nothing, ...sent }
  // Checked against the description just above.
  return { ...request, DeliveryType: request.DeliveryType ?? 'Auto' } as InvoiceRequest
}
