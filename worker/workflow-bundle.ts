import { fileURLToPath } from 'node:url'
import { bundleWorkflowCode } from '@temporalio/worker'

const wholeTasks = fileURLToPath(new URL('../workflows/interceptors/whole-tasks.ts', import.meta.url))

/** The workflow code as workers and replay run it: made by exactly the SDK version that runs it, at start, in two seconds. */
export async function bundleWorkflows(
  workflowsPath = fileURLToPath(new URL('../workflows/index.ts', import.meta.url)),
): Promise<{ code: string }> {
  return bundleWorkflowCode({ workflowsPath, workflowInterceptorModules: [wholeTasks], logger: quiet })
}

const nothing = (): void => undefined
/** webpack's progress is no news to anybody; its failures throw. */
const quiet = { log: nothing, trace: nothing, debug: nothing, info: nothing, warn: nothing, error: nothing }
