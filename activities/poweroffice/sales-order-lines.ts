import type { CompanyOptions } from '../../flows/flow-options.ts'
import type { Collection, ItemAnswer, ItemEdit, ParsedItem, ParsedRecord, RequestContext } from '../connector.ts'
import type { HttpAnswer } from '../http/exchange.ts'
import type { HttpClient, WriteResult } from '../http/http-client.ts'
import { cursorAt } from './change-watermarks.ts'
import type { LineArticles } from './line-articles.ts'
import { comparableLine, prepareLine, prepareLineEdit, settleLine } from './line-rules.ts'
import { parseLines, roundingReference } from './order-lines.ts'
import { createOrderLock } from './order-lock.ts'
import { lineChanges, type OrderReader } from './order-reader.ts'
import type { PatchTests } from './patch.ts'
import { patchRecord } from './patch-record.ts'
import { orderPath, probeOrderId } from './sales-orders.ts'
import { findReferenceTaken, parseProblem } from './vendor-problem.ts'

export interface LineCollectionOptions {
  readonly client: HttpClient
  readonly reader: OrderReader
  readonly articles: LineArticles
  readonly company: CompanyOptions
  readonly tests: PatchTests
  readonly serverTimeMs: (context: RequestContext) => Promise<number>
}

type NewLine = Pick<ItemEdit & { kind: 'add' }, 'values' | 'counterpartId' | 'position'>
type Refusal = ItemAnswer & { readonly kind: 'refused' }
type Order = ParsedRecord & { readonly kind: 'record' }

const linesLabel = '/SalesOrders/{id}/Lines'
const lineLabel = `${linesLabel}/{lineId}`

/**
 * The lists of lines, one an order. A list tells only what its order's head says of it (seenText); reading one whole costs a
 * request an order. PowerOffice numbers lines as it is told: a place is written as its rank.
 */
export function createSalesOrderLines(options: LineCollectionOptions): Collection {
  const { client, reader, articles, company, tests } = options

  async function parseItem(answer: HttpAnswer, context: RequestContext): Promise<ParsedItem | null> {
    const lines = parseLines([answer.json], await articles.kinds(context))
    return lines.kind === 'items' ? (lines.items[0] ?? null) : null
  }

  async function itemNow(order: Order, find: (item: ParsedItem) => boolean, context: RequestContext) {
    const whole = await reader.readWhole(order.id, context)
    if (whole.kind !== 'record') return whole.kind === 'missing' ? 'orderGone' : 'unreadable'
    if (whole.isFinal === true) return 'invoiced'
    return whole.items?.find(find) ?? 'gone'
  }

  /** The answer to a new line; a line that has no place here is refused before anything is sent. */
  async function postLine(order: Order, edit: NewLine, context: RequestContext): Promise<WriteResult | Refusal> {
    const prepared = prepareLine(edit.values, edit.counterpartId, company.salesOrders.lineProducts)
    if (prepared.kind === 'refused') return refused(prepared.why)
    const line = await settleLine(prepared.line, articles, context)
    if (line.kind === 'refused') return refused(line.why)
    return client.write(
      {
        method: 'POST',
        path: `${orderPath(order.id)}/Lines`,
        label: linesLabel,
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ ...line.body, SortOrder: edit.position }),
      },
      context,
    )
  }

  /** Without VAT, so that it moves what the customer pays by exactly the rest. */
  async function addRounding(order: Order, rest: string, context: RequestContext): Promise<ItemAnswer> {
    const answer = await postLine(
      order,
      {
        values: { Kind: 'rounding', Description: 'Avrunding', Quantity: '1', ProductUnitPrice: rest, VatPercent: '0' },
        counterpartId: roundingReference(order.id),
        position: order.items?.length ?? 0,
      },
      context,
    )
    if (answer.kind !== 'answer') return answer
    if (answer.status < 300) return { kind: 'done', item: null, version: null }
    return { kind: 'refused', status: answer.status, ...parseProblem(answer.status, answer.json) }
  }

  async function add(order: Order, edit: ItemEdit & { kind: 'add' }, context: RequestContext): Promise<ItemAnswer> {
    const answer = await postLine(order, edit, context)
    if (answer.kind !== 'answer') return answer
    if (answer.status < 300) {
      const item = await parseItem(answer, context)
      if (item) return { kind: 'done', item, version: null, isAsMade: true }
      return { kind: 'uncertain', message: 'PowerOffice answered a new line without it: the order is read again.' }
    }
    const problem = parseProblem(answer.status, answer.json)
    // Our reference stands on a line of the order already: an earlier attempt landed.
    if (findReferenceTaken(problem) && edit.counterpartId !== null) {
      const found = await itemNow(order, (item) => item.reference === edit.counterpartId, context)
      return typeof found === 'string' ? { kind: 'stale' } : { kind: 'done', item: found, version: null }
    }
    // A 404 speaks of the order, or of something that the line names.
    if (answer.status === 404 && (await isNoOpenOrder(order, context))) return { kind: 'stale' }
    return { kind: 'refused', status: answer.status, ...problem }
  }

  async function isNoOpenOrder(order: Order, context: RequestContext): Promise<boolean> {
    const head = await reader.readHead(order.id, context)
    return head.kind !== 'record' || head.isFinal === true
  }

  async function change(
    order: Order,
    edit: ItemEdit & { kind: 'change' },
    context: RequestContext,
  ): Promise<ItemAnswer> {
    const prepared = prepareLineEdit(edit.current, edit.values)
    if (prepared.kind === 'refused') return refused(prepared.why)
    const body = { ...prepared.body, ...(edit.position !== null && { SortOrder: edit.position }) }
    const isThis = (item: ParsedItem) => item.id === edit.id
    if (Object.keys(body).length === 0) {
      const item = order.items?.find(isThis) ?? null
      return { kind: 'done', item, version: null }
    }
    const patched = await patchRecord(
      { client, tests },
      {
        path: linePath(order.id, edit.id),
        label: lineLabel,
        current: comparableLine(edit.current),
        body,
        readNow: async () => {
          const now = await itemNow(order, isThis, context)
          if (typeof now === 'string') return now === 'unreadable' ? now : 'missing'
          return comparableLine(now.raw)
        },
      },
      context,
    )
    if (patched.kind === 'patched') {
      return { kind: 'done', item: await parseItem(patched.answer, context), version: null }
    }
    if (patched.kind !== 'missing') return patched
    // The order may have been invoiced, and the line with it.
    return (await isNoOpenOrder(order, context)) ? { kind: 'stale' } : { kind: 'missing' }
  }

  async function remove(
    order: Order,
    edit: ItemEdit & { kind: 'remove' },
    context: RequestContext,
  ): Promise<ItemAnswer> {
    const answer = await client.write(
      { method: 'DELETE', path: linePath(order.id, edit.id), label: lineLabel, headers: {}, body: null },
      context,
    )
    if (answer.kind === 'uncertain') return answer
    if (answer.status < 300) return { kind: 'done', item: null, version: null }
    if (answer.status !== 404 && answer.status !== 410) {
      return { kind: 'refused', status: answer.status, ...parseProblem(answer.status, answer.json) }
    }
    return (await isNoOpenOrder(order, context)) ? { kind: 'stale' } : { kind: 'done', item: null, version: null }
  }

  return {
    hasUniqueReference: true,
    canCreate: false,
    canUpdate: true,
    hasChangeFeed: false,
    probeId: probeOrderId,

    startCursor: async (context) => cursorAt(await options.serverTimeMs(context), lineChanges),
    listAll: (context, onPage) => reader.listAll(context, onPage),
    listChanges: async (cursor, context) => ({
      ...(await reader.listChanges(cursor, context)),
      hasMore: false,
      restarted: false,
    }),
    readMany: async (ids, context) => {
      const wanted = [...new Set(ids)]
      const records = await Promise.all(wanted.map((id) => reader.readWhole(id, context)))
      return new Map(records.map((record, index) => [wanted[index] ?? record.id, record]))
    },
    readWhole: (id, context) => reader.readWhole(id, context),
    findByCounterpart: () => Promise.resolve([]),

    editItem: (order, edit, context) => {
      switch (edit.kind) {
        case 'add':
          return add(order, edit, context)
        case 'change':
          return change(order, edit, context)
        case 'remove':
          return remove(order, edit, context)
      }
    },

    setLocked: createOrderLock(options),
    ...(company.salesOrders.roundingLine === 'on' && { addRounding }),

    // Lists come with their orders, and change line by line.
    prepareCreate: () => ({ body: {}, flags: '', notes: [], refusal: 'Lines are created with their order.' }),
    prepareUpdate: (_current, _values, flags) => ({ body: {}, flags, notes: [], refusal: null }),
    create: () => Promise.resolve(refused('lines are created with their order')),
    update: (current) => Promise.resolve({ kind: 'done', record: current }),
  }
}

function linePath(orderId: string, lineId: string): string {
  return `${orderPath(orderId)}/Lines/${encodeURIComponent(lineId)}`
}

/** Told before anything is sent, in the form of an answer. */
function refused(why: string): Refusal {
  return { kind: 'refused', status: 400, title: 'Order line', detail: `${why}.` }
}
