import { proxyActivities, setCurrentDetails } from '@temporalio/workflow'
import type { ExportActivities, ExportInput } from '../flows/memory-file.ts'

const { exportMemory } = proxyActivities<ExportActivities>({
  startToCloseTimeout: '2 hours',
  heartbeatTimeout: '10 seconds',
  retry: { initialInterval: '10 seconds', maximumAttempts: 5 },
})

/** The memory of all flows in a file below the data folder: what a schedule starts. The result is the file's path. */
export async function memoryExport(input: ExportInput): Promise<string | null> {
  const { path, flows } = await exportMemory(input)
  setCurrentDetails(path === null ? 'no flow runs: nothing was exported' : `${path}: ${flows.join(', ')}`)
  return path
}
