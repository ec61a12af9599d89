import { randomBytes } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { setTimeout as pause } from 'node:timers/promises'
import { cancellationSignal, heartbeat } from '@temporalio/activity'
import { Client, Connection } from '@temporalio/client'
import { historyToJSON } from '@temporalio/common/lib/proto-utils.js'
import { NativeConnection, Worker } from '@temporalio/worker'
import { afterAll, beforeAll, expect, inject, test } from 'vitest'
import type { Decision } from '../../flows/decision.ts'
import { flowWorkflowId } from '../../flows/directory.ts'
import type { Pair } from '../../flows/pair.ts'
import type { FirstLoadPosition, FlowActivities, UpsertAnswer } from '../../flows/port.ts'
import { dataConverterOf } from '../../worker/codec.ts'
import type { FlowInput, FlowStatus } from '../../workflows/messages.ts'
import { reading } from '../support/pair-samples.ts'
import { replay } from '../support/replay-histories.ts'
import { until } from '../support/world.ts'

/** A first load whose activities are the test's: pages of a few records, and chunks that end when the test says so. */

let connection: Connection
let native: NativeConnection
let client: Client

beforeAll(async () => {
  const address = inject('temporalAddress')
  connection = await Connection.connect({ address })
  native = await NativeConnection.connect({ address })
  client = new Client({ connection, dataConverter: dataConverterOf({ codecKeys: [] }) })
})
afterAll(async () => {
  await native?.close()
  await connection?.close()
})

interface FakePage {
  readonly at: FirstLoadPosition
  readonly ids: readonly string[]
  readonly next: FirstLoadPosition | null
}

const done: UpsertAnswer & { kind: 'outcomes' } = {
  kind: 'outcomes',
  outcomes: [],
  split: [],
  linked: {},
  trouble: null,
}

async function startLoad(pages: readonly FakePage[]) {
  const name = `p${randomBytes(3).toString('hex')}`
  const fetched: string[] = []
  const begun: string[] = []
  const ended: string[] = []
  /** Chunks are called by their first record; each ends when its answer is there. */
  const answers = new Map<string, 'done' | 'trouble'>()

  const activities: Partial<FlowActivities> = {
    startShards: async ({ directory }) => ({ kind: 'started', directory, linked: {} }),
    fetchFirstLoad: async ({ position }) => {
      const page = pages.find(({ at }) => at.step === position.step && at.afterId === position.afterId)
      if (!page) throw new Error(`no such page: ${position.step} ${position.afterId}`)
      fetched.push(`${position.step} ${position.afterId}`)
      const left = page.ids.filter((id) => !ended.includes(id))
      const empty = { totals: { erp: 0, shop: 0 }, cursors: { erp: '1', shop: '1' }, room: null }
      return { kind: 'page', pairs: left.map(newPair), next: page.next, ...empty }
    },
    upsertRecords: async ({ decisions }) => {
      const ids = decisions.map(idOfCreate)
      const [first = ''] = ids
      begun.push(first)
      while (!answers.has(first)) await beat()
      if (answers.get(first) === 'trouble') {
        answers.delete(first)
        const trouble = { type: 'Unreachable', where: 'shop', message: 'The webshop does not answer.' } as const
        return { ...done, trouble, outcomes: ids.map((erpId) => ({ kind: 'deferred', erpId })) }
      }
      ended.push(...ids)
      return { ...done, outcomes: ids.map((erpId) => ({ kind: 'created', erpId, shopId: `c-${erpId}` })) }
    },
    waitUntilHealthy: async () => ({ waitedMs: 0 }),
    fetchChanges: async () => {
      for (;;) await beat()
    },
  }
  const parts = {
    connection: native,
    dataConverter: dataConverterOf({ codecKeys: [] }),
    activities: activities as object,
  }
  const bundle = { codePath: inject('workflowBundlePath') }
  const workers = await Promise.all([
    Worker.create({ ...parts, taskQueue: name, workflowBundle: bundle }),
    Worker.create({ ...parts, taskQueue: `${name}-watch`, shutdownGraceTime: '100 ms' }),
  ])
  const runs = workers.map((worker) => worker.run())
  const options = { approveFirst: false, hadEarlierRun: false, maxEvents: 0 }
  const input: FlowInput = { v: 1, connection: name, flow: 'customers', options }
  const workflowId = flowWorkflowId(name, 'customers')
  const handle = await client.workflow.start('customers', { workflowId, taskQueue: name, args: [input] })
  return {
    fetched,
    begun,
    ended,
    end: (chunk: string, answer: 'done' | 'trouble' = 'done') => answers.set(chunk, answer),
    status: () => handle.query<FlowStatus>('status'),
    /** Everything is over when the history of the flow has been seen to fit the code that made it. */
    close: async (): Promise<void> => {
      const history = JSON.parse(historyToJSON(await handle.fetchHistory()))
      await handle.terminate('the test is over')
      for (const worker of workers) worker.shutdown()
      await Promise.all(runs)
      const code = readFileSync(inject('workflowBundlePath'), 'utf8')
      expect(await replay({ code }, [{ name: 'load', history }])).toEqual({})
    },
  }
}

async function beat(): Promise<void> {
  heartbeat()
  cancellationSignal().throwIfAborted()
  await pause(50)
}

function newPair(id: string): Pair {
  return {
    erp: { kind: 'present', reading: reading('erp', {}, { id }) },
    shop: { kind: 'absent' },
    rows: [],
    match: { kind: 'none' },
    differs: '',
  }
}

function idOfCreate(decision: Decision): string {
  if (decision.kind !== 'create') throw new Error(`a ${decision.kind} where a create was expected`)
  return decision.from.id
}

const at = (step: FirstLoadPosition['step'], afterId = ''): FirstLoadPosition => ({ step, afterId })

test('E13: pages of one step overlap by one, and the position waits for the slowest record', async () => {
  const load = await startLoad([
    { at: at('pairs'), ids: ['1', '2'], next: at('pairs', '2') },
    { at: at('pairs', '2'), ids: ['3'], next: at('pairs', '3') },
    { at: at('pairs', '3'), ids: ['4'], next: null },
  ])
  await until('the second page to begin beside the first', async () => load.begun.includes('3'))
  load.end('3')
  await until('the second page to be taken in', async () => (await load.status()).counters.outcomes.created === 1)
  // What was done of later pages is not lost when the first has to be asked again, and no third page began meanwhile.
  expect(load.begun).toEqual(['1', '3'])
  load.end('1', 'trouble')
  await until(
    'the load to go on at the first page',
    async () => load.fetched.filter((page) => page === 'pairs ').length === 2,
  )
  load.end('1')
  load.end('4')
  const { counters } = await until('the load to end', async () => {
    const status = await load.status()
    return status.load?.endedAt != null && status
  })
  expect([load.ended, counters.outcomes.created]).toEqual([['3', '1', '2', '4'], 4])
  await load.close()
})

test('E13: a step begins only when everything of the step before it is done', async () => {
  const load = await startLoad([
    { at: at('pairs'), ids: ['1'], next: at('pairs', '1') },
    { at: at('pairs', '1'), ids: ['2'], next: at('erpOnly') },
    { at: at('erpOnly'), ids: ['3'], next: null },
  ])
  await until('both pages of the first step to begin', async () => load.begun.length === 2)
  load.end('2')
  await until('the second page to be taken in', async () => (await load.status()).counters.outcomes.created === 1)
  await until('the next step to be fetched', async () => load.fetched.includes('erpOnly '))
  expect(load.begun).toEqual(['1', '2'])
  load.end('1')
  load.end('3')
  await until('the load to end', async () => (await load.status()).load?.endedAt != null)
  expect(load.ended).toEqual(['2', '1', '3'])
  await load.close()
})
