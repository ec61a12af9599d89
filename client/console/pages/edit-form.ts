import { html } from 'hono/html'
import type { FieldDefinition, FlowDefinition } from '../../../flows/flow-definition.ts'
import type { Side } from '../../../flows/side.ts'
import { fieldLabel } from '../../text/field-label.ts'
import { choicesOf } from '../values/edit-of.ts'
import type { FieldPart, FieldValue } from '../values/field-value.ts'
import type { Html } from './html-types.ts'

export interface EditView {
  readonly definition: FlowDefinition
  readonly field: FieldDefinition
  readonly side: Side
  readonly id: string
  /** The item within the record; null: the record itself is edited. */
  readonly item: string | null
  readonly value: FieldValue
}

/** The form of one field; the script puts it in the place of the value, without it the form is a page of its own. */
export function editForm({ definition, field, side, id, item, value }: EditView): Html {
  return html`<form class="edit" method="post" action="/flows/${definition.name}/edit" data-editor>
<input type="hidden" name="side" value="${side}"><input type="hidden" name="id" value="${id}">
${item === null ? '' : html`<input type="hidden" name="item" value="${item}">`}
<input type="hidden" name="field" value="${field.name}">
${value.parts.map((part) => input(field, side, part))}
<div class="orders"><button class="primary">Save</button>
<a class="button plain" href="/flows/${definition.name}?q=${encodeURIComponent(id)}" data-cancel>Cancel</a></div>
<p class="refusal" role="alert" hidden></p>
</form>`
}

function input(field: FieldDefinition, side: Side, part: FieldPart): Html {
  const label = part.name === '' ? fieldLabel(field.name) : part.label
  const name = `part.${part.name}`
  const choices = choicesOf(field, side)
  if (choices === undefined) {
    return html`<label>${label}<input name="${name}" value="${part.text}" autocomplete="off" maxlength="1000"></label>`
  }
  // A value that the definition does not know stays what it is until another one is chosen.
  const words = choices.includes(part.text) ? choices : [part.text, ...choices]
  const option = (text: string) =>
    html`<option value="${text}"${part.text === text ? ' selected' : ''}>${field.type === 'boolean' ? (text === 'true' ? 'yes' : 'no') : text}</option>`
  return html`<label>${label}<select name="${name}">${words.map(option)}</select></label>`
}
