import { applyJsonPatch, documentedPatch } from '../json-patch.ts'
import { notFound } from '../problem.ts'
import type { SandboxState } from '../sandbox-state.ts'
import { type JsonObject, propertyNames, readDto } from '../schema.ts'
import { changedProperties, readChanges } from '../write-record.ts'
import { patchableAccrual } from './accrual.ts'
import { builtLine, changedLine } from './build-line.ts'
import { assertLineReferencesUnique } from './import-reference.ts'
import { assertNotBeingInvoiced } from './invoicing-state.ts'
import type { LineDto } from './line-dto.ts'
import { assertLineAllowed } from './line-rules.ts'
import { inOrder } from './lines-of.ts'
import type { OrderWithLines } from './order-dto.ts'
import { pricedOrder } from './priced-order.ts'
import { assertOpen, lineNoun, refusedOrder } from './refusals.ts'
import { saveOrder } from './save-order.ts'
import { existingOrder } from './write-order.ts'

// The writes of single lines. Each is a write of the order that they belong to, all or nothing.

const patch = documentedPatch('SalesOrderLine', 'SalesOrderLinePatchDto')
const patchable = propertyNames('SalesOrderLinePatchDto')

export function lineOf({ order, lines }: OrderWithLines, lineId: string): LineDto {
  const line = lines.find(({ Id }) => Id === lineId)
  if (!line) throw notFound(`SalesOrderLine with id = ${lineId} not found on SalesOrder with id = ${order.Id}.`)
  return line
}

export function addLine(state: SandboxState, orderId: string, body: unknown): LineDto {
  const sent = readDto(body, 'SalesOrderLinePostDto', state.settings.current())
  return state.database.transaction(() => {
    const current = existingOrder(state, orderId)
    assertWritable(state, current)
    const added = builtLine(state, orderId, sent, current.lines)
    return storeLines(state, current, [...current.lines, added], added.Id)
  })
}

/** PATCH with an RFC 6902 body. */
export function patchLine(state: SandboxState, orderId: string, lineId: string, body: unknown): LineDto {
  return state.database.transaction(() => {
    const current = existingOrder(state, orderId)
    const line = lineOf(current, lineId)
    const before = patchableView(line)
    const after = applyJsonPatch(before, body, patch, state.settings.current())
    return storeChanges(state, current, line, changedProperties(before, after))
  })
}

/** The same write without a patch document: somebody edits in the ERP's own screens. */
export function editLine(state: SandboxState, orderId: string, lineId: string, changes: JsonObject): LineDto {
  return state.database.transaction(() => {
    const current = existingOrder(state, orderId)
    const line = lineOf(current, lineId)
    const before = patchableView(line)
    for (const name of Object.keys(changes)) {
      if (!(name in before)) throw refusedOrder(`${name} of a line cannot be edited here.`)
    }
    return storeChanges(state, current, line, changedProperties(before, { ...before, ...changes }))
  })
}

export function removeLine(state: SandboxState, orderId: string, lineId: string): void {
  state.database.transaction(() => {
    const current = existingOrder(state, orderId)
    const { Id } = lineOf(current, lineId)
    assertWritable(state, current)
    storeOrder(
      state,
      current,
      current.lines.filter((line) => line.Id !== Id),
    )
  })
}

function patchableView(line: LineDto): JsonObject {
  const view = Object.fromEntries(patchable.map((name) => [name, line[name] ?? null]))
  return { ...view, Accrual: patchableAccrual(line.Accrual) }
}

function storeChanges(state: SandboxState, current: OrderWithLines, line: LineDto, changes: JsonObject): LineDto {
  const checked = readChanges(state, { ...lineNoun, patch }, changes)
  if (Object.keys(checked).length === 0) return line
  assertWritable(state, current)
  const changed = changedLine(state, line, checked)
  const lines = current.lines.map((other) => (other.Id === line.Id ? changed : other))
  return storeLines(state, current, lines, line.Id)
}

function assertWritable(state: SandboxState, { order }: OrderWithLines): void {
  assertNotBeingInvoiced(state, order.Id)
  assertOpen(state, order)
}

/** @returns the line in question, priced */
function storeLines(state: SandboxState, current: OrderWithLines, lines: readonly LineDto[], lineId: string): LineDto {
  for (const line of lines) if (line.Id === lineId) assertLineAllowed(line)
  assertLineReferencesUnique(state, lines)
  return lineOf(storeOrder(state, current, lines), lineId)
}

function storeOrder(state: SandboxState, current: OrderWithLines, lines: readonly LineDto[]): OrderWithLines {
  // Not documented whether the order's change time follows its lines; amounts and count do (switch lineWriteMovesOrder).
  const moves = state.settings.current().lineWriteMovesOrder === 'yes'
  const order = moves ? { ...current.order, LastChangedDateTimeOffset: state.clock.next() } : current.order
  const next = pricedOrder(state, order, inOrder(lines))
  saveOrder(state, current, next)
  return next
}
