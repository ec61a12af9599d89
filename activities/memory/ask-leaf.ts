import {
  type Client,
  isGrpcServiceError,
  QueryNotRegisteredError,
  QueryRejectedError,
  WorkflowFailedError,
  WorkflowNotFoundError,
  WorkflowUpdateFailedError,
} from '@temporalio/client'
import proto from '@temporalio/proto'
import { VendorTrouble } from '../vendor-trouble.ts'

const CONTINUED_AS_NEW = proto.temporal.api.enums.v1.WorkflowExecutionStatus.WORKFLOW_EXECUTION_STATUS_CONTINUED_AS_NEW

/** A leaf is asked again for this long before the memory is called unavailable: splits and continue-as-new take less. */
const PATIENCE_MS = 20_000
const FIRST_PAUSE_MS = 25
const LONGEST_PAUSE_MS = 500
/** One request: a workflow task under load takes seconds, not more. */
const REQUEST_MS = 10_000

/**
 * One question to one leaf, asked again while it is merely busy: being split, continuing as new, between two workers.
 * @throws VendorTrouble MemoryUnavailable for a leaf that is closed, unknown or silent (E6)
 */
export async function askLeaf<T>(
  client: Client,
  workflowId: string,
  ask: () => Promise<T>,
  signal: AbortSignal,
): Promise<T> {
  const until = Date.now() + PATIENCE_MS
  let pauseMs = FIRST_PAUSE_MS
  for (;;) {
    signal.throwIfAborted()
    try {
      return await client.connection.withDeadline(Date.now() + REQUEST_MS, ask)
    } catch (error) {
      if (!isTransient(error) || Date.now() > until) throw unavailable(workflowId, error)
      if (await isClosed(client, workflowId)) throw unavailable(workflowId, error)
    }
    await new Promise((resolve) => setTimeout(resolve, pauseMs))
    pauseMs = Math.min(LONGEST_PAUSE_MS, pauseMs * 2)
  }
}

async function isClosed(client: Client, workflowId: string): Promise<boolean> {
  try {
    return (await client.workflow.getHandle(workflowId).describe()).status.name !== 'RUNNING'
  } catch (error) {
    return error instanceof WorkflowNotFoundError
  }
}

/** What a leaf, or a flow, says in passing: it is being split, continues as new, or is busy. */
export function isTransient(error: unknown): boolean {
  if (error instanceof QueryNotRegisteredError) return false
  // The run continued as new while the question was on its way; a leaf that is closed for good is found by isClosed.
  if (error instanceof QueryRejectedError) return error.status === CONTINUED_AS_NEW
  if (error instanceof WorkflowNotFoundError) return true
  // Accepted by a run that continued as new before it answered, or refused while splitting: both cured by asking again.
  if (error instanceof WorkflowUpdateFailedError || error instanceof WorkflowFailedError) return true
  return (
    isGrpcServiceError(error) ||
    (error instanceof Error && /CANCELLED|DEADLINE|UNAVAILABLE|RESOURCE_EXHAUSTED/i.test(String(error))) ||
    // "Workflow Update failed" is all that an update says of a run that is closing; the server's own word is its cause.
    (error instanceof Error && error.cause !== undefined && isTransient(error.cause))
  )
}

function unavailable(workflowId: string, cause: unknown): VendorTrouble {
  if (cause instanceof VendorTrouble) return cause
  return new VendorTrouble(
    {
      type: 'MemoryUnavailable',
      where: 'memory',
      message: `The link memory does not answer (${workflowId}); nothing is written until it does: run kobling check --repair.`,
    },
    { cause },
  )
}
