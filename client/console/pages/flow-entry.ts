import type { FlowName } from '../../../flows/flow-definition.ts'
import type { InboxEntry, Movement } from '../../../workflows/messages.ts'
import type { FlowReport } from '../../status-report.ts'

/** An inbox entry with the flow whose it is. */
export interface FlowEntry {
  readonly flow: FlowName
  readonly entry: InboxEntry
}

/** A movement with the flow that made it. */
export interface FlowMovement {
  readonly flow: FlowName
  readonly movement: Movement
}

/** What just moved in all of these flows, newest first. */
export function movementsOf(reports: readonly Pick<FlowReport, 'flow' | 'status'>[]): FlowMovement[] {
  return reports
    .flatMap(({ flow, status }) => (status?.recent ?? []).map((movement) => ({ flow, movement })))
    .sort((one, other) => other.movement.at - one.movement.at)
}
