import { dtoCompleter } from '../complete-dto.ts'
import { notFound } from '../problem.ts'
import type { SandboxState } from '../sandbox-state.ts'
import type { JsonObject } from '../schema.ts'
import { invoiceIdOf, requestedInvoicing } from './invoicing-state.ts'

const complete = dtoCompleter('InvoiceSentStateDto')

/** How far the sending of one order is. It goes on answering after the order has become an invoice. */
export function sentStateOf(state: SandboxState, orderId: string): JsonObject {
  const invoice = state.outgoingInvoices.get(invoiceIdOf(state, orderId) ?? orderId)
  if (invoice) return complete({ ...invoice, Id: orderId, IsInvoiceBeingProcessed: false })
  if (!state.salesOrders.get(orderId)) throw notFound(`SalesOrder with id = ${orderId} not found.`)
  const requested = requestedInvoicing(state, orderId)
  return complete({
    Id: orderId,
    IsInvoiceBeingProcessed: requested !== null && requested.error === null,
    LastErrorMessage: requested?.error ?? null,
  })
}
