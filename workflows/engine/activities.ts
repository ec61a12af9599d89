import type { RetryPolicy } from '@temporalio/common'
import { ActivityCancellationType, type ActivityInterfaceFor, proxyActivities } from '@temporalio/workflow'
import type { FlowActivities } from '../../flows/port.ts'

/**
 * An activity that repeats for ever is for processes that died; a system that is down is waited out by the flow (E17).
 * An answer too large to be stored would repeat all its writes, so that alone is not tried again.
 */
const retry = {
  initialInterval: '1 second',
  maximumInterval: '30 seconds',
  nonRetryableErrorTypes: ['PayloadsTooLarge'],
} satisfies RetryPolicy

/** A kill -9 silences a side for this long at the most (E8.1 of the small print). */
const HEARTBEAT = '10 seconds'

export const applying = proxyActivities<FlowActivities>({
  startToCloseTimeout: '2 minutes',
  heartbeatTimeout: HEARTBEAT,
  retry,
})

/** Reads a whole system: minutes at a large one. */
export const loading = proxyActivities<FlowActivities>({
  startToCloseTimeout: '1 hour',
  heartbeatTimeout: HEARTBEAT,
  retry,
})

/** Watches sleep in a task queue of their own beside the flow's, and are left at once; they have no effects. */
export function watching(flowTaskQueue: string): ActivityInterfaceFor<FlowActivities> {
  return proxyActivities<FlowActivities>({
    taskQueue: `${flowTaskQueue}-watch`,
    startToCloseTimeout: '2 hours',
    heartbeatTimeout: HEARTBEAT,
    cancellationType: ActivityCancellationType.TRY_CANCEL,
    retry,
  })
}

export const waiting = proxyActivities<FlowActivities>({
  startToCloseTimeout: '365 days',
  heartbeatTimeout: HEARTBEAT,
  cancellationType: ActivityCancellationType.TRY_CANCEL,
  // It only looks: where one worker after the other dies, the next is asked soon, or the flow stands still until one lives long.
  retry: { ...retry, maximumInterval: '5 seconds' },
})
