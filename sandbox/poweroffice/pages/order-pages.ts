import { html } from 'hono/html'
import { FormRefused, type Given, recordText } from '../../pages/field.ts'
import { actionButton, linkButton, shownTime } from '../../pages/frame.ts'
import type { Markup } from '../../pages/markup.ts'
import { Moved } from '../../pages/pages.ts'
import type { RecordPages } from '../../pages/record-pages.ts'
import { table } from '../../pages/table.ts'
import { invoiceIdOf, requestedInvoicing } from '../orders/invoicing-state.ts'
import type { LineDto } from '../orders/line-dto.ts'
import { linesOf } from '../orders/lines-of.ts'
import type { OrderDto } from '../orders/order-dto.ts'
import { createOrder, deleteOrder, editOrder, existingOrder } from '../orders/write-order.ts'
import type { SandboxState } from '../sandbox-state.ts'
import type { JsonObject } from '../schema.ts'
import { customerLink } from './customer-link.ts'
import { bodyOf } from './described-fields.ts'
import { containingOrOf, customerLookup, shownValues } from './lookups.ts'
import { firstLines, orderFields } from './order-fields.ts'

export const ordersPath = '/sales-orders'

export function orderPages(state: SandboxState): RecordPages<OrderDto> {
  return {
    path: ordersPath,
    title: 'Sales orders',
    singular: 'sales order',
    plural: 'sales orders',
    list: {
      placeholder: 'Number, customer, reference',
      filters: [
        {
          name: 'status',
          label: 'Status',
          options: [
            { value: 'all', label: 'every status' },
            { value: 'Draft', label: 'drafts' },
            { value: 'Confirmed', label: 'confirmed' },
          ],
        },
      ],
      columns: [
        { title: 'Number', isNumber: true },
        { title: 'Customer' },
        { title: 'Status' },
        { title: 'Lines', isNumber: true },
        { title: 'Net', isNumber: true },
        { title: 'Total', isNumber: true },
        { title: 'Changed', isNumber: true, isQuiet: true },
      ],
      find: ({ words, filters: { status = 'all' }, limit, offset }) =>
        state.salesOrders.seen({
          where: [
            ...containingOrOf('customerId', words),
            ...(status === 'all' ? [] : [{ sql: 'orderStatus = ?', values: [status] }]),
          ],
          orderBy: 'changed DESC, salesOrderNo DESC',
          limit,
          offset,
        }),
      row: (order) => ({
        cells: [
          html`<a href="${ordersPath}/${order.Id}">${order.SalesOrderNo}</a>`,
          customerLink(state, order.CustomerId),
          order.SalesOrderStatus,
          order.LineCount,
          amount(order.NetAmount),
          amount(order.TotalAmount),
          shownTime(order.LastChangedDateTimeOffset),
        ],
      }),
    },
    get: (id) => orderAt(state, id),
    nameOf: (order) => String(order.SalesOrderNo),
    facts: (order) => [
      ['Status', order.SalesOrderStatus],
      ['Customer', customerLink(state, order.CustomerId)],
      ['Net', amount(order.NetAmount)],
      ['Total', amount(order.TotalAmount)],
      ['Sending', sendingOf(state, order.Id)],
      ['Made by', order.IsCreatedByCurrentIntegration ? 'the integration' : 'a person'],
      ['Imported order number', order.ImportedOrderNo],
      ['External import reference', order.ExternalImportReference],
      ['Id', order.Id],
      ['Changed', shownTime(order.LastChangedDateTimeOffset)],
    ],
    fields: (order) => orderFields(state, order),
    values: (order) => shownValues(orderFields(state, order), order),
    locked: (order) => lockedBecause(state, order),
    begin: ({ customer = '' }) => {
      const option = customerLookup(state).find(customer)
      return { CustomerId: option ? recordText(option) : '' }
    },
    buttons: (order) =>
      html`${
        order.SalesOrderStatus === 'Draft'
          ? actionButton(`${ordersPath}/${order.Id}/confirm`, 'Confirm')
          : actionButton(`${ordersPath}/${order.Id}/reopen`, 'Set back to draft')
      }${linkButton(`${ordersPath}/${order.Id}/invoice`, 'Invoice')}`,
    below: (order) => linesMarkup(state, order),
    create: (given) => createOrder(state, newOrder(given), { isByIntegration: false }).order.Id,
    change: (id, given) => void editOrder(state, id, bodyOf('SalesOrderPatchDto', given)),
    remove: (id) => deleteOrder(state, orderAt(state, id).Id),
  }
}

/** The order; one that has become an invoice is shown there. @throws Moved | Problem 404 */
export function orderAt(state: SandboxState, id: string): OrderDto {
  const asked = id.toLowerCase()
  const order = state.salesOrders.get(asked)
  if (order) return order
  const invoiceId = invoiceIdOf(state, asked)
  if (invoiceId !== null && state.outgoingInvoices.get(invoiceId)) throw new Moved(`/outgoing-invoices/${invoiceId}`)
  return existingOrder(state, asked).order
}

export function lockedBecause(state: SandboxState, order: OrderDto): string | undefined {
  const requested = requestedInvoicing(state, order.Id)
  if (requested !== null && requested.error === null) return 'The order is being invoiced.'
  const isLocked = order.SalesOrderStatus === 'Confirmed' && state.settings.current().confirmedOrderEdit !== 'accepted'
  return isLocked ? 'The order is confirmed: set it back to draft to edit it.' : undefined
}

/** As sentState says it of an order that is not an invoice yet. */
function sendingOf(state: SandboxState, orderId: string): string | null {
  const requested = requestedInvoicing(state, orderId)
  if (requested === null) return null
  return requested.error === null ? 'being invoiced' : `not sent: ${requested.error}`
}

function newOrder(given: Given): JsonObject {
  const head = Object.fromEntries(Object.entries(given).filter(([name]) => !/^line\d\./.test(name)))
  const lines = firstLines.flatMap((number) => {
    const prefix = `line${number}.`
    const own = Object.entries(given).filter(([name]) => name.startsWith(prefix))
    if (own.length === 0) return []
    const line = Object.fromEntries(own.map(([name, value]) => [name.slice(prefix.length), value]))
    if (line['ProductId'] === undefined) {
      throw new FormRefused({ general: [], fields: { [`${prefix}ProductId`]: 'Choose a product.' } })
    }
    return [bodyOf('SalesOrderLinePostDto', { Quantity: '1', ...line })]
  })
  return { ...bodyOf('SalesOrderCompletePostDto', head), SalesOrderLines: lines }
}

function linesMarkup(state: SandboxState, order: OrderDto): Markup {
  const isOpen = lockedBecause(state, order) === undefined
  const address = `${ordersPath}/${order.Id}/lines`
  const row = (line: LineDto) => ({
    cells: [
      line.LineType,
      line.ProductId === null
        ? ''
        : html`<a href="/products/${line.ProductId}">${line.ProductCode ?? line.ProductId}</a>`,
      line.Description,
      line.Quantity,
      line.ProductUnitPrice,
      line.Allowance,
      line.VatRate === null ? '' : `${Math.round(line.VatRate * 10_000) / 100} %`,
      amount(line.NetAmount),
      amount(line.TotalAmount),
      isOpen
        ? html`<a href="${address}/${line.Id}" aria-label="Edit line ${line.SortOrder + 1}, ${line.Description}">Edit</a>`
        : '',
    ],
  })
  const lines = linesOf(state, order.Id)
  return html`<h2>Lines</h2>
${lines.length === 0 ? html`<p class="quiet">No lines.</p>` : table(lineColumns, lines.map(row))}
${isOpen ? html`<p class="buttons">${linkButton(`${address}/new`, 'Add a line')}</p>` : ''}`
}

const lineColumns = [
  { title: 'Type' },
  { title: 'Product' },
  { title: 'Description' },
  { title: 'Quantity', isNumber: true },
  { title: 'Price', isNumber: true },
  { title: 'Discount %', isNumber: true },
  { title: 'VAT', isNumber: true },
  { title: 'Net', isNumber: true },
  { title: 'Total', isNumber: true },
  { title: '' },
] as const

/** Computed amounts have two decimals. */
export function amount(value: number): string {
  return value.toFixed(2)
}
