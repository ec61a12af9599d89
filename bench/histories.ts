import { setTimeout as pause } from 'node:timers/promises'
import type { World } from './world.ts'

export interface HistorySize {
  readonly events: number
  readonly bytes: number
}

export interface Histories {
  readonly flow: HistorySize
  readonly leaves: HistorySize
}

/** All runs of the world's flow and of its leaves, as the server counts them. */
export async function readHistories(world: World): Promise<Histories> {
  const runs = await allRuns(world)
  const sum = (part: readonly HistorySize[]): HistorySize => ({
    events: part.reduce((total, size) => total + size.events, 0),
    bytes: part.reduce((total, size) => total + size.bytes, 0),
  })
  return {
    flow: sum(runs.filter((run) => run.workflowId === world.flow.workflowId)),
    leaves: sum(runs.filter((run) => run.workflowId !== world.flow.workflowId)),
  }
}

export function totalOf({ flow, leaves }: Histories): HistorySize {
  return { events: flow.events + leaves.events, bytes: flow.bytes + leaves.bytes }
}

/** The list of runs lags a little behind the runs: read until it stands still. */
async function allRuns(world: World): Promise<(HistorySize & { workflowId: string })[]> {
  for (let before = -1; ; ) {
    const listed: { workflowId: string; runId: string }[] = []
    for await (const run of world.client.workflow.list({ query: `WorkflowId STARTS_WITH "${world.connectionName}."` }))
      listed.push(run)
    if (listed.length === before)
      return Promise.all(listed.map(({ workflowId, runId }) => sizeOf(world, workflowId, runId)))
    before = listed.length
    await pause(500)
  }
}

async function sizeOf(world: World, workflowId: string, runId: string): Promise<HistorySize & { workflowId: string }> {
  const { historyLength, historySize } = await world.client.workflow.getHandle(workflowId, runId).describe()
  return { workflowId, events: historyLength, bytes: historySize ?? 0 }
}
