import type { CreateDecision, FieldNote } from '../../flows/decision.ts'
import type { PutItem } from '../../flows/memory.ts'
import type { ItemReading, Reading } from '../../flows/reading.ts'
import type { CreatingRow, GoneRow, LinkedRow } from '../../flows/row.ts'
import { recordKey, type Side } from '../../flows/side.ts'
import type { NewItem, ParsedRecord, WriteAnswer } from '../connector.ts'
import { writeFields } from '../mapping/write-fields.ts'
import { readState, readStates } from '../reading/read-states.ts'
import { seenAgain, waitingFor } from './apply-park.ts'
import { type Chunk, type Done, replacing, type Tell } from './chunk.ts'
import { closeRounding } from './close-rounding.ts'
import {
  announcedAnew,
  creatingRow,
  creatingRowIn,
  givesTheSame,
  isAnnouncedAlone,
  withEarlierAttempt,
} from './creating-row.ts'
import { creationAfter, idsOf } from './creation.ts'
import { readCredited, waitForInvoice } from './credited-record.ts'
import { createdItemsRow, fieldsAtCreation } from './items-row.ts'
import { linkCreated } from './link-created.ts'
import { landedBy, mayStillLand } from './still-landing.ts'
import { tellsOfItems } from './tell.ts'
import { totalsNote } from './totals.ts'
import { valuesToCreate } from './values-to-create.ts'
import { waitForLinks, worthWaitingFor } from './wait-for-links.ts'
import { listRequest, readWholeNow, type WholeRecord, wholeOf } from './whole-record.ts'
import { itemContentOf, words } from './write-side.ts'

const STILL_LANDING = 'An earlier attempt to create it may still arrive: it is looked for again in a moment.'

/**
 * Creates a counterpart, once (E18). Our reference travels with the record, so an attempt that cannot know whether an
 * earlier one landed looks first, and a record that carries our reference is linked, never created again. A record with
 * items is created whole, in one request, from a reading made just before (E22).
 */
export async function applyCreate(
  chunk: Chunk,
  decided: CreateDecision,
  creating: CreatingRow | null,
  isUncertain: boolean,
): Promise<Done> {
  let decision = await withEarlierAttempt(chunk, decided)
  const { on } = decision
  const collection = chunk.collections[on]
  const ids = idsOf(decision)
  const read = await readSource(chunk, decision)
  if (read.kind === 'stale') return { ...editedSince(chunk, decision), isUnsent: true }
  if (read.kind === 'unreadable') return inDoubtStill(unreadable(chunk, decision, read.problem), decision, isUncertain)
  const { source, whole } = read

  const unlinked = [
    ...(source.unlinked ? await worthWaitingFor(chunk, on, source.unlinked) : []),
    ...(whole?.items.flatMap((item) => item.unlinked ?? []) ?? []),
  ]
  if (unlinked.length > 0)
    return inDoubtStill(await waitForLinks(chunk, decision, source.label, unlinked), decision, isUncertain)

  const credited = whole ? await readCredited(chunk, decision.from.side, whole.record) : null
  if (credited?.isAwaited)
    return inDoubtStill(waitForInvoice(chunk, decision, source.label, credited), decision, isUncertain)

  const creation = creating?.creation ?? creationAfter(decision)
  const { values, withheld } = valuesToCreate(chunk.definition, on, source)
  const items = whole ? itemsToCreate(chunk, on, whole) : null
  const counterpart = { id: source.id, creation }
  const prepared = collection.prepareCreate(values, counterpart, items?.items, credited)
  // Its list may have been edited since it was announced.
  let mustAnnounce = creating !== null || isAnnouncedAlone(chunk, decision)
  // The reply to an earlier attempt may have been lost. What it made is linked by its reference, as a match.
  if (isUncertain && !(await givesFirstAnswerAgain(chunk, decision, source, whole?.items ?? null))) {
    const found = await collection.findByCounterpart(source.id, chunk.context, prepared.body)
    if (found.length > 0) return { outcome: { kind: 'stale', ...ids }, puts: [] }
    const notBefore = await landedBy(chunk, decision)
    if (notBefore !== null) {
      const { outcome } = waitingFor(decision, ids, STILL_LANDING)
      return { outcome: { ...outcome, notBefore }, puts: remembered(chunk, decision, source) }
    }
    mustAnnounce = true
  }
  if (mustAnnounce) {
    const anew = await announcedAnew(chunk, decision, source, whole?.items ?? null, isUncertain)
    if (anew === undefined) return { outcome: { kind: 'stale', ...ids }, puts: [] }
    decision = anew
  }
  if (prepared.refusal !== null) return refusedInDoubt(chunk, decision, source, prepared.refusal, isUncertain)
  if (await hasNamesakeNow(chunk, decision, source)) return editedSince(chunk, decision)
  chunk.pulse.assertAlive()
  // Trouble may also come of reading the answer, once the record is made.
  chunk.sent.add(recordKey(source.side, source.id))
  const answer: WriteAnswer = await collection.create(prepared.body, counterpart, chunk.context)
  switch (answer.kind) {
    case 'done': {
      const state = await readState(chunk.request, on, answer.record, madeHere(decision, source))
      if (state.kind !== 'present') return { outcome: { kind: 'stale', ...ids }, puts: [] }
      if (on === 'shop') chunk.ownCreates.note(chunk.input, answer.record)
      const notes = [...withheld, ...prepared.notes]
      if (!whole || !items)
        return linkCreated(chunk, decision, { source, created: state.reading, flags: prepared.flags, notes })
      const list = await createdList(chunk, on, whole, answer.record, items.withheld)
      notes.push(...items.notes, ...list.notes)
      // Before the counterpart is named: whoever sees the link may edit, and the flow of lists must know the order by then.
      if (list.row) await chunk.itemsRows.put(list.row)
      const done = await linkCreated(chunk, decision, { source, created: state.reading, flags: prepared.flags, notes })
      return { ...done, tell: [...(done.tell ?? []), ...list.tell] }
    }
    case 'taken':
      // Our reference stands on a record already: an earlier attempt landed. Found by its reference, it is linked.
      if (answer.byReference) return { outcome: { kind: 'stale', ...ids }, puts: [] }
      if (await isTakenByNamesake(chunk, decision, source, answer.existingId)) return editedSince(chunk, decision)
      return refused(chunk, decision, source, words(answer), answer.existingId)
    case 'refused':
      return refusedInDoubt(chunk, decision, source, words(answer), isUncertain)
    case 'uncertain': {
      const isTaken =
        answer.isKeyUsed === true &&
        (await collection.findByCounterpart(source.id, chunk.context, prepared.body)).length === 0
      if (isTaken && isUncertain) return deletedUnlinked(decision, source)
      return {
        ...waitingFor(decision, ids, answer.message),
        puts: isTaken
          ? underNextKey(chunk, decision, source, whole?.items ?? null)
          : remembered(chunk, decision, source),
      }
    }
    case 'stale':
    case 'missing':
      return { outcome: { kind: 'stale', ...ids }, puts: [] }
  }
}

/**
 * Somebody made the same record in the webshop since this was decided: it is decided anew, and linked. PowerOffice was asked
 * just before, with its neighbours (announce-creates.ts); a first load goes by what its watch has read.
 */
async function hasNamesakeNow(chunk: Chunk, { on, byHand }: CreateDecision, source: Reading): Promise<boolean> {
  if (on === 'erp' || byHand || chunk.definition.matchKeys.length === 0) return false
  return (await chunk.worlds.beforeCreating(chunk.request, on))?.hasNamesake(source) === true
}

/** A system that keeps a key unique says what was not there a moment before, and who has it. */
async function isTakenByNamesake(
  chunk: Chunk,
  { on, byHand }: CreateDecision,
  source: Reading,
  existingId: string | null,
): Promise<boolean> {
  const world = chunk.worlds.asKnown(chunk.input)
  if (byHand || existingId === null || !world) return false
  const records = await chunk.collections[on].readMany([existingId], chunk.context)
  for (const state of await readStates(chunk.request, on, [...records.values()])) world.learn(on, existingId, state)
  return world.hasNamesake(source)
}

/**
 * Another attempt may have created it from what the record was then: kept, so that what people do to the two from now on
 * is told from what they had in common. PowerOffice's creates are announced with it before (announce-creates.ts).
 */
function editedSince(chunk: Chunk, decision: CreateDecision): Done {
  const puts = chunk.isRepeated ? remembered(chunk, decision, decision.from) : []
  return { outcome: { kind: 'stale', ...idsOf(decision) }, puts }
}

/**
 * What keeps it from being created now did not keep an earlier attempt: what that one gave stays in the memory, or its record would
 * be linked as at a first agreement, and its lines taken for new ones.
 */
function inDoubtStill(parked: Done, decision: CreateDecision, isUncertain: boolean): Done {
  return isUncertain && creatingRowIn(decision) ? { ...parked, puts: [] } : parked
}

/** The row of a create whose end is not known, unless it stands already (E18). */
function remembered(chunk: Chunk, decision: CreateDecision, source: Reading): PutItem[] {
  return creatingRowIn(decision) ? [] : [replacing(decision.rows, creatingRow(chunk, decision, source))]
}

/**
 * An earlier attempt made it, and people deleted it before it was found again: the same as if they had done so after it was
 * linked (rule 13). It is not put back behind their backs.
 */
function deletedUnlinked(decision: CreateDecision, source: Reading): Done {
  const [erpId, shopId] = decision.on === 'shop' ? [source.id, null] : [null, source.id]
  const row: GoneRow = { kind: 'gone', erpId, shopId, seen: source.seen, at: Date.now(), gone: decision.on }
  return {
    outcome: { kind: 'deleted', ...idsOf(decision) },
    puts: [replacing(decision.rows, row)],
    learned: [row],
  }
}

/** Nothing of ours tells of that key: of a memory that was given up, it says. The record is created, under another key. */
function underNextKey(
  chunk: Chunk,
  decision: CreateDecision,
  source: Reading,
  items: readonly ItemReading[] | null,
): PutItem[] {
  const row = creatingRow(chunk, decision, source, items)
  return [replacing(decision.rows, { ...row, creation: row.creation + 1 })]
}

/**
 * True when the same request again is answered as the first one was: then nothing is lost by asking, and the answer shows
 * what both sides had in common when the record was made, whatever people have done to it since.
 */
async function givesFirstAnswerAgain(
  chunk: Chunk,
  decision: CreateDecision,
  source: Reading,
  items: readonly ItemReading[] | null,
): Promise<boolean> {
  const collection = chunk.collections[decision.on]
  const row = creatingRowIn(decision)
  if (row && !givesTheSame(row, creatingRow(chunk, decision, source, items))) return false
  return (await collection.repeatsCreation?.(chunk.context)) ?? false
}

type SourceRead =
  | { readonly kind: 'present'; readonly source: Reading; readonly whole: WholeRecord | null }
  | { readonly kind: 'stale' }
  | { readonly kind: 'unreadable'; readonly problem: string }

/** The values to create from; of a record with items, everything as it is at this moment. */
async function readSource(chunk: Chunk, { from }: CreateDecision): Promise<SourceRead> {
  if (chunk.definition.items === undefined) {
    const source = await chunk.targets.content(from)
    return source ? { kind: 'present', source, whole: null } : { kind: 'stale' }
  }
  const read = await readWholeNow(chunk.request, from.side, from.id)
  if (read.kind === 'unreadable') return read
  if (read.kind === 'gone' || read.whole.header.seen !== from.seen) return { kind: 'stale' }
  return { kind: 'present', source: read.whole.header, whole: read.whole }
}

/** The source where this process read it: hashes that travelled with the decision may be of an older definition (E3). */
function madeHere({ from }: CreateDecision, source: Reading): Reading | undefined {
  return from.content ? undefined : source
}

interface ItemsToCreate {
  readonly items: readonly NewItem[]
  readonly notes: readonly FieldNote[]
  readonly withheld: ReadonlyMap<string, ReadonlySet<string>>
}

function itemsToCreate(chunk: Chunk, on: Side, whole: WholeRecord): ItemsToCreate {
  const { definition } = listRequest(chunk.request)
  const fields = fieldsAtCreation(definition, on).map((field) => field.name)
  const notes: FieldNote[] = []
  const withheld = new Map<string, ReadonlySet<string>>()
  const items = whole.items.map((item, index) => {
    const written = writeFields(definition, on, itemContentOf(item), fields)
    withheld.set(item.id, new Set(written.withheld.map((note) => note.field)))
    notes.push(...written.withheld.map((note) => ({ ...note, field: `line ${index + 1} ${note.field}` })))
    return { values: written.values, counterpartId: item.id }
  })
  return { items, notes, withheld }
}

/** What the lists' own memory is to hold, and what the two systems make of the same lines (totals). */
async function createdList(
  chunk: Chunk,
  on: Side,
  source: WholeRecord,
  answer: ParsedRecord,
  withheld: ReadonlyMap<string, ReadonlySet<string>>,
): Promise<{ readonly row: LinkedRow | null; readonly notes: readonly FieldNote[]; readonly tell: readonly Tell[] }> {
  const read = await wholeOf(chunk.request, on, answer)
  if (read.kind !== 'present') return { row: null, notes: [], tell: [] }
  const { made, notes } =
    on === 'erp' ? await closeRounding(chunk, read.whole, source) : { made: read.whole, notes: [] }
  const [erp, shop] = on === 'erp' ? [made, source] : [source, made]
  const { definition } = listRequest(chunk.request)
  const created = createdItemsRow(definition, on, { erp: erp.list, shop: shop.list }, withheld, chunk.pointer)
  const note = totalsNote(erp.record.totals, shop.record.totals, source.items.length)
  return {
    row: created?.row ?? null,
    notes: note ? [...notes, note] : notes,
    tell: created?.isComplete ? [] : tellsOfItems(chunk, erp.header.id, 'its record was created'),
  }
}

function unreadable(chunk: Chunk, decision: CreateDecision, problem: string): Done {
  const { side, id, seen, label } = decision.from
  return {
    outcome: {
      kind: 'parked',
      ...idsOf(decision),
      parked: { reason: 'unreadable', side, label, detail: problem },
    },
    puts: [seenAgain(chunk, decision.rows, { side, id, seen, reason: 'unreadable', others: [] })],
  }
}

/**
 * What is refused now says nothing of what an earlier attempt sent, with other values: while that may still arrive, what it gave
 * stays in the memory.
 */
async function refusedInDoubt(
  chunk: Chunk,
  decision: CreateDecision,
  source: Reading,
  detail: string,
  isUncertain: boolean,
): Promise<Done> {
  const done = refused(chunk, decision, source, detail, null)
  return isUncertain && (await mayStillLand(chunk, decision)) ? { ...done, puts: [] } : done
}

function refused(
  chunk: Chunk,
  decision: CreateDecision,
  source: Reading,
  detail: string,
  existingId: string | null,
): Done {
  const others = existingId === null ? [] : [`${decision.on}:${existingId}` as const]
  const parked = { reason: 'refused' as const, side: source.side, label: source.label, detail, others }
  return {
    outcome: { kind: 'parked', ...idsOf(decision), parked },
    puts: [
      seenAgain(chunk, decision.rows, {
        side: source.side,
        id: source.id,
        seen: source.seen,
        reason: 'refused',
        others,
      }),
    ],
  }
}
