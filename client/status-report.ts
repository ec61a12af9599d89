import type { FlowName } from '../flows/flow-definition.ts'
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
  /** null: the flow does not run, or nobody answers for it (`problem` says which). */
  readonly status: FlowStatus | null
  readonly problem: string | null
  /** Work that is repeated in vain, whatever the phase says. */
  readonly failing: string | null
}

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
