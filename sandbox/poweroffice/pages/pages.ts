import type { Hono } from 'hono'
import { html } from 'hono/html'
import { noticeOf } from '../../pages/notices.ts'
import { createPages } from '../../pages/pages.ts'
import { mountRecords } from '../../pages/record-pages.ts'
import { settleInvoicings } from '../orders/invoice-order.ts'
import type { SandboxState } from '../sandbox-state.ts'
import { customerPages } from './customer-pages.ts'
import { deliveryAddressPages } from './delivery-address-pages.ts'
import { departmentPages } from './department-pages.ts'
import { explain } from './explain.ts'
import { invoicePages, mountPayments } from './invoice-pages.ts'
import { mountOrderActions, mountOrderLines } from './order-actions.ts'
import { orderPages, ordersPath } from './order-pages.ts'
import { productGroupPages, productPages } from './product-pages.ts'

/** Pages for people, as the bookkeeper: no keys, no rate limit, no scripts, and never counted as requests of an integration. */
export function powerOfficePages(state: SandboxState): Hono {
  const pages = createPages({
    site: {
      name: () => 'PowerOffice Go sandbox',
      about: html`A sandbox: you act as the bookkeeper. The API is under <code>/v2</code>, the switches under <code>/sandbox/settings</code>.`,
      accent: 'erp',
      places: [
        { path: '/customers', label: 'Customers' },
        { path: '/delivery-addresses', label: 'Delivery addresses' },
        { path: '/departments', label: 'Departments' },
        { path: '/products', label: 'Products' },
        { path: '/product-groups', label: 'Product groups' },
        { path: ordersPath, label: 'Sales orders' },
        { path: '/outgoing-invoices', label: 'Invoices' },
      ],
    },
    explain,
    // What was promised for later has happened by the time anybody looks, as under /v2.
    prepare: () => settleInvoicings(state),
  })

  pages.get('/', (context) =>
    pages.show(context, {
      title: 'Overview',
      place: null,
      notice: noticeOf(context),
      content: html`<ul class="ways">
<li><a href="${ordersPath}/new">New sales order</a><p class="quiet">For a customer, with its first lines.</p></li>
<li><a href="${ordersPath}">Sales orders</a><p class="quiet">${state.salesOrders.count([])}, to confirm and invoice.</p></li>
<li><a href="/outgoing-invoices">Invoices</a><p class="quiet">${state.outgoingInvoices.count([])}, to register payments.</p></li>
<li><a href="/customers">Customers</a><p class="quiet">${state.customers.count([])}, with their delivery addresses.</p></li>
<li><a href="/products">Products</a><p class="quiet">${state.products.count([])}, in groups.</p></li>
</ul>`,
    }),
  )
  mountRecords(pages, customerPages(state))
  mountRecords(pages, deliveryAddressPages(state))
  mountRecords(pages, departmentPages(state))
  mountRecords(pages, productPages(state))
  mountRecords(pages, productGroupPages(state))
  mountOrderLines(pages, state)
  mountOrderActions(pages, state, mountRecords(pages, orderPages(state)))
  mountPayments(pages, state)
  mountRecords(pages, invoicePages(state))
  return pages.app
}
