import { randomUUID } from 'node:crypto'
import type { Client } from '@temporalio/client'
import proto from '@temporalio/proto'
import type { Finding } from './examine-workflow.ts'
import { findFirstEvent, findLastEvent } from './history-events.ts'

const { EventType, ResetReapplyType } = proto.temporal.api.enums.v1

/**
 * Puts a workflow back by a reset (E6, E25); signals and updates that came after the point are applied again.
 * - ended: to its last completed task, which restores its memory exactly;
 * - failing: to the run's first task, since everything after a run's start can be done again from its carried state.
 * @returns the new run's id, or null when there is no task to go back to
 */
export async function repairWorkflow(
  client: Client,
  finding: Extract<Finding, { readonly kind: 'closed' | 'failing' }>,
): Promise<string | null> {
  const execution = { workflowId: finding.workflowId, runId: finding.runId }
  const find = finding.kind === 'closed' ? findLastEvent : findFirstEvent
  const completed = await find(client, execution, [EventType.EVENT_TYPE_WORKFLOW_TASK_COMPLETED])
  if (completed?.eventId == null) return null
  const answer = await client.workflowService.resetWorkflowExecution({
    namespace: client.options.namespace,
    workflowExecution: execution,
    workflowTaskFinishEventId: completed.eventId,
    requestId: randomUUID(),
    reason: 'kobling check --repair',
    resetReapplyType: ResetReapplyType.RESET_REAPPLY_TYPE_ALL_ELIGIBLE,
    resetReapplyExcludeTypes: [],
  })
  return answer.runId
}
