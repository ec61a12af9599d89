import type { FlowDefinition } from '../../flows/flow-definition.ts'
import type { ItemReading, Reading } from '../../flows/reading.ts'
import { flowNamed } from '../../flows/registry.ts'
import type { Side } from '../../flows/side.ts'
import type { ParsedItem, ParsedRecord } from '../connector.ts'
import { type FieldsRead, readFields } from '../mapping/read-fields.ts'
import type { ReferenceLinks } from '../mapping/reference-links.ts'
import { contentHash, listHash, toldListHash } from './content-hash.ts'
import { fieldHashes } from './field-hash.ts'
import { labelOf } from './label.ts'

/** What a reading says of the content, as against what the record says of itself. */
export type ReadingOfContent = Pick<Reading, 'hashes' | 'seen' | 'dormant' | 'label'> &
  Partial<Pick<Reading, 'content' | 'unlinked' | 'items'>>

export type ContentRead =
  | { readonly ok: true; readonly reading: ReadingOfContent }
  | { readonly ok: false; readonly path: string; readonly problem: string }

export interface ReadListInput {
  readonly definition: FlowDefinition
  readonly side: Side
  readonly record: ParsedRecord & { readonly kind: 'record' }
  readonly withContent: boolean
}

/**
 * The list of one record, item by item in its order (E22); the definition's fields are the items'. A list that this read
 * did not ask for is known by `seenText` only. Without either it is unknown, which must not read as "empty": every line
 * would be removed on the other side.
 */
export function readList(input: ReadListInput, outOfScope: string | null, links: ReferenceLinks): ContentRead {
  const { definition, record, withContent } = input
  const { items, seenText } = record
  if (items === undefined && seenText === undefined) return { ok: false, path: 'items', problem: 'are absent' }
  const read = items?.map((item) => ({ item, fields: readFields(definition, input.side, item.raw, links) }))
  // Nobody is asked to mend a record that takes no part.
  const unreadable = outOfScope === null ? read?.find(({ fields }) => fields.problems.length > 0) : undefined
  const problem = unreadable?.fields.problems[0]
  if (unreadable && problem) {
    return { ok: false, path: `item ${unreadable.item.id}, ${problem.path}`, problem: problem.problem }
  }
  const readItems = read?.map(({ item, fields }) => itemReading(definition, item, fields, withContent))
  const seen =
    seenText === undefined
      ? listHash(definition, {
          items: (read ?? []).map(({ item, fields }) => ({ id: item.id, canonical: fields.canonical })),
          outOfScope,
          isLocked: record.isLocked === true,
          isFinal: record.isFinal === true,
        })
      : toldListHash(seenText, outOfScope)
  return {
    ok: true,
    reading: {
      hashes: '',
      seen,
      dormant: false,
      label: withContent ? labelOfParent(input) : '',
      ...(readItems && { items: readItems }),
    },
  }
}

function itemReading(
  definition: FlowDefinition,
  { id, reference }: ParsedItem,
  { canonical, written, unlinked }: FieldsRead,
  withContent: boolean,
): ItemReading {
  return {
    id,
    hashes: fieldHashes(definition, canonical),
    seen: contentHash(definition, { canonical, outOfScope: null, dormant: false }),
    reference,
    ...(unlinked.length > 0 && { unlinked }),
    ...(withContent && { content: { canonical, written } }),
  }
}

/** People call the list by its record, as far as that came along. */
function labelOfParent({ definition, side, record }: ReadListInput): string {
  if (!definition.listOf) return record.id
  const parent = flowNamed(definition.listOf.parent)
  return labelOf(parent, side, readFields(parent, side, record.raw), record.id)
}
