import type { Client } from '@temporalio/client'
import { type Directory, flowWorkflowId } from '../../flows/directory.ts'
import type { FlowDefinition } from '../../flows/flow-definition.ts'
import type { FlowMemory } from '../../flows/memory-file.ts'
import type { EncodedRow } from '../../flows/row-codec.ts'
import type { RecordKey } from '../../flows/side.ts'
import { readRows } from './read-rows.ts'

/**
 * Everything that one flow knows. The state comes before the rows: its cursors are then never ahead of them, and what came in
 * between is met again and dropped by the rows' own hashes (E2).
 * @throws what the server answers when the flow does not run, or a leaf does not answer
 */
export async function readFlowMemory(
  client: Client,
  connection: string,
  definition: Pick<FlowDefinition, 'name' | 'version'>,
): Promise<FlowMemory> {
  const flow = definition.name
  const handle = client.workflow.getHandle(flowWorkflowId(connection, flow))
  const underWay = await handle.query<readonly RecordKey[]>('underWay')
  const state = await handle.query<Readonly<Record<string, unknown>>>('state')
  const readDirectory = (): Promise<Directory> => handle.query<Directory>('directory')
  const { generation } = await readDirectory()
  const rows: EncodedRow[] = []
  for await (const { encoded } of readRows(client, { connection, flow }, readDirectory)) rows.push(encoded)
  return { flow, definitionVersion: definition.version, generation, state, underWay, rows }
}
