import { continueAsNew } from '@temporalio/workflow'
import { customers as definition } from '../flows/customers.ts'
import type { FlowState } from './engine/flow-state.ts'
import { runFlow } from './engine/run-flow.ts'
import type { FlowInput } from './messages.ts'

/** Customers <-> Customer: the flow that the Temporal UI lists as `customers`. */
export async function customers(input: FlowInput | FlowState): Promise<void> {
  await continueAsNew<typeof customers>(await runFlow(definition, input))
}
