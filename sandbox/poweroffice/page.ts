import { html } from 'hono/html'
import type { CustomerDto } from './customers/dto.ts'
import type { DepartmentDto } from './departments/dto.ts'
import { invoiceView, orderView } from './orders/page-views.ts'
import {
  type Cell,
  changedColumn,
  idColumn,
  type ListView,
  nameIndex,
  newestFirst,
  type Row,
  shownTime,
  textOf,
} from './page-view.ts'
import type { ProductDto } from './products/dto.ts'
import { effectiveProduct } from './products/effective.ts'
import type { SandboxState } from './sandbox-state.ts'

const rowsShown = 200

type Html = ReturnType<typeof html>

const customers: ListView = {
  name: 'customers',
  title: 'Customers',
  searchHint: 'Name, number, e-mail, organisation number',
  columns: [
    idColumn,
    { title: 'Number', isNumber: true },
    { title: 'Name' },
    { title: 'E-mail' },
    { title: 'Org. no.', isNumber: true },
    { title: 'Place' },
    { title: 'Department' },
    changedColumn,
  ],
  rows: (state) =>
    newestFirst<CustomerDto>(state.customers).map((customer) => ({
      cells: () => [
        customer.Id,
        customer.Number,
        customer.Name,
        customer.EmailAddress,
        customer.OrganizationNumber,
        customer.MailAddress?.City ?? null,
        textOf(customer.DepartmentCode),
        shownTime(customer.LastChangedDateTimeOffset),
      ],
      remark: customer.IsArchived ? 'archived' : null,
      searched: [customer.Name, customer.Number, customer.EmailAddress, customer.OrganizationNumber],
    })),
}

const departments: ListView = {
  name: 'departments',
  title: 'Departments',
  searchHint: 'Name, code',
  columns: [idColumn, { title: 'Code' }, { title: 'Name' }, changedColumn],
  rows: (state) =>
    newestFirst<DepartmentDto>(state.departments).map((department) => ({
      cells: () => [department.Id, department.Code, department.Name, shownTime(department.LastChangedDateTimeOffset)],
      remark: department.IsActive ? null : 'inactive',
      searched: [department.Name, department.Code],
    })),
}

const products: ListView = {
  name: 'products',
  title: 'Products',
  searchHint: 'Name, code, GTIN',
  columns: [
    idColumn,
    { title: 'Code' },
    { title: 'Name' },
    { title: 'Group' },
    { title: 'Price', isNumber: true },
    { title: 'On hand', isNumber: true },
    { title: 'Available', isNumber: true },
    changedColumn,
  ],
  rows: (state) =>
    newestFirst<ProductDto>(state.products).map((product) => ({
      cells: () => [
        product.Id,
        product.Code,
        product.Name,
        product.ProductGroupCode,
        effectiveProduct(state, product).unitPrice,
        product.StockOnHand,
        product.StockAvailable,
        shownTime(product.LastChangedDateTimeOffset),
      ],
      remark: product.IsArchived ? 'archived' : null,
      searched: [product.Name, product.Code, product.Gtin],
    })),
}

const views: readonly ListView[] = [customers, departments, products, orderView, invoiceView]

/** What somebody in the ERP would see: the newest edits first, found by any part of what the search box names. */
export function listPage(state: SandboxState, { show, search }: { show: string; search: string }): Html {
  const view = views.find(({ name }) => name === show) ?? customers
  const wanted = search.trim()
  const found = view.rows(state).filter((row) => isFoundBy(row, wanted))
  const shown = found.slice(0, rowsShown)
  return html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <title>PowerOffice Go sandbox: ${view.name}</title>
        <style>
          body { font: 15px/1.5 system-ui, sans-serif; margin: 2rem auto; max-width: 76rem; padding: 0 1rem; color: #1d2733; }
          h1 { font-size: 1.4rem; margin: 0; }
          nav { display: flex; gap: 1rem; }
          nav a[aria-current] { color: inherit; font-weight: 600; text-decoration: none; }
          form { margin: 1rem 0; display: flex; gap: 0.5rem; }
          input { flex: 0 1 24rem; }
          input, button { font: inherit; padding: 0.35rem 0.6rem; }
          .scroll { overflow-x: auto; }
          table { border-collapse: collapse; width: 100%; }
          th, td { text-align: left; padding: 0.35rem 0.6rem; border-bottom: 1px solid #dde3ea; white-space: nowrap; }
          th { background: #f3f6f9; }
          td.number { font-variant-numeric: tabular-nums; }
          .muted { color: #67778a; }
        </style>
      </head>
      <body>
        <h1>PowerOffice Go sandbox</h1>
        <p class="muted">What the ERP has. The API is under <code>/v2</code>, the switches under <code>/sandbox/settings</code>.</p>
        <nav>${views.map((other) => navigationLink(other, other === view))}</nav>
        <form method="get" action="/">
          <input type="hidden" name="show" value="${view.name}" />
          <input type="search" name="q" value="${wanted}" aria-label="Search ${view.name}" placeholder="${view.searchHint}" />
          <button type="submit">Search</button>
        </form>
        <p>${countSentence(view.name, found.length, shown.length)}</p>
        ${shown.length === 0 ? '' : listTable(view, shown)}
      </body>
    </html>`
}

function navigationLink({ name, title }: ListView, isCurrent: boolean): Html {
  return isCurrent
    ? html`<a href="/?show=${name}" aria-current="page">${title}</a>`
    : html`<a href="/?show=${name}">${title}</a>`
}

function listTable(view: ListView, rows: readonly Row[]): Html {
  return html`<div class="scroll">
    <table>
      <thead>
        <tr>${view.columns.map(({ title }) => html`<th>${title}</th>`)}</tr>
      </thead>
      <tbody>
        ${rows.map((row) => html`<tr>${row.cells().map((cell, index) => tableCell(view, row, cell, index))}</tr>`)}
      </tbody>
    </table>
  </div>`
}

function tableCell(view: ListView, row: Row, cell: Cell, index: number): Html {
  const column = view.columns[index]
  const names = [column?.isNumber ? 'number' : '', column?.isMuted ? 'muted' : ''].filter((name) => name !== '')
  const remark = index === nameIndex && row.remark !== null ? html` <span class="muted">(${row.remark})</span>` : ''
  return html`<td class="${names.join(' ')}">${cell ?? ''}${remark}</td>`
}

function countSentence(noun: string, total: number, shown: number): string {
  if (total === 0) return `No ${noun} found.`
  return shown < total ? `${total} ${noun}, the ${shown} changed last are shown.` : `${total} ${noun}.`
}

// Here and not in SQL: SQLite's lower() knows ASCII only, and somebody will look for ørsta.
function isFoundBy({ searched }: Row, wanted: string): boolean {
  return searched.some((text) =>
    String(text ?? '')
      .toLowerCase()
      .includes(wanted.toLowerCase()),
  )
}
