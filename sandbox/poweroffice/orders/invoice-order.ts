import type { CustomerDto } from '../customers/dto.ts'
import { moveStock } from '../products/stock.ts'
import type { SandboxState } from '../sandbox-state.ts'
import { builtInvoice } from './build-invoice.ts'
import { customerOf } from './inherited.ts'
import type { InvoiceDto } from './invoice-dto.ts'
import {
  dueInvoicings,
  failInvoicing,
  forgetInvoicing,
  type Handover,
  type InvoiceRequest,
  recordHandover,
} from './invoicing-state.ts'
import { linesOf } from './lines-of.ts'
import type { OrderWithLines } from './order-dto.ts'
import { pricedOrder } from './priced-order.ts'
import { productQuantities, saveOrder } from './save-order.ts'

/** Why an order could not be sent; the text is what sentState shows as LastErrorMessage. */
export class InvoicingFailed extends Error {}

/** The order leaves /SalesOrders and reappears under /OutgoingInvoices; its goods leave the stock. Throws InvoicingFailed. */
export function invoiceOrder(state: SandboxState, current: OrderWithLines, request: InvoiceRequest): InvoiceDto {
  return state.database.transaction(() => {
    const customer = customerOf(state, current.order)
    if (!customer) throw new InvoicingFailed('The order has no customer.')
    if (current.lines.length === 0) throw new InvoicingFailed('The order has no lines.')
    const deliveryType = deliveryTypeOf(request, customer)
    // Inherited values are those of this moment, and so are the amounts that follow from them (README.md).
    const priced = pricedOrder(state, current.order, current.lines)
    const { invoice, lines } = builtInvoice(state, priced, {
      request,
      customer,
      deliveryType,
      now: state.clock.next(),
    })
    const handover = handoverOf(state, invoice.Id)
    const hiddenMs = handover.invoiceFromMs === 0 ? 0 : state.settings.current().afterInvoicingMs
    state.outgoingInvoices.save(invoice, { lateMs: Math.max(hiddenMs, state.settings.current().lateVisibility) })
    for (const line of lines) state.outgoingInvoiceLines.save(line)
    recordHandover(state, current, handover)
    forgetInvoicing(state, current.order.Id)
    saveOrder(state, current, null)
    for (const { productId, quantity } of productQuantities(current.lines)) {
      moveStock(state, productId, quantity.neg().toNumber())
    }
    return invoice
  })
}

/** Carries out what createAndSendInvoice promised and whose time has come. Asked before every request, so that no timer is needed. */
export function settleInvoicings(state: SandboxState): void {
  for (const { orderId, request } of dueInvoicings(state)) {
    const order = state.salesOrders.get(orderId)
    if (!order) {
      forgetInvoicing(state, orderId)
      continue
    }
    try {
      if (state.settings.current().invoicingOutcome === 'error')
        throw new InvoicingFailed('The invoice could not be sent.')
      invoiceOrder(state, { order, lines: linesOf(state, orderId) }, request)
    } catch (failure) {
      if (!(failure instanceof InvoicingFailed)) throw failure
      failInvoicing(state, orderId, failure.message)
    }
  }
}

/** Auto is the customer's own way, with the e-mail address of the request as the fallback. */
function deliveryTypeOf({ DeliveryType, EmailAddress }: InvoiceRequest, customer: CustomerDto): string {
  if (DeliveryType === 'PdfPrintForDownload') return 'Print'
  const type = DeliveryType === 'Auto' ? (customer.InvoiceDeliveryType ?? 'Print') : 'PdfByEmail'
  const hasAddress = Boolean(EmailAddress || customer.InvoiceEmailAddress || customer.EmailAddress)
  if (type === 'PdfByEmail' && !hasAddress) throw new InvoicingFailed('The customer has no e-mail address.')
  return type
}

/** What both addresses answer right afterwards is not known (switch getOrderAfterInvoicing). */
function handoverOf(state: SandboxState, invoiceId: string): Handover {
  const { getOrderAfterInvoicing, afterInvoicingMs } = state.settings.current()
  const later = state.clock.nowMs() + afterInvoicingMs
  switch (getOrderAfterInvoicing) {
    case '404':
      return { invoiceId, orderUntilMs: 0, invoiceFromMs: 0 }
    case 'orderLingers':
      return { invoiceId, orderUntilMs: later, invoiceFromMs: later }
    case 'both404':
      return { invoiceId, orderUntilMs: 0, invoiceFromMs: later }
    case 'both200':
      return { invoiceId, orderUntilMs: later, invoiceFromMs: 0 }
  }
}
