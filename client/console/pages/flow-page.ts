import { html } from 'hono/html'
import type { Settings } from '../../../flows/settings.ts'
import { fieldLabel } from '../../text/field-label.ts'
import { choosePairs, parseChoice } from '../choose-pairs.ts'
import type { FlowWatch } from '../flow-watch.ts'
import { flowHead } from './flow-head.ts'
import { pairsOrWhyNot } from './inbox-page.ts'
import { entriesOnFlowPage, inboxPiles, labelsOf } from './inbox-piles.ts'
import type { Page } from './layout.ts'
import { movements } from './movements.ts'
import { pairsSection } from './pairs-section.ts'

const movementsShown = 5

export interface FlowPageView {
  readonly settings: Settings
  readonly watch: FlowWatch
  readonly query: Readonly<Record<string, string | undefined>>
  readonly now: number
}

/** One flow: how it stands, what waits, what moved, and both sides of every pair. */
export async function flowPage({ settings, watch, query, now }: FlowPageView): Promise<Page> {
  const { definition, systems } = watch
  const report = await watch.report()
  const [entries, { pairs, whyNot }] = await Promise.all([
    report.status === null ? [] : watch.inbox(),
    pairsOrWhyNot(watch),
  ])
  const labels = labelsOf(pairs)
  const choice = parseChoice(query)
  const view = {
    definition,
    recent: report.status?.recent ?? [],
    now,
    editable: { erp: systems.erp !== null, shop: systems.shop !== null },
  }
  return {
    title: fieldLabel(definition.name),
    flow: definition.name,
    body: [
      flowHead(settings, report, { heading: 'h1' }),
      inboxPiles({ flow: definition.name, entries, limit: entriesOnFlowPage, labels }),
      movements(report.status, movementsShown, labels),
      html`<div id="why-not" data-live>${whyNot === null ? '' : html`<p class="banner bad">${whyNot}</p>`}</div>`,
      pairsSection(settings, view, choice, choosePairs(definition, pairs, choice)),
    ],
  }
}
