import type { ParsedRecord, RequestContext, WriteAnswer } from '../connector.ts'
import type { HttpClient } from '../http/http-client.ts'
import { orderLabel, ordersPath } from './order-places.ts'
import type { OrderReader } from './order-reader.ts'
import type { PatchTests } from './patch.ts'
import { patchRecord } from './patch-record.ts'

/** Confirms an order, or sets it back to draft: the one edit that a confirmed order takes (sandbox/poweroffice/README.md). */
export function createOrderLock(options: {
  readonly client: HttpClient
  readonly reader: OrderReader
  readonly tests: PatchTests
}) {
  const { client, reader, tests } = options
  return async (
    order: ParsedRecord & { readonly kind: 'record' },
    isLocked: boolean,
    context: RequestContext,
  ): Promise<WriteAnswer> => {
    if (order.isFinal === true) return { kind: 'stale' }
    if (order.isLocked === isLocked) return { kind: 'done', record: order }
    const patched = await patchRecord(
      { client, tests },
      {
        path: `${ordersPath}/${encodeURIComponent(order.id)}`,
        label: orderLabel,
        current: { SalesOrderStatus: order.raw['Status'] ?? null },
        body: { SalesOrderStatus: isLocked ? 'Confirmed' : 'Draft' },
        readNow: async () => {
          const now = await reader.readHead(order.id, context)
          if (now.kind !== 'record') return now.kind
          return now.isFinal === true ? 'missing' : { SalesOrderStatus: now.raw['Status'] ?? null }
        },
      },
      context,
    )
    if (patched.kind !== 'patched') return patched
    return { kind: 'done', record: await reader.readHead(order.id, context) }
  }
}
