import type { WorkflowClientInterceptor } from '@temporalio/client'
import { isHalfTask } from '../flows/half-task.ts'

/** Long enough for a workflow task that waits for a worker that died: its queue is given up after ten seconds. */
const PATIENCE_MS = 15_000
const FIRST_PAUSE_MS = 50
const LONGEST_PAUSE_MS = 1_000

/**
 * What the server (1.31) says of an update whose workflow task failed, for example since the run was to continue as new and an event
 * came in between. The update was not carried out, the task is given out again, and the same update is welcome.
 */
const TASK_FAILED = 'due to unexpected workflow task failure'

/**
 * For clients: a query that came in the middle of a workflow task is asked again (workflows/interceptors/whole-tasks.ts), and so is an
 * update that was turned away because its task failed.
 */
export const askAgain: WorkflowClientInterceptor = {
  query: (input, next) => patiently(() => next(input), isHalfTask),
  startUpdate: (input, next) => patiently(() => next(input), isTaskFailed),
}

function isTaskFailed(error: unknown): boolean {
  return error instanceof Error && (error.message.includes(TASK_FAILED) || isTaskFailed(error.cause))
}

async function patiently<T>(ask: () => Promise<T>, isPassing: (error: unknown) => boolean): Promise<T> {
  const until = Date.now() + PATIENCE_MS
  for (let pauseMs = FIRST_PAUSE_MS; ; pauseMs = Math.min(LONGEST_PAUSE_MS, pauseMs * 2)) {
    try {
      return await ask()
    } catch (error) {
      if (!isPassing(error) || Date.now() > until) throw error
    }
    await new Promise((resolve) => setTimeout(resolve, pauseMs))
  }
}
