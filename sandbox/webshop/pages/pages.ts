import type { Hono } from 'hono'
import { html } from 'hono/html'
import { mountAction } from '../../pages/form-routes.ts'
import { noticeOf, withNotice } from '../../pages/notices.ts'
import { createPages } from '../../pages/pages.ts'
import { idOf, mountRecords } from '../../pages/record-pages.ts'
import type { Shop } from '../shop.ts'
import { openShopUsers } from '../shop-users.ts'
import { creditOrder } from './credit-order.ts'
import { customerPages, departmentPages } from './customer-pages.ts'
import { explain } from './explain.ts'
import { mountOrderLines } from './order-line-pages.ts'
import { orderPages } from './order-pages.ts'
import { productPages } from './product-pages.ts'

/** Pages for people, as the shopkeeper: without a key, without scripts, and never counted as the sync's requests. */
export function shopPages(shop: Shop): Hono {
  const users = openShopUsers(shop)
  const places = [
    { path: '/customers', label: 'Customers' },
    { path: '/departments', label: 'Departments' },
    { path: '/products', label: 'Products' },
    { path: '/orders', label: 'Orders' },
  ]
  const pages = createPages({
    site: {
      name: () => shop.settings().shop,
      about: html`A sandbox: you act as the shop’s own users. The API is under <code>/api</code>, <a href="/api/docs">described for people</a> and <a href="/api/openapi.json">for tools</a>.`,
      accent: 'shop',
      places,
    },
    explain,
  })

  pages.get('/', (context) =>
    pages.show(context, {
      title: 'Overview',
      place: null,
      notice: noticeOf(context),
      content: html`<ul class="ways">
<li><a href="/orders/new">Place an order</a><p class="quiet">As a customer does: products, freight, a discount.</p></li>
<li><a href="/orders">Orders</a><p class="quiet">${shop.stores.orders.count()}, to edit, cancel and refund.</p></li>
<li><a href="/customers">Customers</a><p class="quiet">${shop.stores.customers.count()} companies, people and departments.</p></li>
<li><a href="/products">Products</a><p class="quiet">${shop.stores.products.count()}, with price and stock.</p></li>
</ul>`,
    }),
  )
  mountRecords(pages, customerPages(shop, users))
  mountRecords(pages, departmentPages(shop, users))
  mountRecords(pages, productPages(shop, users))
  // Before the page of one order, whose address has one part less.
  mountOrderLines(pages, shop, users)
  const order = mountRecords(pages, orderPages(shop, users))
  mountAction(pages, {
    path: '/orders/:id/cancel',
    on: order,
    act: (context) => {
      users.orders.edit(idOf(context), { status: 'cancelled' })
      return withNotice(`/orders/${idOf(context)}`, 'cancelled')
    },
  })
  mountAction(pages, {
    path: '/orders/:id/refund',
    on: order,
    act: (context) => {
      const refunded = users.orders.existing(idOf(context))
      const credit = users.orders.create(creditOrder(refunded, new Date().toISOString()))
      return withNotice(`/orders/${credit.id}`, 'refunded')
    },
  })
  return pages.app
}
