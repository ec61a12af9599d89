import { type StoreReader, storeReader } from '../record-helpers.ts'
import type { SandboxState } from '../sandbox-state.ts'
import type { JsonObject } from '../schema.ts'
import { type InsertedOrder, insertOrders } from './bulk.ts'
import { addContactPerson, type ContactPerson, renameContactPerson } from './contact-persons.ts'
import type { InvoiceDto, InvoiceLineDto } from './invoice-dto.ts'
import { invoiceOrder, settleInvoicings } from './invoice-order.ts'
import type { LineDto } from './line-dto.ts'
import { linesOf } from './lines-of.ts'
import type { OrderDto, OrderWithLines } from './order-dto.ts'
import { bookPayment } from './payment.ts'
import { readInvoiceRequest } from './request-invoice.ts'
import { addLine, editLine, removeLine } from './write-line.ts'
import { createOrder, editOrder, existingOrder, removeOrder } from './write-order.ts'

type Changes = Readonly<Record<string, unknown>>

/** What people do to orders in the ERP: rules applied, change times moved. Answers show what is stored, nothing inherited. */
export interface OrderHelpers extends StoreReader<OrderDto, string> {
  /** In their order; none of an order that is not there. */
  linesOf(id: string): readonly LineDto[]
  /** SalesOrderCompletePostDto; it is not created by the integration. */
  create(order: Changes): OrderWithLines
  /** SalesOrderCompletePostDto each, one transaction, rules not applied. Ids in the order given. */
  insert(list: readonly unknown[]): readonly InsertedOrder[]
  edit(id: string, changes: Changes): OrderDto
  /** Gone without a trace, confirmed or not; nothing happens when it is gone already. */
  remove(id: string): void
  addLine(id: string, line: Changes): LineDto
  editLine(id: string, lineId: string, changes: Changes): LineDto
  removeLine(id: string, lineId: string): void
  confirm(id: string): OrderDto
  /** At once, whatever the switch invoicingDelay. SendInvoiceRequestPostDto. Throws InvoicingFailed. */
  invoice(id: string, request?: Changes): InvoiceDto
  addContactPerson(person: Omit<ContactPerson, 'Id'>): ContactPerson
  renameContactPerson(id: number, name: string): void
}

export interface InvoiceHelpers extends StoreReader<InvoiceDto, string> {
  linesOf(id: string): readonly InvoiceLineDto[]
  /** Lowers the balance and moves its change time. */
  bookPayment(id: string, amount: number): InvoiceDto
}

export function orderHelpers(state: SandboxState): OrderHelpers {
  const read = storeReader(state.salesOrders)
  const settled = <Result>(answer: () => Result) => {
    settleInvoicings(state)
    return answer()
  }
  return {
    all: () => settled(read.all),
    get: (id) => settled(() => read.get(id)),
    count: () => settled(read.count),
    linesOf: (id) => settled(() => linesOf(state, id)),
    create: (order) => createOrder(state, order, { isByIntegration: false }),
    insert: (list) => insertOrders(state, list),
    edit: (id, changes) => editOrder(state, id, { ...changes }).order,
    remove: (id) => removeIfThere(state, id),
    addLine: (id, line) => addLine(state, id, line),
    editLine: (id, lineId, changes) => editLine(state, id, lineId, { ...changes }),
    removeLine: (id, lineId) => removeLine(state, id, lineId),
    confirm: (id) => confirmOrder(state, id),
    invoice: (id, request) => invoiceNow(state, id, request ?? null),
    addContactPerson: (person) => addContactPerson(state, person),
    renameContactPerson: (id, name) => renameContactPerson(state, id, name),
  }
}

export function invoiceHelpers(state: SandboxState): InvoiceHelpers {
  return {
    ...storeReader(state.outgoingInvoices),
    linesOf: (id) =>
      [...state.outgoingInvoiceLines.all({ sql: 'invoiceId = ?', values: [id] })].sort(
        (one, other) => one.SortOrder - other.SortOrder,
      ),
    bookPayment: (id, amount) => bookPayment(state, id, amount),
  }
}

export function confirmOrder(state: SandboxState, id: string): OrderDto {
  const confirmed: JsonObject = { SalesOrderStatus: 'Confirmed' }
  return editOrder(state, id, confirmed).order
}

export function invoiceNow(state: SandboxState, id: string, request: unknown): InvoiceDto {
  return invoiceOrder(state, existingOrder(state, id), readInvoiceRequest(state, request))
}

export function removeIfThere(state: SandboxState, id: string): void {
  if (state.salesOrders.get(id)) removeOrder(state, existingOrder(state, id))
}
