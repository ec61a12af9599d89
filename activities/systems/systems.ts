import type { FlowName } from '../../flows/flow-definition.ts'
import type { Side } from '../../flows/side.ts'
import type { Collection, Connector } from '../connector.ts'

/** The two systems of one connection. */
export interface Systems {
  readonly erp: Connector
  readonly shop: Connector
}

/** Finds the systems of a connection by its name; throws for a name that is not configured. */
export type SystemsOf = (connection: string) => Systems

export function collectionOf(systems: Systems, side: Side, flow: FlowName): Collection {
  return systems[side].collection(flow)
}
