import { type Client, WorkflowNotFoundError } from '@temporalio/client'
import { latestGeneration, listedLeaves } from '../../activities/upkeep/known-workflows.ts'
import { flowWorkflowId, shardWorkflowId } from '../../flows/directory.ts'
import type { FlowAddress } from '../../flows/port.ts'

/**
 * Ends a flow and every leaf of its memory, which is then to be begun anew in the next generation. The flow comes first, so that
 * nobody starts leaves meanwhile.
 * @returns the generation that comes next; 1 where there was no memory
 */
export async function giveUpMemory(client: Client, address: FlowAddress, reason: string): Promise<number> {
  await terminate(client, flowWorkflowId(address.connection, address.flow), reason)
  const leaves = await listedLeaves(client, address)
  for (const number of leaves)
    await terminate(client, shardWorkflowId(address.connection, address.flow, number), reason)
  return leaves.length === 0 ? 1 : latestGeneration(leaves) + 1
}

async function terminate(client: Client, workflowId: string, reason: string): Promise<void> {
  await client.workflow
    .getHandle(workflowId)
    .terminate(reason)
    .catch((error: unknown) => {
      // Unknown or ended already.
      if (!(error instanceof WorkflowNotFoundError)) throw error
    })
}
