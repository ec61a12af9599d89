import type { SandboxDatabase } from '../database.ts'
import type { SandboxState } from '../sandbox-state.ts'
import type { OrderWithLines } from './order-dto.ts'
import { refusedOrder } from './refusals.ts'

/** What createAndSendInvoice was asked for. */
export interface InvoiceRequest {
  readonly DeliveryType: 'PdfByEmail' | 'PdfPrintForDownload' | 'Auto'
  readonly EmailAddress: string | null
  readonly VoucherDate: string | null
  readonly OverrideDueDate: string | null
}

export interface RequestedInvoicing {
  readonly orderId: string
  readonly request: InvoiceRequest
  /** null while it is under way. */
  readonly error: string | null
}

export function createInvoicingTables(database: SandboxDatabase): void {
  database.exec(
    'CREATE TABLE IF NOT EXISTS order_invoicings (orderId TEXT PRIMARY KEY, request TEXT, dueAtMs INTEGER, error TEXT)',
  )
  database.exec(
    `CREATE TABLE IF NOT EXISTS invoiced_orders (orderId TEXT PRIMARY KEY, invoiceId TEXT, json TEXT, orderUntilMs INTEGER,
     invoiceFromMs INTEGER)`,
  )
  database.exec('CREATE INDEX IF NOT EXISTS invoiced_orders_invoiceId ON invoiced_orders (invoiceId)')
}

/** Again after a failure, too: the error goes. */
export function startInvoicing(state: SandboxState, orderId: string, request: InvoiceRequest, dueAtMs: number): void {
  state.database.run(
    'INSERT OR REPLACE INTO order_invoicings (orderId, request, dueAtMs, error) VALUES (?, ?, ?, NULL)',
    orderId,
    JSON.stringify(request),
    dueAtMs,
  )
}

export function failInvoicing(state: SandboxState, orderId: string, error: string): void {
  state.database.run('UPDATE order_invoicings SET error = ? WHERE orderId = ?', error, orderId)
}

export function forgetInvoicing(state: SandboxState, orderId: string): void {
  state.database.run('DELETE FROM order_invoicings WHERE orderId = ?', orderId)
}

export function requestedInvoicing(state: SandboxState, orderId: string): RequestedInvoicing | null {
  const row = state.database.row('SELECT orderId, request, error FROM order_invoicings WHERE orderId = ?', orderId)
  return row ? asRequested(row) : null
}

export function dueInvoicings(state: SandboxState): readonly RequestedInvoicing[] {
  const sql = 'SELECT orderId, request, error FROM order_invoicings WHERE error IS NULL AND dueAtMs <= ?'
  return state.database.rows(sql, state.clock.nowMs()).map(asRequested)
}

function asRequested(row: Readonly<Record<string, unknown>>): RequestedInvoicing {
  return {
    orderId: String(row.orderId),
    request: JSON.parse(String(row.request)) as InvoiceRequest,
    error: typeof row.error === 'string' ? row.error : null,
  }
}

/** Between the request and its outcome nobody writes to the order [INF]. */
export function assertNotBeingInvoiced(state: SandboxState, orderId: string): void {
  const requested = requestedInvoicing(state, orderId)
  if (requested && requested.error === null) {
    throw refusedOrder(`SalesOrder with id = ${orderId} is being invoiced.`)
  }
}

/** Until when the order is still read at its old place, and from when the invoice at its new one. */
export interface Handover {
  readonly invoiceId: string
  readonly orderUntilMs: number
  readonly invoiceFromMs: number
}

export function recordHandover(state: SandboxState, order: OrderWithLines, handover: Handover): void {
  state.database.run(
    'INSERT OR REPLACE INTO invoiced_orders (orderId, invoiceId, json, orderUntilMs, invoiceFromMs) VALUES (?, ?, ?, ?, ?)',
    order.order.Id,
    handover.invoiceId,
    JSON.stringify(order),
    handover.orderUntilMs,
    handover.invoiceFromMs,
  )
}

export function invoiceIdOf(state: SandboxState, orderId: string): string | null {
  const row = state.database.row('SELECT invoiceId FROM invoiced_orders WHERE orderId = ?', orderId)
  return row ? String(row.invoiceId) : null
}

export function lingeringOrder(state: SandboxState, orderId: string): OrderWithLines | null {
  const row = state.database.row(
    'SELECT json FROM invoiced_orders WHERE orderId = ? AND orderUntilMs > ?',
    orderId,
    state.clock.nowMs(),
  )
  return row ? (JSON.parse(String(row.json)) as OrderWithLines) : null
}

export function isInvoiceHidden(state: SandboxState, invoiceId: string): boolean {
  const sql = 'SELECT orderId FROM invoiced_orders WHERE invoiceId = ? AND invoiceFromMs > ?'
  return state.database.row(sql, invoiceId, state.clock.nowMs()) !== undefined
}
