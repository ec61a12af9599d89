import { html } from 'hono/html'
import type { CustomerFields } from './customer-schema.ts'
import type { StoredRecord } from './record-store.ts'
import type { Shop } from './shop.ts'

/** More than anybody reads; the search narrows it. */
const maxRows = 200

const style = `
  body { font: 15px/1.5 system-ui, sans-serif; margin: 2rem; color: #1d1d1f }
  table { border-collapse: collapse; width: 100% }
  th, td { text-align: left; padding: .35rem .6rem; border-bottom: 1px solid #ddd; vertical-align: top }
  th { background: #f5f5f7; position: sticky; top: 0 }
  input, select, button { font: inherit; padding: .3rem .6rem }
  .muted { color: #6e6e73 } .inactive td { color: #999 }`

/** People's view of the shop: the customers, the latest changed first. `hono/html` escapes every value. */
export function customersPage(shop: Shop, query: { search: string; kind: string }) {
  const { shop: name, epoch } = shop.settings()
  // As the contract says of departments: they are not in the customer search; they have a choice of their own.
  const kinds = query.kind === 'all' ? ['company', 'person'] : [query.kind]
  const words = query.search
    .split(/\s+/)
    .filter((word) => word !== '')
    .slice(0, 10)
  const found = shop.stores.customers.search(words, new Map([['kind', kinds]]), maxRows + 1)
  const shown = found.slice(0, maxRows)
  const total = shop.stores.customers.count()
  const option = (value: string, label: string) =>
    html`<option value="${value}" ${value === query.kind ? 'selected' : ''}>${label}</option>`
  return html`<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><title>${name}: customers</title><style>${style}</style></head>
<body>
<h1>${name}</h1>
<p class="muted">${total} customers, epoch ${epoch}. The API is under <a href="/api/openapi.json">/api</a>.</p>
<form>
  <input type="search" name="q" value="${query.search}" placeholder="name, e-mail, number, city" aria-label="Search">
  <select name="kind" aria-label="Kind">
    ${option('all', 'companies and persons')}${option('company', 'companies')}${option('person', 'persons')}
    ${option('department', 'departments')}
  </select>
  <button>Search</button>
</form>
<p>${found.length > maxRows ? `The ${maxRows} latest changed` : `${found.length} found`}</p>
<table>
<thead><tr><th>Id</th><th>Name</th><th>Kind</th><th>E-mail</th><th>Phone</th><th>Org. number</th><th>Customer number</th>
<th>Address</th><th>ERP id</th><th>Changed</th></tr></thead>
<tbody>${shown.map(customerRow)}</tbody>
</table>
</body>
</html>`
}

function customerRow(customer: StoredRecord<CustomerFields>) {
  const { address } = customer
  const personName = [customer.firstName, customer.lastName].filter((part) => part).join(' ')
  const place = address && [address.line1, address.line2, [address.zip, address.city].filter(Boolean).join(' ')]
  return html`<tr class="${customer.active ? '' : 'inactive'}">
<td>${customer.id}</td><td>${customer.kind === 'person' ? personName : customer.name}</td>
<td>${customer.kind}${customer.guest ? ' (guest)' : ''}${customer.active ? '' : ' (inactive)'}</td>
<td>${customer.email}</td><td>${customer.phone}</td><td>${customer.organizationNumber}</td>
<td>${customer.customerNumber}</td><td>${place?.filter(Boolean).join(', ')}</td><td>${customer.erpId}</td>
<td>${customer.changedAt}</td></tr>
`
}
