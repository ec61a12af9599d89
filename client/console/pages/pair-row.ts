import { html } from 'hono/html'
import type { CanonicalType, FieldDefinition, FlowDefinition } from '../../../flows/flow-definition.ts'
import type { Side } from '../../../flows/side.ts'
import type { Movement } from '../../../workflows/messages.ts'
import { fieldLabel } from '../../text/field-label.ts'
import { sideNames, sideTitles } from '../../text/side-names.ts'
import { fieldsOf, type ShownField, type ShownPair } from '../pairs.ts'
import { isEditable } from '../values/edit-of.ts'
import { arrow } from './direction.ts'
import type { Html } from './html-types.ts'
import { movementOf, wasWritten } from './moved.ts'

export interface PairRowView {
  readonly definition: FlowDefinition
  readonly recent: readonly Movement[]
  readonly now: number
  /** Sides whose records can be edited here. */
  readonly editable: Readonly<Record<Side, boolean>>
}

/** One pair: PowerOffice left, the webshop right, the same field at the same place on both sides. */
export function pairRow(view: PairRowView, pair: ShownPair): Html {
  const movement = movementOf(pair, view.recent, view.now)
  const fields = fieldsOf(view.definition, pair)
  const differing = fields.filter((field) => field.differs).length
  return html`<article id="pair-${pair.erpId ?? ''}-${pair.shopId ?? ''}" class="pair" data-live>
<div class="side">${sideCell(view, pair, 'erp', fields, movement)}</div>
<div class="between">${middle(pair, differing, movement)}</div>
<div class="side">${sideCell(view, pair, 'shop', fields, movement)}</div>
</article>`
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

function sideCell(
  view: PairRowView,
  pair: ShownPair,
  side: Side,
  fields: readonly ShownField[],
  movement: Movement | undefined,
): Html {
  const id = side === 'erp' ? pair.erpId : pair.shopId
  const record = pair[side]
  if (id === null) {
    const why = pair.reason === null ? '' : html` <span class="tag">${pair.reason}</span>`
    return html`<p class="absent">not in ${sideNames[side]}${why}</p>`
  }
  const heading = html`<p class="id"><span class="system">${sideTitles[side]}</span> ${id}</p>`
  if (record === undefined) return html`${heading}<p class="absent">its values are not shown here</p>`
  return html`${heading}<dl>${fields.map((field) => fieldCell(view, { id, side, field, movement }))}</dl>`
}

function fieldCell(
  view: PairRowView,
  { id, side, field, movement }: { id: string; side: Side; field: ShownField; movement: Movement | undefined },
): Html {
  const { name } = field.field
  const value = field[side]
  if (value === undefined) return html`<div class="w${widths[field.field.type]}"></div>`
  const moved = wasWritten(movement, side, name) && movement !== undefined
  const text = value.text === '' ? html`<span class="empty">–</span>` : breakable(shownText(field.field, value.text))
  const query = `side=${side}&id=${encodeURIComponent(id)}&field=${name}`
  return html`<div class="${fieldClasses(view.definition, field)}"><dt>${fieldLabel(name)}</dt><dd${
    moved ? html` class="moved" data-at="${movement.at}"` : ''
  }>${
    view.editable[side] && isEditable(field.field)
      ? html`<a class="value" href="/flows/${view.definition.name}/edit?${query}" data-edit>${text}</a>`
      : html`<span class="value">${text}</span>`
  }</dd></div>`
}

function shownText({ type }: FieldDefinition, text: string): string {
  return type === 'boolean' ? (text === 'true' ? 'yes' : 'no') : text
}

/** Room by what a value of the type needs, in twelfths; so the same field stands at the same place on both sides. */
const widths: Readonly<Record<CanonicalType, 2 | 3 | 4 | 6>> = {
  enum: 2,
  boolean: 2,
  integer: 2,
  decimal: 2,
  date: 2,
  reference: 3,
  gtin: 3,
  phone: 3,
  organisationNumber: 3,
  email: 4,
  url: 4,
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

/** E-mail and web addresses break where people would break them. */
function breakable(text: string): Html {
  const parts = text.split(/(?=[@/])|(?<=[.-])(?=[a-z])/)
  return html`${parts.map((part, index) => (index === 0 ? part : html`<wbr>${part}`))}`
}
