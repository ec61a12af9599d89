import { html } from 'hono/html'
import type { Option } from './field.ts'
import type { Markup } from './markup.ts'
import { type Column, type Row, table } from './table.ts'
import { wordsOf } from './words.ts'

const rowsPerPage = 50
/** Nobody goes further by hand; a search finds what stands there. */
const maxPage = 100_000

export interface ListFilter {
  /** Query key. */
  readonly name: string
  readonly label: string
  /** The first is what holds when nobody chose. */
  readonly options: readonly Option[]
}

export interface Wanted {
  readonly words: readonly string[]
  readonly filters: Readonly<Record<string, string>>
  readonly limit: number
  readonly offset: number
}

export interface RecordList<Rec> {
  readonly placeholder: string
  readonly filters?: readonly ListFilter[]
  readonly columns: readonly Column[]
  /** Exactly these rows, the latest first: never all of them, so that lists stay fast. */
  find(wanted: Wanted): readonly Rec[]
  row(record: Rec): Row
}

/** Search, one page of rows, and the way to the others. Addresses say all of it, so that they can be kept. */
export function listMarkup<Rec>(
  list: RecordList<Rec>,
  { path, plural }: { path: string; plural: string },
  query: Readonly<Record<string, string>>,
): Markup {
  const search = query['q'] ?? ''
  const asked = Math.trunc(Number(query['page'] ?? 1))
  const page = Number.isFinite(asked) ? Math.min(Math.max(asked, 1), maxPage) : 1
  const words = wordsOf(search)
  const filters = Object.fromEntries((list.filters ?? []).map((filter) => [filter.name, chosen(filter, query)]))
  const found = list.find({ words, filters, limit: rowsPerPage + 1, offset: (page - 1) * rowsPerPage })
  const rows = found.slice(0, rowsPerPage)
  const pageLink = (to: number, label: string) => {
    const parameters = new URLSearchParams({ ...(search !== '' && { q: search }), ...filters, page: String(to) })
    return html`<a class="button" href="${path}?${parameters.toString()}">${label}</a>`
  }
  const isOnly = page === 1 && found.length <= rowsPerPage
  return html`<form class="search" method="get" action="${path}" role="search">
<input type="search" name="q" value="${search}" placeholder="${list.placeholder}" aria-label="Search ${plural}">
${(list.filters ?? []).map((filter) => filterMarkup(filter, filters[filter.name] ?? ''))}
<button>Search</button>
</form>
${rows.length === 0 ? html`<p class="quiet">No ${plural} found.</p>` : table(list.columns, rows.map(list.row))}
${isOnly ? '' : html`<nav class="pager" aria-label="Pages">${page > 1 ? pageLink(page - 1, 'Earlier') : ''}<span class="quiet">Page ${page}</span>${found.length > rowsPerPage ? pageLink(page + 1, 'Later') : ''}</nav>`}`
}

function chosen({ name, options }: ListFilter, query: Readonly<Record<string, string>>): string {
  const asked = options.find(({ value }) => value === query[name])
  return (asked ?? options[0])?.value ?? ''
}

function filterMarkup({ name, label, options }: ListFilter, value: string): Markup {
  return html`<select name="${name}" aria-label="${label}">${options.map(
    (option) =>
      html`<option value="${option.value}"${option.value === value ? html` selected` : ''}>${option.label}</option>`,
  )}</select>`
}
