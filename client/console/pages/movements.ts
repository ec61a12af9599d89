import { html } from 'hono/html'
import type { FlowName } from '../../../flows/flow-definition.ts'
import type { RecordKey } from '../../../flows/side.ts'
import type { Movement } from '../../../workflows/messages.ts'
import { fieldLabel } from '../../text/field-label.ts'
import { directionWords } from './direction.ts'
import type { FlowMovement } from './flow-entry.ts'
import type { Html } from './html-types.ts'
import { timeMark } from './time.ts'

const words: Readonly<Partial<Record<Movement['kind'], string>>> = {
  linked: 'linked',
  created: 'created',
  adopted: 'found and linked',
  updated: 'changed',
  deleted: 'archived',
}

export interface MovementsView {
  /** Newest first. */
  readonly recent: readonly FlowMovement[]
  readonly limit: number
  /** Names records by key where the flow itself gave no name. */
  readonly labels?: ReadonlyMap<RecordKey, string>
  /** With a column for the flow: of several flows at once. */
  readonly naming?: boolean
}

/** What just moved. */
export function movements({ recent, limit, labels = new Map(), naming = false }: MovementsView): Html {
  return html`<section id="movements" data-live>
<h2>Recent movements</h2>
${
  recent.length === 0
    ? html`<p class="quiet">Nothing has moved yet. Edit a record on either side and watch.</p>`
    : html`<ol class="movements${naming ? ' naming' : ''}">${recent.slice(0, limit).map((moved) => movementLine(moved, labels, naming))}</ol>`
}
</section>`
}

function movementLine({ flow, movement }: FlowMovement, labels: ReadonlyMap<RecordKey, string>, naming: boolean): Html {
  const { at, kind, erpId, shopId, fields, label } = movement
  const search = encodeURIComponent(erpId ?? shopId ?? '')
  const known = label || labels.get(`erp:${erpId ?? ''}`) || labels.get(`shop:${shopId ?? ''}`)
  const name = known || [erpId, shopId].filter((id) => id !== null).join(' = ')
  return html`<li>
<span class="when">${timeMark(at)}</span>
${naming ? html`<span class="flow">${flowLink(flow)}</span>` : ''}
<span class="way">${directionWords(movement)}</span>
<span class="what"><a href="/flows/${flow}?q=${search}">${name}</a> ${words[kind] ?? kind}${
    fields.length === 0 ? '' : html`<span class="quiet">: ${fields.map(fieldLabel).join(', ').toLowerCase()}</span>`
  }</span>
</li>`
}

export function flowLink(flow: FlowName): Html {
  return html`<a class="tag" href="/flows/${flow}">${fieldLabel(flow)}</a>`
}
