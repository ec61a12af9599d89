import type { Client } from '@temporalio/client'
import { shardWorkflowId } from '../../flows/directory.ts'
import type { Settings } from '../../flows/settings.ts'
import type { FlowDesk } from '../flow-desk.ts'

/**
 * The leaves of a flow's memory: those of its directory, which is exact but empty for a flow that starts anew, and those
 * that the server lists, which may lag some seconds behind but answers for a flow that does not.
 */
export async function leavesOf(client: Client, settings: Settings, desk: FlowDesk): Promise<string[]> {
  const flow = desk.definition.name
  const { shards } = await desk.directory().catch(() => ({ shards: [] }))
  const found = new Set(shards.map((shard) => shardWorkflowId(settings.connection, flow, shard.number)))
  const prefix = `${settings.connection}.${flow}.links.`
  // Leaves continue as new: of each one's many runs the last is enough.
  const query = `WorkflowId STARTS_WITH "${prefix}" AND ExecutionStatus != "ContinuedAsNew"`
  for await (const { workflowId } of client.workflow.list({ query })) found.add(workflowId)
  return [...found].sort()
}
