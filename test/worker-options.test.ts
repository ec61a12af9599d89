import { compileWorkerOptions } from '@temporalio/worker/lib/worker-options.js'
import { expect, test } from 'vitest'
import { readSettings } from '../flows/settings.ts'
import { syncWorkerOptions } from '../worker/options.ts'

test('a turn of a workflow is not broken off because its process was asleep for a minute', () => {
  const options = syncWorkerOptions(readSettings({}), {
    connection: {} as never,
    workflowBundle: { codePath: 'workflows.js' },
    activities: {} as never,
  })
  const { isolateExecutionTimeoutMs } = compileWorkerOptions(options, {} as never, {} as never)
  expect(isolateExecutionTimeoutMs).toBeGreaterThan(60_000)
})
