import { html } from 'hono/html'
import type { FieldDefinition } from '../../../flows/flow-definition.ts'
import type { Side } from '../../../flows/side.ts'
import type { FieldValue } from '../values/field-value.ts'
import type { References } from '../values/references.ts'
import type { Html } from './html-types.ts'

export interface ValueView {
  readonly field: FieldDefinition
  readonly side: Side
  readonly value: FieldValue
  readonly references: References
  /** Its form; null: it is not edited here. */
  readonly href: string | null
}

/** A value, which leads to its form where it can be edited. */
export function valueLink({ field, side, value, references, href }: ValueView): Html {
  const text = value.text === '' ? html`<span class="empty">–</span>` : shown(field, side, value.text, references)
  return href === null
    ? html`<span class="value">${text}</span>`
    : html`<a class="value" href="${href}" data-edit>${text}</a>`
}

function shown({ type, refersTo }: FieldDefinition, side: Side, text: string, references: References): Html {
  if (type === 'boolean') return html`${text === 'true' ? 'yes' : 'no'}`
  if (refersTo === undefined) return breakable(text)
  const name = references.label(refersTo, side, text)
  return name === '' ? breakable(text) : html`${name} <span class="quiet">${text}</span>`
}

/** E-mail and web addresses break where people would break them. */
function breakable(text: string): Html {
  const parts = text.split(/(?=[@/])|(?<=[.-])(?=[a-z])/)
  return html`${parts.map((part, index) => (index === 0 ? part : html`<wbr>${part}`))}`
}
