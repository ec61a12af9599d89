import { html } from 'hono/html'
import type { CanonicalType, FieldDefinition, FlowDefinition } from '../../../flows/flow-definition.ts'
import type { Side } from '../../../flows/side.ts'
import { fieldLabel } from '../../text/field-label.ts'
import type { ShownItem } from '../items-watch.ts'
import { fieldsOf, type ShownPair } from '../pairs.ts'
import { isEditable } from '../values/edit-of.ts'
import type { Html } from './html-types.ts'
import type { PairRowView } from './pair-row-view.ts'
import { valueLink } from './value-link.ts'

interface ItemsView {
  readonly pair: ShownPair
  readonly side: Side
  readonly items: readonly ShownItem[]
}

/** One side's list within a record; an item stands on the same row as its counterpart on the other side. */
export function itemsTable(view: PairRowView, definition: FlowDefinition, { pair, side, items }: ItemsView): Html {
  if (items.length === 0) return html`<p class="absent">no lines</p>`
  return html`<div class="items"><table>
<thead><tr>${definition.fields.map((field) => html`<th scope="col"${kindOf(field)}>${fieldLabel(field.name)}</th>`)}</tr></thead>
<tbody>${items.map((item) => itemRow(view, definition, { pair, side, item }))}</tbody>
</table></div>`
}

function itemRow(
  view: PairRowView,
  definition: FlowDefinition,
  { pair, side, item }: { pair: ShownPair; side: Side; item: ShownItem },
): Html {
  const record = item[side]
  const id = side === 'erp' ? pair.erpId : pair.shopId
  if (record === undefined || id === null) {
    return html`<tr class="absent"><td colspan="${definition.fields.length}">–</td></tr>`
  }
  const fields = new Map(fieldsOf(definition, item, view.references).map((field) => [field.field.name, field]))
  const cells = definition.fields.map((field) => {
    const shown = fields.get(field.name)
    const value = shown?.[side]
    if (shown === undefined || value === undefined) return html`<td></td>`
    const query = new URLSearchParams({ side, id, item: record.id, field: field.name })
    const href =
      view.editable[side] && isEditable(field, side, record)
        ? `/flows/${definition.name}/edit?${query.toString()}`
        : null
    return html`<td${kindOf(field)}${shown.differs ? html` data-differs` : ''}>${valueLink({ field, side, value, references: view.references, href })}</td>`
  })
  return html`<tr id="item-${side}-${id}-${record.id}"${item.linked ? '' : html` class="unlinked" title="not linked"`}>${cells}</tr>`
}

const numeric: ReadonlySet<CanonicalType> = new Set(['decimal', 'integer'])

function kindOf({ type }: FieldDefinition): Html | '' {
  return numeric.has(type) ? html` class="number"` : ''
}
