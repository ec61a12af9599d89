import { salesOrderLines as definition } from '../flows/sales-order-lines.ts'
import type { FlowState } from './engine/flow-state.ts'
import { continueOnCurrentVersion } from './engine/next-run.ts'
import { runFlow } from './engine/run-flow.ts'
import type { FlowInput } from './messages.ts'

/** Salesorderlines <-> Order.lines: the flow that the Temporal UI lists as `salesOrderLines`. */
export async function salesOrderLines(input: FlowInput | FlowState): Promise<void> {
  await continueOnCurrentVersion<typeof salesOrderLines>(await runFlow(definition, input))
}
