import type { FlowDefinition } from '../../flows/flow-definition.ts'
import type { Reading, SideState } from '../../flows/reading.ts'
import type { Side } from '../../flows/side.ts'
import type { Connector, ParsedRecord } from '../connector.ts'
import type { ReferenceLinks } from '../mapping/reference-links.ts'
import { rawContentHash, toldListHash } from './content-hash.ts'
import { OTHER_KIND, toReading } from './to-reading.ts'

/**
 * What a read found, in the form in which it is decided on; a record that does not parse stays one record's matter.
 * @param links of the flows that the record refers to; without them every reference counts as not linked
 * @param alike a reading by the same definition that is likely to show the same (ToReadingInput)
 */
export function toSideState(
  definition: FlowDefinition,
  connector: Pick<Connector, 'side' | 'clockOffsetMs'>,
  record: ParsedRecord,
  links?: ReferenceLinks,
  alike?: Reading,
): SideState {
  switch (record.kind) {
    case 'missing':
      return { kind: 'missing', id: record.id, tombstone: record.tombstone }
    case 'unreadable':
      return {
        kind: 'unreadable',
        id: record.id,
        path: record.path,
        problem: record.problem,
        seen: seenOfUnreadable(definition, record.told, record.rawText),
      }
    case 'record': {
      const result = toReading(
        {
          definition,
          side: connector.side,
          record,
          clockOffsetMs: connector.clockOffsetMs(),
          withContent: true,
          alike,
        },
        links,
      )
      if (result.ok) return { kind: 'present', reading: result.reading }
      return {
        kind: 'unreadable',
        id: record.id,
        path: result.path,
        problem: result.problem,
        seen: seenOfUnreadable(
          definition,
          record.seenText === undefined ? undefined : { seenText: record.seenText, outOfScope: record.outOfScope },
          JSON.stringify(record.items ? [record.raw, record.items] : record.raw),
        ),
      }
    }
  }
}

/** By what a list shows of it, which is what the next watch compares with: of a list of items that is what its record tells of them. */
function seenOfUnreadable(
  definition: FlowDefinition,
  told: { readonly seenText: string; readonly outOfScope: string | null } | undefined,
  rawText: string,
): string {
  return definition.listOf && told ? toldListHash(told.seenText, told.outOfScope) : rawContentHash(rawText)
}

/** The content hash of a record, whatever could be made of it; null for one that is not there. */
export function seenOf(state: SideState): string | null {
  if (state.kind === 'present') return state.reading.seen
  return state.kind === 'unreadable' ? state.seen : null
}

export function idOfState(state: SideState): string | null {
  if (state.kind === 'absent') return null
  return state.kind === 'present' ? state.reading.id : state.id
}

/** A record of another flow's kind in the same collection: this flow neither looks at it nor remembers it. */
export function isOfOtherFlow(state: SideState): boolean {
  return state.kind === 'present' && state.reading.outOfScope === OTHER_KIND
}

/** The side a record's flow belongs to, spelled for people. */
export function nameOfSide(side: Side): string {
  return side === 'erp' ? 'PowerOffice' : 'the webshop'
}
