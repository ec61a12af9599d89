import type { SandboxDatabase } from '../database.ts'
import type { Problem } from '../problem.ts'
import type { SandboxState } from '../sandbox-state.ts'
import type { LineDto } from './line-dto.ts'
import type { OrderDto } from './order-dto.ts'
import { conflict, refusedOrder } from './refusals.ts'

// ExternalImportReference: the only dedupe there is. One order has it, and within one order one line.

/** References of deleted orders, for the switch that keeps them reserved. */
export function createFormerReferenceTable(database: SandboxDatabase): void {
  database.exec('CREATE TABLE IF NOT EXISTS former_order_references (reference TEXT PRIMARY KEY, orderId TEXT)')
}

export function rememberFormerReference(state: SandboxState, order: OrderDto): void {
  if (!order.ExternalImportReference) return
  state.database.run(
    'INSERT OR REPLACE INTO former_order_references (reference, orderId) VALUES (?, ?)',
    order.ExternalImportReference,
    order.Id,
  )
}

export function assertOrderReferenceFree(state: SandboxState, order: OrderDto): void {
  const reference = order.ExternalImportReference
  if (!reference || state.settings.current().duplicateOrderReference === 'accepted') return
  assertLength(state, reference)
  const holderId = holderOf(state, reference)
  if (holderId !== null) throw duplicate(state, reference, holderId)
}

/** Within one order, always (README.md). */
export function assertLineReferencesUnique(state: SandboxState, lines: readonly LineDto[]): void {
  const holders = new Map<string, string>()
  for (const { ExternalImportReference: reference, Id } of lines) {
    if (!reference) continue
    assertLength(state, reference)
    const holderId = holders.get(reference)
    if (holderId !== undefined) throw refusedOrder(takenText(reference, holderId))
    holders.set(reference, Id)
  }
}

/** The order in question is not asked about: it has the reference only once it is stored. */
function holderOf(state: SandboxState, reference: string): string | null {
  const { orderReferenceAfterInvoicing, orderReferenceAfterDelete } = state.settings.current()
  const same = { sql: 'externalImportReference = ?', values: [reference] }
  const order = state.salesOrders.find(same)
  if (order) return order.Id
  const invoice = orderReferenceAfterInvoicing === 'reserved' ? state.outgoingInvoices.find(same) : null
  if (invoice) return invoice.Id
  if (orderReferenceAfterDelete === 'freed') return null
  const former = state.database.row('SELECT orderId FROM former_order_references WHERE reference = ?', reference)
  return former ? String(former.orderId) : null
}

function duplicate(state: SandboxState, reference: string, holderId: string): Problem {
  const { duplicateOrderReference } = state.settings.current()
  if (duplicateOrderReference === '409') return conflict(takenText(reference, holderId))
  const namesHolder = duplicateOrderReference === '400'
  return refusedOrder(namesHolder ? takenText(reference, holderId) : 'ExternalImportReference is already in use.')
}

/** The text that is documented for customers. */
function takenText(reference: string, holderId: string): string {
  return `ExternalImportReference is already in use. '${reference}' is used on Id = ${holderId}.`
}

function assertLength(state: SandboxState, reference: string): void {
  const { orderReferenceMaxLength: longest } = state.settings.current()
  if (longest !== 'none' && reference.length > longest) {
    throw refusedOrder(`ExternalImportReference: the maximum length is ${longest}.`)
  }
}
