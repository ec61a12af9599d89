import type {
  Collection,
  ItemAnswer,
  ItemEdit,
  JsonObject,
  ParsedItem,
  ParsedRecord,
  RequestContext,
} from '../connector.ts'
import type { HttpAnswer } from '../http/exchange.ts'
import type { HttpClient, WriteResult } from '../http/http-client.ts'
import type { CapabilitySource } from './capabilities.ts'
import { positionAt } from './line-places.ts'
import { itemOf, lineSchema } from './order-lines.ts'
import { lineBody } from './order-rules.ts'
import { ordersPath } from './orders.ts'
import { patchBody } from './record-rules.ts'
import { isProblem, notOfferedAnswer, parseShopProblem } from './shop-problem.ts'
import { ifMatch, versionIn } from './version.ts'

type Order = ParsedRecord & { readonly kind: 'record' }
type Add = ItemEdit & { readonly kind: 'add' }
type Change = ItemEdit & { readonly kind: 'change' }

export interface LineEditsOptions {
  readonly client: HttpClient
  readonly capabilities: CapabilitySource
  readonly readMany: Collection['readMany']
}

/** A line of PowerOffice that was removed here and comes back so often within the time that a shop keeps its answers. */
const maxCreations = 9

/**
 * Edits of the lines of an order, one request each. The order's version guards every one of them, and each answer tells
 * the version that guards the next.
 */
export function createLineEdits({ client, capabilities, readMany }: LineEditsOptions) {
  async function readOrder(id: string, context: RequestContext): Promise<ParsedRecord> {
    return (await readMany([id], context)).get(id) ?? { kind: 'missing', id, tombstone: false }
  }

  /** The version after a write; shops that do not say it with the line are asked. */
  async function versionAfter(answer: HttpAnswer, orderId: string, context: RequestContext): Promise<string | null> {
    const told = versionIn(answer.headers['etag'])
    if (told !== null) return told
    const order = await readOrder(orderId, context)
    return order.kind === 'record' ? order.version : null
  }

  const send = (
    order: Order & { readonly version: string },
    request: {
      readonly method: 'POST' | 'PATCH' | 'DELETE'
      readonly lineId: string | null
      readonly headers: Readonly<Record<string, string>>
      readonly body: JsonObject | null
    },
    context: RequestContext,
  ): Promise<WriteResult> => {
    const lines = `${ordersPath}/${encodeURIComponent(order.id)}/lines`
    const { method, lineId, body } = request
    return client.write(
      {
        method,
        path: lineId === null ? lines : `${lines}/${encodeURIComponent(lineId)}`,
        label: `${ordersPath}/{id}/lines${lineId === null ? '' : '/{lineId}'}`,
        headers: { ...request.headers, ...ifMatch(order.version) },
        body: body === null ? null : JSON.stringify(body),
      },
      context,
    )
  }

  /**
   * The new line goes to the end, wherever it is to stand: its place is not part of the request, which must be the same,
   * byte for byte, when it is repeated under its key after an answer that was lost.
   */
  async function add(
    order: Order & { readonly version: string },
    edit: Add,
    context: RequestContext,
  ): Promise<ItemAnswer> {
    const { idempotency } = await capabilities.current(context)
    const body = lineBody(edit.values)
    const { creation = 1 } = edit
    if (creation > maxCreations) {
      const message = 'The webshop goes on answering with lines that its order does not have: it is looked at again.'
      return { kind: 'uncertain', message }
    }
    const key =
      edit.counterpartId === null ? {} : { 'idempotency-key': `${order.id}:${edit.counterpartId}~${creation}` }
    const headers = { 'content-type': 'application/json', ...key }
    const answer = await send(order, { method: 'POST', lineId: null, headers, body }, context)
    if (answer.kind === 'uncertain') return answer
    if (isKeyUsed(answer, body)) return { kind: 'keyUsed', creation }
    if (answer.status >= 400) return refusalOf(answer, body)
    const item = parseItem(answer)
    if (item === null) return { kind: 'uncertain', message: 'The webshop answered a new line without the line.' }
    // The first answer again: an earlier attempt had landed before the order was read.
    if (order.items?.some((known) => known.id === item.id))
      return { kind: 'done', item, version: order.version, isEarlier: true }
    const version = await versionAfter(answer, order.id, context)
    const done = { kind: 'done', item, version, isAsMade: true } as const
    if (!idempotency || edit.counterpartId === null) return done
    const now = await readOrder(order.id, context)
    if (now.kind !== 'record') return { kind: 'stale' }
    if (now.items?.some((known) => known.id === item.id)) return done
    // The first answer again, of a line that was removed since.
    return { kind: 'removedSince', creation, id: item.id }
  }

  async function change(
    order: Order & { readonly version: string },
    edit: Change,
    context: RequestContext,
  ): Promise<ItemAnswer> {
    const body = patchBody(edit.values, ['kind', 'sku'])
    const position = edit.position === null ? null : positionAt(edit.position, order.items ?? [])
    if (position !== null && position !== edit.current['position']) body['position'] = position
    if (Object.keys(body).length === 0) {
      return { kind: 'done', item: { id: edit.id, raw: edit.current, reference: null }, version: order.version }
    }
    const headers = { 'content-type': 'application/merge-patch+json' }
    const answer = await send(order, { method: 'PATCH', lineId: edit.id, headers, body }, context)
    if (answer.kind === 'uncertain') return answer
    if (answer.status >= 400) return refusalOf(answer, body)
    const item = parseItem(answer)
    if (item?.id === edit.id) return { kind: 'done', item, version: await versionAfter(answer, order.id, context) }
    const now = await readOrder(order.id, context)
    const shown = now.kind === 'record' ? now.items?.find((line) => line.id === edit.id) : undefined
    return now.kind === 'record' && shown ? { kind: 'done', item: shown, version: now.version } : { kind: 'stale' }
  }

  async function remove(
    order: Order & { readonly version: string },
    id: string,
    context: RequestContext,
  ): Promise<ItemAnswer> {
    const answer = await send(order, { method: 'DELETE', lineId: id, headers: {}, body: null }, context)
    if (answer.kind === 'uncertain') return answer
    if (answer.status >= 400) return refusalOf(answer, {})
    return { kind: 'done', item: null, version: await versionAfter(answer, order.id, context) }
  }

  return {
    editItem: async (record: Order, edit: ItemEdit, context: RequestContext): Promise<ItemAnswer> => {
      const { orders } = await capabilities.current(context)
      if (orders?.editLines !== true) {
        return notOfferedAnswer('Its capabilities say that it does not edit the lines of orders.')
      }
      // Without a version nothing protects what others wrote meanwhile; the next reading brings one.
      if (record.version === null) return { kind: 'stale' }
      const order = { ...record, version: record.version }
      switch (edit.kind) {
        case 'add':
          return add(order, edit, context)
        case 'change':
          return change(order, edit, context)
        case 'remove':
          return remove(order, edit.id, context)
      }
    },
  }
}

function parseItem(answer: HttpAnswer): ParsedItem | null {
  const parsed = lineSchema.safeParse(answer.json)
  return parsed.success ? itemOf(parsed.data) : null
}

function isKeyUsed(answer: HttpAnswer, body: JsonObject): boolean {
  return (
    answer.status === 422 && isProblem(parseShopProblem(answer.status, answer.json, body), 'idempotency-key-reused')
  )
}

function refusalOf(answer: HttpAnswer, body: JsonObject): ItemAnswer {
  if (answer.status === 412) return { kind: 'stale' }
  if (answer.status === 404 || answer.status === 410) return { kind: 'missing' }
  const problem = parseShopProblem(answer.status, answer.json, body)
  return { kind: 'refused', status: answer.status, title: problem.title, detail: problem.detail }
}
