import type { Directory } from '../../flows/directory.ts'
import type { FlowDefinition } from '../../flows/flow-definition.ts'
import type { FlowAddress } from '../../flows/port.ts'
import type { RequestContext } from '../connector.ts'
import type { Memory } from '../memory/memory-client.ts'
import type { OtherFlows } from '../other-flows.ts'
import type { FindLinks } from '../reading/read-states.ts'
import type { Systems } from '../systems/systems.ts'

/** What reading one flow's two systems takes. */
export interface WorldRequest {
  readonly definition: FlowDefinition
  readonly systems: Systems
  readonly memory: Memory
  readonly address: FlowAddress
  readonly directory: Directory
  readonly context: RequestContext
  /** Links of other flows' records, for what the flow's own records refer to. */
  readonly links: FindLinks
  readonly otherFlows: OtherFlows
}
