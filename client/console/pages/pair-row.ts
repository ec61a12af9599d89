import { html } from 'hono/html'
import type { CanonicalType, FlowDefinition } from '../../../flows/flow-definition.ts'
import type { Side } from '../../../flows/side.ts'
import type { Movement } from '../../../workflows/messages.ts'
import { fieldLabel } from '../../text/field-label.ts'
import { sideNames, sideTitles } from '../../text/side-names.ts'
import type { ShownItem } from '../items-watch.ts'
import { fieldsOf, type ShownField, type ShownPair } from '../pairs.ts'
import { isEditable } from '../values/edit-of.ts'
import { arrow } from './direction.ts'
import type { Html } from './html-types.ts'
import { itemsTable } from './items-table.ts'
import { movementOf, wasWritten } from './moved.ts'
import type { PairRowView } from './pair-row-view.ts'
import { valueLink } from './value-link.ts'

/** One pair: PowerOffice left, the webshop right, the same field at the same place on both sides. */
export function pairRow(view: PairRowView, pair: ShownPair, items: readonly ShownItem[]): Html {
  const movement = movementOf(pair, view.recent, view.now)
  // Of a flow of lists the records themselves are its parent's matter.
  const fields = view.definition.listOf === undefined ? fieldsOf(view.definition, pair, view.references) : []
  const differing = fields.filter((field) => field.differs).length + differingIn(view, items)
  const side = (name: Side) => html`<div class="side">${sideCell(view, { pair, side: name, fields, movement })}
${view.itemsDefinition === null || pair[name] === undefined ? '' : itemsTable(view, view.itemsDefinition, { pair, side: name, items })}</div>`
  return html`<article id="pair-${pair.erpId ?? ''}-${pair.shopId ?? ''}" class="pair" data-live>
${side('erp')}
<div class="between">${middle(pair, differing, movement)}</div>
${side('shop')}
</article>`
}

function differingIn({ itemsDefinition, references }: PairRowView, items: readonly ShownItem[]): number {
  if (itemsDefinition === null) return 0
  return items.flatMap((item) => fieldsOf(itemsDefinition, item, references)).filter((field) => field.differs).length
}

function middle(pair: ShownPair, differing: number, movement: Movement | undefined): Html {
  if (movement !== undefined) {
    return html`<span class="just" data-at="${movement.at}">${arrow(movement)}</span>`
  }
  if (!pair.linked) return html`<span class="quiet" title="not linked">·</span>`
  return differing === 0
    ? html`<span class="equal" title="equal">=</span>`
    : html`<span class="differ" title="${differing} fields differ">≠</span>`
}

interface SideView {
  readonly pair: ShownPair
  readonly side: Side
  readonly fields: readonly ShownField[]
  readonly movement: Movement | undefined
}

function sideCell(view: PairRowView, { pair, side, fields, movement }: SideView): Html {
  const id = side === 'erp' ? pair.erpId : pair.shopId
  if (id === null) {
    const why = pair.reason === null ? '' : html` <span class="tag">${pair.reason}</span>`
    return html`<p class="absent">not in ${sideNames[side]}${why}</p>`
  }
  const name = view.definition.listOf === undefined ? '' : html` <strong>${pair.label}</strong>`
  const heading = html`<p class="id"><span class="system">${sideTitles[side]}</span> ${recordLink(view, side, id)}${name}</p>`
  if (pair[side] === undefined) return html`${heading}<p class="absent">its values are not shown here</p>`
  return html`${heading}${fields.length === 0 ? '' : html`<dl>${fields.map((field) => fieldCell(view, { pair, side, field, movement }))}</dl>`}`
}

function recordLink({ recordUrl }: PairRowView, side: Side, id: string): Html | string {
  const url = recordUrl(side, id)
  return url === null ? id : html`<a class="record" href="${url}" title="Open it in ${sideNames[side]}">${id}</a>`
}

function fieldCell(
  view: PairRowView,
  { pair, side, field, movement }: { pair: ShownPair; side: Side; field: ShownField; movement: Movement | undefined },
): Html {
  const { name } = field.field
  const [value, record] = [field[side], pair[side]]
  if (value === undefined || record === undefined) return html`<div class="w${widths[field.field.type]}"></div>`
  const moved = wasWritten(movement, side, name) && movement !== undefined
  const href =
    view.editable[side] && isEditable(field.field, side, record)
      ? `/flows/${view.definition.name}/edit?${new URLSearchParams({ side, id: record.id, field: name }).toString()}`
      : null
  return html`<div class="${fieldClasses(view.definition, field)}"><dt>${fieldLabel(name)}</dt><dd${
    moved ? html` class="moved" data-at="${movement.at}"` : ''
  }>${valueLink({ field: field.field, side, value, references: view.references, href })}</dd></div>`
}

/** Room by what a value of the type needs, in twelfths; so the same field stands at the same place on both sides. */
const widths: Readonly<Record<CanonicalType, 2 | 3 | 4 | 6>> = {
  enum: 2,
  boolean: 2,
  integer: 2,
  decimal: 2,
  phone: 3,
  organisationNumber: 3,
  gtin: 3,
  date: 3,
  email: 4,
  url: 4,
  reference: 4,
  string: 6,
  text: 6,
  names: 6,
  address: 6,
}

/** What people call the record by stands out. */
function fieldClasses({ labelFields }: FlowDefinition, { field, differs }: ShownField): string {
  const isLabel = labelFields.includes(field.name) && field.type !== 'email'
  const names = [`w${widths[field.type]}`, differs ? 'differs' : '', isLabel ? 'label' : '']
  return names.filter((name) => name !== '').join(' ')
}
