import type { FlowDefinition } from '../../flows/flow-definition.ts'
import type { Reading, SideState } from '../../flows/reading.ts'
import type { Side } from '../../flows/side.ts'
import type { ParsedRecord } from '../connector.ts'
import { type ReferenceId, referenceIdsOf } from '../mapping/reference-ids.ts'
import { nothingLinked, type ReferenceLinks } from '../mapping/reference-links.ts'
import type { Systems } from '../systems/systems.ts'
import { toSideState } from './side-state.ts'

/** Looks up the links of records of other flows, all at once. */
export type FindLinks = (ids: readonly ReferenceId[]) => Promise<ReferenceLinks>

export interface StateReader {
  readonly definition: FlowDefinition
  readonly systems: Systems
  readonly links: FindLinks
}

/** Records of one side in the form in which they are decided on; what they refer to is translated through its flow's memory. */
export async function readStates(
  reader: StateReader,
  side: Side,
  records: readonly ParsedRecord[],
): Promise<SideState[]> {
  const { definition, systems } = reader
  const ids = records.flatMap((record) => (record.kind === 'record' ? referenceIdsOf(definition, side, record) : []))
  // Most flows refer to nothing, and a first load reads record by record.
  const links = ids.length === 0 ? nothingLinked : await reader.links(ids)
  const states: SideState[] = []
  for (const [index, record] of records.entries()) {
    if (index % 500 === 499) await new Promise((resolve) => setImmediate(resolve))
    states.push(toSideState(definition, systems[side], record, links))
  }
  return states
}

/** One record. @param alike a reading by the same definition that is likely to show the same (ToReadingInput) */
export async function readState(
  { definition, systems, links }: StateReader,
  side: Side,
  record: ParsedRecord,
  alike?: Reading,
): Promise<SideState> {
  const ids = record.kind === 'record' ? referenceIdsOf(definition, side, record) : []
  const found = ids.length === 0 ? nothingLinked : await links(ids)
  return toSideState(definition, systems[side], record, found, alike)
}
