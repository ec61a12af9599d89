/**
 * Runs recorded histories against the present workflow code: `node --import tsx worker/replay.ts <file or workflow id>`.
 * A workflow id stands for all its runs and those of its memory's leaves. Prints one line a history; exit code 1 when one
 * does not fit, or when there was none.
 */
import { existsSync, readFileSync } from 'node:fs'
import { Client, Connection, type HistoryAndWorkflowId } from '@temporalio/client'
import { DefaultLogger, type ReplayWorkerOptions, Runtime, Worker } from '@temporalio/worker'
import { type Settings, temporalAddressOf } from '../flows/settings.ts'
import { dataConverterOf } from './codec.ts'
import { loadEnvironment } from './environment.ts'
import { loadSettings } from './load-settings.ts'
import { temporalConnectionOptions } from './temporal-connection.ts'
import { bundleWorkflows } from './workflow-bundle.ts'

/** Histories are small, and one that grew to its limit is some MiB: so many are read from the server at a time. */
const historiesAtATime = 5

async function main(target: string | undefined): Promise<number> {
  if (target === undefined) throw new Error('Name a file with a history, or a workflow id such as default.customers.')
  Runtime.install({
    logger: new DefaultLogger('ERROR'),
    telemetryOptions: { logging: { filter: 'ERROR', forward: {} } },
  })
  const settings = loadSettings(loadEnvironment())
  const dataConverter = dataConverterOf(settings)
  const options: ReplayWorkerOptions = { workflowBundle: await bundleWorkflows(), dataConverter }
  return existsSync(target) ? replayAll(options, historiesOfFile(target)) : replayOfServer(options, settings, target)
}

async function replayOfServer(options: ReplayWorkerOptions, settings: Settings, workflowId: string): Promise<number> {
  const connection = await connect(settings)
  try {
    const client = new Client({
      connection,
      namespace: settings.temporal.namespace,
      dataConverter: dataConverterOf(settings),
    })
    const query = `WorkflowId = "${workflowId}" OR WorkflowId STARTS_WITH "${workflowId}.links."`
    const histories = client.workflow.list({ query }).intoHistories({ concurrency: historiesAtATime })
    return await replayAll(options, histories)
  } finally {
    await connection.close()
  }
}

async function replayAll(
  options: ReplayWorkerOptions,
  histories: AsyncIterable<HistoryAndWorkflowId> | Iterable<HistoryAndWorkflowId>,
): Promise<number> {
  let fits = 0
  let differs = 0
  for await (const { workflowId, runId, error } of Worker.runReplayHistories(options, histories)) {
    if (error === undefined) fits += 1
    else differs += 1
    const [reason] = error?.message.split('\n') ?? []
    console.log(
      `${error === undefined ? 'fits   ' : 'DIFFERS'}  ${workflowId}  run ${runId}${reason ? `: ${reason}` : ''}`,
    )
  }
  if (fits + differs === 0) {
    console.log('There is no history to replay: name a file, or a workflow that has been started.')
    return 1
  }
  console.log(
    `${fits} ${fits === 1 ? 'history fits' : 'histories fit'} the present code, ${differs} ${differs === 1 ? 'does' : 'do'} not.`,
  )
  return differs === 0 ? 0 : 1
}

function* historiesOfFile(path: string): Iterable<HistoryAndWorkflowId> {
  const history: unknown = JSON.parse(readFileSync(path, 'utf8'))
  yield { workflowId: workflowIdOf(history) ?? 'default.customers', history }
}

/** As JSON of the Temporal UI and CLI have it; the workflow's own code may look at its id. */
function workflowIdOf(history: unknown): string | undefined {
  const events = (history as { readonly events?: readonly Record<string, unknown>[] } | null)?.events
  const started = events?.[0]?.['workflowExecutionStartedEventAttributes'] as
    | { readonly workflowId?: string }
    | undefined
  return started?.workflowId
}

async function connect(settings: Settings): Promise<Connection> {
  try {
    return await Connection.connect({ ...temporalConnectionOptions(settings), connectTimeout: 5000 })
  } catch {
    throw new Error(
      `No Temporal server answers at ${temporalAddressOf(settings)}: start everything with \`npm start\`.`,
    )
  }
}

try {
  process.exitCode = await main(process.argv[2])
} catch (error) {
  console.error(error instanceof Error ? error.message.split('\n')[0] : String(error))
  process.exitCode = 1
}
