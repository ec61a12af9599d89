import type { FieldNote } from '../../flows/decision.ts'
import type { Replaced } from '../../flows/outcome.ts'
import type { ItemReading, Reading } from '../../flows/reading.ts'
import type { Side } from '../../flows/side.ts'
import type { WriteAnswer } from '../connector.ts'
import { writeFields } from '../mapping/write-fields.ts'
import { readState } from '../reading/read-states.ts'
import { VendorTrouble } from '../vendor-trouble.ts'
import type { Chunk, Current } from './chunk.ts'
import { ignoredClears } from './ignored-clears.ts'

export type SideWrite =
  /** As wished, by this write or already before it. */
  | {
      readonly kind: 'done'
      readonly after: Reading
      readonly wrote: boolean
      readonly flags: string
      readonly notes: readonly FieldNote[]
      readonly withheld: readonly string[]
      readonly replaced: readonly Replaced[]
    }
  | { readonly kind: 'stale' }
  | { readonly kind: 'refused'; readonly detail: string }
  | { readonly kind: 'uncertain'; readonly message: string }

export interface SideWriteInput {
  readonly side: Side
  /** What the decision knew of the record to be written. */
  readonly known: Reading
  /** Where the values come from. */
  readonly source: Reading
  readonly fields: readonly string[]
  /** The counterpart's id, when the record does not name it yet (rule 12). */
  readonly name: string | null
  readonly flags: string
  /** A version that moved meanwhile is not taken over: the record's list may have changed with it (E22). */
  readonly onlyThisVersion?: boolean
}

const nothingToWrite = { values: {}, withheld: [] } as const

/** How often a write is repeated because only what we do not map has changed (E19). */
const VERSION_TRIES = 3

/** Writes fields over one record, compare before write, only while it still is as the decision knew it (E19). */
export async function writeSide(chunk: Chunk, input: SideWriteInput): Promise<SideWrite> {
  let current = await chunk.targets.current(input.side, input.known)
  for (let attempt = 1; ; attempt++) {
    if (current.kind === 'gone') return { kind: 'stale' }
    const isAsKnown = current.reading.seen === input.known.seen
    if (!isAsKnown && !isAsWished(current, input)) return { kind: 'stale' }
    const fields = input.fields.filter(
      (field) => valueIn(current, field) !== (input.source.content?.canonical[field] ?? null),
    )
    const name = input.name !== null && current.reading.reference !== input.name ? input.name : null
    // A write that only names the counterpart needs no values.
    const { values, withheld } =
      fields.length === 0 ? nothingToWrite : writeFields(chunk.definition, input.side, contentOf(input.source), fields)
    const prepared = chunk.collections[input.side].prepareUpdate(current.record.raw, values, input.flags)
    if (prepared.refusal !== null) return { kind: 'refused', detail: prepared.refusal }
    const notes = [...withheld, ...prepared.notes]
    const cleared = fields.filter(
      (field) => input.source.content?.canonical[field] === null && notes.every((note) => note.field !== field),
    )
    const report = {
      flags: prepared.flags,
      notes,
      withheld: notes.filter((note) => note.kind === 'withheld' || note.kind === 'waits').map((note) => note.field),
    }
    if (Object.keys(prepared.body).length === 0 && name === null)
      return { kind: 'done', after: current.reading, wrote: false, replaced: [], ...report }
    chunk.pulse.assertAlive()
    const answer: WriteAnswer = await chunk.collections[input.side].update(
      current.record,
      prepared.body,
      name,
      chunk.context,
    )
    switch (answer.kind) {
      case 'done': {
        const state = await readState(chunk.request, input.side, answer.record)
        // The vendor's answer could not be read: the next read tells what became of it.
        if (state.kind !== 'present') return { kind: 'stale' }
        const kept = ignoredClears(input.side, cleared, {
          before: current.reading.content?.canonical ?? {},
          after: state.reading.content?.canonical ?? {},
        })
        return {
          kind: 'done',
          after: state.reading,
          wrote: true,
          replaced: replacedIn(current, input, fields),
          ...report,
          notes: [...report.notes, ...kept],
          withheld: [...report.withheld, ...kept.map((note) => note.field)],
        }
      }
      case 'refused':
        return { kind: 'refused', detail: words(answer) }
      case 'taken':
        return { kind: 'refused', detail: words(answer) }
      case 'missing':
        return { kind: 'stale' }
      case 'uncertain': {
        // Found as wished, it has landed. Left unknown, our own write would later look like somebody's edit and could
        // outweigh a newer one of the side it came from.
        const found = await readBack(chunk, input)
        if (found === null || !isAsWished(found, input) || (name !== null && found.reading.reference !== name))
          return { kind: 'uncertain', message: answer.message }
        return {
          kind: 'done',
          after: found.reading,
          wrote: true,
          replaced: replacedIn(current, input, fields),
          ...report,
        }
      }
      case 'stale':
        if (input.onlyThisVersion || attempt >= VERSION_TRIES) return { kind: 'stale' }
        current = await chunk.targets.again(input.side, input.known.id)
    }
  }
}

/** The record as it is now; null when it is not there or the system does not say. */
async function readBack(
  chunk: Chunk,
  { side, known }: SideWriteInput,
): Promise<(Current & { kind: 'present' }) | null> {
  try {
    const now = await chunk.targets.again(side, known.id)
    return now.kind === 'present' ? now : null
  } catch (error) {
    if (error instanceof VendorTrouble) return null
    throw error
  }
}

function replacedIn(current: Current, { side, source }: SideWriteInput, fields: readonly string[]): Replaced[] {
  return fields.map((field) => ({
    side,
    field,
    from: valueIn(current, field),
    to: source.content?.canonical[field] ?? null,
  }))
}

/** Somebody, perhaps an earlier attempt of ours, already wrote exactly this and nothing else. */
function isAsWished(current: Current & { kind: 'present' }, input: SideWriteInput): boolean {
  const known = input.known.content
  return Object.entries(current.reading.content?.canonical ?? {}).every(([field, value]) =>
    input.fields.includes(field)
      ? value === (input.source.content?.canonical[field] ?? null)
      : known !== undefined && value === (known.canonical[field] ?? null),
  )
}

function valueIn(current: Current, field: string): string | null {
  return current.kind === 'present' ? (current.reading.content?.canonical[field] ?? null) : null
}

export function contentOf(reading: Reading): NonNullable<Reading['content']> {
  if (!reading.content) throw new Error('values are needed of a reading that holds only hashes')
  return reading.content
}

export function itemContentOf(item: ItemReading): NonNullable<ItemReading['content']> {
  if (!item.content) throw new Error('values are needed of an item that holds only hashes')
  return item.content
}

/** The vendor's words, for the inbox. */
export function words(answer: { readonly title: string; readonly detail: string }): string {
  return answer.title && answer.detail ? `${answer.title}: ${answer.detail}` : answer.title || answer.detail
}
