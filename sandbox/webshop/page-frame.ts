import { html } from 'hono/html'
import type { HtmlEscapedString } from 'hono/utils/html'
import type { Shop } from './shop.ts'

/** What `hono/html` makes of a template; every value in it is escaped. */
export type Markup = HtmlEscapedString | Promise<HtmlEscapedString>

/** More than anybody reads; the search narrows it. */
const maxRows = 200

const style = `
  body { font: 15px/1.5 system-ui, sans-serif; margin: 2rem; color: #1d1d1f }
  table { border-collapse: collapse; width: 100% }
  th, td { text-align: left; padding: .35rem .6rem; border-bottom: 1px solid #ddd; vertical-align: top }
  th { background: #f5f5f7; position: sticky; top: 0 }
  td.number, th.number { text-align: right; font-variant-numeric: tabular-nums }
  input, select, button { font: inherit; padding: .3rem .6rem }
  nav a { margin-right: 1.2rem } nav a[aria-current] { font-weight: 600; color: inherit; text-decoration: none }
  dl { display: grid; grid-template-columns: max-content 1fr; gap: .2rem 1.2rem } dt { color: #6e6e73 } dd { margin: 0 }
  .muted { color: #6e6e73 } .inactive td { color: #999 }`

const places = [
  { path: '/', label: 'Customers' },
  { path: '/products', label: 'Products' },
  { path: '/orders', label: 'Orders' },
] as const

/** The frame of every page for people: the shop's name and the way to its lists. */
export function pageFrame(shop: Shop, title: string, current: string, content: Markup): Markup {
  const { shop: name, epoch } = shop.settings()
  const { customers, products, orders } = shop.stores
  const link = ({ path, label }: (typeof places)[number]) =>
    path === current ? html`<a href="${path}" aria-current="page">${label}</a>` : html`<a href="${path}">${label}</a>`
  return html`<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><title>${name}: ${title}</title><style>${style}</style></head>
<body>
<h1>${name}</h1>
<nav>${places.map(link)}</nav>
<p class="muted">${customers.count()} customers, ${products.count()} products, ${orders.count()} orders, epoch ${epoch}. The
API is under <a href="/api/openapi.json">/api</a>.</p>
${content}
</body>
</html>`
}

interface Choice {
  readonly name: string
  readonly label: string
  readonly value: string
  readonly options: readonly { readonly value: string; readonly label: string }[]
}

export interface ListPage<Record> {
  readonly search: string
  readonly placeholder: string
  /** Beside the search box. */
  readonly choice?: Choice
  readonly columns: readonly string[]
  /** The latest changed first. */
  readonly find: (words: readonly string[], limit: number) => readonly Record[]
  readonly row: (record: Record) => Markup
}

/** A search box and the records that contain every word. */
export function recordList<Record>(list: ListPage<Record>): Markup {
  const words = list.search
    .split(/\s+/)
    .filter((word) => word !== '')
    .slice(0, 10)
  const found = list.find(words, maxRows + 1)
  return html`<form>
  <input type="search" name="q" value="${list.search}" placeholder="${list.placeholder}" aria-label="Search">
  ${list.choice && choiceBox(list.choice)}
  <button>Search</button>
</form>
<p>${found.length > maxRows ? `The ${maxRows} latest changed` : `${found.length} found`}</p>
<table>
<thead><tr>${list.columns.map((column) => html`<th>${column}</th>`)}</tr></thead>
<tbody>${found.slice(0, maxRows).map(list.row)}</tbody>
</table>`
}

function choiceBox({ name, label, value, options }: Choice): Markup {
  const option = (each: Choice['options'][number]) =>
    html`<option value="${each.value}" ${each.value === value ? 'selected' : ''}>${each.label}</option>`
  return html`<select name="${name}" aria-label="${label}">${options.map(option)}</select>`
}

/** To the list, where the id finds its record, departments among them. */
export function customerLink(id: string | null): Markup {
  return id === null ? html`` : html`<a href="/?q=${id}&kind=any">${id}</a>`
}

export function productLink(id: string | null, label: string | null): Markup {
  return id === null ? html`${label}` : html`<a href="/products?q=${id}">${label ?? id}</a>`
}
