import type { FlowDefinition } from '../../../flows/flow-definition.ts'
import type { Side } from '../../../flows/side.ts'
import type { Movement } from '../../../workflows/messages.ts'
import type { References } from '../values/references.ts'

/** What all pairs of a page share. */
export interface PairRowView {
  /** The flow whose page this is. */
  readonly definition: FlowDefinition
  readonly references: References
  readonly recent: readonly Movement[]
  readonly now: number
  /** Sides whose records can be edited here. */
  readonly editable: Readonly<Record<Side, boolean>>
  /** A record's page in its own system; null: a real system. */
  readonly recordUrl: (side: Side, id: string) => string | null
  /** The flow of the lists within the records; null: they have none. */
  readonly itemsDefinition: FlowDefinition | null
}
