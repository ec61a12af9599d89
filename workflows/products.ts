import { continueAsNew } from '@temporalio/workflow'
import { products as definition } from '../flows/products.ts'
import type { FlowState } from './engine/flow-state.ts'
import { runFlow } from './engine/run-flow.ts'
import type { FlowInput } from './messages.ts'

/** Products <-> Product: the flow that the Temporal UI lists as `products`. */
export async function products(input: FlowInput | FlowState): Promise<void> {
  await continueAsNew<typeof products>(await runFlow(definition, input))
}
