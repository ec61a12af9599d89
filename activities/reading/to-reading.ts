import { joinHashes } from '../../flows/field-hashes.ts'
import type { FlowDefinition } from '../../flows/flow-definition.ts'
import type { ItemReading, Reading } from '../../flows/reading.ts'
import type { Side } from '../../flows/side.ts'
import { parseInstantMs } from '../canonical/date-time.ts'
import type { ParsedRecord } from '../connector.ts'
import { readFields } from '../mapping/read-fields.ts'
import type { ReferenceLinks } from '../mapping/reference-ids.ts'
import { valueAt } from '../mapping/vendor-path.ts'
import { contentHash, rawContentHash } from './content-hash.ts'
import { changeMarkOf, fieldHash } from './field-hash.ts'
import { labelOf } from './label.ts'

export interface ToReadingInput {
  readonly definition: FlowDefinition
  readonly side: Side
  readonly record: ParsedRecord & { readonly kind: 'record' }
  /** The system's clock minus ours. */
  readonly clockOffsetMs: number
  /** false leaves values and label out, for pages of thousands. */
  readonly withContent: boolean
  readonly links?: ReferenceLinks
}

export type ToReadingResult =
  | { readonly ok: true; readonly reading: Reading }
  /** The record parsed, but a mapped value cannot be understood: it is listed with where and why, the others go on. */
  | { readonly ok: false; readonly path: string; readonly problem: string }

/** A vendor's record in the form that is compared and decided on. Pure. */
export function toReading(input: ToReadingInput): ToReadingResult {
  const { definition, side, record, withContent } = input
  const outOfScope = record.outOfScope ?? otherFlows(input)
  if (definition.listOf) return toListReading(input)
  const fields = readFields(definition, side, record.raw, input.links)
  const [problem] = fields.problems
  // Nobody is asked to mend a record that takes no part.
  if (problem && outOfScope === null) return { ok: false, path: problem.path, problem: problem.problem }
  const { canonical, written } = fields
  const { dormantWhen } = definition
  const dormant = dormantWhen !== null && dormantWhen.equals.includes(canonical[dormantWhen.field] ?? '')
  const reading: Reading = {
    side,
    id: record.id,
    hashes: joinHashes(definition.fields.map((field) => fieldHash(field, canonical[field.name]))),
    seen: contentHash(definition, { canonical, outOfScope, dormant }),
    version: record.version,
    ...changeTimes(input),
    changeMark: changeMarkOf(record.changedAt),
    reference: record.reference,
    outOfScope,
    dormant,
    label: withContent ? labelOf(definition, side, fields, record.id) : '',
    ...(fields.unlinked.length > 0 ? { unlinked: fields.unlinked } : {}),
    ...locksOf(record),
  }
  return { ok: true, reading: withContent ? { ...reading, content: { canonical, written } } : reading }
}

/** A record whose list is what is synchronised (E22): the definition's fields are the items'. */
function toListReading(input: ToReadingInput): ToReadingResult {
  const { definition, side, record, withContent } = input
  const items: ItemReading[] = []
  for (const item of record.items ?? []) {
    const fields = readFields(definition, side, item.raw, input.links)
    const [problem] = fields.problems
    if (problem) return { ok: false, path: `lines ${item.id} ${problem.path}`, problem: problem.problem }
    const { canonical, written } = fields
    items.push({
      id: item.id,
      hashes: joinHashes(definition.fields.map((field) => fieldHash(field, canonical[field.name]))),
      seen: contentHash(definition, { canonical, outOfScope: null, dormant: false }),
      reference: item.reference,
      ...(fields.unlinked.length > 0 ? { unlinked: fields.unlinked } : {}),
      ...(withContent ? { content: { canonical, written } } : {}),
    })
  }
  if (record.items === undefined && record.seenText === undefined)
    return { ok: false, path: 'lines', problem: 'are absent' }
  const shown = record.seenText ?? JSON.stringify(items.map((item) => [item.id, item.seen]))
  const reading: Reading = {
    side,
    id: record.id,
    hashes: '',
    seen: rawContentHash(JSON.stringify([shown, record.isLocked === true, record.isFinal === true])),
    version: record.version,
    ...changeTimes(input),
    changeMark: changeMarkOf(record.changedAt),
    reference: record.reference,
    outOfScope: record.outOfScope,
    dormant: false,
    label: withContent ? record.id : '',
    ...(record.items ? { items } : {}),
    ...locksOf(record),
  }
  return { ok: true, reading }
}

function locksOf(record: ToReadingInput['record']): Pick<Reading, 'isLocked' | 'isFinal'> {
  return { ...(record.isLocked ? { isLocked: true } : {}), ...(record.isFinal ? { isFinal: true } : {}) }
}

/** A webshop record of another flow's kind. One without any kind is not that: it is a problem of the field. */
function otherFlows({ definition, side, record }: ToReadingInput): string | null {
  if (side === 'erp' || definition.shopKinds === null) return null
  const kind = valueAt(record.raw, definition.shopKinds.field)
  return typeof kind === 'string' && kind !== '' && !definition.shopKinds.values.includes(kind) ? 'otherKind' : null
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
