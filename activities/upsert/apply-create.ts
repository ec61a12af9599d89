import type { CreateDecision, FieldNote, ReconcileDecision } from '../../flows/decision.ts'
import { hashAt, joinHashes } from '../../flows/field-hashes.ts'
import type { FlowDefinition } from '../../flows/flow-definition.ts'
import type { Outcome } from '../../flows/outcome.ts'
import type { Reading } from '../../flows/reading.ts'
import type { CreatingRow, LinkedRow } from '../../flows/row.ts'
import { otherSide, type Side } from '../../flows/side.ts'
import type { NewItem, ParsedRecord, WriteAnswer } from '../connector.ts'
import { writeFields } from '../mapping/write-fields.ts'
import { differs } from '../reading/differs.ts'
import { readState } from '../reading/read-states.ts'
import { seenAgain, waitingFor } from './apply-park.ts'
import { cleared } from './apply-reconcile.ts'
import { type Chunk, type Done, replacing, type Tell } from './chunk.ts'
import { closeRounding } from './close-rounding.ts'
import { creationAfter, idsOf } from './creation.ts'
import { readCredited, waitForInvoice } from './credited-record.ts'
import { createdItemsRow, fieldsAtCreation } from './items-row.ts'
import { linkedRowAfter, withoutFields } from './linked-row.ts'
import { tellsOfItems } from './tell.ts'
import { totalsNote } from './totals.ts'
import { waitForLinks, worthWaitingFor } from './wait-for-links.ts'
import { listRequest, readWholeNow, type WholeRecord, wholeOf } from './whole-record.ts'
import { contentOf, itemContentOf, words, writeSide } from './write-side.ts'

/** A system that did not take its counterpart's id is given a moment; nobody's edit would bring the pair back. */
const TELL_AGAIN_MS = 2_000

/**
 * Creates a counterpart, once (E18). Our reference travels with the record, so an attempt that cannot know whether an
 * earlier one landed looks first, and a record that carries our reference is linked, never created again. A record with
 * items is created whole, in one request, from a reading made just before (E22).
 */
export async function applyCreate(
  chunk: Chunk,
  decision: CreateDecision,
  creating: CreatingRow | null,
  isUncertain: boolean,
): Promise<Done> {
  const { on } = decision
  const collection = chunk.collections[on]
  const ids = idsOf(decision)
  const read = await readSource(chunk, decision)
  if (read.kind === 'stale') return { outcome: { kind: 'stale', ...ids }, puts: [] }
  if (read.kind === 'unreadable') return unreadable(chunk, decision, read.problem)
  const { source, whole } = read

  const unlinked = [
    ...(await worthWaitingFor(chunk, on, source.unlinked ?? [])),
    ...(whole?.items.flatMap((item) => item.unlinked ?? []) ?? []),
  ]
  if (unlinked.length > 0) return waitForLinks(chunk, decision, source.label, unlinked)

  const credited = whole ? await readCredited(chunk, decision.from.side, whole.record) : null
  if (credited?.isAwaited) return waitForInvoice(chunk, decision, source.label, credited)

  const creation = creating?.creation ?? creationAfter(decision)
  const { values, withheld } = valuesToCreate(chunk, on, source)
  const items = whole ? itemsToCreate(chunk, on, whole) : null
  const counterpart = { id: source.id, creation }
  const prepared = collection.prepareCreate(values, counterpart, items?.items, credited)
  // The reply to an earlier attempt may have been lost. What it made is linked by its reference, as a match.
  if (isUncertain) {
    const found = await collection.findByCounterpart(source.id, chunk.context, prepared.body)
    if (found.length > 0) return { outcome: { kind: 'stale', ...ids }, puts: [] }
  }
  if (prepared.refusal !== null) return refused(chunk, decision, source, prepared.refusal, null)
  chunk.pulse.assertAlive()
  const answer: WriteAnswer = await collection.create(prepared.body, counterpart, chunk.context)
  switch (answer.kind) {
    case 'done': {
      const state = await readState(chunk.request, on, answer.record)
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
      return refused(chunk, decision, source, words(answer), answer.existingId)
    case 'refused':
      return refused(chunk, decision, source, words(answer), null)
    case 'uncertain':
      return waitingFor(decision, ids, answer.message)
    case 'stale':
    case 'missing':
      return { outcome: { kind: 'stale', ...ids }, puts: [] }
  }
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

/** What the new record is given; some of it in another form at first (FieldDefinition.createdAs). */
function valuesToCreate(chunk: Chunk, on: Side, source: Reading) {
  const fields = fieldsAtCreation(chunk.definition, on)
  const content = contentOf(source)
  const canonical = { ...content.canonical }
  const written = { ...content.written }
  for (const field of fields) {
    const first = field.createdAs?.[on]
    if (first === undefined) continue
    canonical[field.name] = first
    delete written[field.name]
  }
  const { values, withheld } = writeFields(
    chunk.definition,
    on,
    { canonical, written },
    fields.map((field) => field.name),
  )
  // Whatever may still be linked was waited for: this one will not be (rule 9).
  return {
    values,
    withheld: withheld.map((note) => (note.kind === 'waits' ? { ...note, kind: 'withheld' as const } : note)),
  }
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

/** The new record's counterpart is told of it (rule 12), and of what the new side alone states, such as its number. */
async function linkCreated(
  chunk: Chunk,
  decision: CreateDecision,
  made: { source: Reading; created: Reading; flags: string; notes: ReconcileDecision['notes'] },
): Promise<Done> {
  const { definition } = chunk
  const [erp, shop] = decision.on === 'erp' ? [made.created, made.source] : [made.source, made.created]
  const isFilledIn = (field: string): boolean =>
    (made.source.content?.canonical[field] ?? null) === null &&
    (made.created.content?.canonical[field] ?? null) !== null
  const different = differs(definition, contentOf(erp), contentOf(shop))
  const back: Side = otherSide(decision.on)
  const stated = definition.fields
    .filter(
      (field, index) =>
        different[index] === '1' &&
        ((field.direction === (back === 'shop' ? 'toShop' : 'toErp') &&
          // Given at creation, it differs only since the new side shows it in its own form.
          field.createdOn?.includes(decision.on) !== true) ||
          // The source had none, and the new record took one over from its group or its customer (rule 10).
          (field.direction === 'both' && isFilledIn(field.name))),
    )
    .map((field) => field.name)
  const notWritten = new Set(
    made.notes.filter((note) => note.kind === 'withheld' || note.kind === 'waits').map((note) => note.field),
  )
  const reconcile: ReconcileDecision = {
    kind: 'reconcile',
    how: 'link',
    erp,
    shop,
    writeErp: back === 'erp' ? stated : [],
    writeShop: back === 'shop' ? stated : [],
    agreed: definition.fields.map((field) => (notWritten.has(field.name) ? '0' : '1')).join(''),
    nameCounterpart: shop.reference !== erp.id && chunk.collections.shop.canUpdate,
    notes: made.notes,
    rows: decision.rows,
    by: 'created',
  }
  const wrote: Side[] = [decision.on]
  let after = { erp, shop }
  let isStated = stated.length === 0
  let isTold = true
  const backFields = back === 'shop' ? reconcile.writeShop : reconcile.writeErp
  const name = back === 'shop' && reconcile.nameCounterpart ? erp.id : null
  const takesEdits = chunk.collections[back].canUpdate
  if (takesEdits && (backFields.length > 0 || name !== null)) {
    const written = await writeBack(chunk, reconcile, back, backFields, name)
    isTold = written !== undefined
    if (written) {
      after = back === 'shop' ? { erp, shop: written.after } : { erp: written.after, shop }
      isStated ||= written.withFields
      wrote.push(back)
    }
  }
  // What could not be stated was not agreed on either: the next look at the pair states it.
  const told = isStated
    ? reconcile
    : { ...withoutFields(definition, reconcile, stated), ...(takesEdits ? {} : { notOffered: stated }) }
  const linked = linkedRowAfter(definition, told, null, {
    ...after,
    withheld: notWritten,
    wroteErp: wrote.includes('erp'),
    wroteShop: wrote.includes('shop'),
    flags: made.flags,
    pointer: chunk.pointer,
  })
  const first = withFirstForms(definition, decision.on, linked.row, made.created, different)
  const notes = [...made.notes, ...linked.notes]
  const outcome: Outcome = {
    kind: 'created',
    erpId: erp.id,
    shopId: shop.id,
    wrote,
    ...(notes.length > 0 ? { notes } : {}),
    ...(first.isUnfinished || !isTold ? { againMs: isTold ? 0 : TELL_AGAIN_MS } : {}),
  }
  return {
    outcome,
    puts: [replacing(decision.rows, first.row), ...cleared(decision.rows, first.row)],
    learned: [first.row],
  }
}

/**
 * A field that was given another value at first (a draft): both sides agreed on that, so the source's true value counts as
 * an edit made since, and is carried over like any other.
 */
function withFirstForms(
  definition: FlowDefinition,
  on: Side,
  row: LinkedRow,
  created: Reading,
  different: string,
): { readonly row: LinkedRow; readonly isUnfinished: boolean } {
  const unfinished = definition.fields.map(
    (field, index) => field.createdAs?.[on] !== undefined && different[index] === '1',
  )
  if (!unfinished.includes(true)) return { row, isUnfinished: false }
  const shopForm = row.shopBase === '' ? row.base : row.shopBase
  const forms = (hashes: string): string =>
    joinHashes(
      definition.fields.map((_, index) => (unfinished[index] ? hashAt(created.hashes, index) : hashAt(hashes, index))),
    )
  const [base, shopBase] = [forms(row.base), forms(shopForm)]
  return { row: { ...row, base, shopBase: shopBase === base ? '' : shopBase }, isUnfinished: true }
}

/**
 * The source may have been edited since it was read: then only our reference is written, the edit travels as any other,
 * and the row says what was really agreed on. undefined: it could not be told; the link stands and is told when the pair is looked at again.
 */
async function writeBack(
  chunk: Chunk,
  reconcile: ReconcileDecision,
  side: Side,
  fields: readonly string[],
  name: string | null,
): Promise<{ readonly after: Reading; readonly withFields: boolean } | undefined> {
  const source = side === 'shop' ? reconcile.erp : reconcile.shop
  let known = reconcile[side]
  for (let attempt = 1; attempt <= 3; attempt++) {
    const result = await writeSide(chunk, { side, known, source, fields: attempt === 1 ? fields : [], name, flags: '' })
    if (result.kind === 'done') return { after: result.after, withFields: attempt === 1 }
    if (result.kind !== 'stale') return undefined
    const now = await chunk.targets.again(side, known.id)
    if (now.kind === 'gone') return undefined
    known = now.reading
  }
  return undefined
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
