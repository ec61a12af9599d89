import type { FlowDefinition } from '../../flows/flow-definition.ts'
import type { Reading } from '../../flows/reading.ts'
import type { Side } from '../../flows/side.ts'
import { parseInstantMs } from '../canonical/date-time.ts'
import type { ParsedRecord } from '../connector.ts'
import { readFields } from '../mapping/read-fields.ts'
import { nothingLinked, type ReferenceLinks } from '../mapping/reference-links.ts'
import { valueAt } from '../mapping/vendor-path.ts'
import { contentHash, type HashedContent } from './content-hash.ts'
import { changeMarkOf, fieldHashes } from './field-hash.ts'
import { labelOf } from './label.ts'
import { type ContentRead, readList } from './list-reading.ts'

/** Why a record of another flow's kind takes no part. */
export const OTHER_KIND = 'otherKind'

export interface ToReadingInput {
  readonly definition: FlowDefinition
  readonly side: Side
  readonly record: ParsedRecord & { readonly kind: 'record' }
  /** The system's clock minus ours. */
  readonly clockOffsetMs: number
  /** false leaves values and label out, for pages of thousands. */
  readonly withContent: boolean
  /**
   * A reading by this very definition, of either side: where the record shows the same content it has the same hashes (E2),
   * which are then not worked out a second time.
   */
  readonly alike?: Reading | undefined
}

export type ToReadingResult =
  | { readonly ok: true; readonly reading: Reading }
  /** The record parsed, but a mapped value cannot be understood: it is listed with where and why, the others go on. */
  | { readonly ok: false; readonly path: string; readonly problem: string }

/**
 * A vendor's record in the form that is compared and decided on. Pure.
 * @param links of the flows that the record refers to; without them every reference counts as not linked
 */
export function toReading(input: ToReadingInput, links: ReferenceLinks = nothingLinked): ToReadingResult {
  const outOfScope = input.record.outOfScope ?? otherFlows(input)
  const read = input.definition.listOf ? readList(input, outOfScope, links) : readRecord(input, outOfScope, links)
  if (!read.ok) return read
  const { side, record } = input
  const reading: Reading = {
    side,
    id: record.id,
    version: record.version,
    ...changeTimes(input),
    changeMark: changeMarkOf(record.changedAt),
    reference: record.reference,
    outOfScope,
    ...read.reading,
    ...(record.isLocked !== undefined && { isLocked: record.isLocked }),
    ...(record.isFinal !== undefined && { isFinal: record.isFinal }),
  }
  return { ok: true, reading }
}

function readRecord(input: ToReadingInput, outOfScope: string | null, links: ReferenceLinks): ContentRead {
  const { definition, side, record, withContent } = input
  const fields = readFields(definition, side, record.raw, links)
  const [problem] = fields.problems
  // Nobody is asked to mend a record that takes no part.
  if (problem && outOfScope === null) return { ok: false, path: problem.path, problem: problem.problem }
  const { canonical, written, unlinked } = fields
  const { dormantWhen } = definition
  const state = dormantWhen === null ? null : (canonical[dormantWhen.field] ?? null)
  const dormant = state !== null && dormantWhen?.equals.includes(state) === true
  return {
    ok: true,
    reading: {
      ...hashesOf(definition, { canonical, outOfScope, dormant }, input.alike),
      dormant,
      label: withContent ? labelOf(definition, side, fields, record.id) : '',
      ...(withContent && { content: { canonical, written } }),
      ...(unlinked.length > 0 && { unlinked }),
    },
  }
}

function hashesOf(
  definition: FlowDefinition,
  content: HashedContent,
  alike: Reading | undefined,
): Pick<Reading, 'hashes' | 'seen'> {
  if (alike && showsTheSame(definition, content, alike)) return { hashes: alike.hashes, seen: alike.seen }
  return { hashes: fieldHashes(definition, content.canonical), seen: contentHash(definition, content) }
}

function showsTheSame(definition: FlowDefinition, content: HashedContent, alike: Reading): boolean {
  const known = alike.content?.canonical
  return (
    known !== undefined &&
    alike.outOfScope === content.outOfScope &&
    alike.dormant === content.dormant &&
    definition.fields.every(({ name }) => known[name] === content.canonical[name])
  )
}

/** A webshop record of another flow's kind. One without any kind is not that: it is a problem of the field. */
function otherFlows({ definition, side, record }: ToReadingInput): string | null {
  const { shopKinds } = definition
  if (side === 'erp' || shopKinds === null) return null
  const kind = valueAt(record.raw, shopKinds.field)
  return typeof kind === 'string' && kind !== '' && !shopKinds.values.includes(kind) ? OTHER_KIND : null
}

function changeTimes({ record, clockOffsetMs }: ToReadingInput): Pick<Reading, 'changedAtMs' | 'groupChangedAtMs'> {
  const byOurClock = (vendorTime: string | null): number | null => {
    const instantMs = vendorTime === null ? null : parseInstantMs(vendorTime)
    return instantMs === null ? null : Math.round(instantMs - clockOffsetMs)
  }
  const groupChangedAtMs: Record<string, number> = {}
  for (const [field, vendorTime] of Object.entries(record.groupChangedAt)) {
    const changedAtMs = byOurClock(vendorTime)
    if (changedAtMs !== null) groupChangedAtMs[field] = changedAtMs
  }
  return { changedAtMs: byOurClock(record.changedAt), groupChangedAtMs }
}
