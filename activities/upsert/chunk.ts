import type { FlowDefinition, FlowName } from '../../flows/flow-definition.ts'
import type { PutItem } from '../../flows/memory.ts'
import type { Outcome } from '../../flows/outcome.ts'
import type { UpsertInput } from '../../flows/port.ts'
import type { Reading } from '../../flows/reading.ts'
import { type Row, rowKey } from '../../flows/row.ts'
import { encodeRow } from '../../flows/row-codec.ts'
import type { RecordKey, Side } from '../../flows/side.ts'
import type { Collection, ParsedRecord, RequestContext } from '../connector.ts'
import type { Pulse } from '../heartbeat.ts'
import type { LiveWorlds } from '../live/live-world.ts'
import type { WorldRequest } from '../live/world-request.ts'
import type { OwnCreates } from '../watch/own-creates.ts'
import type { ItemsRowQueue } from './items-row-queue.ts'

/** What carrying out one chunk's decisions takes. */
export interface Chunk {
  readonly definition: FlowDefinition
  readonly input: UpsertInput
  readonly request: WorldRequest
  readonly worlds: LiveWorlds
  readonly context: RequestContext
  readonly pulse: Pulse
  readonly collections: Readonly<Record<Side, Collection>>
  /** Where this decision stands in the history: run ordinal and activity id (E27). */
  readonly pointer: string
  /** An earlier attempt of this activity may have done some of it. */
  readonly isRepeated: boolean
  readonly targets: Targets
  readonly itemsRows: ItemsRowQueue
  readonly ownCreates: OwnCreates
  /** Creates of this attempt that a system may have carried out, by their source. */
  readonly sent: Set<RecordKey>
}

/** The present state of records that are about to be written or copied from. */
export interface Targets {
  /** The record as it is, read in this chunk (at most two seconds ago) or guarded by its version. */
  current(side: Side, reading: Reading): Promise<Current>
  /** The values of a reading that travelled as hashes; undefined when the record shows something else by now. */
  content(reading: Reading): Promise<Reading | undefined>
  again(side: Side, id: string): Promise<Current>
}

export type Current =
  | { readonly kind: 'present'; readonly record: ParsedRecord & { readonly kind: 'record' }; readonly reading: Reading }
  | { readonly kind: 'gone' }

/** Records of another flow that show something else after what was done here. */
export interface Tell {
  readonly flow: FlowName
  readonly keys: readonly RecordKey[]
  readonly why: string
}

/** What one decision came to: its outcome once the rows are put. */
export interface Done {
  readonly outcome: Outcome
  readonly puts: readonly PutItem[]
  /** The system gave no clear answer; several in a row mean that it is down (E17). */
  readonly isUnclear?: true
  /** A create that was not sent, for certain: its announcement need not stand (E18). */
  readonly isUnsent?: true
  /** Other flows that look at these records again once the rows are put. */
  readonly tell?: readonly Tell[]
  /** Takes the rows into this process's match index. */
  readonly learned?: readonly Row[]
}

/** The put that replaces whatever the decision read under the new row's key. */
export function replacing(rows: readonly Row[], row: Row): PutItem {
  const key = rowKey(row)
  const before = rows.find((candidate) => rowKey(candidate) === key)
  return { key, expect: before ? encodeRow(before) : null, row: encodeRow(row) }
}

export function removing(row: Row): PutItem {
  return { key: rowKey(row), expect: encodeRow(row), row: null }
}
