import { dtoCompleter } from '../complete-dto.ts'
import type { SandboxState } from '../sandbox-state.ts'
import type { JsonObject } from '../schema.ts'
import { contactPerson } from './contact-persons.ts'
import { inheritedLine, inheritedOrder } from './inherited.ts'
import { shownLine } from './line-dto.ts'
import type { OrderDto, OrderWithLines } from './order-dto.ts'

export interface Shown {
  /** true: as in the ERP's own screens; false: as stored, null where inherited. */
  readonly showInherited: boolean
}

export function shownOrder(state: SandboxState, order: OrderDto, { showInherited }: Shown): OrderDto {
  return withPersonsName(state, showInherited ? inheritedOrder(state, order) : order)
}

export function shownComplete(state: SandboxState, { order, lines }: OrderWithLines, shown: Shown): JsonObject {
  return completeDto({
    ...shownOrder(state, order, shown),
    SalesOrderLines: lines.map((line) => shownLine(shown.showInherited ? inheritedLine(state, line, order) : line)),
  })
}

/** A row of the list. The usual one is shown as it is stored, without being parsed. */
export function shownRow(state: SandboxState, json: string, shown: Shown): string {
  if (!shown.showInherited && json.includes('"CustomerReferenceContactPersonId":null')) return json
  return JSON.stringify(shownOrder(state, JSON.parse(json) as OrderDto, shown))
}

const completeDto = dtoCompleter('SalesOrderCompleteDto')

/** CustomerReference does not round-trip: with a contact person, that person's name is read in its place (README.md). */
function withPersonsName(state: SandboxState, order: OrderDto): OrderDto {
  const personId = order.CustomerReferenceContactPersonId
  if (personId === null) return order
  return { ...order, CustomerReference: contactPerson(state.database, personId)?.Name ?? order.CustomerReference }
}
