import type { ParsedRecord, RequestContext } from '../connector.ts'
import type { OrderReader } from './order-reader.ts'
import { isUuid } from './row-fields.ts'

/** Above this, one list of everything costs fewer requests than a reading each. */
export const fewOrders = 8

/**
 * Heads by their ids. An order that a list does not show is always asked for by itself: it may have been invoiced, and an
 * order that is only thought gone would be cancelled in the webshop.
 */
export async function readManyOrders(
  reader: OrderReader,
  ids: readonly string[],
  context: RequestContext,
): Promise<ReadonlyMap<string, ParsedRecord>> {
  const wanted = [...new Set(ids)]
  const found = new Map<string, ParsedRecord>()
  // What carries no usable id is found in the list alone, under the name that was made for it.
  if (wanted.length > fewOrders || !wanted.every(isUuid)) {
    const asked = new Set(wanted)
    for (const record of await reader.listAll(context)) if (asked.has(record.id)) found.set(record.id, record)
  }
  const rest = wanted.filter((id) => !found.has(id))
  const read = await Promise.all(rest.map((id) => reader.readHead(id, context)))
  for (const [index, id] of rest.entries()) found.set(id, read[index] ?? { kind: 'missing', id, tombstone: false })
  return found
}
