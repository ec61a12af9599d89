import type { WorkflowClientInterceptor } from '@temporalio/client'
import { isHalfTask } from '../flows/half-task.ts'

/** Long enough for a workflow task that waits for a worker that died: its queue is given up after ten seconds. */
const PATIENCE_MS = 15_000
const FIRST_PAUSE_MS = 50
const LONGEST_PAUSE_MS = 1_000

/** For clients: a query that came in the middle of a workflow task is asked again (workflows/interceptors/whole-tasks.ts). */
export const askAgain: WorkflowClientInterceptor = {
  query: async (input, next) => {
    const until = Date.now() + PATIENCE_MS
    for (let pauseMs = FIRST_PAUSE_MS; ; pauseMs = Math.min(LONGEST_PAUSE_MS, pauseMs * 2)) {
      try {
        return await next(input)
      } catch (error) {
        if (!isHalfTask(error) || Date.now() > until) throw error
      }
      await new Promise((resolve) => setTimeout(resolve, pauseMs))
    }
  },
}
