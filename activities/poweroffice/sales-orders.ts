import type { CompanyOptions } from '../../flows/flow-options.ts'
import type { JsonValue } from '../../flows/json.ts'
import type { Collection, JsonObject, ParsedItem, ParsedRecord, RequestContext, WriteAnswer } from '../connector.ts'
import type { HttpClient } from '../http/http-client.ts'
import { VendorTrouble } from '../vendor-trouble.ts'
import { cursorAt } from './change-watermarks.ts'
import type { DeliveryAddresses } from './delivery-addresses.ts'
import { creations } from './entity-collection.ts'
import type { LineArticles } from './line-articles.ts'
import { type DraftLine, settleLine } from './line-rules.ts'
import { createOrderLock } from './order-lock.ts'
import { headChanges, type OrderReader } from './order-reader.ts'
import { prepareOrderCreate, prepareOrderUpdate, unsettledAddress, unsettledLines } from './order-rules.ts'
import type { PatchTests } from './patch.ts'
import { patchRecord } from './patch-record.ts'
import { fewOrders, readManyOrders } from './read-many-orders.ts'
import type { References } from './reference.ts'
import { findReferenceTaken, parseProblem } from './vendor-problem.ts'

export interface OrderCollectionOptions {
  readonly client: HttpClient
  readonly reader: OrderReader
  readonly references: References
  readonly addresses: DeliveryAddresses
  readonly articles: LineArticles
  readonly company: CompanyOptions
  readonly tests: PatchTests
  readonly serverTimeMs: (context: RequestContext) => Promise<number>
}

/** An id of the right form that no order has. */
export const probeOrderId = '00000000-0000-0000-0000-000000000000'
const orderLabel = '/SalesOrders/{id}'
const json = { 'content-type': 'application/json' }
/** Shown with what is inherited, or in another form than stored, so that comparing them proves nothing. */
const neverTested = ['DepartmentId', 'CurrencyCode', 'CustomerReference', 'SalesOrderDate', 'ContactDeliveryAddressId']

/** Salesorders: heads are read and edited here; the lines come along at creation and are then a flow of their own (E22). */
export function createSalesOrders(options: OrderCollectionOptions): Collection {
  const { client, reader, references, addresses, articles, company, tests } = options

  /** The body as PowerOffice takes it, or what keeps it from being sent. */
  async function settle(
    body: JsonObject,
    customerId: number | null,
    context: RequestContext,
  ): Promise<{ readonly kind: 'body'; readonly body: JsonObject } | (WriteAnswer & { kind: 'refused' | 'uncertain' })> {
    const { [unsettledLines]: drafts, [unsettledAddress]: address, ...rest } = body
    const settled: Record<string, JsonValue> = { ...rest }
    if (drafts !== undefined) {
      const lines: JsonObject[] = []
      for (const [index, draft] of (drafts as unknown as readonly DraftLine[]).entries()) {
        const line = await settleLine(draft, articles, context)
        if (line.kind === 'refused') return refused(`Line ${index + 1}`, `${line.why}.`)
        lines.push(line.body)
      }
      settled['SalesOrderLines'] = lines
    }
    if (address === undefined) return { kind: 'body', body: settled }
    if (customerId === null)
      return refused('Delivery address', 'the order names no customer whose address it could be.')
    const parts = address as Readonly<Record<string, string | null>> // as settleAddress made it
    const found = await addresses.findOrAdd(customerId, parts, context)
    if (found.kind !== 'found') return found
    return { kind: 'body', body: { ...settled, ContactDeliveryAddressId: found.id } }
  }

  return {
    hasUniqueReference: true,
    // The reference is documented as unique, the refusal is not (sandbox/poweroffice/README.md).
    refusesTwin: false,
    canCreate: true,
    canUpdate: true,
    hasChangeFeed: false,
    probeId: probeOrderId,

    startCursor: async (context) => cursorAt(await options.serverTimeMs(context), headChanges),
    listAll: (context, onPage) => reader.listAll(context, onPage),
    unlisted: (id) => reader.unlisted(id),
    listChanges: async (cursor, context) => ({
      ...(await reader.listChanges(cursor, context)),
      hasMore: false,
      restarted: false,
    }),
    readsByListAbove: fewOrders,
    readMany: (ids, context) => readManyOrders(reader, ids, context),
    readWhole: (id, context) => reader.readWhole(id, context),

    findByCounterpart: (counterpartId, context) => {
      const asked = creations.map((creation) => references.write({ id: counterpartId, creation }))
      return reader.findByReferences(asked, context)
    },

    prepareCreate: (values, counterpart, items = [], credited = null) =>
      prepareOrderCreate(values, references.write(counterpart), { items, credited }, company),
    prepareUpdate: prepareOrderUpdate,
    setLocked: createOrderLock(options),

    create: async (body, _counterpart, context) => {
      const settled = await settle(body, numberOf(body['CustomerId']), context)
      if (settled.kind !== 'body') return settled
      const path = '/SalesOrders/Complete'
      const answer = await client.write(
        { method: 'POST', path, headers: json, body: JSON.stringify(settled.body) },
        context,
      )
      if (answer.kind === 'uncertain') return answer
      if (answer.status >= 300) {
        const problem = parseProblem(answer.status, answer.json)
        const taken = findReferenceTaken(problem)
        if (taken) return { kind: 'taken', byReference: true, existingId: taken.existingId, ...problem }
        return { kind: 'refused', status: answer.status, ...problem }
      }
      const record = await parsedOrNull(reader, answer.json, context)
      if (record) return { kind: 'done', record: inOrderSent(record, settled.body) }
      return {
        kind: 'uncertain',
        message: 'PowerOffice answered a new order without it: it is looked up by its reference.',
      }
    },

    update: async (current, body, _counterpartId, context) => {
      if (Object.keys(body).length === 0) return { kind: 'done', record: current }
      if (current.isFinal === true)
        return refused('SalesOrder', 'The order is invoiced: PowerOffice takes no edit of it.')
      const customerId = numberOf(body['CustomerId']) ?? numberOf(current.raw['CustomerId'])
      const settled = await settle(body, customerId, context)
      if (settled.kind !== 'body') return settled
      const readNow = async () => {
        const now = await reader.readHead(current.id, context)
        if (now.kind !== 'record') return now.kind
        return now.isFinal === true ? 'missing' : now.raw
      }
      const patched = await patchRecord(
        { client, tests },
        {
          path: orderPath(current.id),
          label: orderLabel,
          current: current.raw,
          body: settled.body,
          neverTested,
          readNow,
        },
        context,
      )
      // The answer shows what is stored; compared is what applies, inherited or not.
      if (patched.kind === 'patched') return { kind: 'done', record: await reader.readHead(current.id, context) }
      // Invoiced meanwhile, or gone: the next look tells which.
      return patched.kind === 'missing' ? missingOrStale(reader, current.id, context) : patched
    },

    remove: async (current, context) => {
      const now = await reader.readHead(current.id, context)
      if (now.kind === 'missing') return { kind: 'done' }
      if (now.kind !== 'record' || now.seenText !== current.seenText) return { kind: 'stale' }
      if (now.isLocked === true) {
        return {
          kind: 'refused',
          status: 409,
          title: 'SalesOrder conflict',
          detail: 'Only a draft is deleted: the order is confirmed or invoiced in PowerOffice.',
        }
      }
      const answer = await client.write(
        { method: 'DELETE', path: orderPath(current.id), label: orderLabel, headers: {}, body: null },
        context,
      )
      if (answer.kind === 'uncertain') return answer
      if (answer.status < 300) return { kind: 'done' }
      if (answer.status === 404 || answer.status === 410) {
        const after = await missingOrStale(reader, current.id, context)
        return after.kind === 'missing' ? { kind: 'done' } : after
      }
      return { kind: 'refused', status: answer.status, ...parseProblem(answer.status, answer.json) }
    },
  }
}

export function orderPath(id: string): string {
  return `/SalesOrders/${encodeURIComponent(id)}`
}

async function missingOrStale(
  reader: OrderReader,
  id: string,
  context: RequestContext,
): Promise<{ readonly kind: 'missing' } | { readonly kind: 'stale' }> {
  return { kind: (await reader.readHead(id, context)).kind === 'missing' ? 'missing' : 'stale' }
}

/** What was made is made: trouble with what it refers to (articles, addresses) must not read as "nothing happened". */
async function parsedOrNull(
  reader: OrderReader,
  answer: unknown,
  context: RequestContext,
): Promise<ParsedRecord | null> {
  try {
    return await reader.parseComplete(answer, context)
  } catch (failure) {
    if (failure instanceof VendorTrouble) return null
    throw failure
  }
}

/** The answer's lines in the order in which they were sent, by the references that they were sent with. */
function inOrderSent(record: ParsedRecord, body: JsonObject): ParsedRecord {
  if (record.kind !== 'record' || record.items === undefined) return record
  const sent = (body['SalesOrderLines'] as readonly JsonObject[] | undefined) ?? []
  const places = new Map(sent.map((line, index) => [line['ExternalImportReference'], index]))
  const placeOf = ({ reference }: ParsedItem) => places.get(reference ?? '') ?? sent.length
  return { ...record, items: record.items.toSorted((a, b) => placeOf(a) - placeOf(b)) }
}

function numberOf(value: JsonValue | undefined): number | null {
  return typeof value === 'number' ? value : null
}

/** Told before anything is sent, in the form of an answer. */
function refused(title: string, detail: string): WriteAnswer & { kind: 'refused' } {
  return { kind: 'refused', status: 400, title, detail }
}
