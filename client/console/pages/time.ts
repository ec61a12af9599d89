import { html } from 'hono/html'
import type { Html } from './html-types.ts'

/** The script counts it up as `12 s ago`; without it the time of day stands. The text never changes by itself. */
export function timeMark(at: number): Html {
  const iso = new Date(at).toISOString()
  return html`<time datetime="${iso}" data-at="${at}" title="${iso}">${iso.slice(11, 19)} UTC</time>`
}
