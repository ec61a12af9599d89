import type { Client } from '@temporalio/client'
import { defineSearchAttributeKey } from '@temporalio/common'
import { flowWorkflowId } from '../flows/directory.ts'
import type { FlowDefinition, FlowName } from '../flows/flow-definition.ts'
import type { CompanyOptions } from '../flows/flow-options.ts'
import type { Settings } from '../flows/settings.ts'
import { definitionOptions } from '../flows/with-options.ts'
import type { FlowChoices, FlowInput } from '../workflows/messages.ts'

const searchAttributes = {
  flow: defineSearchAttributeKey('KoblingFlow', 'KEYWORD'),
  phase: defineSearchAttributeKey('KoblingPhase', 'KEYWORD'),
  inbox: defineSearchAttributeKey('KoblingInbox', 'INT'),
}

/**
 * Starts the flow's workflow; one that runs is left as it is, so that starting twice starts once.
 * @param hadEarlierRun an earlier run has ended: its last writes may still be under way (E24)
 * @param generation of the memory that it takes over or begins
 */
export async function startFlow(
  client: Client,
  settings: Settings,
  definition: FlowDefinition,
  { hadEarlierRun, generation = 1 }: { readonly hadEarlierRun: boolean; readonly generation?: number },
): Promise<void> {
  await startFlowWith(client, settings, definition, flowInput(settings, definition, hadEarlierRun, generation))
}

/** The same with what it begins with: nothing but its options, or a state that an import restored. */
export async function startFlowWith(
  client: Client,
  settings: Settings,
  definition: FlowDefinition,
  input: FlowInput | Readonly<Record<string, unknown>>,
): Promise<void> {
  await client.workflow.start(definition.name, {
    workflowId: flowWorkflowId(settings.connection, definition.name),
    taskQueue: settings.taskQueue,
    args: [input],
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

export function flowInput(
  settings: Settings,
  definition: FlowDefinition,
  hadEarlierRun: boolean,
  generation = 1,
): FlowInput {
  return {
    v: 1,
    connection: settings.connection,
    flow: definition.name,
    options: {
      approveFirst: settings.approve === 'ask' || (settings.approve === 'first-contact' && !settings.loopbackOnly),
      hadEarlierRun,
      maxEvents: 0,
      company: choicesOf(settings.options, definition.name),
    },
    ...(generation === 1 ? {} : { generation }),
  }
}

/** What this flow decides by; a side that the company says nothing of keeps the definition's own rule. */
export function choicesOf(options: CompanyOptions, name: FlowName): FlowChoices {
  const { firstAgreement, createInactive, creation, salesOrders } = options
  return {
    firstAgreement,
    createInactive,
    creation: creation[name] ?? {},
    cancelDrafts: salesOrders.cancelDrafts,
    definition: definitionOptions(options),
    editConfirmed: salesOrders.editConfirmed,
  }
}
