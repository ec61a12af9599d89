import type { Client } from '@temporalio/client'
import proto from '@temporalio/proto'
import type { World } from './world.ts'
import { until } from './world.ts'

const { WorkflowTaskFailedCause } = proto.temporal.api.enums.v1

type History = Awaited<ReturnType<ReturnType<Client['workflow']['getHandle']>['fetchHistory']>>

export interface RunHistory {
  readonly workflowId: string
  readonly events: NonNullable<History['events']>
}

/** Every run of the customers flow and of its memory's leaves, with its history. */
export async function runHistories(world: World): Promise<RunHistory[]> {
  const flow = world.handle.workflowId
  // The list lags behind: the present run, which nothing follows yet, must be in it.
  const { runId: presentRun } = await world.handle.describe()
  const listed = await until('the server to list the present run', async () => {
    const found: { workflowId: string; runId: string }[] = []
    for await (const one of world.client.workflow.list({ query: `WorkflowId STARTS_WITH "${flow}"` })) found.push(one)
    return found.some(({ runId }) => runId === presentRun) && found
  })
  const runs: RunHistory[] = []
  for (const { workflowId, runId } of listed) {
    const { events } = await world.client.workflow.getHandle(workflowId, runId).fetchHistory()
    runs.push({ workflowId, events: events ?? [] })
  }
  return runs
}

/** Workflow tasks that failed: code that threw, or did not fit its history. */
export function taskFailuresIn(runs: readonly RunHistory[]): string[] {
  return runs.flatMap(({ workflowId, events }) =>
    events.flatMap(({ workflowTaskFailedEventAttributes: failed }) => {
      if (!failed) return []
      const cause = WorkflowTaskFailedCause[failed.cause ?? 0] ?? String(failed.cause)
      // A message came while the run was ending: the task is done again with it (docs/engine.md, E25).
      return cause === 'WORKFLOW_TASK_FAILED_CAUSE_UNHANDLED_COMMAND'
        ? []
        : [`${workflowId}: ${cause} ${failed.failure?.message ?? ''}`]
    }),
  )
}
