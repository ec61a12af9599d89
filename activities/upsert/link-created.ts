import type { CreateDecision, ReconcileDecision } from '../../flows/decision.ts'
import { hashAt, joinHashes } from '../../flows/field-hashes.ts'
import type { FlowDefinition } from '../../flows/flow-definition.ts'
import type { Outcome } from '../../flows/outcome.ts'
import type { Reading } from '../../flows/reading.ts'
import type { LinkedRow } from '../../flows/row.ts'
import { otherSide, type Side } from '../../flows/side.ts'
import { differs } from '../reading/differs.ts'
import { cleared } from './apply-reconcile.ts'
import { type Chunk, type Done, replacing } from './chunk.ts'
import { linkedRowAfter, withoutFields } from './linked-row.ts'
import { contentOf, writeSide } from './write-side.ts'

/** A system that did not take its counterpart's id is given a moment; nobody's edit would bring the pair back. */
const TELL_AGAIN_MS = 2_000

/** The new record's counterpart is told of it (rule 12), and of what the new side alone states, such as its number. */
export async function linkCreated(
  chunk: Chunk,
  decision: CreateDecision,
  made: { source: Reading; created: Reading; flags: string; notes: ReconcileDecision['notes'] },
): Promise<Done> {
  const { definition } = chunk
  const [erp, shop] = decision.on === 'erp' ? [made.created, made.source] : [made.source, made.created]
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
          (field.direction === 'both' && isFilledIn(made, field.name))),
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

function isFilledIn({ source, created }: { source: Reading; created: Reading }, field: string): boolean {
  return (source.content?.canonical[field] ?? null) === null && (created.content?.canonical[field] ?? null) !== null
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
