import type { CompanyOptions } from '../../flows/flow-options.ts'
import type { ParsedRecord, RequestContext } from '../connector.ts'
import { fewestRows, findAbsentProperty, type Row } from '../http/absent-property.ts'
import { contractChanged } from '../http/answer-meaning.ts'
import { mapInChunks } from '../http/event-loop.ts'
import type { HttpClient, Query } from '../http/http-client.ts'
import type { MonotonicClock } from '../http/monotonic-clock.ts'
import { idOrStandIn } from '../http/unreadable.ts'
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
import type { AddressFound, DeliveryAddresses } from './delivery-addresses.ts'
import { withDocumentedNames } from './documented-names.ts'
import { propertyGone } from './entity-collection.ts'
import { createInvoiceList, invoicesPath } from './invoice-list.ts'
import type { LineArticles } from './line-articles.ts'
import { createListReader } from './list-pages.ts'
import {
  checkedInvoices,
  checkedOrders,
  type HeadOrUnreadable,
  orderNames,
  parseInvoice,
  parseOrder,
} from './order-heads.ts'
import { lineNames, withLines } from './order-lines.ts'
import {
  completeNames,
  createOrderPlaces,
  invoiceLabel,
  type OrderSuffix,
  orderLabel,
  ordersPath,
  withInherited,
} from './order-places.ts'
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
  /** What `readHead` says of an order that the latest `listAll` did not show, while we may not see invoices; null: we may. */
  unlisted(id: string): Unreadable | null
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

type Unreadable = ParsedRecord & { readonly kind: 'unreadable' }

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

export function createOrderReader(options: OrderReaderOptions): OrderReader {
  const { client, clock, references, addresses, articles } = options
  const scope = options.company.scope.erp
  const listOptions = {
    timeoutMs: options.timeoutMs,
    ...(options.pageSize !== undefined && { pageSize: options.pageSize }),
  }
  const orders = createListReader(client, { path: ordersPath, names: orderNames }, listOptions)
  const invoices = createInvoiceList(client, clock, listOptions)
  const places = createOrderPlaces(client, invoices)
  /** One after the other: one is unreadable and never an order without lines, so many are a change of the interface (E16). */
  let ordersWithoutLines = 0

  function assertWhole(definition: typeof checkedOrders, path: string, rows: readonly Row[]): void {
    const absent = findAbsentProperty(definition, 'erp', rows)
    if (absent !== undefined) throw new VendorTrouble(contractChanged(powerOffice, propertyGone(path, absent)))
  }

  function orderHead(row: Row): HeadOrUnreadable {
    const head = parseOrder(row, references, scope)
    if (head.kind === 'head') places.noteOrder(head.id, head.orderNo)
    return head
  }

  const invoiceHead = (row: Row) => parseInvoice(row, references, scope, places.orderIdOf(row))

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
    const found = (await addresses?.lookUp(keys, context, scope)) ?? new Map<number, AddressFound>()
    return heads.map((head) => {
      if (head.kind === 'unreadable') return head
      const address = head.addressId === null ? null : (found.get(head.addressId) ?? null)
      if (address === null || !('problem' in address)) return head.record(address)
      return { kind: 'unreadable', id: head.id, path: 'ContactDeliveryAddressId', ...address }
    })
  }

  async function toRecord(head: HeadOrUnreadable, context: RequestContext): Promise<ParsedRecord> {
    const [record] = await toRecords([head], context, 'some')
    if (!record) throw new Error('a head became no record')
    return record
  }

  async function readAt(id: string, suffix: OrderSuffix, context: RequestContext): Promise<ParsedRecord> {
    const place = await places.locate(id, suffix, context)
    switch (place.kind) {
      case 'nowhere':
        return { kind: 'missing', id, tombstone: false }
      case 'untold':
        return untold(id, place.problem)
      case 'order': {
        const record = await toRecord(orderHead(place.row), context)
        return suffix === '' ? record : withOrderLines(record, place.row, context)
      }
      case 'invoice': {
        const record = await toRecord(parseInvoice(place.row, references, scope, id), context)
        return suffix === '' ? record : withInvoiceLines(record, place.invoiceId, context)
      }
    }
  }

  async function withOrderLines(record: ParsedRecord, row: Row, context: RequestContext): Promise<ParsedRecord> {
    if (record.kind !== 'record') return record
    const lines = row['SalesOrderLines']
    const isEmpty = (lines === undefined || lines === null) && record.raw['LineCount'] === 0
    ordersWithoutLines = lines === undefined && !isEmpty ? ordersWithoutLines + 1 : 0
    if (ordersWithoutLines >= fewestRows) {
      const message = propertyGone(`${orderLabel}/Complete`, 'SalesOrderLines')
      throw new VendorTrouble(contractChanged(powerOffice, message))
    }
    return withLines(record, isEmpty ? [] : lines, await articles.kinds(context))
  }

  async function withInvoiceLines(
    record: ParsedRecord,
    invoiceId: string,
    context: RequestContext,
  ): Promise<ParsedRecord> {
    if (record.kind !== 'record') return record
    const path = `${invoicesPath}/${encodeURIComponent(invoiceId)}/Lines`
    const list = createListReader(client, { path, label: `${invoiceLabel}/Lines`, names: lineNames }, listOptions)
    const [lines, kinds] = await Promise.all([list.tryReadAll([], context), articles.kinds(context)])
    if (typeof lines !== 'string') return withLines(record, lines.rows, kinds)
    // The role was there a moment ago for the invoice itself; a list that is forbidden is the flow's matter.
    if (lines === 'forbidden') return withLines(record, (await list.readAll([], context)).rows, kinds)
    return untold(
      record.id,
      'is an invoice whose lines PowerOffice does not show at this moment: it is looked at again',
    )
  }

  function orderHeadsOf(rows: readonly Row[], context: RequestContext) {
    assertWhole(checkedOrders, ordersPath, rows)
    return mapInChunks(rows, orderHead, context.signal)
  }

  async function invoiceHeadsOf(rows: readonly Row[], context: RequestContext) {
    assertWhole(checkedInvoices, invoicesPath, rows)
    const known = await places.recognise(rows, context)
    // An invoice that was made from no order is none of the flow's.
    const made = known.filter((row) => row['OrderNo'] !== null && row['OrderNo'] !== undefined)
    return mapInChunks(made, invoiceHead, context.signal)
  }

  return {
    listAll: async (context, onPage) => {
      const [listed, invoiced] = await Promise.all([
        orders.readAll(withInherited, context, onPage),
        invoices.find([], context),
      ])
      const heads = [
        ...(await orderHeadsOf(listed.rows, context)),
        ...(await invoiceHeadsOf(invoiced?.rows ?? [], context)),
      ]
      // Just after invoicing an order may be listed in both places: it is invoiced.
      return toRecords([...new Map(heads.map((head) => [head.id, head])).values()], context, 'whole')
    },

    unlisted: (id) => {
      const place = places.unlisted()
      return place && untold(id, place.problem)
    },

    listChanges: async (cursor, context) => {
      const watermarks = decodeCursor(cursor)
      const ofInvoices = {
        readAll: async (query: Query, asked: RequestContext) =>
          (await invoices.find(query, asked)) ?? { rows: [], dateMs: null },
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
      const keyOf = (row: Row) => idOrStandIn(row['Id'], row)
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
      const carries = ({ ExternalImportReference: reference }: Row) =>
        typeof reference === 'string' && asked.includes(reference)
      const filtered = await orders.tryReadAll(
        [...withInherited, ['externalImportReferences', asked.join(',')]],
        context,
      )
      // The filter is younger than the interface: where it is refused, our own orders are looked through.
      const own = [['onlyCreatedByCurrentIntegration', 'true']] as const
      const { rows } =
        typeof filtered === 'string' ? await orders.readAll([...withInherited, ...own], context) : filtered
      const open = rows.filter(carries)
      const invoiced = open.length > 0 ? [] : ((await invoices.find(own, context))?.rows ?? []).filter(carries)
      const known = await places.recognise(invoiced, context)
      const heads = [...open.map(orderHead), ...known.map(invoiceHead)]
      return toRecords(heads, context, 'some')
    },

    parseComplete: async (json, context) => {
      const row = withDocumentedNames(json, completeNames)
      if (!row || typeof row['Id'] !== 'string') return null
      return withOrderLines(await toRecord(orderHead(row), context), row, context)
    },
  }
}

function untold(id: string, problem: string): Unreadable {
  return { kind: 'unreadable', id, path: 'Id', problem, rawText: problem }
}
