import { html } from 'hono/html'
import { type OrderFields, orderStatuses } from './order-schema.ts'
import { customerLink, type Markup, pageFrame, recordList } from './page-frame.ts'
import type { StoredRecord } from './record-store.ts'
import type { Shop } from './shop.ts'

/** People's view of the orders, the latest changed first. */
export function ordersPage(shop: Shop, query: { search: string; status: string }): Markup {
  const filters = query.status === 'all' ? new Map() : new Map([['status', [query.status]]])
  const list = recordList({
    search: query.search,
    placeholder: 'number, reference, customer id, text of a line',
    choice: {
      name: 'status',
      label: 'Status',
      value: query.status,
      options: [{ value: 'all', label: 'every status' }, ...orderStatuses.map((value) => ({ value, label: value }))],
    },
    columns: [
      'Number',
      'Status',
      'Customer',
      'Ordered',
      'Lines',
      'Total ex VAT',
      'Total inc VAT',
      'Payment',
      'ERP order',
      'ERP id',
      'Changed',
    ],
    find: (words, limit) => shop.stores.orders.search(words, filters, limit),
    row: orderRow,
  })
  return pageFrame(shop, 'orders', '/orders', list)
}

function orderRow(order: StoredRecord<OrderFields>): Markup {
  return html`<tr class="${order.status === 'cancelled' ? 'inactive' : ''}">
<td><a href="/orders/${order.id}">${order.number}</a></td><td>${order.status}</td><td>${customerLink(order.customerId)}</td>
<td>${order.orderedAt}</td><td class="number">${order.lines.length}</td><td class="number">${order.totalExVat}</td>
<td class="number">${order.totalIncVat} ${order.currency}</td><td>${order.payment.status}</td>
<td>${order.erpOrderNumber}</td><td>${order.erpId}</td><td>${order.changedAt}</td></tr>
`
}
