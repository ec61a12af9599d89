import type { Difference } from '../../flows/audit.ts'
import type { FlowDefinition } from '../../flows/flow-definition.ts'
import type { NotOffered } from '../../flows/not-offered.ts'
import type { SideState } from '../../flows/reading.ts'
import type { Row } from '../../flows/row.ts'
import type { Listed } from './listed.ts'

export interface ComparedWorld {
  readonly definition: FlowDefinition
  /** Everything that each side lists, with content. */
  readonly erp: readonly SideState[]
  readonly shop: readonly SideState[]
  readonly rows: readonly Row[]
  readonly listed: Listed
  readonly notOffered: NotOffered | undefined
  readonly nowMs: number
}

export interface Comparison {
  readonly differences: readonly Difference[]
  /** Differences that a row or the inbox explains. */
  readonly listed: number
}
