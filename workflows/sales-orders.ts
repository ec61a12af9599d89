import { salesOrders as definition } from '../flows/sales-orders.ts'
import type { FlowState } from './engine/flow-state.ts'
import { continueOnCurrentVersion } from './engine/next-run.ts'
import { runFlow } from './engine/run-flow.ts'
import type { FlowInput } from './messages.ts'

/** Salesorders <-> Order: the flow that the Temporal UI lists as `salesOrders`. */
export async function salesOrders(input: FlowInput | FlowState): Promise<void> {
  await continueOnCurrentVersion<typeof salesOrders>(await runFlow(definition, input))
}
