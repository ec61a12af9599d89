import { html } from 'hono/html'
import type { Settings } from '../../../flows/settings.ts'
import type { FlowReport } from '../../status-report.ts'
import type { FlowWatch } from '../flow-watch.ts'
import { movementsOf } from './flow-entry.ts'
import { flowHead } from './flow-head.ts'
import { entriesOf, labelsOfFlows } from './inbox-page.ts'
import { entriesOnFlowPage, inboxPiles } from './inbox-piles.ts'
import type { Page } from './layout.ts'
import { movements } from './movements.ts'

const movementsShown = 20

/** All flows at a glance, what needs somebody, and what just moved. */
export async function overviewPage(
  settings: Settings,
  watches: readonly FlowWatch[],
  reports: readonly FlowReport[],
): Promise<Page> {
  const entries = await entriesOf(watches, reports)
  const labels = await labelsOfFlows(watches, entries)
  return {
    title: 'Overview',
    flow: null,
    body: [
      html`<h1 id="sum" class="sum" data-live>${sumSentence(reports)}</h1>`,
      html`<div class="flows">${reports.map((report) => flowHead(settings, report, { heading: 'h2' }))}</div>`,
      inboxPiles({ entries, limit: entriesOnFlowPage, more: '/inbox', labels, naming: true }),
      movements({ recent: movementsOf(reports), limit: movementsShown, naming: true }),
    ],
  }
}

/** The answer to "do I have to do something?". */
export function sumSentence(reports: readonly FlowReport[]): string {
  const silent = reports.filter((report) => report.status === null)
  if (silent.length > 0) return `${silent.map((report) => report.flow).join(', ')}: not running.`
  const blocked = reports.filter((report) => report.status?.trouble != null)
  if (blocked.length > 0) return `${blocked.map((report) => report.flow).join(', ')}: waiting for a system to answer.`
  const people = reports.reduce((sum, report) => sum + report.needsPerson, 0)
  const links = reports.reduce((sum, report) => sum + report.linked, 0)
  const linked = `${links} ${links === 1 ? 'pair is' : 'pairs are'} kept equal`
  return people === 0 ? `${linked}; nothing needs you.` : `${linked}; ${people} ${people === 1 ? 'needs' : 'need'} you.`
}
