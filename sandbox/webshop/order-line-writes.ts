import type { WriteContext } from './collection.ts'
import { openWrites } from './collection-writes.ts'
import type { JsonObject } from './json.ts'
import type { OrderLine } from './line-schema.ts'
import { addLine, patchLine, sortedLines } from './order-lines.ts'
import type { OrderFields } from './order-schema.ts'
import { assertOpen, orders, withLines } from './orders.ts'
import { Problem } from './problem.ts'
import type { StoredRecord } from './record-store.ts'
import type { Shop } from './shop.ts'

type Order = StoredRecord<OrderFields>

export interface WrittenLine {
  readonly order: Order
  readonly line: OrderLine
}

/** Edits of single lines. Each is a change of its order: version, change time, totals and webhook are the order's. */
export interface OrderLineWrites {
  /** @throws Problem 404 | 410 */
  getOrder(id: string): Order
  /** @param within what else belongs into the transaction @throws Problem 422 | 409 */
  add(order: Order, body: JsonObject, context: WriteContext, within?: (written: WrittenLine) => void): WrittenLine
  /** The order as it was when the patch changes nothing. @throws Problem 404 | 422 | 409 */
  change(order: Order, lineId: string, patch: JsonObject, context: WriteContext): WrittenLine
  /** @throws Problem 404 | 409 */
  remove(order: Order, lineId: string): Order
}

export function openOrderLineWrites(shop: Shop): OrderLineWrites {
  const writes = openWrites(shop, orders, shop.stores.orders)
  return {
    getOrder: (id) => writes.getLive(id),
    add: (order, body, context, within) => {
      assertOpen(order)
      const { lines, added } = addLine(order.lines, body, context)
      const changed = writes.replace(order, withLines(order, lines), (written) => {
        within?.({ order: written, line: added })
      })
      return { order: changed, line: added }
    },
    change: (order, lineId, patch, context) => {
      const line = getLine(order, lineId)
      const next = patchLine(line, patch, context)
      const lines = sortedLines(order.lines.map((each) => (each === line ? next : each)))
      // Lines that stay as they are keep their totals, which may be as charged and not as computed.
      const isSame = JSON.stringify(lines) === JSON.stringify(order.lines)
      if (isSame) return { order, line }
      assertOpen(order)
      return { order: writes.replace(order, withLines(order, lines)), line: next }
    },
    remove: (order, lineId) => {
      const line = getLine(order, lineId)
      assertOpen(order)
      const rest = order.lines.filter((each) => each !== line)
      return writes.replace(order, withLines(order, rest))
    },
  }
}

function getLine(order: Order, lineId: string): OrderLine {
  const line = order.lines.find((each) => each.id === lineId)
  if (line) return line
  throw new Problem(404, 'not-found', `Order ${order.number} has no line ${lineId}.`)
}
