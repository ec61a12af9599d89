import type { ReconcileDecision } from '../../flows/decision.ts'
import { hashAt } from '../../flows/field-hashes.ts'
import type { FlowDefinition } from '../../flows/flow-definition.ts'
import type { Reading } from '../../flows/reading.ts'
import { type LinkedRow, REOPENED_FLAG, type Row } from '../../flows/row.ts'
import type { ParsedRecord } from '../connector.ts'
import { type Chunk, replacing } from './chunk.ts'

/**
 * An edit of the webshop on an order that PowerOffice has confirmed (E22): the row says that we open it before it is opened,
 * and loses that mark only when the order is confirmed again. Whoever dies in between leaves the mark, and whoever finds it
 * finishes.
 */
export async function markReopened(chunk: Chunk, rows: readonly Row[], row: LinkedRow): Promise<readonly Row[] | null> {
  if (row.flags.includes(REOPENED_FLAG)) return rows
  const marked: LinkedRow = { ...row, erpSeen: '', flags: row.flags + REOPENED_FLAG }
  const put = replacing(rows, marked)
  const report = await chunk.request.memory.put(chunk.input, chunk.input.directory, [put], chunk.context.signal)
  if (report.answers[0]?.kind !== 'done') return null
  return [...rows.filter((other) => other.kind !== 'linked'), marked]
}

export function withoutMark(flags: string): string {
  return flags.replace(REOPENED_FLAG, '')
}

/** @returns whether the order is as asked now */
export async function setLocked(
  chunk: Chunk,
  record: ParsedRecord & { readonly kind: 'record' },
  isLocked: boolean,
): Promise<boolean> {
  chunk.pulse.assertAlive()
  const answer = await chunk.collections.erp.setLocked?.(record, isLocked, chunk.context)
  return answer?.kind === 'done' && answer.record.kind === 'record' && answer.record.isLocked === isLocked
}

export interface HeldOpen {
  /** PowerOffice's record is open by our doing, and is confirmed again after the write. */
  readonly isOpen: boolean
  /** As it stands while it is open. */
  readonly erp: Reading
  readonly rows: readonly Row[]
}

/** Opens what the decision writes and PowerOffice has confirmed. null: something else happened to it meanwhile. */
export async function holdOpen(
  chunk: Chunk,
  decision: ReconcileDecision,
  previous: LinkedRow | null,
): Promise<HeldOpen | null> {
  const { erp, rows } = decision
  const isHeld = previous?.flags.includes(REOPENED_FLAG) === true
  if (previous === null || erp.isFinal === true) return { isOpen: false, erp, rows }
  if (!isEditOfConfirmed(chunk.definition, decision)) return { isOpen: isHeld, erp, rows }
  const current = await chunk.targets.again('erp', erp.id)
  if (current.kind === 'gone' || current.reading.seen !== erp.seen) return null
  const marked = await markReopened(chunk, rows, previous)
  if (marked === null || !(await setLocked(chunk, current.record, false))) return null
  const now = await chunk.targets.again('erp', erp.id)
  if (now.kind === 'gone' || !isSameButStatus(chunk.definition, now.reading, erp)) return null
  return { isOpen: true, erp: now.reading, rows: marked }
}

/** PowerOffice's record, confirmed; null: it is not, and the mark stays for whoever looks next. */
export async function confirmAgain(chunk: Chunk, erpId: string): Promise<Reading | null> {
  const current = await chunk.targets.again('erp', erpId)
  if (current.kind === 'gone') return null
  if (current.reading.isLocked === true) return current.reading
  if (!(await setLocked(chunk, current.record, true))) return null
  const now = await chunk.targets.again('erp', erpId)
  return now.kind === 'present' && now.reading.isLocked === true ? now.reading : null
}

/** Somebody else, such as the flow of its lines, confirmed it before our write arrived. */
export async function isConfirmed(chunk: Chunk, erpId: string): Promise<boolean> {
  const current = await chunk.targets.again('erp', erpId)
  return current.kind === 'present' && current.reading.isLocked === true
}

function isEditOfConfirmed(definition: FlowDefinition, { erp, writeErp }: ReconcileDecision): boolean {
  const isTaken = (name: string): boolean =>
    definition.fields.find((field) => field.name === name)?.whenLocked?.includes('erp') === true
  return erp.isLocked === true && writeErp.some((name) => !isTaken(name))
}

function isSameButStatus(definition: FlowDefinition, a: Reading, b: Reading): boolean {
  return definition.fields.every(
    (field, index) => field.locks !== undefined || hashAt(a.hashes, index) === hashAt(b.hashes, index),
  )
}
