import type { NativeConnection, WorkerOptions, WorkflowBundleOption } from '@temporalio/worker'
import type { FlowActivities } from '../flows/port.ts'
import type { Settings } from '../flows/settings.ts'
import { dataConverterOf } from './codec.ts'
import { deploymentOptions } from './deployment.ts'

/** Leaves are small and many: a memory of 100,000 links has thirty (flows/memory.ts), and all are asked at once. */
const CACHED_WORKFLOWS = 400

/** An apply ends within 15 s by itself (E17); what is cut off after that is adopted by the next attempt. */
const APPLY_GRACE = '15 seconds'

/** Watches only sleep: a slot is a promise, and a deployment of many connections has two a flow (E8.2 of the small print). */
const WATCH_SLOTS = 2_000

/**
 * The SDK holds heartbeats back for 0.8 of their timeout. An attempt that finds that it was asleep for less than five seconds
 * goes on writing (activities/heartbeat.ts), so the server's latest beat may be no older than what is left of the ten.
 */
const HEARTBEATS_HELD_BACK = '4 seconds'

/**
 * A workflow's turn may take five seconds by the clock unless told otherwise, by an option that the SDK takes and does not declare. A process
 * that was asleep or starved for longer breaks off a healthy turn, and Node may end for it ("async hook stack has become corrupted",
 * https://github.com/temporalio/sdk-typescript/issues/939). A turn that really hangs is told by the server, ten seconds after it began.
 */
const turnLimit = { isolateExecutionTimeout: '10 minutes' }

export interface WorkerParts {
  readonly connection: NativeConnection
  readonly workflowBundle: WorkflowBundleOption
  readonly activities: FlowActivities
}

/** Workflows, and the activities that read and write. */
export function syncWorkerOptions(settings: Settings, parts: WorkerParts): WorkerOptions {
  return {
    connection: parts.connection,
    namespace: settings.temporal.namespace,
    taskQueue: settings.taskQueue,
    workflowBundle: parts.workflowBundle,
    activities: parts.activities as unknown as object,
    dataConverter: dataConverterOf(settings),
    maxCachedWorkflows: CACHED_WORKFLOWS,
    maxConcurrentActivityTaskExecutions: 100,
    maxHeartbeatThrottleInterval: HEARTBEATS_HELD_BACK,
    shutdownGraceTime: APPLY_GRACE,
    ...turnLimit,
    ...deploymentOptions(settings, parts.workflowBundle),
  }
}

/** Watches, in a task queue of their own: a long poll holds its slot for an hour and must not starve the writes. */
export function watchWorkerOptions(settings: Settings, parts: WorkerParts): WorkerOptions {
  return {
    connection: parts.connection,
    namespace: settings.temporal.namespace,
    taskQueue: settings.watchTaskQueue,
    activities: parts.activities as unknown as object,
    dataConverter: dataConverterOf(settings),
    maxConcurrentActivityTaskExecutions: WATCH_SLOTS,
    // They have no effects and come back where they were: nothing is waited for.
    shutdownGraceTime: '100 ms',
    // Of the same version as the others: activities of a pinned run go to workers that serve their queue in its version.
    ...deploymentOptions(settings, parts.workflowBundle),
  }
}
