import { type RecordKey, recordKey, type Side } from './side.ts'

/**
 * What the memory knows of a record (E1). Rows of a pair and rows of a PowerOffice record live under the PowerOffice
 * id, rows of a webshop record without counterpart under the webshop id.
 */
export type Row = LinkedRow | SeenRow | CreatingRow | GoneRow | ApartRow

export interface LinkedRow {
  readonly kind: 'linked'
  readonly erpId: string
  readonly shopId: string
  /** What the sides agreed on: field hashes as PowerOffice shows them (`____` = not agreed or not applicable). */
  readonly base: string
  /** Field hashes as the webshop shows them where a system rewrote what it was given; '' when equal to `base`. */
  readonly shopBase: string
  readonly erpSeen: string
  readonly shopSeen: string
  /** Definition version the hashes were made with (E3). */
  readonly definition: number
  /** One letter each: notes of the connectors (`p`: we set InvoiceDeliveryType Print) and FINAL_FLAG, OPEN_FLAG. */
  readonly flags: string
  /** Hash of the change time that our own last write gave the record, a side; '' when it was not us (rule 5). */
  readonly erpOwnWrite: string
  readonly shopOwnWrite: string
  /** Where the last decision stands in the history: `<run ordinal>.<activity id>` (E27). */
  readonly pointer: string
  /** Of a flow of lists (E22): the linked items in the order that was agreed. */
  readonly items?: readonly ItemLink[]
  /** Writes of which nobody knows yet whether they landed; none in a row of a pair at rest. */
  readonly tried?: TriedWrites
}

/**
 * By side, the field hashes that an attempt set out to write there, `____` for the others, '' for none. A side that shows
 * such a value shows what the other side had: our own write, not an edit (E19). `notes`: a letter a field for what the write
 * settles, which people are told of once it is known to have landed (landed-write.ts); absent: nothing.
 */
export type TriedWrites = readonly [erp: string, shop: string, notes?: string]

/** A flag of ours: PowerOffice has invoiced the record, which has left its list for good; no sweep misses it. */
export const FINAL_FLAG = 'f'
/** A flag of ours: the two lists are known to differ, so nothing that rests on their agreement goes ahead (E22). */
export const OPEN_FLAG = 'o'

/** A flag of ours: we set the confirmed record back to draft for an edit, and whoever finds the flag confirms it again (E22). */
export const REOPENED_FLAG = 'u'

/**
 * Two items of one pair's lists. An id is '' while that side's item is being made and nobody knows whether it was (E18): then
 * `base` holds what it is given, and `shopBase` what the attempts before gave, one after the other (item-being-made.ts).
 */
export interface ItemLink {
  readonly erpId: string
  readonly shopId: string
  readonly base: string
  /** '' when equal to `base`. */
  readonly shopBase: string
  readonly tried?: TriedWrites
}

/** '' while the item is being made there. */
export function idOn({ erpId, shopId }: Pick<ItemLink, 'erpId' | 'shopId'>, side: Side): string {
  return side === 'erp' ? erpId : shopId
}

export const seenReasons = [
  'refused',
  'ambiguous',
  'excluded',
  'waiting',
  'ignored',
  'outOfScope',
  'dormant',
  'unreadable',
  'conflict',
  'vanished',
  'cancelled',
  'notCreated',
] as const
export type SeenReason = (typeof seenReasons)[number]

export interface SeenRow {
  readonly kind: 'seen'
  readonly side: Side
  readonly id: string
  readonly seen: string
  readonly reason: SeenReason
  /** The other records of an ambiguous case; when one of them changes, all are tried again. */
  readonly others: readonly RecordKey[]
  readonly attempts: number
  readonly definition: number
  readonly pointer: string
}

/** A create whose outcome is not known yet: put before the POST, replaced by what came of it. */
export interface CreatingRow {
  readonly kind: 'creating'
  /** The side that has the record; the other side is where it is being created. */
  readonly side: Side
  readonly id: string
  readonly reference: string
  /** How many times this record was created anew; 1 at first. `~2` and so on in the reference. */
  readonly creation: number
  /** When the last attempt began, milliseconds since 1970. */
  readonly since: number
  /** What the new record is given; absent in rows of before this was noted. */
  readonly gives?: CreatedContent
  /** What was written to the two when the new record was found and the link not yet remembered; only beside `gives`. */
  readonly tried?: TriedWrites
}

/** An announced create is made within seconds; one that stands this long is nobody's work any more (E18). */
export const UNFINISHED_MS = 10 * 60_000

/** Once a create whose answer was lost is found again, this is what both sides showed when it was made (E18). */
export interface CreatedContent {
  /** Field hashes of the source; `____` for what is empty, not written, or written in another form. */
  readonly hashes: string
  /** Definition version the hashes were made with (E3). */
  readonly definition: number
  /** Of a record that is created with its list: the source's items by id, with their hashes likewise (E22). */
  readonly items?: readonly (readonly [id: string, hashes: string])[]
  /** What earlier attempts gave, the latest first: one of them may be what landed after all. */
  readonly earlier?: readonly string[]
  /** Likewise the items that earlier attempts gave, the latest first. */
  readonly earlierItems?: readonly (readonly (readonly [id: string, hashes: string])[])[]
}

/** A verified deletion. Never recreated unless a person says so or the remaining record is reactivated. */
export interface GoneRow {
  readonly kind: 'gone'
  readonly erpId: string | null
  readonly shopId: string | null
  /** The remaining record's content when the row was written; '' when none remains. */
  readonly seen: string
  readonly at: number
  /** The remaining record took no part any more (archived): reactivated, it gets a new counterpart. */
  readonly wasDormant?: boolean
  /** Which side's record went; listed there again, it is linked again. Absent in rows of before this was noted. */
  readonly gone?: Side | 'both'
}

/** Two ids that must not be matched again: unlink sticks. */
export interface ApartRow {
  readonly kind: 'apart'
  readonly erpId: string
  readonly shopId: string
  readonly by: string
  readonly at: number
}

/** Where a row lives: `erp:<id>`, `shop:<id>`, and `erp:<id>/<webshop id>` for pairs that were set apart. */
export function rowKey(row: Row): RecordKey {
  switch (row.kind) {
    case 'linked':
      return recordKey('erp', row.erpId)
    case 'seen':
    case 'creating':
      return recordKey(row.side, row.id)
    case 'gone':
      return row.erpId === null ? recordKey('shop', row.shopId ?? '') : recordKey('erp', row.erpId)
    case 'apart':
      return recordKey('erp', `${row.erpId}/${row.shopId}`)
  }
}
