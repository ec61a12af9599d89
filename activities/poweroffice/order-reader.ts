import type { CompanyOptions } from '../../flows/flow-options.ts'
import type { ParsedRecord, RequestContext } from '../connector.ts'
import { findAbsentProperty, isRow, type Row } from '../http/absent-property.ts'
import { contractChanged } from '../http/answer-meaning.ts'
import { mapInChunks } from '../http/event-loop.ts'
import type { HttpAnswer } from '../http/exchange.ts'
import type { HttpClient } from '../http/http-client.ts'
import type { MonotonicClock } from '../http/monotonic-clock.ts'
import { VendorTrouble } from '../vendor-trouble.ts'
import {
  byLastChanged,
  type ChangeFilter,
  decodeCursor,
  encodeCursor,
  inChangeOrder,
  readChanged,
  watermarkOf,
} from './change-watermarks.ts'
import type { DeliveryAddress, DeliveryAddresses } from './delivery-addresses.ts'
import { withDocumentedNames } from './documented-names.ts'
import { propertyGone } from './entity-collection.ts'
import type { LineArticles } from './line-articles.ts'
import { createListReader, type WholeList } from './list-pages.ts'
import {
  checkedInvoices,
  checkedOrders,
  type HeadOrUnreadable,
  invoiceNames,
  orderNames,
  parseInvoice,
  parseOrder,
} from './order-heads.ts'
import { lineNames, withLines } from './order-lines.ts'
import type { References } from './reference.ts'
import { powerOffice } from './system-names.ts'
import { ticksOfMs } from './timestamp.ts'

export interface OrderReaderOptions {
  readonly client: HttpClient
  readonly clock: MonotonicClock
  readonly references: References
  readonly company: CompanyOptions
  /** null: whoever asks has no use for delivery addresses, and none is looked up. */
  readonly addresses: DeliveryAddresses | null
  /** Ways in which orders change that matter to whoever asks: a payment moves the balance and no line. */
  readonly changes: readonly ChangeFilter[]
  readonly articles: LineArticles
  readonly timeoutMs: number
  readonly pageSize?: number
}

/** Orders wherever they stand: under /SalesOrders, or under /OutgoingInvoices once invoiced, with the same id. */
export interface OrderReader {
  /** Heads without lines. @throws VendorTrouble */
  listAll(context: RequestContext, onPage?: (recordsSoFar: number) => void): Promise<ParsedRecord[]>
  listChanges(
    cursor: string,
    context: RequestContext,
  ): Promise<{ readonly records: ParsedRecord[]; readonly next: string }>
  /** The head as it is now. @throws VendorTrouble */
  readHead(id: string, context: RequestContext): Promise<ParsedRecord>
  /** With its lines. @throws VendorTrouble */
  readWhole(id: string, context: RequestContext): Promise<ParsedRecord>
  /** Of these references, whichever order or invoice really carries them. @throws VendorTrouble */
  findByReferences(references: readonly string[], context: RequestContext): Promise<ParsedRecord[]>
  /** A complete order as PowerOffice answered it. null: it answered something else. */
  parseComplete(json: unknown, context: RequestContext): Promise<ParsedRecord | null>
}

const ordersPath = '/SalesOrders'
const invoicesPath = '/OutgoingInvoices'
const orderLabel = `${ordersPath}/{id}`
const invoiceLabel = `${invoicesPath}/{id}`

/** Inherited values as PowerOffice itself shows them (rule 10); kept apart from what is stored when something is written. */
const withInherited = [['showInherited', 'true']] as const
/** The list is refused without both dates; every voucher there is lies between. */
const everyDate = [
  ['fromDate', '2000-01-01'],
  ['toDate', '2099-12-31'],
] as const

const bySent: ChangeFilter = {
  watermark: 'sent',
  filter: 'sentDateTimeOffsetGreaterThan',
  property: 'SentDateTimeOffset',
  isOptional: true,
}
const byBalance: ChangeFilter = {
  watermark: 'balance',
  filter: 'balanceLastChangedDateTimeOffsetGreaterThan',
  property: 'BalanceLastChangedDateTimeOffset',
  isOptional: true,
}
export const headChanges: readonly ChangeFilter[] = [byLastChanged, bySent, byBalance]
export const lineChanges: readonly ChangeFilter[] = [byLastChanged, bySent]

/** Both flows of orders poll on their own; asked from the same round time, their requests are one when they meet. */
const coarseTicks = ticksOfMs(10_000)
/** A role that was missing may have been granted since. */
const roleCheckMs = 10 * 60_000

export function createOrderReader(options: OrderReaderOptions): OrderReader {
  const { client, clock, references, addresses, articles } = options
  const listOptions = {
    timeoutMs: options.timeoutMs,
    ...(options.pageSize !== undefined && { pageSize: options.pageSize }),
  }
  const orders = createListReader(client, { path: ordersPath, names: orderNames }, listOptions)
  const invoices = createListReader(client, { path: invoicesPath, names: invoiceNames }, listOptions)
  let withoutInvoicesSince = Number.NEGATIVE_INFINITY
  // An invoice may get an id of its own (sandbox/poweroffice/README.md, invoiceKeepsOrderId) and keeps the order's number. One
  // entry an open order that this process saw; what it never saw as an order is known by the invoice's id.
  const idsByOrderNo = new Map<number, string>()
  const orderNos = new Map<string, number>()
  const orderIdOfInvoice = new Map<string, string>()

  /** Null without the role for invoices. */
  async function readInvoices(
    query: Parameters<typeof invoices.readAll>[0],
    context: RequestContext,
  ): Promise<WholeList | null> {
    if (clock.nowMs() - withoutInvoicesSince <= roleCheckMs) return null
    const list = await invoices.tryReadAll([...everyDate, ...query], context)
    if (list === 'forbidden') {
      withoutInvoicesSince = clock.nowMs()
      return null
    }
    // A refusal of a documented list is the interface's: said as for any other.
    return list === 'refused' ? invoices.readAll([...everyDate, ...query], context) : list
  }

  function assertWhole(definition: typeof checkedOrders, path: string, rows: readonly Row[]): void {
    const absent = findAbsentProperty(definition, 'erp', rows)
    if (absent !== undefined) throw new VendorTrouble(contractChanged(powerOffice, propertyGone(path, absent)))
  }

  function remember(head: HeadOrUnreadable): HeadOrUnreadable {
    if (head.kind === 'head' && head.orderNo !== null) {
      idsByOrderNo.set(head.orderNo, head.id)
      orderNos.set(head.id, head.orderNo)
    }
    return head
  }

  /** Notes which of these invoices are orders that were known by another id. */
  async function recogniseInvoices(rows: readonly Row[], context: RequestContext): Promise<void> {
    for (const row of rows) {
      const { Id: invoiceId, OrderNo: orderNo } = row
      const orderId = typeof orderNo === 'number' ? idsByOrderNo.get(orderNo) : undefined
      if (typeof invoiceId !== 'string' || orderId === undefined || orderId === invoiceId) continue
      if (orderIdOfInvoice.has(invoiceId)) continue
      // A credit note shows the number of the order, too: then the order, or its invoice, still stands under its own id.
      const place = await lookOnce(orderId, '', context)
      orderIdOfInvoice.set(invoiceId, place.kind === 'nowhere' ? orderId : invoiceId)
    }
  }

  function invoiceHead(row: Row): HeadOrUnreadable {
    return parseInvoice(row, references, orderIdOfInvoice.get(String(row['Id'])))
  }

  async function toRecords(
    heads: readonly HeadOrUnreadable[],
    context: RequestContext,
    scope: 'whole' | 'some',
  ): Promise<ParsedRecord[]> {
    const keys = heads.flatMap((head) =>
      head.kind === 'head' && head.addressId !== null && head.customerId !== null
        ? [{ customerId: head.customerId, addressId: head.addressId }]
        : [],
    )
    const found = (await addresses?.lookUp(keys, context, scope)) ?? new Map<number, DeliveryAddress | null>()
    return heads.map((head) => {
      if (head.kind === 'unreadable') return head
      return head.record(head.addressId === null ? null : (found.get(head.addressId) ?? null))
    })
  }

  async function toRecord(head: HeadOrUnreadable, context: RequestContext): Promise<ParsedRecord> {
    const [record] = await toRecords([head], context, 'some')
    if (!record) throw new Error('a head became no record')
    return record
  }

  /** @param suffix `/Complete` for the lines, too */
  async function askOrder(id: string, suffix: '' | '/Complete', context: RequestContext): Promise<Row | null> {
    const path = `${ordersPath}/${encodeURIComponent(id)}${suffix}`
    const answer = await client.read({ path, label: `${orderLabel}${suffix}`, query: withInherited }, context)
    return rowOf(answer, id, `${orderLabel}${suffix}`)
  }

  async function askInvoice(id: string, context: RequestContext): Promise<Row | null | 'forbidden'> {
    const path = `${invoicesPath}/${encodeURIComponent(id)}`
    const answer = await client.read({ path, label: invoiceLabel, takesForbidden: true }, context)
    return answer.status === 403 ? 'forbidden' : rowOf(answer, id, invoiceLabel)
  }

  /** Whether PowerOffice says that the order is being sent as an invoice, or was. */
  async function isBeingInvoiced(id: string, context: RequestContext): Promise<boolean> {
    const path = `${ordersPath}/sentState`
    const answer = await client.read({ path, query: [['id', id]], takesForbidden: true }, context)
    if (answer.status !== 200 || !Array.isArray(answer.json)) return false
    return answer.json.some((row: unknown) => {
      const state = withDocumentedNames(row, sentStateNames)
      return state?.['IsInvoiceBeingProcessed'] === true || typeof state?.['SentDateTimeOffset'] === 'string'
    })
  }

  type Place =
    | { readonly kind: 'order'; readonly row: Row }
    | { readonly kind: 'invoice'; readonly row: Row; readonly invoiceId: string }
    | { readonly kind: 'nowhere' }
    | { readonly kind: 'untold'; readonly problem: string }

  async function lookOnce(id: string, suffix: '' | '/Complete', context: RequestContext): Promise<Place> {
    const order = await askOrder(id, suffix, context)
    if (order) return { kind: 'order', row: order }
    const invoice = await askInvoice(id, context)
    if (invoice === 'forbidden') return { kind: 'untold', problem: cannotTell }
    return invoice ? { kind: 'invoice', row: invoice, invoiceId: id } : { kind: 'nowhere' }
  }

  /** An invoice that did not keep the order's id is known by the order's number. */
  async function lookByNumber(id: string, context: RequestContext): Promise<Place> {
    const orderNo = orderNos.get(id)
    const list = orderNo === undefined ? null : await readInvoices([], context)
    const row = list?.rows.find((invoice) => invoice['OrderNo'] === orderNo)
    return row ? { kind: 'invoice', row, invoiceId: String(row['Id']) } : { kind: 'nowhere' }
  }

  /** Where the order is now. While it is being invoiced it may be nowhere for a moment, which must not read as deleted. */
  async function locate(id: string, suffix: '' | '/Complete', context: RequestContext): Promise<Place> {
    const first = await lookOnce(id, suffix, context)
    if (first.kind !== 'nowhere') return first
    const isSent = await isBeingInvoiced(id, context)
    const second = await lookOnce(id, suffix, context)
    if (second.kind !== 'nowhere') return second
    const third = await lookByNumber(id, context)
    if (third.kind !== 'nowhere') return third
    return isSent ? { kind: 'untold', problem: onItsWay } : { kind: 'nowhere' }
  }

  async function readAt(id: string, suffix: '' | '/Complete', context: RequestContext): Promise<ParsedRecord> {
    const place = await locate(id, suffix, context)
    switch (place.kind) {
      case 'nowhere':
        return { kind: 'missing', id, tombstone: false }
      case 'untold':
        return { kind: 'unreadable', id, path: 'Id', problem: place.problem, rawText: place.problem }
      case 'order': {
        const record = await toRecord(remember(parseOrder(place.row, references)), context)
        return suffix === '' ? record : withOrderLines(record, place.row, context)
      }
      case 'invoice': {
        const record = await toRecord(parseInvoice(place.row, references, id), context)
        return suffix === '' ? record : withInvoiceLines(record, place.invoiceId, context)
      }
    }
  }

  async function withOrderLines(record: ParsedRecord, row: Row, context: RequestContext): Promise<ParsedRecord> {
    if (record.kind !== 'record') return record
    const lines = row['SalesOrderLines']
    if (!Array.isArray(lines) && record.raw['LineCount'] !== 0) {
      const message = propertyGone(`${orderLabel}/Complete`, 'SalesOrderLines')
      throw new VendorTrouble(contractChanged(powerOffice, message))
    }
    return withLines(record, Array.isArray(lines) ? lines : [], await articles.kinds(context))
  }

  async function withInvoiceLines(
    record: ParsedRecord,
    invoiceId: string,
    context: RequestContext,
  ): Promise<ParsedRecord> {
    if (record.kind !== 'record') return record
    const path = `${invoicesPath}/${encodeURIComponent(invoiceId)}/Lines`
    const list = createListReader(client, { path, label: `${invoiceLabel}/Lines`, names: lineNames }, listOptions)
    const [{ rows }, kinds] = await Promise.all([list.readAll([], context), articles.kinds(context)])
    return withLines(record, rows, kinds)
  }

  function orderHeadsOf(rows: readonly Row[], context: RequestContext) {
    assertWhole(checkedOrders, ordersPath, rows)
    return mapInChunks(rows, (row) => remember(parseOrder(row, references)), context.signal)
  }

  async function invoiceHeadsOf(rows: readonly Row[], context: RequestContext) {
    assertWhole(checkedInvoices, invoicesPath, rows)
    await recogniseInvoices(rows, context)
    // An invoice that was made from no order is none of the flow's.
    const made = rows.filter((row) => row['OrderNo'] !== null && row['OrderNo'] !== undefined)
    return mapInChunks(made, invoiceHead, context.signal)
  }

  return {
    listAll: async (context, onPage) => {
      const [listed, invoiced] = await Promise.all([
        orders.readAll(withInherited, context, onPage),
        readInvoices([], context),
      ])
      const heads = [
        ...(await orderHeadsOf(listed.rows, context)),
        ...(await invoiceHeadsOf(invoiced?.rows ?? [], context)),
      ]
      // Just after invoicing an order may be listed in both places: it is invoiced.
      return toRecords([...new Map(heads.map((head) => [head.id, head])).values()], context, 'whole')
    },

    listChanges: async (cursor, context) => {
      const watermarks = decodeCursor(cursor)
      const ofInvoices = {
        readAll: async (query: Parameters<typeof invoices.readAll>[0], asked: RequestContext) =>
          (await readInvoices(query, asked)) ?? { rows: [], dateMs: null },
      }
      const changed = await Promise.all(
        options.changes.map((filter) => {
          const since = watermarkOf(watermarks, filter)
          return filter === byLastChanged
            ? readChanged(orders, filter, since, context, { query: withInherited, coarseTicks })
            : readChanged(ofInvoices, filter, since, context, { coarseTicks })
        }),
      )
      const [ordersChanged, ...invoicesChanged] = changed
      const keyOf = (row: Row) => String(row['Id'])
      const heads = [
        ...(await orderHeadsOf(ordersChanged ? inChangeOrder([ordersChanged], keyOf) : [], context)),
        ...(await invoiceHeadsOf(inChangeOrder(invoicesChanged, keyOf), context)),
      ]
      const unique = [...new Map(heads.map((head) => [head.id, head])).values()]
      const next = encodeCursor(
        Object.fromEntries(options.changes.map(({ watermark }, index) => [watermark, changed[index]?.next ?? ''])),
      )
      return { records: await toRecords(unique, context, 'some'), next }
    },

    readHead: (id, context) => readAt(id, '', context),
    readWhole: (id, context) => readAt(id, '/Complete', context),

    findByReferences: async (asked, context) => {
      const carries = (row: Row) => asked.includes(String(row['ExternalImportReference'] ?? ''))
      const filtered = await orders.tryReadAll(
        [...withInherited, ['externalImportReferences', asked.join(',')]],
        context,
      )
      // The filter is younger than the interface: where it is refused, our own orders are looked through.
      const own = [['onlyCreatedByCurrentIntegration', 'true']] as const
      const { rows } =
        typeof filtered === 'string' ? await orders.readAll([...withInherited, ...own], context) : filtered
      const open = rows.filter(carries)
      const invoiced = open.length > 0 ? [] : ((await readInvoices(own, context))?.rows ?? []).filter(carries)
      await recogniseInvoices(invoiced, context)
      const heads = [...open.map((row) => remember(parseOrder(row, references))), ...invoiced.map(invoiceHead)]
      return toRecords(heads, context, 'some')
    },

    parseComplete: async (json, context) => {
      const row = withDocumentedNames(json, completeNames)
      if (!row || typeof row['Id'] !== 'string') return null
      return withOrderLines(await toRecord(remember(parseOrder(row, references)), context), row, context)
    },
  }
}

const completeNames = { ...orderNames, SalesOrderLines: true } as const
const sentStateNames = { Id: true, IsInvoiceBeingProcessed: true, SentDateTimeOffset: true } as const

const cannotTell =
  'is no longer among the orders, and PowerOffice does not let us look among the invoices: we cannot tell invoiced from deleted. Grant the integration the role OutgoingInvoice in PowerOffice Go (Settings, Integrations)'
const onItsWay =
  'is being invoiced at this moment and shows neither as an order nor as an invoice: it is looked at again'

/** null for a 404. @throws VendorTrouble for anything but the record asked for */
function rowOf(answer: HttpAnswer, id: string, label: string): Row | null {
  if (answer.status === 404 || answer.status === 410) return null
  const names = label.startsWith(invoicesPath) ? invoiceNames : completeNames
  const row = answer.status < 400 ? withDocumentedNames(answer.json, names) : null
  const shown = isRow(row) ? row['Id'] : undefined
  if (row && typeof shown === 'string' && shown.toLowerCase() === id.toLowerCase()) return row
  const message = `PowerOffice answered GET ${label} (status ${answer.status}) with something other than the order asked for: check POWEROFFICE_BASE_URL; if it is right, the developer must look.`
  throw new VendorTrouble(contractChanged(powerOffice, message))
}
