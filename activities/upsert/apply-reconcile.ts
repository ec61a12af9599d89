import type { FieldNote, ReconcileDecision } from '../../flows/decision.ts'
import { letterFor } from '../../flows/landed-write.ts'
import type { PutItem } from '../../flows/memory.ts'
import type { Outcome } from '../../flows/outcome.ts'
import { FINAL_FLAG, type LinkedRow, type Row, rowKey } from '../../flows/row.ts'
import type { Side } from '../../flows/side.ts'
import { adoptedList } from './adopted-list.ts'
import { seenAgain, waitingFor } from './apply-park.ts'
import { type Chunk, type Done, removing, replacing } from './chunk.ts'
import { confirmAgain, holdOpen, isConfirmed, withoutMark } from './hold-open.ts'
import { inDoubt } from './in-doubt.ts'
import { linkedRowAfter, withoutFields } from './linked-row.ts'
import { checkLocks } from './lock-check.ts'
import { tellsOfItems, tellsOfTouched } from './tell.ts'
import { rowWithTried, withLanded } from './tried-writes.ts'
import { registerWaits } from './wait-for-links.ts'
import { type SideWrite, writeSide } from './write-side.ts'

const outcomeOf = { link: 'linked', adopt: 'adopted', update: 'updated', remember: 'unchanged' } as const

/** Carries a pair's fields over, PowerOffice first, and remembers what the sides agreed on. */
export async function applyReconcile(chunk: Chunk, decision: ReconcileDecision): Promise<Done> {
  const done = await carryOver(chunk, decision)
  const isLinked = decision.rows.some((row) => row.kind === 'linked')
  // The row of a linked pair tells it later (E19). A pair that is being linked has none yet: what an earlier attempt may have
  // settled is told at once, though it be told again.
  if (isLinked || !chunk.isRepeated || done.outcome.kind !== 'stale') return done
  return withSettled(done, settledIn(decision, [...decision.writeErp, ...decision.writeShop]))
}

async function carryOver(chunk: Chunk, asked: ReconcileDecision): Promise<Done> {
  const lock = await checkLocks(chunk, asked)
  const known = asked.rows.find((row): row is LinkedRow => row.kind === 'linked') ?? null
  const isCurrent = known?.definition === chunk.definition.version
  const previous = known && isCurrent ? withLanded(chunk.definition, known, asked) : known
  const ids = { erpId: asked.erp.id, shopId: asked.shop.id }
  const stale: Done = { outcome: { kind: 'stale', ...ids }, puts: [] }
  const held = await holdOpen(chunk, lock.decision, known)
  if (held === null) return stale
  const decision = { ...lock.decision, rows: held.rows }
  const writesShop = decision.writeShop.length > 0 || decision.nameCounterpart
  const erpSource = decision.writeErp.length > 0 ? await chunk.targets.content(decision.shop) : decision.shop
  const shopSource =
    writesShop && decision.writeShop.length > 0 ? await chunk.targets.content(decision.erp) : decision.erp
  if (!erpSource || !shopSource) return stale
  let erpAfter = decision.erp
  // Before the counterpart is named, as at a creation: whoever sees the link may edit.
  const list = previous === null ? await adoptedList(chunk, decision) : null
  if (list) await chunk.itemsRows.put(list)

  let flags = previous?.flags ?? ''
  const waits = [...(decision.erp.unlinked ?? []), ...(decision.shop.unlinked ?? [])].filter((reference) =>
    decision.notes.some((note) => note.kind === 'waits' && note.field === reference.field),
  )
  if (waits.length > 0) await registerWaits(chunk, `shop:${decision.shop.id}`, waits)
  const notes: FieldNote[] = [...decision.notes, ...lock.notes]
  const withheld = new Set<string>()
  const wrote: Side[] = []
  const results: Partial<Record<Side, SideWrite & { kind: 'done' }>> = {}
  for (const side of ['erp', 'shop'] as const) {
    const fields = side === 'erp' ? decision.writeErp : decision.writeShop
    const name = side === 'shop' && decision.nameCounterpart ? decision.erp.id : null
    if (fields.length === 0 && name === null) {
      if (side === 'shop' || !held.isOpen) continue
      const confirmed = await confirmAgain(chunk, decision.erp.id)
      if (confirmed === null) return stale
      flags = withoutMark(flags)
      erpAfter = confirmed
      wrote.push(side)
      continue
    }
    const source = side === 'erp' ? erpSource : shopSource
    const result = await writeSide(chunk, {
      side,
      known: side === 'erp' ? held.erp : decision.shop,
      source,
      fields,
      name,
      flags,
      onlyThisVersion: lock.isLocking,
    })
    const isOpenHere = side === 'erp' && held.isOpen
    if (result.kind === 'refused') {
      if (isOpenHere && (await isConfirmed(chunk, decision.erp.id))) return stale
      if (isOpenHere && (await confirmAgain(chunk, decision.erp.id)) === null) return stale
      const certainly = previous === null ? null : certain({ ...previous, flags: withoutMark(previous.flags) })
      return refusedUpdate(chunk, decision, certainly, side, result.detail)
    }
    if (result.kind !== 'done') {
      const half = side === 'shop' && results.erp ? halfDone(chunk, decision, previous, results.erp) : []
      const waits = withSettled(
        result.kind === 'uncertain' ? waitingFor(decision, ids, result.message) : stale,
        settledIn(decision, [
          ...(half.length > 0 ? decision.writeErp : []),
          ...(previous === null && result.kind === 'uncertain' ? decision.writeShop : []),
        ]),
      )
      // What looks changed when it is read back after a lost answer may be our own write with an edit on top.
      return { ...waits, puts: half.length > 0 ? half : inDoubt(chunk, decision) }
    }
    const confirmed = isOpenHere ? await confirmAgain(chunk, decision.erp.id) : null
    if (isOpenHere && confirmed === null) return { ...stale, puts: inDoubt(chunk, decision) }
    results[side] = confirmed === null ? result : { ...result, after: confirmed, flags: withoutMark(result.flags) }
    if (side === 'erp') flags = results.erp?.flags ?? flags
    notes.push(...result.notes)
    for (const field of result.withheld) withheld.add(field)
    if (result.wrote) wrote.push(side)
  }

  const after = linkedRowAfter(chunk.definition, decision, previous, {
    erp: results.erp?.after ?? erpAfter,
    shop: results.shop?.after ?? decision.shop,
    withheld,
    wroteErp: wrote.includes('erp'),
    wroteShop: wrote.includes('shop'),
    flags: withFinal(flags, decision.erp),
    pointer: chunk.pointer,
  })
  const allNotes = [...notes, ...after.notes]
  const replaced =
    decision.how === 'update' ? [...(results.erp?.replaced ?? []), ...(results.shop?.replaced ?? [])] : []
  const kind = decision.how === 'update' && wrote.length === 0 ? 'unchanged' : outcomeOf[decision.how]
  const outcome: Outcome = {
    kind: after.disturbed ? 'stale' : kind,
    ...ids,
    ...(wrote.length > 0 ? { wrote } : {}),
    ...(replaced.length > 0 ? { replaced } : {}),
    ...(allNotes.length > 0 ? { notes: allNotes } : {}),
    ...(lock.againMs === null ? {} : { againMs: lock.againMs }),
    ...(!held.isOpen && isUnlocked(chunk, decision, results.erp) ? { againMs: 0 } : {}),
  }
  return {
    outcome,
    puts: [...cleared(decision.rows, after.row), replacing(decision.rows, after.row)],
    learned: [after.row],
    tell: [
      ...(wrote.length > 0 && lock.touched.length > 0 ? tellsOfTouched(chunk, lock.touched) : []),
      ...(previous === null ? tellsOfItems(chunk, decision.erp.id, 'its record was linked') : []),
    ],
  }
}

/** What the writes of these fields settle by taking a value out. */
function settledIn({ notes }: ReconcileDecision, fields: readonly string[]): FieldNote[] {
  return notes.filter(({ field }) => fields.includes(field) && letterFor(notes, field) !== '-')
}

function withSettled(done: Done, notes: readonly FieldNote[]): Done {
  return notes.length === 0 ? done : { ...done, outcome: { ...done.outcome, notes } }
}

/** An invoice has left PowerOffice's list for good: no sweep is to miss it. */
function withFinal(flags: string, erp: ReconcileDecision['erp']): string {
  return erp.isFinal === true && !flags.includes(FINAL_FLAG) ? flags + FINAL_FLAG : flags
}

/** PowerOffice was unlocked by this write: what waited for it goes on at once. */
function isUnlocked(
  chunk: Chunk,
  decision: ReconcileDecision,
  erp: (SideWrite & { kind: 'done' }) | undefined,
): boolean {
  return decision.erp.isLocked === true && erp?.wrote === true && chunk.definition.items !== undefined
}

/** A refusal leaves no doubt. */
function certain({ tried: _landed, ...row }: LinkedRow): LinkedRow {
  return row
}

/**
 * PowerOffice was written and the webshop was not: the memory says so, or the next look would take our own write for
 * somebody's edit and weigh it against a newer one of the webshop (rule 14).
 */
function halfDone(
  chunk: Chunk,
  decision: ReconcileDecision,
  previous: LinkedRow | null,
  erp: SideWrite & { kind: 'done' },
): PutItem[] {
  const told = withoutFields(chunk.definition, decision, [...decision.writeShop, ...erp.withheld])
  const { row } = linkedRowAfter(chunk.definition, told, previous, {
    erp: erp.after,
    shop: decision.shop,
    withheld: new Set(erp.withheld),
    wroteErp: erp.wrote,
    wroteShop: false,
    flags: erp.flags,
    pointer: chunk.pointer,
  })
  const [, toShop = '', letters] = rowWithTried(chunk.definition, decision)?.tried ?? []
  const half: LinkedRow = {
    ...row,
    shopSeen: previous?.shopSeen ?? '',
    ...(toShop === '' ? {} : { tried: letters ? ['', toShop, letters] : ['', toShop] }),
  }
  return [...cleared(decision.rows, half), replacing(decision.rows, half)]
}

/** Rows that the pair had before it was linked, or a refusal to match it, give way to the link. */
export function cleared(rows: readonly Row[], row: LinkedRow) {
  return rows.filter((other) => rowKey(other) !== rowKey(row) && isAbout(other, row)).map(removing)
}

function isAbout(other: Row, row: LinkedRow): boolean {
  switch (other.kind) {
    case 'seen':
    case 'creating':
      return (other.side === 'erp' ? row.erpId : row.shopId) === other.id
    case 'apart':
      return other.erpId === row.erpId && other.shopId === row.shopId
    case 'gone':
      return other.erpId === row.erpId || other.shopId === row.shopId
    case 'linked':
      return false
  }
}

/** The vendor refuses an edit: both values stand, the link stays, and what was read counts as seen (E1). */
function refusedUpdate(
  chunk: Chunk,
  decision: ReconcileDecision,
  previous: LinkedRow | null,
  refusedBy: Side,
  detail: string,
): Done {
  const side: Side = refusedBy === 'erp' ? 'shop' : 'erp'
  const outcome: Outcome = {
    kind: 'parked',
    erpId: decision.erp.id,
    shopId: decision.shop.id,
    parked: { reason: 'refused', side, label: decision[side].label, detail },
  }
  if (!previous)
    return {
      outcome,
      puts: [
        seenAgain(chunk, decision.rows, {
          side,
          id: decision[side].id,
          seen: decision[side].seen,
          reason: 'refused',
          others: [],
        }),
      ],
    }
  const row: LinkedRow = {
    ...previous,
    erpSeen: decision.erp.seen,
    shopSeen: decision.shop.seen,
    pointer: chunk.pointer,
  }
  return { outcome, puts: [replacing(decision.rows, row)] }
}
