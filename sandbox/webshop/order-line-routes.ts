import type { OpenAPIHono } from '@hono/zod-openapi'
import type { ApiContext, ApiEnv } from './api-env.ts'
import type { WriteContext } from './collection.ts'
import { answerOnce, beginWrite, createdAnswer } from './collection-routes.ts'
import { shownJson } from './decimals.ts'
import { parseJsonBody } from './json-body.ts'
import { openOrderLineWrites } from './order-line-writes.ts'
import { assertLinesOffered } from './orders.ts'
import { assertIfMatch, etagOf } from './preconditions.ts'
import type { Shop } from './shop.ts'

const path = '/api/orders/:id/lines'

/** The lines of an order, one at a time. If-Match and ETag are the order's. */
export function mountOrderLines(api: OpenAPIHono<ApiEnv>, shop: Shop): void {
  const writes = openOrderLineWrites(shop)
  const begin = (context: ApiContext): WriteContext => {
    const writing = beginWrite(context, shop)
    assertLinesOffered(writing)
    return writing
  }
  const matched = (context: ApiContext, id: string) => {
    const order = writes.getOrder(id)
    assertIfMatch(context.req.header('if-match'), order)
    return order
  }

  api.post(path, async (context) => {
    const writing = begin(context)
    const body = await parseJsonBody(context, 'application/json')
    const id = context.req.param('id')
    // The key is looked up first: when an answer is repeated, If-Match names the version before the first time.
    return answerOnce(context, shop, writing, body.text, (keep) => {
      writes.add(matched(context, id), body.value, writing, ({ order, line }) =>
        keep(createdAnswer(shop, `/api/orders/${id}/lines/${line.id}`, line, order.version)),
      )
    })
  })

  api.patch(`${path}/:lineId`, async (context) => {
    const writing = begin(context)
    const body = await parseJsonBody(context, 'application/merge-patch+json')
    const { id, lineId } = context.req.param()
    const { order, line } = writes.change(matched(context, id), lineId, body.value, writing)
    return new Response(shownJson(JSON.stringify(line), shop.settings()), {
      headers: { 'content-type': 'application/json; charset=utf-8', etag: etagOf(order) },
    })
  })

  api.delete(`${path}/:lineId`, (context) => {
    begin(context)
    const { id, lineId } = context.req.param()
    const order = writes.remove(matched(context, id), lineId)
    return context.body(null, 204, { etag: etagOf(order) })
  })
}
