import type { FlowName } from './flow-definition.ts'
import type { EncodedRow } from './row-codec.ts'
import type { RecordKey } from './side.ts'

/**
 * The memory as a file of JSON Lines: this header; then, a flow at a time, its state and its rows as the leaves store them; last a
 * line with the SHA-256 of every byte before it.
 */
export interface MemoryFileHeader {
  readonly format: 'kobling-memory'
  readonly formatVersion: 1
  readonly connection: string
  /** When the reading began, RFC 3339. */
  readonly exportedAt: string
  readonly flows: readonly {
    readonly flow: FlowName
    readonly definitionVersion: number
    readonly generation: number
    readonly rows: number
    /** Rows by kind. */
    readonly kinds: Readonly<Record<string, number>>
  }[]
}

/** What one flow knows, as it stands in the file. */
export interface FlowMemory {
  readonly flow: FlowName
  readonly definitionVersion: number
  readonly generation: number
  /** What it carries from run to run: cursors, what waits to be looked at, the inbox, what vanished. Opaque but for its version. */
  readonly state: Readonly<Record<string, unknown>>
  /** In hand or waiting when the state was read: looked at again after an import. */
  readonly underWay: readonly RecordKey[]
  readonly rows: readonly EncodedRow[]
}

export interface MemoryFile {
  readonly header: MemoryFileHeader
  readonly flows: readonly FlowMemory[]
}

export interface ExportInput {
  readonly v: 1
  readonly connection: string
  /** Files kept below the data folder; older ones are dropped. */
  readonly kept: number
}

export interface ExportActivities {
  /** Writes what all running flows know below the data folder. @returns the path, or why nothing was written */
  exportMemory(input: ExportInput): Promise<{ readonly path: string | null; readonly flows: readonly FlowName[] }>
}
