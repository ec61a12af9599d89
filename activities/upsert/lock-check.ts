import type { FieldNote, ReconcileDecision } from '../../flows/decision.ts'
import type { Reading } from '../../flows/reading.ts'
import { type LinkedRow, OPEN_FLAG, REOPENED_FLAG } from '../../flows/row.ts'
import { idOf, type RecordKey, recordKey, type Side } from '../../flows/side.ts'
import type { Chunk } from './chunk.ts'
import { withoutFields } from './linked-row.ts'
import { totalsNote } from './totals.ts'
import { listRequest, readWholeNow, type WholeRecord } from './whole-record.ts'

/** Looked at again this soon; the flow of lists tells earlier when it is done. */
const AGAIN_MS = 2_000

export interface LockVerdict {
  /** The decision, without what must wait. */
  readonly decision: ReconcileDecision
  readonly notes: readonly FieldNote[]
  /** Something was held back and is looked at again after this long; null: nothing was. */
  readonly againMs: number | null
  /** A status moved: what the items name (products) shows other values afterwards, such as stock. */
  readonly touched: readonly RecordKey[]
  readonly isLocking: boolean
}

/**
 * A status after which a side takes no more edits (confirmed, invoiced, cancelled) is written only when the two lists agree
 * for what both show at this moment, and their totals do (E22): else the last edit of a line would stay on one side for ever.
 */
export async function checkLocks(chunk: Chunk, decision: ReconcileDecision): Promise<LockVerdict> {
  const untouched: LockVerdict = { decision, notes: [], againMs: null, touched: [], isLocking: false }
  const { definition } = chunk
  if (definition.items === undefined) return untouched
  const locking = definition.fields.filter((field) => field.locks !== undefined)
  const toErp = locking.filter((field) => decision.writeErp.includes(field.name))
  const toShop = locking.filter((field) => decision.writeShop.includes(field.name))
  if (toErp.length + toShop.length === 0) return untouched

  const [erp, shop] = await Promise.all([
    readWholeNow(chunk.request, 'erp', decision.erp.id),
    readWholeNow(chunk.request, 'shop', decision.shop.id),
  ])
  if (erp.kind !== 'present' || shop.kind !== 'present') return untouched
  const touched = touchedBy(chunk, erp.whole)
  const locks = (source: Reading, fields: typeof locking): boolean =>
    fields.some((field) => field.locks?.includes(source.content?.canonical[field.name] ?? '') === true)
  const held: Record<Side, boolean> = {
    erp: toErp.length > 0 && locks(shop.whole.header, toErp),
    shop: toShop.length > 0 && locks(erp.whole.header, toShop),
  }
  if (!held.shop && toShop.length > 0 && (await isHeldOpen(chunk, erp.whole.header.id))) {
    const names = toShop.map((field) => field.name)
    const detail = 'The order is open for an edit of its lines, and confirmed again in a moment.'
    return {
      ...untouched,
      decision: { ...withoutFields(definition, decision, names), nameCounterpart: decision.nameCounterpart },
      notes: names.map((field) => ({ field, kind: 'waits', detail })),
      againMs: AGAIN_MS,
    }
  }
  if (!held.erp && !held.shop) return { ...untouched, touched }
  const why = await whatIsOpen(chunk, erp.whole, shop.whole, held.erp)
  if (why === null) return { ...untouched, touched, isLocking: true }
  // What comes with the status (an invoice's number and balance) waits with it: one write says all.
  const fields = [...(held.erp ? toErp.map((field) => field.name) : []), ...(held.shop ? decision.writeShop : [])]
  return {
    decision: { ...withoutFields(definition, decision, fields), nameCounterpart: decision.nameCounterpart },
    notes: [why],
    againMs: why.kind === 'waits' ? AGAIN_MS : null,
    touched: [],
    isLocking: false,
  }
}

/** The flow of its items has set the record back to draft for an edit: the status that it shows is our own doing. */
async function isHeldOpen(chunk: Chunk, erpId: string): Promise<boolean> {
  return (await rowOfItems(chunk, erpId))?.flags.includes(REOPENED_FLAG) === true
}

async function rowOfItems(chunk: Chunk, erpId: string): Promise<LinkedRow | undefined> {
  const { address, otherFlows, memory, context } = chunk.request
  const { items } = chunk.definition
  if (items === undefined) return undefined
  const other = { connection: address.connection, flow: items }
  const directory = await otherFlows.directoryOf(other, context.signal)
  if (directory === null) return undefined
  const rows = await memory.lookup(other, directory, [recordKey('erp', erpId)], context.signal)
  return rows.find((candidate): candidate is LinkedRow => candidate.kind === 'linked')
}

async function whatIsOpen(
  chunk: Chunk,
  erp: WholeRecord,
  shop: WholeRecord,
  toErp: boolean,
): Promise<FieldNote | null> {
  const { address, otherFlows, memory, context } = chunk.request
  const { items } = chunk.definition
  if (items === undefined) return null
  const other = { connection: address.connection, flow: items }
  const directory = await otherFlows.directoryOf(other, context.signal)
  const status = chunk.definition.fields.find((field) => field.locks !== undefined)?.name ?? ''
  if (directory === null)
    return {
      field: status,
      kind: 'waits',
      detail: `It waits until the lines agree, and the flow ${items} does not run: kobling start ${items}.`,
    }
  const rows = await memory.lookup(other, directory, [recordKey('erp', erp.header.id)], context.signal)
  const row = rows.find((candidate): candidate is LinkedRow => candidate.kind === 'linked')
  const agree =
    row !== undefined &&
    row.erpSeen === erp.list.seen &&
    row.shopSeen === shop.list.seen &&
    !row.flags.includes(OPEN_FLAG)
  if (!agree) {
    const key = recordKey('erp', erp.header.id)
    await otherFlows.awaitLinks(other, address, [{ key, ask: key }])
    await otherFlows.lookAgain(other, [key], 'its status is about to change')
    return { field: status, kind: 'waits', detail: 'It waits until the lines of both sides agree.' }
  }
  const totals = toErp ? totalsNote(erp.record.totals, shop.record.totals, erp.items.length) : null
  return totals === null ? null : { ...totals, field: status }
}

/** Records of other flows that the items name and that show other values once the record moves on (stock of products). */
export function touchedBy(chunk: Chunk, erp: Pick<WholeRecord, 'items'>): RecordKey[] {
  const { definition } = listRequest(chunk.request)
  const fields = definition.fields.filter((field) => field.touches)
  const keys = erp.items.flatMap((item) =>
    fields.flatMap((field) => {
      const id = item.content?.canonical[field.name]
      return id ? [recordKey('erp', id)] : []
    }),
  )
  return [...new Set(keys)].filter((key) => idOf(key) !== '')
}
