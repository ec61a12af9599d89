import { departments as definition } from '../flows/departments.ts'
import type { FlowState } from './engine/flow-state.ts'
import { continueOnCurrentVersion } from './engine/next-run.ts'
import { runFlow } from './engine/run-flow.ts'
import type { FlowInput } from './messages.ts'

/** Departments <-> Customer (department): the flow that the Temporal UI lists as `departments`. */
export async function departments(input: FlowInput | FlowState): Promise<void> {
  await continueOnCurrentVersion<typeof departments>(await runFlow(definition, input))
}
