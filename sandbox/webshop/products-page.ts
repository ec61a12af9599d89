import { html } from 'hono/html'
import { type Markup, pageFrame, recordList } from './page-frame.ts'
import type { ProductFields } from './product-schema.ts'
import type { StoredRecord } from './record-store.ts'
import type { Shop } from './shop.ts'

/** People's view of the products, the latest changed first. */
export function productsPage(shop: Shop, query: { search: string }): Markup {
  const list = recordList({
    search: query.search,
    placeholder: 'sku, name, gtin, category',
    columns: [
      'Id',
      'SKU',
      'Name',
      'GTIN',
      'Type',
      'Category',
      'Unit',
      'Price ex VAT',
      'VAT %',
      'ERP stock',
      'ERP id',
      'Changed',
    ],
    find: (words, limit) => shop.stores.products.search(words, new Map(), limit),
    row: productRow,
  })
  return pageFrame(shop, 'products', '/products', list)
}

function productRow(product: StoredRecord<ProductFields>): Markup {
  const states = [product.active ? '' : 'inactive', product.published ? '' : 'not published'].filter(Boolean).join(', ')
  return html`<tr class="${product.active ? '' : 'inactive'}">
<td>${product.id}</td><td>${product.sku}</td><td>${product.name}${states && ` (${states})`}</td><td>${product.gtin}</td>
<td>${product.type}</td><td>${product.category}</td><td>${product.unit}</td><td class="number">${product.priceExVat}</td>
<td class="number">${product.vatRate}</td><td class="number">${product.erpStock}</td><td>${product.erpId}</td>
<td>${product.changedAt}</td></tr>
`
}
