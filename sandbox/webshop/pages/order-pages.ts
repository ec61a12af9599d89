import { html } from 'hono/html'
import { nested } from '../../pages/field.ts'
import { actionButton, linkButton, shownTime } from '../../pages/frame.ts'
import type { Markup } from '../../pages/markup.ts'
import type { RecordPages } from '../../pages/record-pages.ts'
import { table } from '../../pages/table.ts'
import type { OrderLine } from '../line-schema.ts'
import { type OrderFields, orderStatuses } from '../order-schema.ts'
import type { StoredRecord } from '../record-store.ts'
import type { Shop } from '../shop.ts'
import type { AllShopUsers } from '../shop-users.ts'
import { customerName } from './lookups.ts'
import { buyerText, headFields, headValues } from './order-fields.ts'
import { placeOrder, placingFields } from './place-order.ts'

type Order = StoredRecord<OrderFields>

export function orderPages(shop: Shop, users: AllShopUsers): RecordPages<Order> {
  const buyer = (order: Order) => {
    const customer = users.customers.get(order.customerId)
    return html`<a href="/customers/${order.customerId}">${(customer && customerName(customer)) || order.customerId}</a>`
  }
  return {
    path: '/orders',
    title: 'Orders',
    singular: 'order',
    plural: 'orders',
    newLabel: 'Place an order',
    list: {
      placeholder: 'Number, reference, customer id, text of a line',
      filters: [
        {
          name: 'status',
          label: 'Status',
          options: [
            { value: 'all', label: 'every status' },
            ...orderStatuses.map((value) => ({ value, label: value })),
          ],
        },
      ],
      columns: [
        { title: 'Number' },
        { title: 'Status' },
        { title: 'Customer' },
        { title: 'Ordered', isNumber: true },
        { title: 'Lines', isNumber: true },
        { title: 'Total inc VAT', isNumber: true },
        { title: 'Payment' },
        { title: 'ERP order', isNumber: true },
        { title: 'Changed', isNumber: true, isQuiet: true },
      ],
      find: ({ words, filters: { status = 'all' }, ...rows }) =>
        shop.stores.orders.search(words, status === 'all' ? new Map() : new Map([['status', [status]]]), rows),
      row: (order) => ({
        cells: [
          html`<a href="/orders/${order.id}">${order.number}</a>`,
          order.status,
          buyer(order),
          shownTime(order.orderedAt),
          order.lines.length,
          `${order.totalIncVat} ${order.currency}`,
          order.payment.status,
          order.erpOrderNumber,
          shownTime(order.changedAt),
        ],
        isQuiet: order.status === 'cancelled',
      }),
    },
    get: (id) => users.orders.existing(id),
    nameOf: (order) => order.number,
    facts: (order) => [
      ['Status', order.status],
      ['Customer', buyer(order)],
      ['Ordered', shownTime(order.orderedAt)],
      ['Total ex VAT', `${order.totalExVat} ${order.currency}`],
      ['Total inc VAT', `${order.totalIncVat} ${order.currency}`],
      ['ERP order', order.erpOrderNumber],
      ['Invoice', order.invoiceNumber],
      ['Due', order.invoiceDueDate],
      ['Balance', order.invoiceBalance],
      ['Credits', order.creditsOrderId && html`<a href="/orders/${order.creditsOrderId}">${order.creditsOrderId}</a>`],
      ['Id', `${order.id}, version ${order.version}`],
      ['ERP id', order.erpId],
      ['Changed', shownTime(order.changedAt)],
    ],
    fields: (order) => (order === null ? placingFields(shop) : headFields(shop)),
    values: (order) => headValues(shop, order),
    locked: (order) =>
      isClosed(order) ? `Order ${order.number} is ${order.status} and can no longer be edited.` : undefined,
    begin: ({ customer = '' }) => ({ customerId: buyerText(shop, customer), 'payment.status': 'none' }),
    buttons: (order) => html`${isClosed(order) ? '' : actionButton(`/orders/${order.id}/cancel`, 'Cancel the order')}
${isRefundable(order) ? actionButton(`/orders/${order.id}/refund`, 'Refund (credit order)') : ''}`,
    below: (order) => linesMarkup(order),
    create: (given) => placeOrder(shop, users, given).id,
    change: (id, given) => void users.orders.edit(id, nested(given)),
    remove: (id) => users.orders.remove(id),
  }
}

function isClosed({ status }: Order): boolean {
  return status === 'invoiced' || status === 'cancelled'
}

function isRefundable({ status, creditsOrderId, lines }: Order): boolean {
  return status !== 'cancelled' && creditsOrderId === null && lines.length > 0
}

function linesMarkup(order: Order): Markup {
  const address = `/orders/${order.id}/lines`
  const isOpen = !isClosed(order)
  const row = (line: OrderLine) => ({
    cells: [
      line.position,
      line.kind,
      line.productId === null
        ? line.sku
        : html`<a href="/products/${line.productId}">${line.sku ?? line.productId}</a>`,
      line.description,
      line.quantity,
      line.unit,
      line.unitPriceExVat,
      line.discountPercent,
      line.vatRate,
      isOpen
        ? html`<a href="${address}/${line.id}" aria-label="Edit line ${line.position}, ${line.description}">Edit</a>`
        : '',
    ],
  })
  return html`<h2>Lines</h2>
${order.lines.length === 0 ? html`<p class="quiet">No lines.</p>` : table(lineColumns, order.lines.map(row))}
${isOpen ? html`<p class="buttons">${linkButton(`${address}/new`, 'Add a line')}</p>` : ''}`
}

const lineColumns = [
  { title: 'Position', isNumber: true },
  { title: 'Kind' },
  { title: 'SKU' },
  { title: 'Description' },
  { title: 'Quantity', isNumber: true },
  { title: 'Unit' },
  { title: 'Price ex VAT', isNumber: true },
  { title: 'Discount %', isNumber: true },
  { title: 'VAT %', isNumber: true },
  { title: '' },
] as const
