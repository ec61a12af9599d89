import { Big } from 'big.js'
import { notFound, Problem } from '../problem.ts'
import type { SandboxState } from '../sandbox-state.ts'
import type { InvoiceDto } from './invoice-dto.ts'

export function existingInvoice(state: SandboxState, id: string): InvoiceDto {
  const invoice = state.outgoingInvoices.get(id)
  if (!invoice) throw notFound(`OutgoingInvoice with id = ${id} not found.`)
  return invoice
}

/** A payment booked in the ERP: moves the balance and its change time, and no other [INF]. */
export function bookPayment(state: SandboxState, invoiceId: string, amount: number): InvoiceDto {
  if (!Number.isFinite(amount))
    throw new Problem(400, 'OutgoingInvoice validation error(s)', 'amount must be a number.')
  return state.database.transaction(() => {
    const invoice = existingInvoice(state, invoiceId)
    const next = {
      ...invoice,
      Balance: new Big(invoice.Balance).minus(amount).toNumber(),
      BalanceLastChangedDateTimeOffset: state.clock.next(),
    }
    state.outgoingInvoices.save(next, { lateMs: state.settings.current().lateVisibility })
    return next
  })
}

/** Somebody owes somebody: the contact cannot be archived (README.md). */
export function hasBalance(state: SandboxState, customerId: number): boolean {
  return state.outgoingInvoices.find({ sql: 'customerId = ? AND isOpen = 1', values: [customerId] }) !== null
}
