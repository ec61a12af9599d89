import { fileURLToPath } from 'node:url'
import { Client, Connection } from '@temporalio/client'
import { temporal } from '@temporalio/proto'
import { NativeConnection, Worker } from '@temporalio/worker'
import { afterAll, beforeAll, expect, inject, test } from 'vitest'
import { askAgain } from '../../worker/ask-again.ts'
import { bundleWorkflows } from '../../worker/workflow-bundle.ts'
import { until } from '../support/world.ts'

const workflowsPath = fileURLToPath(new URL('../fixtures/half-task/workflows.ts', import.meta.url))
let bundle: { code: string }
let connection: Connection
let native: NativeConnection
let client: Client

beforeAll(async () => {
  bundle = await bundleWorkflows(workflowsPath)
  connection = await Connection.connect({ address: inject('temporalAddress') })
  native = await NativeConnection.connect({ address: inject('temporalAddress') })
  client = new Client({ connection, interceptors: { workflow: [askAgain] } })
})
afterAll(async () => {
  await connection?.close()
  await native?.close()
})

const nothing = async (): Promise<void> => undefined

async function withWorker(taskQueue: string, work: () => Promise<void>): Promise<void> {
  const worker = await Worker.create({
    connection: native,
    taskQueue,
    workflowBundle: bundle,
    activities: { note: nothing, noteTime: nothing, noteWord: nothing },
  })
  await worker.runUntil(work)
}

type EventKind = 'timerStartedEventAttributes' | 'timerFiredEventAttributes' | 'workflowTaskTimedOutEventAttributes'

async function hasEvent(workflowId: string, kind: EventKind): Promise<boolean> {
  const { events } = await client.workflow.getHandle(workflowId).fetchHistory()
  return events?.some((event) => event[kind]) ?? false
}

async function untilAll(ids: readonly string[], what: string, kind: EventKind): Promise<void> {
  for (const workflowId of ids) await until(what, async () => (await hasEvent(workflowId, kind)) || undefined)
}

/** So many workflows, asleep until their timer fires, of which no worker knows any more. */
async function asleep(workflowType: string, taskQueue: string, count: number): Promise<string[]> {
  const ids = Array.from({ length: count }, (_, index) => `${taskQueue}-${index}`)
  await withWorker(taskQueue, async () => {
    for (const workflowId of ids)
      await client.workflow.start(workflowType, {
        taskQueue,
        workflowId,
        args: [1_500],
        workflowTaskTimeout: '6 s',
      })
    await untilAll(ids, 'its timer to be started', 'timerStartedEventAttributes')
  })
  return ids
}

/** Which of the histories do not replay, and why. */
async function differing(ids: readonly string[]): Promise<string[]> {
  const histories = await Promise.all(
    ids.map(async (workflowId) => ({
      workflowId,
      history: await client.workflow.getHandle(workflowId).fetchHistory(),
    })),
  )
  const found: string[] = []
  for await (const { workflowId, error } of Worker.runReplayHistories({ workflowBundle: bundle }, histories))
    if (error) found.push(`${workflowId}: ${error.message.slice(0, 200)}`)
  return found
}

test('E25: a workflow that is asked while no worker has it, with events that no task has taken up, replays afterwards', async () => {
  const taskQueue = `half-task-${process.pid}`
  const ids = await asleep('clockwork', taskQueue, 12)
  // Nobody serves them now. The questions are on their way before the timers fire.
  const answers = ids.map((workflowId) => client.workflow.getHandle(workflowId).query<number>('count'))
  await untilAll(ids, 'its timer to fire', 'timerFiredEventAttributes')
  await withWorker(taskQueue, async () => {
    expect(await Promise.all(answers)).toHaveLength(ids.length)
    for (const workflowId of ids) expect(await client.workflow.getHandle(workflowId).result()).toBe(1)
  })
  expect(await differing(ids)).toEqual([])
})

test('E25: a workflow that is asked while its task is with a worker that never answers replays afterwards', async () => {
  const taskQueue = `lost-task-${process.pid}`
  const ids = await asleep('listener', taskQueue, 24)
  // Those that are taken along with a task are never answered.
  const answers = Promise.allSettled(
    ids.map((workflowId) => client.workflow.getHandle(workflowId).query<number>('count')),
  )
  await untilAll(ids, 'its timer to fire', 'timerFiredEventAttributes')
  const withSomebody = await takeTasks(taskQueue, 4)
  for (const workflowId of withSomebody) await client.workflow.getHandle(workflowId).signal('word')
  await withWorker(taskQueue, async () => {
    for (const workflowId of ids) {
      if (!withSomebody.includes(workflowId)) await client.workflow.getHandle(workflowId).signal('word')
      expect(await client.workflow.getHandle(workflowId).result()).toBe(1)
    }
  })
  await answers
  await untilAll(withSomebody, 'its task to be given up', 'workflowTaskTimedOutEventAttributes')
  expect(await differing(ids)).toEqual([])
})

/** As a worker that dies at once: takes tasks until so many workflows have theirs taken and their question still waiting. @returns those */
async function takeTasks(taskQueue: string, count: number): Promise<string[]> {
  const taken = new Set<string>()
  while (taken.size < count) {
    const task = await connection.withDeadline(Date.now() + 30_000, () =>
      connection.workflowService.pollWorkflowTaskQueue({
        namespace: 'default',
        taskQueue: { name: taskQueue },
        identity: 'somebody who never answers',
      }),
    )
    const workflowId = task.workflowExecution?.workflowId
    if (!workflowId) throw new Error(`nothing is left to take, with ${taken.size} taken`)
    if (task.query) {
      taken.delete(workflowId)
      await refuse(task.taskToken)
    } else taken.add(workflowId)
  }
  return [...taken]
}

/** Whoever asked need not wait for an answer that will not come. */
async function refuse(taskToken: Uint8Array | null | undefined): Promise<void> {
  await connection.workflowService.respondQueryTaskCompleted({
    namespace: 'default',
    taskToken: taskToken ?? null,
    completedType: temporal.api.enums.v1.QueryResultType.QUERY_RESULT_TYPE_FAILED,
    errorMessage: 'somebody else was asked',
  })
}
