import { randomUUID } from 'node:crypto'
import type { Timestamp } from '../clock.ts'
import { withDefaults } from '../complete-dto.ts'
import { settleReferences, settleWritten } from '../references.ts'
import type { SandboxState } from '../sandbox-state.ts'
import type { JsonObject } from '../schema.ts'
import { builtLine } from './build-line.ts'
import { refuseAbsent, splitExplicitNone } from './dimensions.ts'
import type { LineDto } from './line-dto.ts'
import { inOrder } from './lines-of.ts'
import { completeOrder, type OrderDto, type OrderWithLines, orderTable } from './order-dto.ts'
import { pricedOrder } from './priced-order.ts'
import { unknownInOrder } from './refusals.ts'

const references = orderTable.references ?? []
const defaults: JsonObject = { SalesOrderStatus: 'Draft' }

export interface Creation {
  readonly now: Timestamp
  /** Through the API, or by somebody in the ERP. */
  readonly isByIntegration: boolean
}

/** Head and lines of a new order, priced; rules are asked afterwards. `sent` has passed SalesOrderCompletePostDto. */
export function builtOrder(state: SandboxState, sent: JsonObject, { now, isByIntegration }: Creation): OrderWithLines {
  const { SalesOrderLines: sentLines, ...head } = sent
  const unknown = unknownInOrder(state)
  const { named, none } = splitExplicitNone(head)
  refuseAbsent(named, unknown)
  const order = completeOrder({
    ...withDefaults({ ...named, ...settleReferences(state, references, named, unknown), ...none }, defaults),
    Id: randomUUID(),
    SalesOrderNo: 10_000 + state.salesOrders.nextId('salesOrder'),
    IsCreatedByCurrentIntegration: isByIntegration,
    CreatedDateTimeOffset: now,
    LastChangedDateTimeOffset: now,
  })
  const lines: LineDto[] = []
  // Their form was checked with the order's.
  for (const line of (sentLines ?? []) as readonly JsonObject[]) lines.push(builtLine(state, order.Id, line, lines))
  return pricedOrder(state, order, inOrder(lines))
}

/** The head with checked changes in it, unpriced. */
export function changedOrder(state: SandboxState, current: OrderDto, changes: JsonObject, now: Timestamp): OrderDto {
  const unknown = unknownInOrder(state)
  const { named, none } = splitExplicitNone(changes)
  refuseAbsent(named, unknown)
  const written = { ...named, ...settleWritten(state, references, named, unknown), ...none }
  return completeOrder({ ...withDefaults({ ...current, ...written }, defaults), LastChangedDateTimeOffset: now })
}
