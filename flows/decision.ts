import type { Reading } from './reading.ts'
import type { Row, SeenReason } from './row.ts'
import type { RecordKey, Side } from './side.ts'

/** What became of one field, where more than "equal" or "copied over" is to be said. */
export interface FieldNote {
  readonly field: string
  readonly kind: /** Both sides had changed it: `winner` was kept. */
    | 'conflict'
    /** A one-way field edited on its receiving side: put back (rule 7). */
    | 'reverted'
    /** Edited on its receiving side again within the hour: both values stand until a person looks (rule 7). */
    | 'revertedTwice'
    /** The rule is `ask`, or the field cannot change after creation: both values stand. */
    | 'asks'
    /** Clearing a field that the other side requires (rule 8), or a value that does not fit there (rule 9). */
    | 'withheld'
    /** First agreement: both filled and different, `winner` was kept (rule 2). */
    | 'firstAgreement'
    /** The system rewrote the value it was given. */
    | 'adjusted'
    /** The loop breaker stopped it (E20). */
    | 'loop'
    /** It names a record that has no link yet, or must wait until the record's items agree (E22, E23). */
    | 'waits'
    /** The other side takes no more edits: the record is confirmed or invoiced there. */
    | 'locked'
  readonly winner?: Side
  /** For people: what to do, or why. */
  readonly detail?: string
}

/** A linked pair, or one to be linked: carry fields over, then remember what was agreed. */
export interface ReconcileDecision {
  readonly kind: 'reconcile'
  readonly how: 'link' | 'adopt' | 'update' | 'remember'
  readonly erp: Reading
  readonly shop: Reading
  /** Field names whose value is written to that side, taken from the other side's reading. */
  readonly writeErp: readonly string[]
  readonly writeShop: readonly string[]
  /** One character a field: `1` where the sides agree once the writes are done; the base of others stays as it was. */
  readonly agreed: string
  /** The webshop's record does not name its counterpart yet: write erpId (rule 12). */
  readonly nameCounterpart: boolean
  /** Fields that would be written and that the system does not offer to write (rule 4e). */
  readonly notOffered?: readonly string[]
  readonly notes: readonly FieldNote[]
  /** Rows as they were read: the put is refused when they are not so any more (E5). */
  readonly rows: readonly Row[]
  readonly by: string
}

/** No counterpart exists: create one on side `on` from the other side's reading. */
export interface CreateDecision {
  readonly kind: 'create'
  readonly on: Side
  readonly from: Reading
  readonly rows: readonly Row[]
  /** A person asked for it although it is ambiguous or was left alone. */
  readonly byHand?: true
}

/** Nothing is written to a system; the memory keeps why, so that a sweep does not post the record again (E1). */
export interface ParkDecision {
  readonly kind: 'park'
  readonly side: Side
  readonly id: string
  readonly seen: string
  /** What the counterpart of a linked record shows: it was looked at as well, and nothing can be made of it yet. Absent: it was not read. */
  readonly otherSeen?: string
  readonly label: string
  readonly reason: SeenReason
  readonly others: readonly RecordKey[]
  /** For people: what is the matter and what to do. '' for what no person needs to see. */
  readonly detail: string
  readonly rows: readonly Row[]
}

/** What becomes of one item of two lists (E22). */
export type ItemChange =
  /** Linked, or to be linked; `agreed` as in ReconcileDecision. Nothing to write is an entry all the same: it keeps its link. */
  | {
      readonly kind: 'pair'
      readonly erpId: string
      readonly shopId: string
      readonly writeErp: readonly string[]
      readonly writeShop: readonly string[]
      readonly agreed: string
    }
  /** No counterpart: one is made on side `on` from this item of the other side. */
  | { readonly kind: 'add'; readonly on: Side; readonly from: string }
  /** Its counterpart was removed: it is removed as well, unless it is not as the sides last agreed. */
  | { readonly kind: 'remove'; readonly on: Side; readonly id: string; readonly counterpartId: string }
  /** Both are gone, or what remains is left alone for a person; the link, if any, stays. */
  | { readonly kind: 'leave'; readonly erpId: string | null; readonly shopId: string | null }

/** Two lists of one linked pair: items edited, added, removed and moved on either side (E22). */
export interface ReconcileItemsDecision {
  readonly kind: 'reconcileItems'
  readonly how: 'link' | 'update' | 'remember'
  readonly erp: Reading
  readonly shop: Reading
  readonly changes: readonly ItemChange[]
  /** The side whose items are put into the other side's order; null: the orders agree, or none may be written. */
  readonly reorder: Side | null
  /** The sides still differ where a person decides: the pair does not count as agreed. */
  readonly isOpen: boolean
  readonly notes: readonly FieldNote[]
  readonly rows: readonly Row[]
}

/** One record of a linked pair is verifiably gone: the row becomes `gone`; with `archive`, the shop's is set inactive. */
export interface RetireDecision {
  readonly kind: 'retire'
  readonly erpId: string | null
  readonly shopId: string | null
  readonly gone: Side | 'both'
  readonly archive: Reading | null
  /** The remaining record of PowerOffice is deleted: its order was cancelled in the webshop while it was a draft. */
  readonly remove?: Reading
  readonly rows: readonly Row[]
}

/** The row is taken out: of a record that disappeared before anything came of it, or by `unlink`. */
export interface ForgetDecision {
  readonly kind: 'forget'
  readonly erpId: string | null
  readonly shopId: string | null
  /** With unlink: never match the two again. */
  readonly apart: { readonly by: string; readonly at: number } | null
  readonly rows: readonly Row[]
}

export type Decision =
  | ReconcileDecision
  | ReconcileItemsDecision
  | CreateDecision
  | ParkDecision
  | RetireDecision
  | ForgetDecision

/** The records that a decision speaks of, which must be in hand until its rows are put (E9). */
export function keysOf(decision: Decision): RecordKey[] {
  switch (decision.kind) {
    case 'reconcile':
    case 'reconcileItems':
      return [`erp:${decision.erp.id}`, `shop:${decision.shop.id}`]
    case 'create':
      return [`${decision.from.side}:${decision.from.id}`]
    case 'park':
      return [`${decision.side}:${decision.id}`]
    case 'retire':
    case 'forget': {
      const keys: RecordKey[] = []
      if (decision.erpId !== null) keys.push(`erp:${decision.erpId}`)
      if (decision.shopId !== null) keys.push(`shop:${decision.shopId}`)
      return keys
    }
  }
}
