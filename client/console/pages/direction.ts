import { html } from 'hono/html'
import { otherSide } from '../../../flows/side.ts'
import type { Movement } from '../../../workflows/messages.ts'
import { sideTitles } from '../../text/side-names.ts'
import type { Html } from './html-types.ts'

/** An arrow as the two columns stand: PowerOffice left, the webshop right. */
export function arrow({ to, fields }: Pick<Movement, 'to' | 'fields'>): Html {
  if (to === null) {
    return fields.length === 0
      ? html`<span class="arrow" title="linked, nothing was written">=</span>`
      : html`<span class="arrow" title="both ways">⇄</span>`
  }
  const words = `${sideTitles[otherSide(to)]} to ${sideTitles[to]}`
  return html`<span class="arrow to-${to}" role="img" aria-label="${words}" title="${words}">${to === 'shop' ? '→' : '←'}</span>`
}

export function directionWords({ to, fields }: Pick<Movement, 'to' | 'fields'>): Html {
  if (to === null) return fields.length === 0 ? html`linked as they were` : html`PowerOffice ⇄ Webshop`
  return html`${sideTitles[otherSide(to)]} <span class="arrow to-${to}" aria-label="to">→</span> ${sideTitles[to]}`
}
