import { html } from 'hono/html'
import type { FlowName } from '../../../flows/flow-definition.ts'
import type { Settings } from '../../../flows/settings.ts'
import type { RecordKey } from '../../../flows/side.ts'
import { CommandFailure } from '../../command-failure.ts'
import type { FlowReport } from '../../status-report.ts'
import type { FlowWatch } from '../flow-watch.ts'
import type { ShownPair } from '../pairs.ts'
import { SystemRefusal } from '../systems/system-records.ts'
import type { FlowEntry } from './flow-entry.ts'
import { flowHead } from './flow-head.ts'
import type { Html } from './html-types.ts'
import { inboxPiles, labelsOf } from './inbox-piles.ts'
import type { Page } from './layout.ts'

/** Every entry of one flow's piles. */
export async function inboxPage(settings: Settings, watch: FlowWatch, report: FlowReport): Promise<Page> {
  const { name } = watch.definition
  return {
    title: `Inbox of ${name}`,
    flow: name,
    body: [flowHead(settings, report, { heading: 'h1' }), await entriesSection([watch], [report], { naming: false })],
  }
}

/** Every entry of all flows. */
export async function wholeInboxPage(watches: readonly FlowWatch[], reports: readonly FlowReport[]): Promise<Page> {
  return {
    title: 'Inbox',
    flow: 'inbox',
    body: [html`<h1 class="sum">Inbox of all flows</h1>`, await entriesSection(watches, reports, { naming: true })],
  }
}

async function entriesSection(
  watches: readonly FlowWatch[],
  reports: readonly FlowReport[],
  { naming }: { readonly naming: boolean },
): Promise<Html> {
  const entries = await entriesOf(watches, reports)
  if (entries.length === 0) {
    return html`<section id="inbox" data-live><p class="quiet">Nothing needs you, nothing waits.</p></section>`
  }
  const labels = await labelsOfFlows(watches, entries)
  return inboxPiles({ entries, limit: entries.length, more: '/inbox', labels, naming })
}

/** What waits in these flows; one that gives no answer says so elsewhere on the page. */
export async function entriesOf(
  watches: readonly FlowWatch[],
  reports: readonly FlowReport[],
): Promise<readonly FlowEntry[]> {
  const answering = watches.filter(({ definition }) =>
    reports.some(({ flow, status }) => flow === definition.name && status !== null),
  )
  const inboxes = await Promise.all(
    answering.map(async (watch) => {
      const { name } = watch.definition
      return (await watch.inbox()).map((entry): FlowEntry => ({ flow: name, entry }))
    }),
  )
  return inboxes.flat()
}

/** Names of records for the flows that have entries. */
export async function labelsOfFlows(
  watches: readonly FlowWatch[],
  entries: readonly FlowEntry[],
): Promise<ReadonlyMap<FlowName, ReadonlyMap<RecordKey, string>>> {
  const named = watches.filter(({ definition }) => entries.some(({ flow }) => flow === definition.name))
  const labels = await Promise.all(
    named.map(async (watch) => [watch.definition.name, labelsOf((await pairsOrWhyNot(watch)).pairs)] as const),
  )
  return new Map(labels)
}

/** A system or memory that does not answer costs the page its records, not everything else. */
export async function pairsOrWhyNot(
  watch: FlowWatch,
): Promise<{ readonly pairs: readonly ShownPair[]; readonly whyNot: string | null }> {
  try {
    return { pairs: await watch.pairs(), whyNot: null }
  } catch (error) {
    if (error instanceof CommandFailure || error instanceof SystemRefusal) return { pairs: [], whyNot: error.message }
    throw error
  }
}
