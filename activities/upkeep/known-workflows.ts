import type { Client } from '@temporalio/client'
import { type Directory, generationOf, shardWorkflowId } from '../../flows/directory.ts'
import type { FlowAddress } from '../../flows/port.ts'

/**
 * The leaves of a flow's memory: those of its directory, which is exact but empty for a flow that starts anew, and those
 * that the server lists, which may lag some seconds behind but answers for a flow that does not. Leaves of earlier
 * generations are of a memory that was given up.
 */
export async function leavesOf(
  client: Client,
  { connection, flow }: FlowAddress,
  directory: Directory | null,
): Promise<string[]> {
  const numbers = directory?.shards.map((shard) => shard.number) ?? []
  const found = [...new Set([...numbers, ...(await listedLeaves(client, { connection, flow }))])]
  const present = latestGeneration(found)
  return found
    .filter((number) => generationOf(number) === present)
    .sort((a, b) => a - b)
    .map((number) => shardWorkflowId(connection, flow, number))
}

/** The generation of the newest leaf; 1 where there is none yet. */
export function latestGeneration(leaves: readonly number[]): number {
  return leaves.reduce((latest, number) => Math.max(latest, generationOf(number)), 1)
}

/** Numbers of all leaves that the server knows, of whatever generation and whether they run or not. */
export async function listedLeaves(client: Client, { connection, flow }: FlowAddress): Promise<number[]> {
  const prefix = `${connection}.${flow}.links.`
  // Leaves continue as new: of each one's many runs the last is enough.
  const query = `WorkflowId STARTS_WITH "${prefix}" AND ExecutionStatus != "ContinuedAsNew"`
  const numbers = new Set<number>()
  for await (const { workflowId } of client.workflow.list({ query })) {
    const number = Number(workflowId.slice(prefix.length))
    if (Number.isInteger(number)) numbers.add(number)
  }
  return [...numbers]
}
