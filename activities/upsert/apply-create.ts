import type { CreateDecision, ReconcileDecision } from '../../flows/decision.ts'
import type { Outcome } from '../../flows/outcome.ts'
import type { Reading } from '../../flows/reading.ts'
import type { CreatingRow } from '../../flows/row.ts'
import { otherSide, type Side } from '../../flows/side.ts'
import type { WriteAnswer } from '../connector.ts'
import { writeFields } from '../mapping/write-fields.ts'
import { differs } from '../reading/differs.ts'
import { toSideState } from '../reading/side-state.ts'
import { seenAgain, waitingFor } from './apply-park.ts'
import { cleared } from './apply-reconcile.ts'
import { type Chunk, type Done, replacing } from './chunk.ts'
import { linkedRowAfter, withoutFields } from './linked-row.ts'
import { contentOf, words, writeSide } from './write-side.ts'

/**
 * Creates a counterpart, once (E18). Our reference travels with the record, so an attempt that cannot know whether an
 * earlier one landed looks first, and a record that carries our reference is linked, never created again.
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
  const source = await chunk.targets.content(decision.from)
  if (!source) return { outcome: { kind: 'stale', ...ids }, puts: [] }

  const creation = creating?.creation ?? creationAfter(decision)
  // The reply to an earlier attempt may have been lost. What it made is linked by its reference, as a match.
  if (isUncertain && (await collection.findByCounterpart(source.id, chunk.context)).length > 0)
    return { outcome: { kind: 'stale', ...ids }, puts: [] }

  const fields = chunk.definition.fields
    .filter((field) => field.direction !== (on === 'erp' ? 'toShop' : 'toErp'))
    .map((field) => field.name)
  const { values, withheld } = writeFields(chunk.definition, on, contentOf(source), fields)
  const counterpart = { id: source.id, creation }
  const prepared = collection.prepareCreate(values, counterpart)
  if (prepared.refusal !== null) return refused(chunk, decision, source, prepared.refusal, null)
  chunk.pulse.assertAlive()
  const answer: WriteAnswer = await collection.create(prepared.body, counterpart, chunk.context)
  switch (answer.kind) {
    case 'done': {
      const state = toSideState(chunk.definition, chunk.request.systems[on], answer.record)
      if (state.kind !== 'present') return { outcome: { kind: 'stale', ...ids }, puts: [] }
      const notes = [...withheld, ...prepared.notes]
      return linkCreated(chunk, decision, { source, created: state.reading, flags: prepared.flags, notes })
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

/** The new record's counterpart is told of it (rule 12), and of what the new side alone states, such as its number. */
async function linkCreated(
  chunk: Chunk,
  decision: CreateDecision,
  made: { source: Reading; created: Reading; flags: string; notes: ReconcileDecision['notes'] },
): Promise<Done> {
  const { definition } = chunk
  const [erp, shop] = decision.on === 'erp' ? [made.created, made.source] : [made.source, made.created]
  const different = differs(definition, contentOf(erp), contentOf(shop))
  const back: Side = otherSide(decision.on)
  const stated = definition.fields
    .filter((field, index) => different[index] === '1' && field.direction === (back === 'shop' ? 'toShop' : 'toErp'))
    .map((field) => field.name)
  const notWritten = new Set(made.notes.filter((note) => note.kind === 'withheld').map((note) => note.field))
  const reconcile: ReconcileDecision = {
    kind: 'reconcile',
    how: 'link',
    erp,
    shop,
    writeErp: back === 'erp' ? stated : [],
    writeShop: back === 'shop' ? stated : [],
    agreed: definition.fields.map((field) => (notWritten.has(field.name) ? '0' : '1')).join(''),
    nameCounterpart: shop.reference !== erp.id,
    notes: made.notes,
    rows: decision.rows,
    by: 'created',
  }
  const wrote: Side[] = [decision.on]
  let after = { erp, shop }
  let isStated = stated.length === 0
  const backFields = back === 'shop' ? reconcile.writeShop : reconcile.writeErp
  const name = back === 'shop' && reconcile.nameCounterpart ? erp.id : null
  if (backFields.length > 0 || name !== null) {
    const written = await writeBack(chunk, reconcile, back, backFields, name)
    if (written) {
      after = back === 'shop' ? { erp, shop: written.after } : { erp: written.after, shop }
      isStated ||= written.withFields
      wrote.push(back)
    }
  }
  // What could not be stated was not agreed on either: the next look at the pair states it.
  const told = isStated ? reconcile : withoutFields(definition, reconcile, stated)
  const linked = linkedRowAfter(definition, told, null, {
    ...after,
    withheld: notWritten,
    wroteErp: wrote.includes('erp'),
    wroteShop: wrote.includes('shop'),
    flags: made.flags,
    pointer: chunk.pointer,
  })
  const notes = [...made.notes, ...linked.notes]
  const outcome: Outcome = {
    kind: 'created',
    erpId: erp.id,
    shopId: shop.id,
    wrote,
    ...(notes.length > 0 ? { notes } : {}),
  }
  return {
    outcome,
    puts: [replacing(decision.rows, linked.row), ...cleared(decision.rows, linked.row)],
    learned: [linked.row],
  }
}

/**
 * The source may have been edited since it was read: then only our reference is written, the edit travels as any other,
 * and the row says what was really agreed on. undefined: it could not be told; the link stands and is told later.
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

/** A record whose counterpart was deleted and is wanted again gets the next reference (`~2`), the first stays reserved. */
export function creationAfter(decision: CreateDecision): number {
  const earlier = decision.rows.find((row) => row.kind === 'creating')
  if (earlier?.kind === 'creating') return earlier.creation
  return decision.rows.some((row) => row.kind === 'gone') ? 2 : 1
}

export function idsOf(decision: CreateDecision): { erpId?: string; shopId?: string } {
  return decision.from.side === 'erp' ? { erpId: decision.from.id } : { shopId: decision.from.id }
}
