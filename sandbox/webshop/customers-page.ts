import { html } from 'hono/html'
import { addressText } from './address.ts'
import type { CustomerFields } from './customer-schema.ts'
import { type Markup, pageFrame, recordList } from './page-frame.ts'
import type { StoredRecord } from './record-store.ts'
import type { Shop } from './shop.ts'

/** People's view of the customers, the latest changed first. */
export function customersPage(shop: Shop, query: { search: string; kind: string }): Markup {
  // As the contract says of departments: they are not in the customer search; they have a choice of their own.
  const kinds = query.kind === 'all' ? ['company', 'person'] : [query.kind]
  const filters = query.kind === 'any' ? new Map() : new Map([['kind', kinds]])
  const list = recordList({
    search: query.search,
    placeholder: 'name, e-mail, number, city',
    choice: {
      name: 'kind',
      label: 'Kind',
      value: query.kind,
      options: [
        { value: 'all', label: 'companies and persons' },
        { value: 'company', label: 'companies' },
        { value: 'person', label: 'persons' },
        { value: 'department', label: 'departments' },
        { value: 'any', label: 'all of them' },
      ],
    },
    columns: [
      'Id',
      'Name',
      'Kind',
      'E-mail',
      'Phone',
      'Org. number',
      'Customer number',
      'Address',
      'ERP id',
      'Changed',
      'Orders',
    ],
    find: (words, limit) => shop.stores.customers.search(words, filters, limit),
    row: customerRow,
  })
  return pageFrame(shop, 'customers', '/', list)
}

function customerRow(customer: StoredRecord<CustomerFields>): Markup {
  const personName = [customer.firstName, customer.lastName].filter((part) => part).join(' ')
  return html`<tr class="${customer.active ? '' : 'inactive'}">
<td>${customer.id}</td><td>${customer.kind === 'person' ? personName : customer.name}</td>
<td>${customer.kind}${customer.guest ? ' (guest)' : ''}${customer.active ? '' : ' (inactive)'}</td>
<td>${customer.email}</td><td>${customer.phone}</td><td>${customer.organizationNumber}</td>
<td>${customer.customerNumber}</td><td>${addressText(customer.address)}</td><td>${customer.erpId}</td>
<td>${customer.changedAt}</td><td><a href="/orders?q=${customer.id}">orders</a></td></tr>
`
}
