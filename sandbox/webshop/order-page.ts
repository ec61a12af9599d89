import { html } from 'hono/html'
import { addressText } from './address.ts'
import type { CustomerFields } from './customer-schema.ts'
import type { OrderLine } from './line-schema.ts'
import { customerLink, type Markup, pageFrame, productLink } from './page-frame.ts'
import { Problem } from './problem.ts'
import type { Shop } from './shop.ts'

const lineColumns = [
  'Position',
  'Line',
  'Kind',
  'SKU',
  'Description',
  'Quantity',
  'Unit',
  'Price ex VAT',
  'Discount %',
  'VAT %',
]

/** One order with its lines. @throws Problem 404 */
export function orderPage(shop: Shop, id: string): Markup {
  const found = shop.stores.orders.find(id)
  if (found.kind !== 'live') throw new Problem(404, 'not-found', `There is no order ${id}.`)
  const order = found.record
  const { view } = shop.writeContext('shopkeeper')
  const customer = (customerId: string | null) => {
    const named = customerId === null ? undefined : view.findCustomer(customerId)
    return html`${customerLink(customerId)} ${named && nameOf(named)}`
  }
  const { status, method, reference } = order.payment
  const facts: readonly (readonly [string, unknown])[] = [
    ['Status', order.status],
    ['Customer', customer(order.customerId)],
    ['Department', customer(order.departmentId)],
    ['Ordered', order.orderedAt],
    ['Purchase order', order.purchaseOrderReference],
    ['Customer reference', order.customerReference],
    ['Delivery', addressText(order.deliveryAddress)],
    ['Payment', [status, method, reference].filter(Boolean).join(', ')],
    ['ERP order', order.erpOrderNumber],
    ['Invoice', [order.invoiceNumber, order.invoiceDueDate, order.invoiceBalance].filter(Boolean).join(', ')],
    ['Credits', order.creditsOrderId && html`<a href="/orders/${order.creditsOrderId}">${order.creditsOrderId}</a>`],
    ['Total ex VAT', `${order.totalExVat} ${order.currency}`],
    ['Total inc VAT', `${order.totalIncVat} ${order.currency}`],
    ['Id', `${order.id}, version ${order.version}`],
    ['ERP id', order.erpId],
    ['Changed', order.changedAt],
  ]
  const content = html`<h2>Order ${order.number}</h2>
<dl>${facts.map(([name, value]) => (value ? html`<dt>${name}</dt><dd>${value}</dd>` : ''))}</dl>
<table>
<thead><tr>${lineColumns.map((column) => html`<th>${column}</th>`)}</tr></thead>
<tbody>${order.lines.map(lineRow)}</tbody>
</table>`
  return pageFrame(shop, `order ${order.number}`, `/orders/${id}`, content)
}

function nameOf({ kind, name, firstName, lastName }: CustomerFields): string {
  return kind === 'person' ? [firstName, lastName].filter(Boolean).join(' ') : (name ?? '')
}

function lineRow(line: OrderLine): Markup {
  return html`<tr><td class="number">${line.position}</td><td>${line.id}</td><td>${line.kind}</td>
<td>${productLink(line.productId, line.sku)}</td><td>${line.description}</td><td class="number">${line.quantity}</td>
<td>${line.unit}</td><td class="number">${line.unitPriceExVat}</td><td class="number">${line.discountPercent}</td>
<td class="number">${line.vatRate}</td></tr>
`
}
