import { fileURLToPath } from 'node:url'
import { Client, Connection } from '@temporalio/client'
import { afterAll, beforeAll, expect, inject, test } from 'vitest'
import { flowWorkflowId } from '../../flows/directory.ts'
import { readSettings } from '../../flows/settings.ts'
import { dataConverterOf } from '../../worker/codec.ts'
import { type RunningWorker, startWorker } from '../../worker/run-worker.ts'
import { bundleWorkflows } from '../../worker/workflow-bundle.ts'
import { type FlowInput, statusQuery } from '../../workflows/messages.ts'
import { warehouses } from '../fixtures/sixth-entity/definition.ts'
import { createMemorySystem } from '../fixtures/sixth-entity/memory-system.ts'
import { until } from '../support/world.ts'

/**
 * An exercise: an entity that the product does not have, with three fields. It takes one definition file and its connector
 * parts (test/fixtures/sixth-entity/); nothing in workflows/ knows of it.
 */
const connectionName = `sixth${Date.now().toString(36)}`
const erp = createMemorySystem('erp')
const shop = createMemorySystem('shop')
let worker: RunningWorker
let connection: Connection
let client: Client

beforeAll(async () => {
  const settings = {
    ...readSettings({ TEMPORAL_ADDRESS: inject('temporalAddress') }),
    connection: connectionName,
    taskQueue: `sync-${connectionName}`,
    watchTaskQueue: `sync-${connectionName}-watch`,
  }
  connection = await Connection.connect({ address: inject('temporalAddress') })
  client = new Client({ connection, dataConverter: dataConverterOf(settings) })
  worker = await startWorker(settings, {
    workflowBundle: await bundleWorkflows(
      fileURLToPath(new URL('../fixtures/sixth-entity/workflows.ts', import.meta.url)),
    ),
    systemsOf: () => ({ erp, shop }),
    definitionOf: () => warehouses,
    timing: () => ({ erpPollMs: 100, shopPollMs: 100, sweepMs: 3_600_000, graceMs: 500 }),
    withoutReceiver: true,
  })
  erp.edit('1', { Code: 'OSL', Name: 'Oslo', IsActive: true })
  erp.edit('2', { Code: 'BGO', Name: 'Bergen', IsActive: true })
  shop.edit('a', { code: 'OSL', name: 'OSLO sentrum', active: true })
  shop.edit('b', { code: 'TRD', name: 'Trondheim', active: true })
  const input: FlowInput = {
    v: 1,
    connection: connectionName,
    flow: warehouses.name,
    options: { approveFirst: false, hadEarlierRun: false, maxEvents: 0 },
  }
  await client.workflow.start('warehouses', {
    workflowId: flowWorkflowId(connectionName, 'warehouses'),
    taskQueue: settings.taskQueue,
    args: [input],
  })
})
afterAll(async () => {
  for await (const found of client.workflow.list({ query: `WorkflowId STARTS_WITH "${connectionName}."` }))
    await client.workflow.getHandle(found.workflowId).terminate('the test is over')
  worker.shutdown()
  await worker.ended
  await connection.close()
})

const settled = () =>
  until('the flow to settle', async () => {
    const status = await client.workflow.getHandle(flowWorkflowId(connectionName, 'warehouses')).query(statusQuery)
    return status.phase === 'live' && status.lookAgain.count === 0 && status.inHand === 0 ? status : undefined
  })
const names = (rows: ReadonlyMap<string, Readonly<Record<string, unknown>>>, name: string) =>
  [...rows.values()].map((row) => row[name]).sort()

test('a sixth entity is matched, created and kept equal by the same engine, without a change to workflows/', async () => {
  expect((await settled()).links).toBe(3)
  expect(names(erp.rows, 'Name')).toEqual(['Bergen', 'Oslo', 'Trondheim'])
  expect(names(shop.rows, 'name')).toEqual(['Bergen', 'Oslo', 'Trondheim'])
  const before = { erp: erp.writes.count, shop: shop.writes.count }
  shop.edit('b', { name: 'Trondheim havn' })
  await until('the other side to follow', async () => names(erp.rows, 'Name').includes('Trondheim havn'))
  erp.edit('1', { IsActive: false })
  await until('the other side to follow', async () => shop.rows.get('a')?.['active'] === false)
  await settled()
  expect({ erp: erp.writes.count - before.erp, shop: shop.writes.count - before.shop }).toEqual({ erp: 1, shop: 1 })
})
