import type { Client } from '@temporalio/client'
import { defineSearchAttributeKey } from '@temporalio/common'
import { flowWorkflowId } from '../flows/directory.ts'
import type { FlowDefinition } from '../flows/flow-definition.ts'
import type { Settings } from '../flows/settings.ts'
import type { FlowChoices, FlowInput } from '../workflows/messages.ts'

const searchAttributes = {
  flow: defineSearchAttributeKey('KoblingFlow', 'KEYWORD'),
  phase: defineSearchAttributeKey('KoblingPhase', 'KEYWORD'),
  inbox: defineSearchAttributeKey('KoblingInbox', 'INT'),
}

/**
 * Starts the flow's workflow; one that runs is left as it is, so that starting twice starts once.
 * @param hadEarlierRun an earlier run has ended: its last writes may still be under way (E24)
 */
export async function startFlow(
  client: Client,
  settings: Settings,
  definition: FlowDefinition,
  { hadEarlierRun }: { readonly hadEarlierRun: boolean },
): Promise<void> {
  await client.workflow.start(definition.name, {
    workflowId: flowWorkflowId(settings.connection, definition.name),
    taskQueue: settings.taskQueue,
    args: [flowInput(settings, definition, hadEarlierRun)],
    workflowIdConflictPolicy: 'USE_EXISTING',
    // A flow that starts from nothing finds its links again by matching; it never makes duplicates.
    workflowIdReusePolicy: 'ALLOW_DUPLICATE',
    staticSummary: definition.title,
    staticDetails: definition.promise,
    typedSearchAttributes: [
      { key: searchAttributes.flow, value: definition.name },
      { key: searchAttributes.phase, value: 'initial' },
      { key: searchAttributes.inbox, value: 0 },
    ],
  })
}

export function flowInput(settings: Settings, definition: FlowDefinition, hadEarlierRun: boolean): FlowInput {
  return {
    v: 1,
    connection: settings.connection,
    flow: definition.name,
    options: {
      approveFirst: settings.approve === 'ask' || (settings.approve === 'first-contact' && !settings.loopbackOnly),
      hadEarlierRun,
      maxEvents: 0,
      company: choicesOf(settings, definition),
    },
  }
}

/** What this flow decides by; a side that the company says nothing of keeps the definition's own rule. */
function choicesOf({ options }: Settings, { name }: FlowDefinition): FlowChoices {
  const { firstAgreement, createInactive, creation, salesOrders } = options
  return {
    firstAgreement,
    createInactive,
    creation: creation[name] ?? {},
    cancelDrafts: salesOrders.cancelDrafts,
    editConfirmed: salesOrders.editConfirmed,
  }
}
