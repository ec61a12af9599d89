import type { Side } from '../../flows/side.ts'

/** What people did, written down as they did it: all that the checker goes by. */
export interface Edit {
  readonly side: Side
  /** Of the record that was edited, on its side. */
  readonly id: string
  readonly field: string
  readonly value: string
  readonly atMs: number
  /** What the field showed there just before; null: nothing. */
  readonly before: string | null
}

export interface LedgerRecord {
  readonly mark: string
  readonly edits: Edit[]
  /** `wasLinked`: the engine had noted that the two belong together. */
  readonly removed: { readonly side: Side; readonly wasLinked: boolean }[]
  /** What people made, and when: more than one on a side where they made the same thing in both systems. */
  readonly made: { readonly side: Side; readonly id: string; readonly atMs: number }[]
  /** Made by people in both systems: each of the two is a record of its own until they are linked. */
  isTwinned: boolean
  /** Edits that go back to an earlier value cannot be told from none: of these fields less is demanded. */
  readonly reverted: Set<string>
}

export class Ledger {
  readonly records = new Map<string, LedgerRecord>()

  of(mark: string): LedgerRecord {
    const known = this.records.get(mark)
    if (known) return known
    const record: LedgerRecord = { mark, edits: [], removed: [], made: [], isTwinned: false, reverted: new Set() }
    this.records.set(mark, record)
    return record
  }
}

/** What the engine told people of a field, by any of its words (a conflict, a first agreement, put back, asked …). */
export interface Told {
  readonly erpId: string | undefined
  readonly field: string
  readonly kind: string
  readonly atMs: number
}

export interface Shown {
  readonly id: string
  readonly fields: Readonly<Record<string, string | null>>
  /** The counterpart that it names; null: none. */
  readonly names: string | null
  readonly active: boolean
  /** Of the webshop: since when it names a counterpart. */
  readonly namedSinceMs: number
  /** When the sync made it; null: a person did. */
  readonly madeMs: number | null
}
