import type { Client } from '@temporalio/client'
import { shardWorkflowId } from '../../flows/directory.ts'
import type { Settings } from '../../flows/settings.ts'
import type { FlowDesk } from '../flow-desk.ts'

/**
 * The leaves of a flow's memory: from its directory, or, while the flow itself does not answer, from the server's list
 * (which may lag some seconds behind).
 */
export async function leavesOf(client: Client, settings: Settings, desk: FlowDesk): Promise<string[]> {
  const flow = desk.definition.name
  try {
    const { shards } = await desk.directory()
    return shards.map((shard) => shardWorkflowId(settings.connection, flow, shard.number))
  } catch {
    const prefix = `${settings.connection}.${flow}.links.`
    const found = new Set<string>()
    // One workflow has many runs there, since leaves continue as new.
    for await (const { workflowId } of client.workflow.list({ query: `WorkflowId STARTS_WITH "${prefix}"` })) {
      found.add(workflowId)
    }
    return [...found].sort()
  }
}
