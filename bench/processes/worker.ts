import { DefaultLogger, makeTelemetryFilterString, Runtime } from '@temporalio/worker'
import { startWorker } from '../../worker/run-worker.ts'
import { type SettingsOptions, settingsOf } from './bench-settings.ts'
import { answerParent, processOptions } from './parent.ts'
import { measureMemory } from './thread-heaps.ts'

export interface Timing {
  readonly erpPollMs: number
  readonly shopPollMs: number
  readonly sweepMs: number
  readonly graceMs: number
}

export interface WorkerOptions extends SettingsOptions {
  readonly bundlePath: string
  readonly timing: Timing
}

export interface WorkerFacts {
  readonly receiverPort: number
}

const options = processOptions<WorkerOptions>()
Runtime.install({
  logger: new DefaultLogger('ERROR'),
  telemetryOptions: { logging: { forward: {}, filter: makeTelemetryFilterString({ core: 'ERROR' }) } },
})
const worker = await startWorker(settingsOf(options), {
  workflowBundle: { codePath: options.bundlePath },
  timing: () => options.timing,
})
answerParent({ receiverPort: worker.receiverPort ?? 0 } satisfies WorkerFacts, { memory: measureMemory }, async () => {
  worker.shutdown()
  await worker.ended
})
