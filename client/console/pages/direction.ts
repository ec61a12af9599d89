import { html } from 'hono/html'
import { otherSide, type Side } from '../../../flows/side.ts'
import type { Movement } from '../../../workflows/messages.ts'
import { sideTitles } from '../../text/side-names.ts'
import type { Html } from './html-types.ts'

/**
 * The side that was written in the eyes of people. A record created in PowerOffice is named in the webshop as well
 * (rule 12), which is a write there, but not the movement.
 */
export function movedTo({ to, kind }: Pick<Movement, 'to' | 'kind'>): Side | null {
  return to === null && kind === 'created' ? 'erp' : to
}

type Way = Pick<Movement, 'to' | 'kind' | 'fields'>

/** An arrow as the two columns stand: PowerOffice left, the webshop right. */
export function arrow(way: Way): Html {
  const to = movedTo(way)
  if (to === null) {
    return way.fields.length === 0
      ? html`<span class="arrow" title="linked, nothing was written">=</span>`
      : html`<span class="arrow" title="both ways">⇄</span>`
  }
  const words = `${sideTitles[otherSide(to)]} to ${sideTitles[to]}`
  return html`<span class="arrow to-${to}" role="img" aria-label="${words}" title="${words}">${to === 'shop' ? '→' : '←'}</span>`
}

export function directionWords(way: Way): Html {
  const to = movedTo(way)
  if (to === null) return way.fields.length === 0 ? html`equal as they were` : html`PowerOffice ⇄ Webshop`
  return html`${sideTitles[otherSide(to)]} <span class="arrow to-${to}" aria-label="to">→</span> ${sideTitles[to]}`
}
