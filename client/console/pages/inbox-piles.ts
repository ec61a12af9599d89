import { html } from 'hono/html'
import type { FlowName } from '../../../flows/flow-definition.ts'
import { idOf, type RecordKey, sideOf } from '../../../flows/side.ts'
import type { InboxEntry, InboxPile } from '../../../workflows/messages.ts'
import { pileTitles, reasonText } from '../../text/inbox-text.ts'
import { sideTitles } from '../../text/side-names.ts'
import type { ShownPair } from '../pairs.ts'
import type { FlowEntry } from './flow-entry.ts'
import type { Html } from './html-types.ts'
import { flowLink } from './movements.ts'
import { timeMark } from './time.ts'

/** More would push the records off the page; the rest has a page of its own. */
export const entriesOnFlowPage = 6

export interface InboxView {
  readonly entries: readonly FlowEntry[]
  readonly limit: number
  /** Where all entries are. */
  readonly more: string
  /** How people call a flow's records, by key: for the candidates of a link by hand. */
  readonly labels: ReadonlyMap<FlowName, ReadonlyMap<RecordKey, string>>
  /** Each entry names its flow: of several flows at once. */
  readonly naming?: boolean
}

export function labelsOf(pairs: readonly ShownPair[]): Map<RecordKey, string> {
  const labels = new Map<RecordKey, string>()
  for (const { erpId, shopId, label } of pairs) {
    if (erpId !== null) labels.set(`erp:${erpId}`, label)
    if (shopId !== null) labels.set(`shop:${shopId}`, label)
  }
  return labels
}

/** Both piles, each entry with its way out as buttons. */
export function inboxPiles(view: InboxView): Html {
  return html`<section id="inbox" data-live>
${(['needsYou', 'waitsByItself'] as const).map((pile) => pileSection(view, pile))}
</section>`
}

function pileSection(view: InboxView, pile: InboxPile): Html | '' {
  const entries = view.entries.filter(({ entry }) => entry.pile === pile)
  if (entries.length === 0) return ''
  const shown = entries.slice(0, view.limit)
  const rest = entries.length - shown.length
  return html`<details id="pile-${pile}" class="pile ${pile}" open>
<summary><h2>${pileTitles[pile]} <span class="count">${entries.length}</span></h2></summary>
<ul>${shown.map((one) => entryItem(view, one))}</ul>
${rest > 0 ? html`<p><a href="${view.more}">${rest} more</a></p>` : ''}
</details>`
}

function entryItem(view: InboxView, { flow, entry }: FlowEntry): Html {
  const labels = view.labels.get(flow) ?? new Map<RecordKey, string>()
  const label = entry.label || labelOf(labels, entry)
  return html`<li>
<div class="matter">
<p>${view.naming === true ? html`${flowLink(flow)} ` : ''}<strong>${label}</strong> <span class="tag">${reasonText(entry)}</span> <span class="quiet">${idLinks(flow, entry)} · ${timeMark(entry.since)}${
    entry.attempts > 1 ? ` · tried ${entry.attempts} times` : ''
  }</span></p>
<p>${entry.detail}</p>
<p class="quiet">${entry.wayOut}</p>
</div>
<div class="orders">${candidateButtons(flow, labels, entry)}
${entry.reason === 'vanished' ? entryButton(flow, entry.id, 'approveDelete', 'Archive the counterpart') : ''}
${entry.reason === 'cancelled' ? entryButton(flow, entry.id, 'approveDelete', 'Delete the draft in PowerOffice') : ''}
${entryButton(flow, entry.id, 'retry', 'Try again')}</div>
</li>`
}

function labelOf(labels: ReadonlyMap<RecordKey, string>, { erpId, shopId, id }: InboxEntry): string {
  return (erpId !== null && labels.get(`erp:${erpId}`)) || (shopId !== null && labels.get(`shop:${shopId}`)) || id
}

function idLinks(flow: FlowName, { erpId, shopId }: InboxEntry): Html {
  const link = (side: 'erp' | 'shop', id: string) =>
    html`<a href="/flows/${flow}?q=${encodeURIComponent(id)}">${sideTitles[side]} ${id}</a>`
  return html`${erpId === null ? '' : link('erp', erpId)}${erpId !== null && shopId !== null ? ' = ' : ''}${
    shopId === null ? '' : link('shop', shopId)
  }`
}

/** Matters that a person settles by a link, or by saying that a counterpart is to be created all the same. */
const choosable: ReadonlySet<InboxEntry['reason']> = new Set(['ambiguous', 'excluded', 'notCreated'])

/** One button for every pair that the records could make, and one for each record that could get a counterpart of its own. */
function candidateButtons(flow: FlowName, labels: ReadonlyMap<RecordKey, string>, entry: InboxEntry): Html | '' {
  if (!choosable.has(entry.reason)) return ''
  const keys = new Set<RecordKey>(entry.others)
  if (entry.erpId !== null) keys.add(`erp:${entry.erpId}`)
  if (entry.shopId !== null) keys.add(`shop:${entry.shopId}`)
  const erpKeys = [...keys].filter((key) => sideOf(key) === 'erp')
  const shopKeys = [...keys].filter((key) => sideOf(key) === 'shop')
  const pairs = erpKeys.flatMap((erp) => shopKeys.map((shop) => ({ erp, shop }))).slice(0, 6)
  return html`${pairs.map(
    ({ erp, shop }) => html`<form method="post" action="/flows/${flow}/link" data-quiet>
<input type="hidden" name="erpId" value="${idOf(erp)}"><input type="hidden" name="shopId" value="${idOf(shop)}">
<button>Link ${labels.get(erp) ?? ''} <span class="quiet">${idOf(erp)} = ${idOf(shop)}</span></button></form>`,
  )}${[...keys].slice(0, 4).map(
    (key) => html`<form method="post" action="/flows/${flow}/create" data-quiet>
<input type="hidden" name="key" value="${key}">
<button>Create anew: ${labels.get(key) ?? ''} <span class="quiet">${key}</span></button></form>`,
  )}`
}

function entryButton(flow: string, id: string, order: 'retry' | 'approveDelete', label: string): Html {
  return html`<form method="post" action="/flows/${flow}/inbox" data-quiet>
<input type="hidden" name="id" value="${id}"><button name="order" value="${order}">${label}</button></form>`
}
