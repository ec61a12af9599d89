import type { WorkflowInterceptors } from '@temporalio/workflow'
import { HALF_TASK } from '../../flows/half-task.ts'

/**
 * Refuses to let a workflow live through events that are not yet a workflow task.
 *
 * A query that reaches a worker without the workflow in its cache brings the history as it stands. Where a timer has fired or an
 * activity has ended since the last workflow task, SDK Core (1.24, seen with two workers and kill -9) applies those events for the
 * query, at the time of the task before, and keeps the workflow in its cache as if that had been recorded. The next real task is
 * then answered from a state that no replay arrives at, and every later worker fails with a nondeterminism error for ever.
 * Such an activation is recognised by its time: a workflow task begins at a time of its own, so new events at an old time are half
 * a task. Throwing fails the query, which is asked again (worker/ask-again.ts), and drops the workflow from the cache.
 */
export function interceptors(): WorkflowInterceptors {
  let lastTime = ''
  let lastLength = 0
  return {
    internals: [
      {
        activate(input, next) {
          const { jobs, timestamp, historyLength } = input.activation
          const isQuestion = (jobs ?? []).every((job) => job.queryWorkflow != null)
          if (!isQuestion) {
            const time = `${timestamp?.seconds ?? ''}.${timestamp?.nanos ?? ''}`
            const length = historyLength ?? 0
            if (time === lastTime && length > lastLength) throw new Error(`${HALF_TASK}: ask again`)
            lastTime = time
            lastLength = length
          }
          next(input)
        },
      },
    ],
  }
}
