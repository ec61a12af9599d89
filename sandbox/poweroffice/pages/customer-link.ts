import { html } from 'hono/html'
import type { Markup } from '../../pages/markup.ts'
import type { SandboxState } from '../sandbox-state.ts'

export function customerLink(state: SandboxState, id: number | null): Markup {
  if (id === null) return html``
  return html`<a href="/customers/${id}">${state.customers.get(id)?.Name ?? id}</a>`
}
