import { html } from 'hono/html'
import type { RecordKey } from '../../../flows/side.ts'
import type { FlowStatus, Movement } from '../../../workflows/messages.ts'
import { fieldLabel } from '../../text/field-label.ts'
import { directionWords } from './direction.ts'
import type { Html } from './html-types.ts'
import { timeMark } from './time.ts'

const words: Readonly<Partial<Record<Movement['kind'], string>>> = {
  linked: 'linked',
  created: 'created',
  adopted: 'found and linked',
  updated: 'changed',
  deleted: 'archived',
}

/** What just moved, newest first. `labels` names records by key where the flow itself gave no name. */
export function movements(
  status: FlowStatus | null,
  limit: number,
  labels: ReadonlyMap<RecordKey, string> = new Map(),
): Html {
  const recent = status?.recent.slice(0, limit) ?? []
  return html`<section id="movements" data-live>
<h2>Recent movements</h2>
${
  recent.length === 0
    ? html`<p class="quiet">Nothing has moved yet. Edit a record on either side and watch.</p>`
    : html`<ol class="movements">${recent.map((movement) => movementLine(status, movement, labels))}</ol>`
}
</section>`
}

function movementLine(status: FlowStatus | null, movement: Movement, labels: ReadonlyMap<RecordKey, string>): Html {
  const { at, kind, erpId, shopId, fields, label } = movement
  const flow = status?.flow ?? 'customers'
  const search = encodeURIComponent(erpId ?? shopId ?? '')
  const known = label || labels.get(`erp:${erpId ?? ''}`) || labels.get(`shop:${shopId ?? ''}`)
  const name = known || [erpId, shopId].filter((id) => id !== null).join(' = ')
  return html`<li>
<span class="when">${timeMark(at)}</span>
<span class="way">${directionWords(movement)}</span>
<span class="what"><a href="/flows/${flow}?q=${search}">${name}</a> ${words[kind] ?? kind}${
    fields.length === 0 ? '' : html`<span class="quiet">: ${fields.map(fieldLabel).join(', ').toLowerCase()}</span>`
  }</span>
</li>`
}
