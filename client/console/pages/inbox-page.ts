import { html } from 'hono/html'
import type { Settings } from '../../../flows/settings.ts'
import { CommandFailure } from '../../command-failure.ts'
import type { FlowWatch } from '../flow-watch.ts'
import type { ShownPair } from '../pairs.ts'
import { SystemRefusal } from '../systems/system-records.ts'
import { flowHead } from './flow-head.ts'
import { inboxPiles, labelsOf } from './inbox-piles.ts'
import type { Page } from './layout.ts'

/** Every entry of both piles. */
export async function inboxPage(settings: Settings, watch: FlowWatch): Promise<Page> {
  const { name } = watch.definition
  const report = await watch.report()
  const entries = report.status === null ? [] : await watch.inbox()
  const { pairs } = await pairsOrWhyNot(watch)
  return {
    title: `Inbox of ${name}`,
    flow: name,
    body: [
      flowHead(settings, report, { heading: 'h1' }),
      entries.length === 0
        ? html`<section id="inbox" data-live><p class="quiet">Nothing needs you, nothing waits.</p></section>`
        : inboxPiles({ flow: name, entries, limit: entries.length, labels: labelsOf(pairs) }),
    ],
  }
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
