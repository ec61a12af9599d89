import type { Client } from '@temporalio/client'
import { latestGeneration, listedLeaves } from '../../activities/upkeep/known-workflows.ts'
import { leavesFor, mergeRows, restoredState } from '../../activities/upkeep/restore-memory.ts'
import { shardFor, shardWorkflowId } from '../../flows/directory.ts'
import type { FlowMemory } from '../../flows/memory-file.ts'
import { rowKey } from '../../flows/row.ts'
import { decodeRow, type EncodedRow } from '../../flows/row-codec.ts'
import type { Settings } from '../../flows/settings.ts'
import { idOf, sideOf } from '../../flows/side.ts'
import { FLOW_STATE_VERSION, tooNew } from '../../flows/state-version.ts'
import { changedSignal, put1Update } from '../../workflows/messages.ts'
import { CommandFailure } from '../command-failure.ts'
import type { FlowDesk } from '../flow-desk.ts'
import { flowInput, startFlowWith } from '../start-flow.ts'
import { giveUpMemory } from './give-up-memory.ts'
import { readRows } from './read-rows.ts'

const ROWS_PER_PUT = 300

/** A flow and its memory as they stand in the file, in place of whatever there is. @returns what was done, as a sentence */
export async function restoreFlow(
  client: Client,
  settings: Settings,
  desk: FlowDesk,
  memory: FlowMemory,
): Promise<string> {
  const { definition } = desk
  const address = { connection: settings.connection, flow: definition.name }
  // An earlier one is brought up to date by the flow itself, as at every start of a run.
  const problem = tooNew(`${definition.name} in this file`, memory.state['v'], FLOW_STATE_VERSION)
  if (problem !== null) throw new CommandFailure(problem)
  const next = await giveUpMemory(client, address, 'kobling import')
  const generation = Math.max(next, memory.generation)
  const leaves = leavesFor(address, memory.rows, generation)
  for (const state of leaves)
    await client.workflow.start('linkMemory', {
      workflowId: shardWorkflowId(address.connection, address.flow, state.shard),
      taskQueue: settings.taskQueue,
      args: [state],
      workflowIdConflictPolicy: 'FAIL',
      workflowIdReusePolicy: 'REJECT_DUPLICATE',
      staticSummary: `links of ${address.flow}, imported, ${state.side} ids from ${state.low || 'the first'}`,
    })
  const { options } = flowInput(settings, definition, true)
  const state = restoredState(memory, leaves, { generation, options, nowMs: Date.now() })
  await startFlowWith(client, settings, definition, state)
  return `${memory.rows.length} rows in ${leaves.length} leaves (generation ${generation}); the flow goes on from where it was exported`
}

/** Adds to a memory that lives what it does not know; what it says of a record already is never overwritten. */
export async function mergeIntoFlow(
  client: Client,
  settings: Settings,
  desk: FlowDesk,
  memory: FlowMemory,
): Promise<string> {
  const living: EncodedRow[] = []
  for await (const { encoded } of readRows(client, settings, desk)) living.push(encoded)
  const { add, same, kept } = mergeRows(memory.rows, living)
  const refused = await putRows(client, settings, desk, add)
  const keys = add.flatMap((text) => {
    const row = decodeRow(text)
    return row.kind === 'apart' ? [] : [rowKey(row)]
  })
  // What the rows say is older than the records may be by now.
  for (let from = 0; from < keys.length; from += ROWS_PER_PUT)
    await client.workflow
      .getHandle(desk.workflowId)
      .signal(changedSignal, { keys: keys.slice(from, from + ROWS_PER_PUT), why: 'imported' })
  const left = kept + refused
  return [
    `${add.length - refused} rows were added, ${same} were there`,
    ...(left === 0
      ? []
      : [
          `${left} were left out, since the memory says something newer of their records (--replace puts the file in its place)`,
        ]),
  ].join(', ')
}

/** Compare-and-set against nothing (E5). @returns how many found a row that came meanwhile */
async function putRows(
  client: Client,
  settings: Settings,
  desk: FlowDesk,
  rows: readonly EncodedRow[],
): Promise<number> {
  const { name } = desk.definition
  const directory = await desk.directory()
  const byLeaf = new Map<number, EncodedRow[]>()
  for (const text of rows) {
    const key = rowKey(decodeRow(text))
    const leaf = shardFor(directory, sideOf(key), idOf(key).split('/')[0] ?? '')
    if (!leaf)
      throw new CommandFailure(`${name} has no memory yet: wait for its first load to begin, then import again.`)
    byLeaf.set(leaf.number, [...(byLeaf.get(leaf.number) ?? []), text])
  }
  let refused = 0
  for (const [number, texts] of byLeaf) {
    const handle = client.workflow.getHandle(shardWorkflowId(settings.connection, name, number))
    for (let from = 0; from < texts.length; from += ROWS_PER_PUT) {
      const items = texts
        .slice(from, from + ROWS_PER_PUT)
        .map((row) => ({ key: rowKey(decodeRow(row)), expect: null, row }))
      const { answers } = await handle.executeUpdate(put1Update, { args: [items] })
      refused += answers.filter((answer) => answer.kind !== 'done').length
    }
  }
  return refused
}

/** Whether the server knows any leaf of the flow, running or not: rows that could be had back. */
export async function hasMemory(client: Client, settings: Settings, desk: FlowDesk): Promise<boolean> {
  return (await listedLeaves(client, { connection: settings.connection, flow: desk.definition.name })).length > 0
}

/** The flow from nothing, with an empty memory of the next generation: it finds its links by references and keys. */
export async function rebuildFlow(client: Client, settings: Settings, desk: FlowDesk): Promise<number> {
  const { definition } = desk
  const address = { connection: settings.connection, flow: definition.name }
  const before = latestGeneration(await listedLeaves(client, address))
  const generation = Math.max(before, await giveUpMemory(client, address, 'kobling rebuild'))
  await startFlowWith(client, settings, definition, flowInput(settings, definition, true, generation))
  return generation
}
