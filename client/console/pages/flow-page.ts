import { html } from 'hono/html'
import type { Settings } from '../../../flows/settings.ts'
import type { Side } from '../../../flows/side.ts'
import { recordPageUrl } from '../../addresses.ts'
import { CommandFailure } from '../../command-failure.ts'
import type { FlowReport } from '../../status-report.ts'
import { fieldLabel } from '../../text/field-label.ts'
import { choosePairs, parseChoice } from '../choose-pairs.ts'
import { editableSides, type FlowWatch } from '../flow-watch.ts'
import type { ShownItem } from '../items-watch.ts'
import type { ShownPair } from '../pairs.ts'
import { recordsDefinition } from '../sources.ts'
import { SystemRefusal } from '../systems/system-records.ts'
import { movementsOf } from './flow-entry.ts'
import { flowHead } from './flow-head.ts'
import { entriesOf, pairsOrWhyNot } from './inbox-page.ts'
import { entriesOnFlowPage, inboxPiles, labelsOf } from './inbox-piles.ts'
import type { Page } from './layout.ts'
import { movements } from './movements.ts'
import { pairsSection } from './pairs-section.ts'

const movementsShown = 5

export interface FlowPageView {
  readonly settings: Settings
  readonly watch: FlowWatch
  readonly report: FlowReport
  readonly query: Readonly<Record<string, string | undefined>>
  readonly now: number
}

/** One flow: how it stands, what waits, what moved, and both sides of every pair. */
export async function flowPage({ settings, watch, report, query, now }: FlowPageView): Promise<Page> {
  const { definition } = watch
  const { name } = definition
  const [entries, { pairs, whyNot }, references] = await Promise.all([
    entriesOf([watch], [report]),
    pairsOrWhyNot(watch),
    watch.references(),
  ])
  const labels = labelsOf(pairs)
  const choice = parseChoice(query)
  const chosen = choosePairs(recordsDefinition(definition), pairs, choice, references)
  const { items, whyNoItems } = await itemsOrWhyNot(watch, chosen.pairs)
  const view = {
    definition,
    references,
    recent: report.status?.recent ?? [],
    now,
    editable: editableSides(watch),
    recordUrl: (side: Side, id: string) => {
      const collection = side === 'erp' ? definition.erpCollection : definition.shopCollection
      return recordPageUrl(settings, side, { collection, id })
    },
    itemsDefinition: watch.items?.definition ?? null,
  }
  const problem = whyNot ?? whyNoItems
  return {
    title: fieldLabel(name),
    flow: name,
    body: [
      flowHead(settings, report, { heading: 'h1' }),
      inboxPiles({
        entries,
        limit: entriesOnFlowPage,
        more: `/flows/${name}/inbox`,
        labels: new Map([[name, labels]]),
      }),
      movements({ recent: movementsOf([report]), limit: movementsShown, labels }),
      html`<div id="why-not" data-live>${problem === null ? '' : html`<p class="banner bad">${problem}</p>`}</div>`,
      pairsSection(settings, view, choice, chosen, items),
    ],
  }
}

async function itemsOrWhyNot(
  watch: FlowWatch,
  pairs: readonly ShownPair[],
): Promise<{ readonly items: readonly (readonly ShownItem[])[]; readonly whyNoItems: string | null }> {
  try {
    return { items: await watch.itemsOf(pairs), whyNoItems: null }
  } catch (error) {
    if (error instanceof CommandFailure || error instanceof SystemRefusal)
      return { items: [], whyNoItems: error.message }
    throw error
  }
}
