import type { FlowName } from '../flows/flow-definition.ts'
import { flowNamed } from '../flows/registry.ts'
import type { FlowStatus } from '../workflows/messages.ts'
import { CommandFailure } from './command-failure.ts'
import type { FlowDesk, FlowExistence } from './flow-desk.ts'

/** One flow as `kobling status --json` gives it: the sums that scripts want first, then all that the flow says. */
export interface FlowReport {
  readonly flow: FlowName
  readonly title: string
  readonly existence: FlowExistence
  readonly linked: number
  readonly created: number
  readonly needsPerson: number
  readonly waits: number
  /** Flows whose first loads have to end before this one's begins (E23); empty: it waits for none. */
  readonly waitsFor: readonly FlowName[]
  /** null: the flow does not run, or nobody answers for it (`problem` says which). */
  readonly status: FlowStatus | null
  readonly problem: string | null
  /** Work that is repeated in vain, whatever the phase says. */
  readonly failing: string | null
}

/** The flows as they stand, each with what it waits for among them. */
export async function reportFlows(desks: readonly FlowDesk[]): Promise<FlowReport[]> {
  return withWaits(await Promise.all(desks.map(reportFlow)))
}

/** Tells of each flow which of the others its first load waits for. Pure. */
export function withWaits(reports: readonly FlowReport[]): FlowReport[] {
  const loading = new Set(reports.filter(isLoading).map(({ flow }) => flow))
  return reports.map((report) => ({
    ...report,
    waitsFor: isLoading(report) ? (flowNamed(report.flow).after ?? []).filter((name) => loading.has(name)) : [],
  }))
}

/** Its first load is still to begin or to end. A flow that is stopped or not running is waited for by nobody. */
function isLoading({ status }: FlowReport): boolean {
  return (
    status !== null &&
    status.phase !== 'stopped' &&
    (status.load === null ? status.phase === 'initial' : status.load.endedAt === null)
  )
}

/** One flow by itself: what it waits for in others is not known here. */
export async function reportFlow(desk: FlowDesk): Promise<FlowReport> {
  const { name, title } = desk.definition
  const { existence, failing } = await desk.standing()
  const { status, problem } = await readStatus(desk, existence)
  return {
    flow: name,
    title,
    existence,
    linked: status?.links ?? 0,
    created: status?.counters.outcomes.created ?? 0,
    needsPerson: status?.inboxCount.needsYou ?? 0,
    waits: status?.inboxCount.waitsByItself ?? 0,
    waitsFor: [],
    status,
    problem,
    failing,
  }
}

async function readStatus(desk: FlowDesk, existence: FlowExistence) {
  const { name } = desk.definition
  if (existence === 'notStarted') return { status: null, problem: `Not started: run \`kobling start ${name}\`.` }
  if (existence === 'closed') {
    return {
      status: null,
      problem: `Ended: \`kobling check --repair\` puts it back with its memory, \`kobling start ${name}\` starts it anew.`,
    }
  }
  try {
    return { status: await desk.status(), problem: null }
  } catch (error) {
    if (error instanceof CommandFailure) return { status: null, problem: error.message }
    throw error
  }
}
