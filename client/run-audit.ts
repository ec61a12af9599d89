import { WorkflowExecutionAlreadyStartedError } from '@temporalio/client'
import { type AuditInput, type AuditReport, auditWorkflowId } from '../flows/audit.ts'
import type { Settings } from '../flows/settings.ts'
import { CommandFailure } from './command-failure.ts'
import type { ConnectedClient } from './connect.ts'
import { explainFailure } from './explain-failure.ts'

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
