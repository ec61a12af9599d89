import type { WorkflowInfo } from '@temporalio/workflow'
import { oldestCheck } from '../../flows/rotation.ts'
import type { FlowStatus } from '../messages.ts'
import type { FlowRun } from './flow-run.ts'
import { linksOf, phaseOf } from './flow-state.ts'
import { countByPile } from './inbox.ts'
import { stepNames } from './words.ts'

/** What `kobling status` and the console show of a flow. */
export function statusOf(run: FlowRun, info: Pick<WorkflowInfo, 'runId' | 'historyLength'>): FlowStatus {
  const state = run.state()
  const { load } = state
  return {
    flow: state.flow,
    connection: state.connection,
    title: run.definition.title,
    phase: phaseOf(state),
    pauseReasons: state.pauseReasons,
    trouble: state.trouble,
    links: linksOf(state),
    counters: state.counters,
    inboxCount: countByPile(state.inbox),
    inboxByReason: countBy(state.inbox.map((entry) => entry.reason)),
    lastChangeTo: state.lastChangeTo,
    load: {
      step: load.position === null ? 'complete' : stepNames[load.position.step],
      erpTotal: load.totals.erp,
      shopTotal: load.totals.shop,
      startedAt: load.startedAt,
      endedAt: load.endedAt,
    },
    lookAgain: {
      count: state.lookAgain.length,
      oldestSince: state.lookAgain.length === 0 ? null : Math.min(...state.lookAgain.map((entry) => entry.since)),
    },
    inHand: run.hand.keys().length,
    sweep: state.sweep,
    oldestCheck: state.rotation && oldestCheck(state.rotation),
    recent: state.recent,
    shards: state.directory.shards.length,
    preview: state.preview,
    waitsFor: state.waitsFor,
    idle: state.idle,
    limits: state.limits,
    run: { ordinal: state.runOrdinal, runId: info.runId, historyEvents: info.historyLength },
    startedAt: state.startedAt,
  }
}

function countBy(words: readonly string[]): Record<string, number> {
  const counts: Record<string, number> = {}
  for (const word of words) counts[word] = (counts[word] ?? 0) + 1
  return counts
}
