import type { FlowName } from '../../flows/flow-definition.ts'
import type { Side } from '../../flows/side.ts'

/** What the memories of other flows say, as far as a reading refers to their records. */
export interface ReferenceLinks {
  /** The id on the other side of the record that `side` calls `id`; null: it has no link. */
  counterpart(flow: FlowName, side: Side, id: string): string | null
}

export const nothingLinked: ReferenceLinks = { counterpart: () => null }
