import { type RecordKey, recordKey } from '../../flows/side.ts'
import type { Chunk, Tell } from './chunk.ts'
import { listRequest } from './whole-record.ts'

/** The flow that keeps a record's list looks at it: linked, unlinked or gone, there is something to begin or to end (E22). */
export function tellsOfItems(chunk: Chunk, erpId: string | null, why: string): Tell[] {
  const { items } = chunk.definition
  return items === undefined || erpId === null ? [] : [{ flow: items, keys: [recordKey('erp', erpId)], why }]
}

/** What items name shows other values once their record moved on: the stock of products. */
export function tellsOfTouched(chunk: Chunk, keys: readonly RecordKey[]): Tell[] {
  const { definition } = listRequest(chunk.request)
  return definition.fields.flatMap((field) =>
    field.touches && field.refersTo ? [{ flow: field.refersTo, keys, why: 'an order with it moved on' }] : [],
  )
}
