import { html } from 'hono/html'
import type { FieldDefinition, FlowDefinition } from '../../../flows/flow-definition.ts'
import type { Side } from '../../../flows/side.ts'
import { fieldLabel } from '../../text/field-label.ts'
import type { FieldPart, FieldValue } from '../values/field-value.ts'
import type { Html } from './html-types.ts'

export interface EditView {
  readonly definition: FlowDefinition
  readonly field: FieldDefinition
  readonly side: Side
  readonly id: string
  readonly value: FieldValue
}

/** The form of one field; the script puts it in the place of the value, without it the form is a page of its own. */
export function editForm({ definition, field, side, id, value }: EditView): Html {
  return html`<form class="edit" method="post" action="/flows/${definition.name}/edit" data-editor>
<input type="hidden" name="side" value="${side}"><input type="hidden" name="id" value="${id}">
<input type="hidden" name="field" value="${field.name}">
${value.parts.map((part) => input(field, part))}
<div class="orders"><button class="primary">Save</button>
<a class="button plain" href="/flows/${definition.name}?q=${encodeURIComponent(id)}" data-cancel>Cancel</a></div>
<p class="refusal" role="alert" hidden></p>
</form>`
}

function input(field: FieldDefinition, part: FieldPart): Html {
  const label = part.name === '' ? fieldLabel(field.name) : part.label
  const name = `part.${part.name}`
  if (field.type === 'boolean') {
    const option = (text: string, words: string) =>
      html`<option value="${text}"${part.text === text ? ' selected' : ''}>${words}</option>`
    return html`<label>${label}<select name="${name}">${option('true', 'yes')}${option('false', 'no')}</select></label>`
  }
  return html`<label>${label}<input name="${name}" value="${part.text}" autocomplete="off" maxlength="1000"></label>`
}
