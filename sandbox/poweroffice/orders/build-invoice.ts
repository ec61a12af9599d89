import { randomUUID } from 'node:crypto'
import type { Timestamp } from '../clock.ts'
import type { CustomerDto } from '../customers/dto.ts'
import type { SandboxState } from '../sandbox-state.ts'
import type { JsonObject } from '../schema.ts'
import { posted } from './amounts.ts'
import { inheritedLine, inheritedOrder } from './inherited.ts'
import { completeInvoice, type InvoiceDto, type InvoiceLineDto, storedInvoiceLine } from './invoice-dto.ts'
import type { InvoiceRequest } from './invoicing-state.ts'
import type { LineDto } from './line-dto.ts'
import type { OrderDto, OrderWithLines } from './order-dto.ts'
import { salesAccountOf } from './priced-order.ts'
import { shownOrder } from './shown-order.ts'

export interface InvoiceWithLines {
  readonly invoice: InvoiceDto
  readonly lines: readonly InvoiceLineDto[]
}

interface Sending {
  readonly request: InvoiceRequest
  readonly customer: CustomerDto
  readonly deliveryType: string
  readonly now: Timestamp
}

/** What becomes of an order when it is invoiced: inherited values are settled, lines made anew, the references carried over. */
export function builtInvoice(
  state: SandboxState,
  { order, lines }: OrderWithLines,
  sending: Sending,
): InvoiceWithLines {
  const { request, customer, deliveryType, now } = sending
  const effective = inheritedOrder(state, order)
  const rate = Number(effective.CurrencyExchangeRate)
  const today = now.slice(0, 10)
  const voucherDate = request.VoucherDate ?? today
  const id = state.settings.current().invoiceKeepsOrderId === 'yes' ? order.Id : randomUUID()
  const invoice = completeInvoice({
    ...effective,
    ...deliveryAddress(state, effective),
    Balance: order.TotalAmount,
    BalanceLastChangedDateTimeOffset: now,
    CreatedDateTimeOffset: now,
    CustomerNo: customer.Number,
    CustomerReference: shownOrder(state, order, { showInherited: true }).CustomerReference,
    DeliveryDate: order.DeliveryDate ?? today,
    DueDate: request.OverrideDueDate ?? daysAfter(voucherDate, effective.PaymentTerm ?? 0),
    Id: id,
    InvoiceDeliveryType: deliveryType,
    InvoiceNo: 20_000 + state.outgoingInvoices.nextId('invoice'),
    IsReversed: false,
    LastChangedDateTimeOffset: now,
    NetPostedAmount: posted(order.NetAmount, rate),
    OrderDate: order.SalesOrderDate ?? today,
    OrderNo: order.SalesOrderNo,
    SentDateTimeOffset: now,
    TotalPostedAmount: posted(order.TotalAmount, rate),
    VoucherDate: voucherDate,
    VoucherNo: 50_000 + state.outgoingInvoices.nextId('voucher'),
    VoucherType: order.TotalAmount < 0 ? 'OutgoingCreditNote' : 'OutgoingInvoice',
  })
  return { invoice, lines: lines.map((line) => invoiceLine(state, line, order, { customer, invoiceId: id, rate })) }
}

interface LineContext {
  readonly customer: CustomerDto
  readonly invoiceId: string
  readonly rate: number
}

function invoiceLine(
  state: SandboxState,
  line: LineDto,
  order: OrderDto,
  { customer, invoiceId, rate }: LineContext,
): InvoiceLineDto {
  const accountId = salesAccountOf(state, line, customer)
  const account = accountId === null ? null : state.accounts.get(accountId)
  return storedInvoiceLine({
    ...inheritedLine(state, line, order),
    AccountId: account?.Id ?? null,
    AccountNo: account?.AccountNo ?? null,
    AgricultureDepartment: account?.AgricultureDepartment ?? null,
    Id: 91_000_000 + state.outgoingInvoiceLines.nextId('invoiceLine'),
    InvoiceId: invoiceId,
    IsAccrued: line.Accrual !== undefined,
    NetPostedAmount: posted(line.NetAmount, rate),
    // Neither is nullable here, unlike on the order's lines.
    ProductUnitPrice: line.ProductUnitPrice ?? 0,
    VatRate: line.VatRate ?? 0,
    TotalPostedAmount: posted(line.TotalAmount, rate),
  })
}

function deliveryAddress(state: SandboxState, order: OrderDto): JsonObject {
  const id = order.ContactDeliveryAddressId
  const address = id === null ? null : state.deliveryAddresses.get(id)
  return {
    DeliveryAddress1: address?.AddressLine1 ?? null,
    DeliveryAddress2: address?.AddressLine2 ?? null,
    DeliveryAddressCity: address?.City ?? null,
    DeliveryAddressCountryCode: address?.CountryCode ?? null,
    DeliveryAddressZipCode: address?.ZipCode ?? null,
  }
}

function daysAfter(date: string, days: number): string {
  return new Date(Date.parse(`${date}T00:00:00Z`) + days * 86_400_000).toISOString().slice(0, 10)
}
