import type { ActivateInput, ConcludeActivationInput, WorkflowInterceptors } from '@temporalio/workflow'
import { HALF_TASK } from '../../flows/half-task.ts'

type Job = NonNullable<ActivateInput['activation']['jobs']>[number]
type Command = ConcludeActivationInput['commands'][number]

/** What SDK Core calls a question that a worker was sent for its own sake, not along with a task (sdk-core, `LEGACY_QUERY_ID`). */
const QUESTION_ALONE = 'legacy_query'
/** Of a task that was answered and the next one: completed, then scheduled, started. */
const EVENTS_BETWEEN = 3

/**
 * Refuses to let a workflow live through events that are not a workflow task, or will never be one.
 *
 * A query that reaches a worker which does not have the workflow as it stands brings the history along. SDK Core (1.24, seen with
 * two workers and kill -9) applies all of it, and keeps the workflow in its cache as if that had been recorded. The next real
 * task is then answered from a state that no replay arrives at, and every later worker fails with a nondeterminism error for ever.
 * There are two kinds:
 * - Where a timer has fired or an activity has ended since the last workflow task, those events are applied at the time of the
 *   task before. A workflow task begins at a time of its own, so new events at an old time are half a task.
 * - Where another worker has been given the task and will never answer, its task is applied as if it had been answered, though
 *   the next one will begin before it. Nothing in it tells it from a task of our own. But the question follows it at once, and
 *   all that stands before it is replayed: a sound history that comes with a question is replayed to its end. Where nothing is
 *   replayed, for this worker had the workflow as it stood before, the next task's history is too short for the commands.
 *
 * Throwing fails the query, which is asked again (worker/ask-again.ts), or the task, which the server gives out again, and drops
 * the workflow from the cache. A workflow whose first own task after a replay is followed by a question is dropped for nothing,
 * and replayed once more; no more than that, since it is then replayed for a question.
 */
export function interceptors(): WorkflowInterceptors {
  let lastTime = ''
  let lastLength = 0
  /** Whether the last thing that it lived through was a task of before. */
  let wasReplayed = false
  let isFirstAfterReplay = false
  /** Events that the last task's commands become at least; 0 where it was replayed. */
  let commandEvents = 0

  function beginTask(time: string, length: number, isReplaying: boolean, jobs: readonly Job[]): void {
    const least = lastLength + EVENTS_BETWEEN + commandEvents + jobs.reduce((sum, job) => sum + eventsOfJob(job), 0)
    if (time === lastTime || (commandEvents > 0 && length < least)) throw new Error(`${HALF_TASK}: ask again`)
    isFirstAfterReplay = wasReplayed && !isReplaying
    wasReplayed = isReplaying
    commandEvents = 0
    lastTime = time
    lastLength = length
  }

  return {
    internals: [
      {
        activate(input, next) {
          const { timestamp, historyLength, isReplaying } = input.activation
          const jobs = input.activation.jobs ?? []
          const length = historyLength ?? 0
          if (jobs.length > 0 && jobs.every((job) => job.queryWorkflow != null)) {
            const isAlone = jobs.some((job) => job.queryWorkflow?.queryId === QUESTION_ALONE)
            if (isAlone && isFirstAfterReplay) throw new Error(`${HALF_TASK}: ask again`)
            wasReplayed = false
          } else if (jobs.length > 0 && length > lastLength) {
            // Otherwise it is a further part of the same task.
            beginTask(`${timestamp?.seconds ?? ''}.${timestamp?.nanos ?? ''}`, length, isReplaying === true, jobs)
          }
          next(input)
        },
        concludeActivation(input, next) {
          const output = next(input)
          if (!wasReplayed) commandEvents += eventsOfCommands(output.commands)
          return output
        },
      },
    ],
  }
}

/** At least: one that ends by time or is cancelled may never have started. */
function eventsOfJob({ resolveActivity, fireTimer, signalWorkflow }: Job): number {
  if (resolveActivity != null) return resolveActivity.result?.completed != null ? 2 : 0
  return fireTimer != null || signalWorkflow != null ? 1 : 0
}

/** At least: what is taken back at once is never recorded, and of the rest only what always is counts. */
function eventsOfCommands(commands: readonly Command[]): number {
  const takenBack = commands.reduce(
    (sum, { cancelTimer, requestCancelActivity }) =>
      sum + (cancelTimer != null || requestCancelActivity != null ? 1 : 0),
    0,
  )
  const made = commands.reduce(
    (sum, { startTimer, scheduleActivity }) => sum + (startTimer != null || scheduleActivity != null ? 1 : 0),
    0,
  )
  return Math.max(0, made - takenBack)
}
