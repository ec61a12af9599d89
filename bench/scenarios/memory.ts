import { randomBytes } from 'node:crypto'
import { shardWorkflowId } from '../../flows/directory.ts'
import { emptyLeaf, type ShardSummary } from '../../flows/memory.ts'
import { encodeRow } from '../../flows/row-codec.ts'
import type { Figure, Scenario } from '../figure.ts'
import type { MemoryReport } from '../processes/thread-heaps.ts'
import { inWorld, type World } from '../world.ts'

const LINKS = 100_000
/** As many as fit before a leaf asks to be split. */
const LINKS_A_LEAF = 3_300
const FIELDS = 11
const FIRST_ID = 1_000_000

export const memory: Scenario = {
  name: 'memory',
  title: `memory of a worker process that holds ${LINKS} links, every leaf cached`,
  run: (ground) =>
    inWorld(ground, {}, async (world) => {
      const worker = await world.startWorker()
      const before = await worker.ask<MemoryReport>('memory')
      const leaves = Math.ceil(LINKS / LINKS_A_LEAF)
      for (let leaf = 0; leaf < leaves; leaf++) await startLeaf(world, leaf)
      const began = performance.now()
      const summaries = await Promise.all(
        Array.from({ length: leaves }, (_, leaf) => leafOf(world, leaf).query<ShardSummary>('summary')),
      )
      const queryMs = performance.now() - began
      const links = summaries.reduce((total, summary) => total + summary.linked, 0)
      if (links !== LINKS) throw new Error(`the leaves hold ${links} of ${LINKS} links`)
      const after = await worker.ask<MemoryReport>('memory')
      return figuresOf(before, after, leaves, queryMs)
    }),
}

async function startLeaf(world: World, number: number): Promise<void> {
  const from = number * LINKS_A_LEAF
  const rows = Array.from({ length: Math.min(LINKS_A_LEAF, LINKS - from) }, (_, index) => inventedRow(from + index))
  const address = { connection: world.connectionName, flow: 'customers' as const, shard: number, side: 'erp' as const }
  await world.client.workflow.start('linkMemory', {
    workflowId: shardWorkflowId(world.connectionName, 'customers', number),
    taskQueue: world.settings.taskQueue,
    args: [{ ...emptyLeaf({ ...address, low: number === 0 ? '' : String(FIRST_ID + from) }), rows }],
  })
}

/** As long as a real row; hashes drawn at random, which nothing can compress or share. */
function inventedRow(index: number): string {
  const [base, seen] = [randomBytes(FIELDS * 3).toString('base64url'), randomBytes(8).toString('base64url')]
  return encodeRow({
    kind: 'linked',
    erpId: String(FIRST_ID + index),
    shopId: `c-${index + 1}`,
    base,
    shopBase: '',
    erpSeen: seen,
    shopSeen: seen,
    definition: 1,
    flags: '',
    erpOwnWrite: '',
    shopOwnWrite: base.slice(0, 4),
    pointer: `1.${index % 200}`,
  })
}

function leafOf(world: World, number: number) {
  return world.client.workflow.getHandle(shardWorkflowId(world.connectionName, 'customers', number))
}

function figuresOf(before: MemoryReport, after: MemoryReport, leaves: number, queryMs: number): Figure[] {
  const heapOf = (report: MemoryReport): number => report.mainHeapBytes + report.threadHeapBytes
  const figure = (name: string, of: (report: MemoryReport) => number): Figure => ({
    name,
    value: (of(after) - of(before)) / LINKS,
    unit: 'B',
    how: 'measured',
    target: null,
    note: `${mebibytes(of(before))} MiB empty, ${mebibytes(of(after))} MiB with ${leaves} leaves, after a full collection in every thread`,
  })
  return [
    figure('resident bytes a link (RSS)', (report) => report.rssBytes),
    figure('heap bytes a link', heapOf),
    {
      name: 'all leaves loaded and asked',
      value: queryMs / leaves,
      unit: 'ms a leaf',
      how: 'measured',
      target: null,
      note: `${leaves} leaves at once, ${Math.round(queryMs)} ms`,
    },
  ]
}

function mebibytes(bytes: number): string {
  return (bytes / 2 ** 20).toFixed(0)
}
