import type { Directory } from '../../flows/directory.ts'
import type { FlowDefinition } from '../../flows/flow-definition.ts'
import type { Settings } from '../../flows/settings.ts'

/** First line of an export: an import refuses what it does not fit (docs/engine.md, small print 9). */
export interface ExportHeader {
  readonly format: 'kobling-links'
  readonly formatVersion: 1
  readonly connection: string
  readonly flow: string
  readonly definitionVersion: number
  readonly generation: number
  /** When the reading began, RFC 3339. */
  readonly exportedAt: string
}

export function exportHeader(
  settings: Pick<Settings, 'connection'>,
  definition: FlowDefinition,
  directory: Directory,
  now: Date,
): ExportHeader {
  return {
    format: 'kobling-links',
    formatVersion: 1,
    connection: settings.connection,
    flow: definition.name,
    definitionVersion: definition.version,
    generation: directory.generation,
    exportedAt: now.toISOString(),
  }
}
