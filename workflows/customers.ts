import { customers as definition } from '../flows/customers.ts'
import type { FlowState } from './engine/flow-state.ts'
import { continueOnCurrentVersion } from './engine/next-run.ts'
import { runFlow } from './engine/run-flow.ts'
import type { FlowInput } from './messages.ts'

/** Customers <-> Customer: the flow that the Temporal UI lists as `customers`. */
export async function customers(input: FlowInput | FlowState): Promise<void> {
  await continueOnCurrentVersion<typeof customers>(await runFlow(definition, input))
}
