import { fileURLToPath } from 'node:url'
import { Client, Connection } from '@temporalio/client'
import { NativeConnection, Worker } from '@temporalio/worker'
import { afterAll, beforeAll, expect, inject, test } from 'vitest'
import { askAgain } from '../../worker/ask-again.ts'
import { bundleWorkflows } from '../../worker/workflow-bundle.ts'
import { until } from '../support/world.ts'

const workflowsPath = fileURLToPath(new URL('../fixtures/half-task/workflows.ts', import.meta.url))
const taskQueue = `half-task-${process.pid}`
const ids = Array.from({ length: 12 }, (_, index) => `${taskQueue}-${index}`)
let bundle: { code: string }
let connection: Connection
let native: NativeConnection

beforeAll(async () => {
  bundle = await bundleWorkflows(workflowsPath)
  connection = await Connection.connect({ address: inject('temporalAddress') })
  native = await NativeConnection.connect({ address: inject('temporalAddress') })
})
afterAll(async () => {
  await connection?.close()
  await native?.close()
})

async function withWorker(work: () => Promise<void>): Promise<void> {
  const worker = await Worker.create({
    connection: native,
    taskQueue,
    workflowBundle: bundle,
    activities: { note: async () => undefined },
  })
  await worker.runUntil(work)
}

test('E25: a workflow that is asked while no worker has it, with events that no task has taken up, replays afterwards', async () => {
  const client = new Client({ connection, interceptors: { workflow: [askAgain] } })
  await withWorker(async () => {
    for (const workflowId of ids) await client.workflow.start('clockwork', { taskQueue, workflowId, args: [1_500] })
    for (const workflowId of ids)
      await until(
        'its timer to be started',
        async () =>
          (await client.workflow.getHandle(workflowId).fetchHistory()).events?.some(
            (event) => event.timerStartedEventAttributes,
          ) || undefined,
      )
  })
  // Nobody serves them now. The questions are on their way before the timers fire.
  const answers = ids.map((workflowId) => client.workflow.getHandle(workflowId).query<number>('count'))
  for (const workflowId of ids)
    await until(
      'its timer to fire',
      async () =>
        (await client.workflow.getHandle(workflowId).fetchHistory()).events?.some(
          (event) => event.timerFiredEventAttributes,
        ) || undefined,
    )
  await withWorker(async () => {
    expect(await Promise.all(answers)).toHaveLength(ids.length)
    for (const workflowId of ids) expect(await client.workflow.getHandle(workflowId).result()).toBe(1)
  })
  const histories = await Promise.all(
    ids.map(async (workflowId) => ({
      workflowId,
      history: await client.workflow.getHandle(workflowId).fetchHistory(),
    })),
  )
  const differing: string[] = []
  for await (const { workflowId, error } of Worker.runReplayHistories({ workflowBundle: bundle }, histories))
    if (error) differing.push(`${workflowId}: ${error.message.slice(0, 200)}`)
  expect(differing).toEqual([])
})
