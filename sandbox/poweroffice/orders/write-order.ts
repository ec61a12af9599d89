import { applyJsonPatch, documentedPatch } from '../json-patch.ts'
import { notFound } from '../problem.ts'
import type { SandboxState } from '../sandbox-state.ts'
import { type JsonObject, propertyNames, readDto } from '../schema.ts'
import { changedProperties, readChanges } from '../write-record.ts'
import { builtOrder, changedOrder } from './build-order.ts'
import { assertLineReferencesUnique, rememberFormerReference } from './import-reference.ts'
import { assertNotBeingInvoiced, forgetInvoicing } from './invoicing-state.ts'
import { assertLineAllowed } from './line-rules.ts'
import { linesOf } from './lines-of.ts'
import type { OrderWithLines } from './order-dto.ts'
import { assertOrderAllowed } from './order-rules.ts'
import { pricedOrder } from './priced-order.ts'
import { assertOpen, conflict, orderNoun, refusedOrder } from './refusals.ts'
import { saveOrder } from './save-order.ts'

// The writes of heads. Each is all or nothing: a Problem leaves things as they were.

const patch = documentedPatch('SalesOrder', 'SalesOrderPatchDto')
const patchable = propertyNames('SalesOrderPatchDto')

export function existingOrder(state: SandboxState, id: string): OrderWithLines {
  const order = state.salesOrders.get(id)
  if (!order) throw notFound(`SalesOrder with id = ${id} not found.`)
  return { order, lines: linesOf(state, id) }
}

/** POST /SalesOrders/Complete, or the same by a person in the ERP. */
export function createOrder(state: SandboxState, body: unknown, by: { isByIntegration: boolean }): OrderWithLines {
  const sent = readDto(body, 'SalesOrderCompletePostDto', state.settings.current())
  return state.database.transaction(() => {
    const built = builtOrder(state, sent, { now: state.clock.next(), ...by })
    for (const line of built.lines) assertLineAllowed(line)
    assertLineReferencesUnique(state, built.lines)
    assertOrderAllowed(state, built, 'all')
    saveOrder(state, null, built)
    return built
  })
}

/** PATCH with an RFC 6902 body. */
export function patchOrder(state: SandboxState, id: string, body: unknown): OrderWithLines {
  return state.database.transaction(() => {
    const current = existingOrder(state, id)
    const before = patchableView(current)
    const after = applyJsonPatch(before, body, patch, state.settings.current())
    return storeChanges(state, current, changedProperties(before, after))
  })
}

/** The same write without a patch document: somebody edits in the ERP's own screens. */
export function editOrder(state: SandboxState, id: string, changes: JsonObject): OrderWithLines {
  return state.database.transaction(() => {
    const current = existingOrder(state, id)
    const before = patchableView(current)
    for (const name of Object.keys(changes)) {
      if (!(name in before)) throw refusedOrder(`${name} cannot be edited here.`)
    }
    return storeChanges(state, current, changedProperties(before, { ...before, ...changes }))
  })
}

/** DELETE: head and lines, hard and without a trace. */
export function deleteOrder(state: SandboxState, id: string): void {
  state.database.transaction(() => {
    const current = existingOrder(state, id)
    const { confirmedOrderDelete } = state.settings.current()
    assertNotBeingInvoiced(state, id)
    if (current.order.SalesOrderStatus === 'Confirmed' && confirmedOrderDelete !== 'accepted') {
      const detail = `SalesOrder with id = ${id} is confirmed and cannot be deleted.`
      throw confirmedOrderDelete === '409' ? conflict(detail) : refusedOrder(detail)
    }
    removeOrder(state, current)
  })
}

/** Away, confirmed or not. */
export function removeOrder(state: SandboxState, current: OrderWithLines): void {
  state.database.transaction(() => {
    rememberFormerReference(state, current.order)
    forgetInvoicing(state, current.order.Id)
    saveOrder(state, current, null)
  })
}

function patchableView({ order }: OrderWithLines): JsonObject {
  return Object.fromEntries(patchable.map((name) => [name, order[name] ?? null]))
}

function storeChanges(state: SandboxState, current: OrderWithLines, changes: JsonObject): OrderWithLines {
  const checked = readChanges(state, { ...orderNoun, patch }, changes)
  const written = new Set(Object.keys(checked))
  if (written.size === 0) return current
  assertNotBeingInvoiced(state, current.order.Id)
  const onlyReopens = written.size === 1 && checked.SalesOrderStatus === 'Draft'
  if (!onlyReopens) assertOpen(state, current.order)
  const order = changedOrder(state, current.order, checked, state.clock.next())
  const next = pricedOrder(state, order, current.lines)
  assertOrderAllowed(state, next, written)
  saveOrder(state, current, next)
  return next
}
