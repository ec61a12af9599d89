import { asyncLocalStorage } from '@temporalio/activity'
import { NativeConnection, Worker, type WorkflowBundleOption } from '@temporalio/worker'
import { createActivities } from '../activities/create-activities.ts'
import type { SystemsOf } from '../activities/systems/systems.ts'
import { versioningProblem } from '../activities/upkeep/worker-versions.ts'
import { createWakeCalls } from '../activities/watch/wake-calls.ts'
import { flowNamed } from '../flows/registry.ts'
import type { Settings } from '../flows/settings.ts'
import { definitionOptions, withOptions } from '../flows/with-options.ts'
import { buildIdOf } from './deployment.ts'
import { holdBriefly } from './hold-briefly.ts'
import { keptBundle } from './kept-bundle.ts'
import { connectLinkClient } from './link-client.ts'
import { syncWorkerOptions, watchWorkerOptions } from './options.ts'
import { startReceiver } from './receiver.ts'
import { systemsByConnection, timingOf } from './systems.ts'
import { temporalConnectionOptions } from './temporal-connection.ts'

export interface RunningWorker {
  /** Ends when both workers have ended. */
  readonly ended: Promise<void>
  /** Where webhooks are received; null without a receiver. */
  readonly receiverPort: number | null
  shutdown(): void
}

export interface WorkerExtras {
  readonly workflowBundle?: WorkflowBundleOption
  readonly systemsOf?: SystemsOf
  readonly timing?: Parameters<typeof createActivities>[0]['timing']
  readonly definitionOf?: Parameters<typeof createActivities>[0]['definitionOf']
  readonly log?: (words: string, facts?: Record<string, unknown>) => void
  /** Without the receiver's port: for several workers on one machine. */
  readonly withoutReceiver?: boolean
}

/** One process that serves flows, memory, activities, watches and webhooks. */
export async function startWorker(settings: Settings, extras: WorkerExtras = {}): Promise<RunningWorker> {
  const log = extras.log ?? (() => undefined)
  const [workflowBundle, connection, link] = await Promise.all([
    extras.workflowBundle ?? keptBundle(settings.cacheDir),
    NativeConnection.connect(temporalConnectionOptions(settings)),
    connectLinkClient(settings),
  ])
  holdBriefly(asyncLocalStorage)
  holdBriefly(connection.callContextStorage)
  if (settings.temporal.deployment !== null) {
    const problem = await versioningProblem(connection.workflowService)
    if (problem !== null) throw new Error(problem)
    log('serves as a version of its own', {
      deployment: settings.temporal.deployment,
      build: buildIdOf(workflowBundle),
    })
  }
  const wakeCalls = createWakeCalls()
  const activities = createActivities({
    systemsOf: extras.systemsOf ?? systemsByConnection(settings),
    client: link.client,
    taskQueue: settings.taskQueue,
    wakeCalls,
    dataDir: settings.dataDir,
    timing: extras.timing ?? timingOf(settings),
    definitionOf: extras.definitionOf ?? ((flow) => withOptions(flowNamed(flow), definitionOptions(settings.options))),
  })
  const parts = { connection, workflowBundle, activities }
  const workers = [
    await Worker.create(syncWorkerOptions(settings, parts)),
    await Worker.create(watchWorkerOptions(settings, parts)),
  ]
  let isServing = false
  const receiver = extras.withoutReceiver
    ? null
    : await startReceiver({ settings, client: link.client, wakeCalls, isServing: () => isServing, log })
  const runs = workers.map((worker) => worker.run())
  isServing = true
  const ended = endOf(runs)
  return {
    ended,
    receiverPort: receiver?.port ?? null,
    shutdown,
  }

  async function endOf(runs: readonly Promise<void>[]): Promise<void> {
    try {
      await Promise.all(runs)
    } finally {
      isServing = false
      shutdown()
      await Promise.allSettled(runs)
      await receiver?.close()
      await link.close()
      await connection.close()
    }
  }

  /** One worker that ends takes the other with it: half a process serves nobody. */
  function shutdown(): void {
    for (const worker of workers) if (worker.getState() === 'RUNNING') worker.shutdown()
  }
}
