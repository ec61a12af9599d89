/**
 * What people wrote, in both systems, in order: the ground on which a run is judged. Knows nothing of the engine but its promise:
 * an edit of one side arrives on the other, and where both sides edited one field, one of the two last values stands on both.
 */
export type Side = 'erp' | 'shop'
export const sides = ['erp', 'shop'] as const

export type Entity = 'customer' | 'product' | 'order'

export interface Write {
  /** The number of the operation, for the report. */
  readonly operation: number
  readonly side: Side
  readonly value: string
  /** When it was answered, milliseconds since 1970, for whoever compares it with the systems' and the server's records. */
  readonly atMs?: number
}

export interface LedgerLine {
  /** Stands in the line's description, which nobody edits. */
  readonly mark: string
  readonly createdOn: Side
  /** Added to an order that stood already, not made with it. */
  readonly isAdded?: boolean
  readonly initial: Readonly<Record<string, string>>
  readonly writes: Record<string, Write[]>
  removed: boolean
  /** For the report. */
  readonly madeAtMs?: number
  removedBy?: Pick<Write, 'operation' | 'side' | 'atMs'>
}

export interface LedgerRecord {
  /** Stands in a field that nobody edits (a website, a SKU, a reference), so that every copy of the record is recognised. */
  readonly mark: string
  readonly entity: Entity
  readonly createdOn: Side
  /** Its number among the records of its kind: decides which side edits which of its fields. */
  readonly index: number
  readonly initial: Readonly<Record<string, string>>
  readonly writes: Record<string, Write[]>
  readonly lines: LedgerLine[]
  /** The id on the side where it was made. */
  readonly id: string
  /** Deleted by the shop's users. */
  deleted: boolean
  /** Of a record that is only edited here, then there: what was written last, first in the webshop, then in PowerOffice. */
  lastInTurn?: { readonly field: string; readonly first: string; readonly then: string }
}

export interface Ledger {
  readonly records: LedgerRecord[]
  /** Edits that were seen to be lost while people worked, though something else stands there by now. */
  readonly lost: { readonly mark: string; readonly what: string }[]
  operations: number
  /** So many were begun of each kind: the next one's number. */
  readonly begun: Record<Entity, number>
  /** Marks of customers with an order: a shop does not let them be deleted. */
  readonly ordered: Set<string>
}

export function emptyLedger(): Ledger {
  return { records: [], lost: [], operations: 0, begun: { customer: 0, product: 0, order: 0 }, ordered: new Set() }
}

/** Values that may stand in the end: the last of the side that wrote, or of either where both did. */
export function allowedValues(
  { initial, writes }: Pick<LedgerRecord | LedgerLine, 'initial' | 'writes'>,
  field: string,
): readonly string[] {
  const lasts = sides.flatMap((side) => {
    const last = writes[field]?.findLast((write) => write.side === side)
    return last === undefined ? [] : [last.value]
  })
  const first = initial[field]
  if (lasts.length > 0) return lasts
  return first === undefined ? [] : [first]
}

/**
 * … of a record: PowerOffice's alone where somebody edited the field there after the last edit of anything in the webshop. Whether
 * the webshop's had been carried over by then or not, the later edit stands, and PowerOffice's where the times are close. Back at
 * a value of before it may be as agreed on, and then the webshop's is the only edit.
 */
export function allowedOfRecord(record: Pick<LedgerRecord, 'initial' | 'writes'>, field: string): readonly string[] {
  const last = record.writes[field]?.findLast(({ side }) => side === 'erp')
  const inShop = Object.values(record.writes)
    .flat()
    .filter(({ side }) => side === 'shop')
  const isLast = last && inShop.every(({ operation }) => operation < last.operation)
  if (!isLast) return allowedValues(record, field)
  const before = (record.writes[field] ?? []).filter((write) => write !== last).map(({ value }) => value)
  return [record.initial[field], ...before].includes(last.value) ? allowedValues(record, field) : [last.value]
}

/**
 * Which sides may edit a field of a record: a third of the fields each by one side alone, where exactly one value is right in
 * the end, and a third by both.
 */
export function editorsOf(index: number, fieldIndex: number): readonly Side[] {
  return ([['shop'], ['erp'], sides] as const)[(index + fieldIndex) % 3] ?? sides
}

/** A fifth of the records is only edited here, then there: of those it is known at any time what must not stand there any more. */
export function isEditedInTurn({ index }: Pick<LedgerRecord, 'index'>): boolean {
  return index % 5 === 4
}

export function noteWrite(writes: Record<string, Write[]>, field: string, write: Write): void {
  writes[field] = [...(writes[field] ?? []), { ...write, atMs: Date.now() }]
}
