import { DefaultLogger, makeTelemetryFilterString, Runtime } from '@temporalio/worker'
import pino from 'pino'
import { isHalfTask } from '../flows/half-task.ts'
import { loadEnvironment } from './environment.ts'
import { hideSecrets } from './hide-secrets.ts'
import { loadSettings } from './load-settings.ts'
import { startWorker } from './run-worker.ts'

/** The worker's process: `npm start` runs one; a deployment runs as many as it likes on the same task queue. */
async function main(): Promise<void> {
  const settings = loadSettings(loadEnvironment())
  // Whole lines, for a secret may stand in an error's message as well as in ours.
  const logger = pino({ name: 'worker', hooks: { streamWrite: hideSecrets(settings) } })
  Runtime.install({
    logger: new DefaultLogger('WARN', ({ level, message, meta }) => {
      // Whoever asked hears of it, and asks again where it was in the middle of a task.
      if (isHalfTask(meta?.['error']) || message === 'Failing legacy query request') return
      logger.info({ level, ...plainMeta(meta) }, message)
    }),
    telemetryOptions: { logging: { forward: {}, filter: makeTelemetryFilterString({ core: 'WARN' }) } },
  })
  const worker = await startWorker(settings, { log: (words, facts) => logger.info(facts ?? {}, words) })
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, () => worker.shutdown())
  process.stdout.write(`worker serving ${settings.taskQueue} and ${settings.watchTaskQueue}\n`)
  await worker.ended
  // A question that nobody waits for any more (stop-waiting.ts) would hold the process for half a minute.
  process.exit()
}

/** Ids only: arguments, failures' details and payloads may hold personal data. */
function plainMeta(meta: Record<string, unknown> | undefined): Record<string, unknown> {
  const names = ['workflowId', 'workflowType', 'activityType', 'activityId', 'attempt', 'taskQueue', 'runId']
  const plain: Record<string, unknown> = {}
  for (const name of names) if (meta?.[name] !== undefined) plain[name] = meta[name]
  const { error } = meta ?? {}
  if (error instanceof Error) plain['error'] = `${error.name}: ${error.message.slice(0, 300)}`
  return plain
}

main().catch((error: unknown) => {
  const message = error instanceof Error ? error.message : String(error)
  const busy = /EADDRINUSE/.test(message)
  process.stderr.write(
    busy
      ? 'The webhook port is taken: end what uses it, or set KOBLING_PORT to another port.\n'
      : `The worker could not start: ${message}\n`,
  )
  process.exit(1)
})
