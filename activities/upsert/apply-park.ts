import type { Decision, ForgetDecision, ParkDecision, RetireDecision } from '../../flows/decision.ts'
import type { PutItem } from '../../flows/memory.ts'
import type { Outcome } from '../../flows/outcome.ts'
import type { Reading } from '../../flows/reading.ts'
import type { GoneRow, Row, SeenReason, SeenRow } from '../../flows/row.ts'
import { rowKey, UNFINISHED_MS } from '../../flows/row.ts'
import { encodeRow } from '../../flows/row-codec.ts'
import { otherSide, type RecordKey, type Side } from '../../flows/side.ts'
import { type Chunk, type Done, removing, replacing } from './chunk.ts'
import { tellsOfItems } from './tell.ts'
import { words, writeSide } from './write-side.ts'

/** Reasons that no person needs to see: counted as out of scope. */
const quiet: readonly SeenReason[] = ['outOfScope', 'dormant', 'ignored']

/** A single write whose fate is unknown is looked at again after this long: longer than a request may take (E18). */
export const SETTLE_MS = 10_000

/** Writes nothing to a system: the memory keeps why, and what was seen, so that no sweep posts it again (E1). */
export function applyPark(chunk: Chunk, decision: ParkDecision): Done {
  const ids = { [decision.side === 'erp' ? 'erpId' : 'shopId']: decision.id }
  const linked = decision.rows.find((row) => row.kind === 'linked')
  const both = linked?.kind === 'linked' ? { erpId: linked.erpId, shopId: linked.shopId } : ids
  const outcome: Outcome = quiet.includes(decision.reason)
    ? { kind: 'outOfScope', ...both }
    : {
        kind: 'parked',
        ...both,
        parked: {
          reason: decision.reason,
          side: decision.side,
          label: decision.label,
          detail: decision.detail,
          others: decision.others,
        },
      }
  return { outcome, puts: isInDoubt(decision) ? [] : [parkedRow(chunk, decision)] }
}

/**
 * A create of it may still arrive, or has: what it was given stays in the memory, or what people do to the two would be weighed as at
 * a first agreement (E18). Long after that the record is parked like any other.
 */
function isInDoubt({ rows, side, id }: ParkDecision): boolean {
  return rows.some(
    (row) => row.kind === 'creating' && row.side === side && row.id === id && Date.now() - row.since < UNFINISHED_MS,
  )
}

function parkedRow(chunk: Chunk, decision: ParkDecision): PutItem {
  const linked = decision.rows.find((row) => row.kind === 'linked')
  if (linked?.kind === 'linked') {
    const other = decision.otherSeen
    const [erpSeen, shopSeen] =
      decision.side === 'erp' ? [decision.seen, other ?? linked.shopSeen] : [other ?? linked.erpSeen, decision.seen]
    return replacing(decision.rows, { ...linked, erpSeen, shopSeen })
  }
  const gone = decision.rows.find((row) => row.kind === 'gone')
  if (gone?.kind === 'gone') return replacing(decision.rows, stillGone(gone, decision))
  return seenAgain(chunk, decision.rows, decision)
}

/** The record is there and its counterpart is not; so one that came back alone turns the row round. */
function stillGone(row: GoneRow, { side, seen }: ParkDecision): GoneRow {
  if (row.gone === undefined || row.gone === otherSide(side)) return { ...row, seen }
  const { wasDormant: _ofTheOther, ...rest } = row
  return { ...rest, seen, gone: otherSide(side) }
}

export function seenAgain(
  chunk: Chunk,
  rows: readonly Row[],
  record: {
    readonly side: Side
    readonly id: string
    readonly seen: string
    readonly reason: SeenReason
    readonly others: readonly RecordKey[]
  },
): PutItem {
  const before = rows.find(
    (row): row is SeenRow => row.kind === 'seen' && row.side === record.side && row.id === record.id,
  )
  const row: SeenRow = {
    kind: 'seen',
    side: record.side,
    id: record.id,
    seen: record.seen,
    reason: record.reason,
    // A case may have many members; the first few are enough to find it again.
    others: record.others.slice(0, 5),
    attempts: (before?.attempts ?? 0) + 1,
    definition: chunk.definition.version,
    pointer: chunk.pointer,
  }
  return replacing(rows, row)
}

/** One record failed while others pass: it waits by itself and is looked at again; the write may have landed. */
export function waitingFor(decision: Decision, ids: { erpId?: string; shopId?: string }, message: string): Done {
  const side: Side = decision.kind === 'create' ? decision.from.side : 'erp'
  const label =
    decision.kind === 'create' ? decision.from.label : decision.kind === 'reconcile' ? decision.erp.label : ''
  return {
    outcome: {
      kind: 'parked',
      ...ids,
      notBefore: Date.now() + SETTLE_MS,
      parked: { reason: 'waiting', side, label, detail: message },
    },
    puts: [],
    isUnclear: true,
  }
}

/** A verified deletion; with `archive` the remaining webshop record is set inactive first (rule 13). */
export async function applyRetire(chunk: Chunk, decision: RetireDecision): Promise<Done> {
  const ids = {
    ...(decision.erpId === null ? {} : { erpId: decision.erpId }),
    ...(decision.shopId === null ? {} : { shopId: decision.shopId }),
  }
  const { archive } = decision
  let seen = ''
  let wrote: Side[] = []
  if (archive) {
    const known = await chunk.targets.content(archive)
    if (!known?.content) return { outcome: { kind: 'stale', ...ids }, puts: [] }
    const { archiveField: field, archiveValue } = chunk.definition
    const canonical = { ...known.content.canonical, [field]: archiveValue }
    const source = { ...known, content: { canonical, written: {} } }
    const { side } = archive
    const result = await writeSide(chunk, { side, known, source, fields: [field], name: null, flags: '' })
    if (result.kind === 'stale') return { outcome: { kind: 'stale', ...ids }, puts: [] }
    if (result.kind !== 'done') {
      const detail = result.kind === 'refused' ? result.detail : result.message
      return {
        outcome: {
          kind: 'parked',
          ...ids,
          parked: { reason: 'vanished', side: otherSide(side), label: archive.label, detail },
        },
        puts: [],
      }
    }
    seen = result.after.seen
    wrote = result.wrote ? [side] : []
  } else if (decision.remove) {
    const removed = await removeRecord(chunk, decision.remove)
    if (removed.kind !== 'done') return { ...removed.done, outcome: { ...removed.done.outcome, ...ids } }
    const linked = decision.rows.find((row) => row.kind === 'linked')
    if (linked?.kind === 'linked') seen = decision.remove.side === 'erp' ? linked.shopSeen : linked.erpSeen
    wrote = [decision.remove.side]
  } else {
    const linked = decision.rows.find((row) => row.kind === 'linked')
    if (linked?.kind === 'linked') seen = decision.gone === 'shop' ? linked.erpSeen : linked.shopSeen
  }
  const row: Row = {
    kind: 'gone',
    erpId: decision.erpId,
    shopId: decision.shopId,
    seen,
    at: Date.now(),
    ...(archive ? { wasDormant: true } : {}),
    gone: decision.gone,
  }
  return {
    outcome: { kind: 'deleted', ...ids, ...(wrote.length > 0 ? { wrote } : {}) },
    puts: [replacing(decision.rows, row)],
    learned: [row],
    tell: tellsOfItems(chunk, decision.erpId, 'its record is gone'),
  }
}

/** The draft of an order that was cancelled in the webshop; what went further meanwhile stays and is decided again. */
async function removeRecord(
  chunk: Chunk,
  reading: Reading,
): Promise<{ readonly kind: 'done' } | { readonly kind: 'open'; readonly done: Done }> {
  const { side } = reading
  const current = await chunk.targets.again(side, reading.id)
  if (current.kind === 'gone') return { kind: 'done' }
  if (current.reading.seen !== reading.seen) return { kind: 'open', done: { outcome: { kind: 'stale' }, puts: [] } }
  chunk.pulse.assertAlive()
  const answer = await chunk.collections[side].remove?.(current.record, chunk.context)
  switch (answer?.kind) {
    case 'done':
      return { kind: 'done' }
    case 'refused': {
      const detail = words(answer)
      const parked = { reason: 'cancelled' as const, side: otherSide(side), label: reading.label, detail }
      return { kind: 'open', done: { outcome: { kind: 'parked', parked }, puts: [] } }
    }
    case 'stale':
    case 'uncertain':
    case undefined:
      return { kind: 'open', done: { outcome: { kind: 'stale' }, puts: [] } }
  }
}

/** Takes a row out; after an unlink both records are left alone until a person says what becomes of them. */
export function applyForget(chunk: Chunk, decision: ForgetDecision): Done {
  const ids = {
    ...(decision.erpId === null ? {} : { erpId: decision.erpId }),
    ...(decision.shopId === null ? {} : { shopId: decision.shopId }),
  }
  const linked = decision.rows.find((row) => row.kind === 'linked')
  if (!decision.apart || linked?.kind !== 'linked')
    return {
      outcome: { kind: 'dropped', ...ids },
      // What was decided about the pair for good outlives what was noted of one record.
      puts: decision.rows.filter((row) => row.kind !== 'apart' && row.kind !== 'gone').map(removing),
    }
  const excluded = (side: Side): SeenRow => ({
    kind: 'seen',
    side,
    id: side === 'erp' ? linked.erpId : linked.shopId,
    seen: side === 'erp' ? linked.erpSeen : linked.shopSeen,
    reason: 'excluded',
    others: [],
    attempts: 0,
    definition: chunk.definition.version,
    pointer: chunk.pointer,
  })
  const apart: Row = { kind: 'apart', erpId: linked.erpId, shopId: linked.shopId, ...decision.apart }
  chunk.worlds.forgetLink(chunk.input, linked.erpId, linked.shopId)
  const shopRow = excluded('shop')
  return {
    outcome: { kind: 'deleted', ...ids },
    puts: [
      replacing(decision.rows, apart),
      { key: rowKey(shopRow), expect: null, row: encodeRow(shopRow) },
      replacing(decision.rows, excluded('erp')),
    ],
    learned: [apart, excluded('erp'), shopRow],
    tell: tellsOfItems(chunk, linked.erpId, 'its record was unlinked'),
  }
}
