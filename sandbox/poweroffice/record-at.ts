import { storeOf } from './entity-kind.ts'
import { entityKinds } from './entity-kinds.ts'
import { editLine } from './orders/write-line.ts'
import { editOrder } from './orders/write-order.ts'
import type { SandboxState } from './sandbox-state.ts'
import { type JsonObject, propertyNames } from './schema.ts'
import { editRecord } from './write-record.ts'

/** One stored record that the path of a request names, for faults that are about it. */
export interface AddressedRecord {
  /** Every property that a patch knows, null where it has no value, and all that is stored besides. */
  readonly properties: JsonObject
  /** As somebody else in the ERP. Throws a Problem. */
  edit(changes: JsonObject): void
}

const orderPath = /^\/v2\/SalesOrders\/([^/]+)(?:\/Lines\/([^/]+))?\/?$/i

/** @returns null where the path names no record that is there */
export function recordAt(state: SandboxState, path: string): AddressedRecord | null {
  const [, orderId, lineId] = orderPath.exec(path.toLowerCase()) ?? []
  if (orderId !== undefined) return lineId === undefined ? orderAt(state, orderId) : lineAt(state, orderId, lineId)
  for (const kind of entityKinds) {
    // Delivery addresses stand below their contact.
    const id = new RegExp(`^/v2${kind.path}(?:/\\d+)?/(\\d+)/?$`, 'i').exec(path)?.[1]
    const record = id === undefined ? null : storeOf(state, kind).get(Number(id))
    if (record) {
      return {
        properties: { ...unset(Object.keys(kind.patch.schema.properties ?? {})), ...record },
        edit: (changes) => void editRecord(state, kind, record.Id, changes),
      }
    }
  }
  return null
}

function orderAt(state: SandboxState, id: string): AddressedRecord | null {
  const order = state.salesOrders.get(id)
  if (!order) return null
  return {
    properties: { ...unset(propertyNames('SalesOrderPatchDto')), ...order },
    edit: (changes) => void editOrder(state, id, changes),
  }
}

function lineAt(state: SandboxState, orderId: string, id: string): AddressedRecord | null {
  const line = state.salesOrderLines.get(id)
  if (!line) return null
  return {
    properties: { ...unset(propertyNames('SalesOrderLinePatchDto')), ...line },
    edit: (changes) => void editLine(state, orderId, id, changes),
  }
}

function unset(names: readonly string[]): JsonObject {
  return Object.fromEntries(names.map((name) => [name, null]))
}
