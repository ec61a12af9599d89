import { randomBytes } from 'node:crypto'
import { Client, Connection } from '@temporalio/client'
import { NativeConnection, Worker } from '@temporalio/worker'
import { inject } from 'vitest'
import { createMemory } from '../../activities/memory/memory-client.ts'
import { createShardKeeper } from '../../activities/memory/shards.ts'
import { type Directory, shardWorkflowId } from '../../flows/directory.ts'
import { emptyLeaf, type LeafState, type PutItem, type ShardSummary } from '../../flows/memory.ts'
import { type LinkedRow, type Row, rowKey } from '../../flows/row.ts'
import { encodeRow } from '../../flows/row-codec.ts'
import { dataConverterOf } from '../../worker/codec.ts'
import { until } from './world.ts'

/** Leaves of a memory on the run's Temporal server with a worker of their own, and no flow: the test is the flow. */
export async function startMemoryWorld() {
  const address = { connection: `m${randomBytes(3).toString('hex')}`, flow: 'customers' } as const
  const taskQueue = address.connection
  const [connection, native] = await Promise.all([
    Connection.connect({ address: inject('temporalAddress'), interceptors: [] }),
    NativeConnection.connect({ address: inject('temporalAddress') }),
  ])
  const client = new Client({
    connection,
    dataConverter: dataConverterOf({ codecKeys: [] }),
    workflow: { queryRejectCondition: 'NOT_OPEN' },
  })
  let worker = await createWorker()
  let running = worker.run()
  const { signal } = new AbortController()
  const memory = createMemory(client)
  const keeper = createShardKeeper(client, memory, taskQueue)
  const handle = (shard: number) => client.workflow.getHandle(shardWorkflowId(address.connection, 'customers', shard))
  const runIdOf = async (shard: number): Promise<string> => (await handle(shard).describe()).runId
  const started = new Set<number>()
  const startLeaf = async (state: LeafState): Promise<void> => {
    const workflowId = shardWorkflowId(address.connection, 'customers', state.shard)
    await client.workflow.start('linkMemory', { workflowId, taskQueue, args: [state] })
    started.add(state.shard)
  }

  function createWorker(): Promise<Worker> {
    return Worker.create({
      connection: native,
      taskQueue,
      dataConverter: dataConverterOf({ codecKeys: [] }),
      workflowBundle: { codePath: inject('workflowBundlePath') },
      maxCachedWorkflows: 400,
    })
  }

  return {
    client,
    memory,
    keeper,
    address,
    signal,
    handle,
    /** One that has learned nothing yet, as after a restart. */
    freshMemory: () => createMemory(client),
    /** The first leaf of each side, 0 and 1, as a flow starts them; the knobs are for leaf 0. */
    start: async (knobs: Partial<LeafState> = {}): Promise<Directory> => {
      await startLeaf({ ...emptyLeaf({ ...address, shard: 0, side: 'erp', low: '' }), ...knobs })
      await startLeaf(emptyLeaf({ ...address, shard: 1, side: 'shop', low: '' }))
      const shards = [
        { side: 'erp', low: '', number: 0 },
        { side: 'shop', low: '', number: 1 },
      ] as const
      return { generation: 1, shards }
    },
    startLeaf,
    /** The worker goes and another one comes, which knows of the leaves what their histories say. */
    restartWorker: async (): Promise<void> => {
      worker.shutdown()
      await running
      worker = await createWorker()
      running = worker.run()
    },
    split: async (shard: number, newNumber: number) => {
      const answer = await keeper.split(address, shard, newNumber, signal)
      started.add(answer.number)
      return answer
    },
    splitIfWanted: async (shard: number, newNumber: number) => {
      const answer = await keeper.splitIfWanted(address, shard, newNumber, signal)
      if (answer !== null) started.add(answer.number)
      return answer
    },
    summary: (shard: number): Promise<ShardSummary> => handle(shard).query('summary'),
    runIdOf: (shard: number): Promise<string> => runIdOf(shard),
    /** The leaf's next run, which remembers no put: it does not know that its right end grew. @returns its id */
    roll: async (shard: number): Promise<string> => {
      const before = await runIdOf(shard)
      await handle(shard).signal('roll')
      return until('the leaf to continue as new', async () => {
        const now = await runIdOf(shard)
        return now !== before && now
      })
    },
    rows: async (directory: Directory): Promise<Row[]> => {
      const rows: Row[] = []
      await createMemory(client).eachRow(address, directory, (row) => rows.push(row), signal)
      return rows
    },
    close: async (): Promise<void> => {
      await Promise.all(
        [...started].map((shard) =>
          handle(shard)
            .terminate('the test is over')
            .catch(() => undefined),
        ),
      )
      worker.shutdown()
      await running
      await native.close()
      await connection.close()
    },
  }
}

export type MemoryWorld = Awaited<ReturnType<typeof startMemoryWorld>>

export function link(id: number, change: Partial<LinkedRow> = {}): LinkedRow {
  return {
    kind: 'linked',
    erpId: String(id),
    shopId: `c-${id}`,
    base: 'AAAABBBBCCCC',
    shopBase: '',
    erpSeen: 'seen1234567',
    shopSeen: 'seen1234567',
    definition: 1,
    flags: '',
    erpOwnWrite: '',
    shopOwnWrite: '',
    pointer: '1.5',
    ...change,
  }
}

export function put(row: Row, expect: Row | null = null): PutItem {
  return { key: rowKey(row), expect: expect === null ? null : encodeRow(expect), row: encodeRow(row) }
}

export function puts(ids: readonly number[]): PutItem[] {
  return ids.map((id) => put(link(id)))
}

export function range(from: number, to: number): number[] {
  return Array.from({ length: to - from + 1 }, (_, index) => from + index)
}
