import { products as definition } from '../flows/products.ts'
import type { FlowState } from './engine/flow-state.ts'
import { continueOnCurrentVersion } from './engine/next-run.ts'
import { runFlow } from './engine/run-flow.ts'
import type { FlowInput } from './messages.ts'

/** Products <-> Product: the flow that the Temporal UI lists as `products`. */
export async function products(input: FlowInput | FlowState): Promise<void> {
  await continueOnCurrentVersion<typeof products>(await runFlow(definition, input))
}
