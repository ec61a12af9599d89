import { WorkflowExecutionAlreadyStartedError, type WorkflowHandle } from '@temporalio/client'
import { type AuditInput, type AuditReport, auditWorkflowId } from '../flows/audit.ts'
import type { Settings } from '../flows/settings.ts'
import { CommandFailure } from './command-failure.ts'
import type { ConnectedClient } from './connect.ts'
import { explainFailure } from './explain-failure.ts'

/** Longer than a busy worker's pause between two tasks; a person waits in front of a terminal. */
const takenUpWithinMs = 30_000
/** Started and its first task scheduled: what a workflow's history holds before any worker has seen it. */
const untouchedEvents = 2

/**
 * One audit now, by the worker; waits for its report. Ctrl-C cancels it.
 * @throws CommandFailure when one is running already or no worker serves it
 */
export async function runAudit(
  { client }: ConnectedClient,
  settings: Settings,
  { repair, signal }: { readonly repair: boolean; readonly signal: AbortSignal },
): Promise<AuditReport> {
  const workflowId = auditWorkflowId(settings.connection)
  const input: AuditInput = { v: 1, connection: settings.connection, repair, reviveFlows: repair }
  try {
    const handle = await client.workflow.start('audit', {
      workflowId,
      taskQueue: settings.taskQueue,
      args: [input],
      workflowIdConflictPolicy: 'FAIL',
      workflowIdReusePolicy: 'ALLOW_DUPLICATE',
      staticSummary: repair ? 'audit with repair' : 'audit',
    })
    const cancel = (): void => void handle.cancel().catch(() => undefined)
    signal.addEventListener('abort', cancel)
    try {
      await takenUp(handle, signal)
      return (await handle.result()) as AuditReport
    } finally {
      signal.removeEventListener('abort', cancel)
    }
  } catch (error) {
    if (error instanceof WorkflowExecutionAlreadyStartedError)
      throw new CommandFailure(
        `Another check is running (${workflowId}): wait for it, or cancel it in the Temporal UI.`,
      )
    throw explainFailure(error, settings, `audit ${workflowId}`)
  }
}

/**
 * Waits until a worker has taken the audit up. Where none does it is ended: left there, it would run when nobody asks any more.
 * @throws CommandFailure when no worker did
 */
async function takenUp(handle: WorkflowHandle, signal: AbortSignal): Promise<void> {
  const end = Date.now() + takenUpWithinMs
  while (!signal.aborted) {
    const { status, historyLength } = await handle.describe()
    if (status.name !== 'RUNNING' || historyLength > untouchedEvents) return
    if (Date.now() > end) {
      await handle.terminate('no worker took it up')
      throw new CommandFailure(
        "No worker took up the audit: start everything with `npm start`, or look into the worker's log; `kobling check --workflows` works without one.",
      )
    }
    await new Promise((resolve) => setTimeout(resolve, 200))
  }
}
