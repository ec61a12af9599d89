import { html } from 'hono/html'
import type { Settings } from '../../../flows/settings.ts'
import { type ChosenPairs, type PairChoice, type PairFilter, pairFilters } from '../choose-pairs.ts'
import type { ShownItem } from '../items-watch.ts'
import type { Html } from './html-types.ts'
import { pairRow } from './pair-row.ts'
import type { PairRowView } from './pair-row-view.ts'

const filterWords: Readonly<Record<PairFilter, string>> = {
  all: 'all',
  linked: 'linked',
  differ: 'differing',
  erpOnly: 'only in PowerOffice',
  shopOnly: 'only in the webshop',
}

/** Search, the pairs of one page, and the way to the others. */
export function pairsSection(
  settings: Settings,
  view: PairRowView,
  choice: PairChoice,
  chosen: ChosenPairs,
  /** The lists within the chosen pairs, in their order. */
  items: readonly (readonly ShownItem[])[],
): Html {
  const { name, listOf } = view.definition
  // Which lists differ is known of those on this page only.
  const filters = pairFilters.filter((filter) => listOf === undefined || filter !== 'differ')
  return html`<section class="pairs">
<form class="search" method="get" action="/flows/${name}" role="search" data-search>
<input type="search" name="q" value="${choice.search}" placeholder="Search both sides" aria-label="Search both sides">
<select name="show" aria-label="Show">${filters.map(
    (filter) =>
      html`<option value="${filter}"${filter === choice.filter ? ' selected' : ''}>${filterWords[filter]}</option>`,
  )}</select>
<button>Search</button>
<span id="found" class="quiet" data-live>${chosen.found} found</span>
</form>
${realSystemsNote(settings)}
<div class="pair columns" aria-hidden="true"><div class="side">PowerOffice</div><div class="between"></div><div class="side">Webshop</div></div>
<div id="pairs" data-live data-list>${chosen.pairs.map((pair, index) => pairRow(view, pair, items[index] ?? []))}</div>
<div id="pages" data-live>${pageLinks(name, choice, chosen)}</div>
</section>`
}

function realSystemsNote({ powerOffice, webshop }: Settings): Html | '' {
  const real = [...(powerOffice.sandbox ? [] : ['PowerOffice']), ...(webshop.sandbox ? [] : ['the webshop'])]
  if (real.length === 0) return ''
  return html`<p class="banner">${real.join(' and ')} ${real.length === 1 ? 'is a real system' : 'are real systems'}: this page shows ids, inbox and movements; values are seen and edited there.</p>`
}

function pageLinks(flow: string, choice: PairChoice, { page, pages }: ChosenPairs): Html | '' {
  if (pages < 2) return ''
  const link = (to: number, words: string) => {
    const query = new URLSearchParams({ q: choice.search, show: choice.filter, page: String(to) })
    return to < 1 || to > pages
      ? html`<span class="quiet">${words}</span>`
      : html`<a class="button" href="/flows/${flow}?${query.toString()}">${words}</a>`
  }
  return html`<nav class="pages" aria-label="Pages of records">${link(page - 1, 'Earlier')}<span>${page} of ${pages}</span>${link(page + 1, 'Later')}</nav>`
}
