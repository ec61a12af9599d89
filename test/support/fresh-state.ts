import { type FlowState, migrate } from '../../workflows/engine/flow-state.ts'
import type { FlowInput } from '../../workflows/messages.ts'

export const flowInput: FlowInput = {
  v: 1,
  connection: 'demo',
  flow: 'customers',
  options: { approveFirst: false, hadEarlierRun: false, maxEvents: 0 },
}

/** The state of a flow in its first run. */
export const freshState: FlowState = migrate(flowInput, { atMs: 1_000, runId: 'run-1' })
