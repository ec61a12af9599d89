import type { RequestContext } from '../connector.ts'
import type { Row } from '../http/absent-property.ts'
import { contractChanged } from '../http/answer-meaning.ts'
import type { HttpAnswer } from '../http/exchange.ts'
import type { HttpClient } from '../http/http-client.ts'
import { anotherId } from '../http/unreadable.ts'
import { VendorTrouble } from '../vendor-trouble.ts'
import { type DocumentedNames, withDocumentedNames } from './documented-names.ts'
import { type InvoiceList, invoicesPath } from './invoice-list.ts'
import { invoiceNames, orderNames } from './order-heads.ts'
import { isUuid } from './row-fields.ts'
import { powerOffice } from './system-names.ts'

/** Where an order stands. `untold`: it is not among the orders, and what became of it cannot be told. */
export type Place =
  | { readonly kind: 'order'; readonly row: Row }
  | { readonly kind: 'invoice'; readonly row: Row; readonly invoiceId: string }
  | { readonly kind: 'nowhere' }
  | { readonly kind: 'untold'; readonly problem: string }

export interface OrderPlaces {
  /** @param suffix `/Complete` brings the lines of an order along. @throws VendorTrouble */
  locate(id: string, suffix: OrderSuffix, context: RequestContext): Promise<Place>
  /** The same of an order that the lists do not show, without a request; null: they show all there are. */
  unlisted(): (Place & { readonly kind: 'untold' }) | null
  /** Notes an order's number, by which its invoice is known should it not keep the id. */
  noteOrder(id: string, orderNo: number | null): void
  /**
   * Notes which of these invoices are orders that were known by another id.
   * @returns these invoices but those of an order that still stands as one: until it is gone they are no record of their own
   * @throws VendorTrouble
   */
  recognise(invoices: readonly Row[], context: RequestContext): Promise<readonly Row[]>
  /** The order's id of a recognised invoice; undefined: its own. */
  orderIdOf(invoice: Row): string | undefined
}

export type OrderSuffix = '' | '/Complete'

export const ordersPath = '/SalesOrders'
export const orderLabel = `${ordersPath}/{id}`
export const invoiceLabel = `${invoicesPath}/{id}`
export const completeNames: DocumentedNames = { ...orderNames, SalesOrderLines: true }
/** Inherited values as PowerOffice itself shows them (rule 10); kept apart from what is stored when something is written. */
export const withInherited = [['showInherited', 'true']] as const

const sentStateNames: DocumentedNames = { Id: true, IsInvoiceBeingProcessed: true, SentDateTimeOffset: true }

const cannotTell =
  'is no longer among the orders, and PowerOffice does not let us look among the invoices: we cannot tell invoiced from deleted. Grant the integration the role OutgoingInvoice in PowerOffice Go (Settings, Integrations)'
const onItsWay =
  'is being invoiced at this moment and shows neither as an order nor as an invoice: it is looked at again'

export function createOrderPlaces(client: HttpClient, invoices: InvoiceList): OrderPlaces {
  // An invoice may get an id of its own (sandbox/poweroffice/README.md, invoiceKeepsOrderId) and keeps the order's number. One
  // entry an open order that this process saw; what it never saw as an order is known by the invoice's id.
  const idsByOrderNo = new Map<number, string>()
  const orderNos = new Map<string, number>()
  const orderIdOfInvoice = new Map<string, string>()

  async function askOrder(id: string, suffix: OrderSuffix, context: RequestContext): Promise<Row | null | 'another'> {
    const path = `${ordersPath}/${encodeURIComponent(id)}${suffix}`
    const label = `${orderLabel}${suffix}`
    const answer = await client.read({ path, label, query: withInherited }, context)
    return rowOf(answer, id, label, completeNames)
  }

  async function askInvoice(id: string, context: RequestContext): Promise<Row | null | 'forbidden' | 'another'> {
    const path = `${invoicesPath}/${encodeURIComponent(id)}`
    const answer = await client.read({ path, label: invoiceLabel, takesForbidden: true }, context)
    return answer.status === 403 ? 'forbidden' : rowOf(answer, id, invoiceLabel, invoiceNames)
  }

  /** Whether PowerOffice says that the order is being sent as an invoice, or was. */
  async function isBeingInvoiced(id: string, context: RequestContext): Promise<boolean> {
    const request = { path: `${ordersPath}/sentState`, query: [['id', id]] as const, takesForbidden: true }
    const answer = await client.read(request, context)
    if (answer.status !== 200 || !Array.isArray(answer.json)) return false
    return answer.json.some((row: unknown) => {
      const state = withDocumentedNames(row, sentStateNames)
      return state?.['IsInvoiceBeingProcessed'] === true || typeof state?.['SentDateTimeOffset'] === 'string'
    })
  }

  async function lookOnce(id: string, suffix: OrderSuffix, context: RequestContext): Promise<Place> {
    const order = await askOrder(id, suffix, context)
    if (order === 'another') return { kind: 'untold', problem: anotherId }
    if (order) return { kind: 'order', row: order }
    const invoice = await askInvoice(id, context)
    if (invoice === 'another') return { kind: 'untold', problem: anotherId }
    if (invoice === 'forbidden') return { kind: 'untold', problem: cannotTell }
    return invoice ? { kind: 'invoice', row: invoice, invoiceId: id } : { kind: 'nowhere' }
  }

  /** An invoice that did not keep the order's id is known by the order's number. */
  async function lookByNumber(id: string, context: RequestContext): Promise<Place> {
    const orderNo = orderNos.get(id)
    const list = orderNo === undefined ? null : await invoices.find([], context)
    const row = list?.rows.find((invoice) => invoice['OrderNo'] === orderNo)
    const invoiceId = row?.['Id']
    return row && typeof invoiceId === 'string' ? { kind: 'invoice', row, invoiceId } : { kind: 'nowhere' }
  }

  return {
    // While an order is being invoiced it may be nowhere for a moment, which must not read as deleted.
    locate: async (id, suffix, context) => {
      if (!isUuid(id)) return { kind: 'nowhere' }
      const first = await lookOnce(id, suffix, context)
      if (first.kind !== 'nowhere') return first
      const isSent = await isBeingInvoiced(id, context)
      const second = await lookOnce(id, suffix, context)
      if (second.kind !== 'nowhere') return second
      const third = await lookByNumber(id, context)
      if (third.kind !== 'nowhere') return third
      return isSent ? { kind: 'untold', problem: onItsWay } : { kind: 'nowhere' }
    },
    unlisted: () => (invoices.isForbidden() ? { kind: 'untold', problem: cannotTell } : null),
    noteOrder: (id, orderNo) => {
      if (orderNo === null) return
      idsByOrderNo.set(orderNo, id)
      orderNos.set(id, orderNo)
    },
    recognise: async (rows, context) => {
      const early = new Set<Row>()
      for (const row of rows) {
        const { Id: invoiceId, OrderNo: orderNo } = row
        const orderId = typeof orderNo === 'number' ? idsByOrderNo.get(orderNo) : undefined
        if (typeof invoiceId !== 'string' || orderId === undefined || orderId === invoiceId) continue
        if (orderIdOfInvoice.has(invoiceId)) continue
        const place = await lookOnce(orderId, '', context)
        // Just after invoicing the order may linger; an answer kept from that moment would make two records of one for good.
        if (place.kind === 'order') early.add(row)
        // A credit note shows the number of the order, too: then the order's own invoice stands under the order's id.
        else orderIdOfInvoice.set(invoiceId, place.kind === 'nowhere' ? orderId : invoiceId)
      }
      return rows.filter((row) => !early.has(row))
    },
    orderIdOf: ({ Id: invoiceId }) => (typeof invoiceId === 'string' ? orderIdOfInvoice.get(invoiceId) : undefined),
  }
}

/** null for a 404, `another` for one that says it is another. @throws VendorTrouble for what is no record at all */
function rowOf(answer: HttpAnswer, id: string, label: string, names: DocumentedNames): Row | null | 'another' {
  if (answer.status === 404 || answer.status === 410) return null
  const row = answer.status < 400 ? withDocumentedNames(answer.json, names) : null
  const shown = row?.['Id']
  if (row && typeof shown === 'string' && shown.toLowerCase() === id.toLowerCase()) return row
  if (row && 'Id' in row) return 'another'
  const message = `PowerOffice answered GET ${label} (status ${answer.status}) with something other than the order asked for: check POWEROFFICE_BASE_URL; if it is right, the developer must look.`
  throw new VendorTrouble(contractChanged(powerOffice, message))
}
