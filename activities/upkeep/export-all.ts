import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { type Client, WorkflowNotFoundError } from '@temporalio/client'
import { flowWorkflowId } from '../../flows/directory.ts'
import { type FlowName, flowNames } from '../../flows/flow-definition.ts'
import type { ExportInput, FlowMemory } from '../../flows/memory-file.ts'
import { flowNamed } from '../../flows/registry.ts'
import { dropOldest, stampOf } from './kept-files.ts'
import { writeMemoryFile } from './memory-file.ts'
import { readFlowMemory } from './read-flow-memory.ts'

/** What every running flow knows, in a file below the data folder; the oldest beyond `kept` are dropped. */
export async function exportAll(
  client: Client,
  dataDir: string,
  { connection, kept }: ExportInput,
  nowMs: number,
): Promise<{ readonly path: string | null; readonly flows: readonly FlowName[] }> {
  const flows: FlowMemory[] = []
  for (const name of flowNames) {
    // A flow that does not run is left out; a leaf that does not answer fails the export, which is tried again.
    if (await isRunning(client, flowWorkflowId(connection, name)))
      flows.push(await readFlowMemory(client, connection, flowNamed(name)))
  }
  if (flows.length === 0) return { path: null, flows: [] }
  const folder = join(dataDir, 'exports')
  await mkdir(folder, { recursive: true })
  const path = join(folder, `${connection}-${stampOf(nowMs)}.jsonl`)
  await writeMemoryFile(path, { connection, exportedAt: new Date(nowMs).toISOString(), flows })
  await dropOldest(folder, { prefix: `${connection}-`, suffix: '.jsonl', kept })
  return { path, flows: flows.map(({ flow }) => flow) }
}

async function isRunning(client: Client, workflowId: string): Promise<boolean> {
  try {
    return (await client.workflow.getHandle(workflowId).describe()).status.name === 'RUNNING'
  } catch (error) {
    if (error instanceof WorkflowNotFoundError) return false
    throw error
  }
}
