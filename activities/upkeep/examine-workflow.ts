import { type Client, WorkflowNotFoundError } from '@temporalio/client'
import proto from '@temporalio/proto'
import { failingWork, plainText } from './failing-work.ts'
import { findLastEvent } from './history-events.ts'

const { EventType, WorkflowTaskFailedCause } = proto.temporal.api.enums.v1

/** How one workflow of the product stands with the server. */
export type Finding =
  | { readonly kind: 'well'; readonly workflowId: string }
  /** Its run has ended, which no flow and no leaf of a memory does by itself. */
  | { readonly kind: 'closed'; readonly workflowId: string; readonly runId: string; readonly status: string }
  /** Its code fails again and again; `cause` in Temporal's words. */
  | {
      readonly kind: 'failing'
      readonly workflowId: string
      readonly runId: string
      readonly cause: string
      readonly message: string
    }
  /** It runs, and its work fails again and again; a reset would not mend that. */
  | { readonly kind: 'stuck'; readonly workflowId: string; readonly why: string }
  /** The server knows nothing of it (any more). */
  | { readonly kind: 'unknown'; readonly workflowId: string }

export async function examineWorkflow(client: Client, workflowId: string): Promise<Finding> {
  const description = await client.workflow
    .getHandle(workflowId)
    .describe()
    .catch((error: unknown) => {
      if (error instanceof WorkflowNotFoundError) return undefined
      throw error
    })
  if (description === undefined) return { kind: 'unknown', workflowId }
  const { runId, status } = description
  if (status.name !== 'RUNNING' && status.name !== 'PAUSED') {
    return { kind: 'closed', workflowId, runId, status: status.name.toLowerCase().replaceAll('_', ' ') }
  }
  // The first attempt of a task is in the history when it fails; later ones are only counted here.
  if ((description.raw.pendingWorkflowTask?.attempt ?? 0) <= 1) {
    const why = failingWork(description.raw.pendingActivities ?? [])
    return why === null ? { kind: 'well', workflowId } : { kind: 'stuck', workflowId, why }
  }
  const last = await findLastEvent(client, { workflowId, runId }, [
    EventType.EVENT_TYPE_WORKFLOW_TASK_FAILED,
    EventType.EVENT_TYPE_WORKFLOW_TASK_COMPLETED,
  ])
  const failure = last?.workflowTaskFailedEventAttributes
  if (!failure || failure.cause === WorkflowTaskFailedCause.WORKFLOW_TASK_FAILED_CAUSE_RESET_WORKFLOW) {
    return { kind: 'well', workflowId }
  }
  const cause = WorkflowTaskFailedCause[failure.cause ?? 0] ?? 'unknown'
  return {
    kind: 'failing',
    workflowId,
    runId,
    cause: cause.replace('WORKFLOW_TASK_FAILED_CAUSE_', '').toLowerCase().replaceAll('_', ' '),
    message: plainText(failure.failure?.message?.split('\n')[0] ?? ''),
  }
}
