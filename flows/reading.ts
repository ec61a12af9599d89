import type { FlowName } from './flow-definition.ts'
import type { JsonValue } from './json.ts'
import type { RecordKey, Side } from './side.ts'

/** A field in the form in which sides are compared: text, or null for empty. Groups are JSON text of their parts. */
export type CanonicalValue = string | null

/** The values of a reading. Left out where a page carries thousands of records: apply reads them again by `seen`. */
export interface Content {
  /** By field name. A field that does not apply to this record is absent, an empty one is null. */
  readonly canonical: Readonly<Record<string, CanonicalValue>>
  /** The form to write, only where it differs from the canonical one (`Ola@X.no`; an object of parts for groups). */
  readonly written: Readonly<Record<string, JsonValue>>
}

/**
 * One record as one read showed it. Made in activities only (E25): canonical rules and hashes must not be computed in
 * workflow code, whose results are replayed.
 */
export interface Reading {
  readonly side: Side
  readonly id: string
  /** Field hashes in the order of the definition, four characters each (field-hashes.ts). */
  readonly hashes: string
  /** 64-bit hash of the whole mapped content, eleven characters (E2). */
  readonly seen: string
  /** The webshop's version (opaque, compared for equality only); null for PowerOffice, which has none. */
  readonly version: string | null
  /** When the record changed, by our clock (the systems' clocks are measured from their Date headers); null: unknown. */
  readonly changedAtMs: number | null
  /** Change times that a group has of its own, by field name (the mail address of PowerOffice), by our clock. */
  readonly groupChangedAtMs: Readonly<Record<string, number>>
  /** Four-character hash of the vendor's change time: tells our own last write from somebody's edit (rule 5). */
  readonly changeMark: string
  /** The counterpart's id that this record names in our namespaced reference (rule 12); null when it names none. */
  readonly reference: string | null
  /** Why the record takes no part, in a word (`guest`, `otherKind`); null when it takes part. */
  readonly outOfScope: string | null
  /** Archived or inactive: linked when it matches, not created on the other side (rule 4a). */
  readonly dormant: boolean
  /** How people call it: name, else e-mail, else id. '' where a page carries thousands. */
  readonly label: string
  readonly content?: Content
  /** References to records that have no link yet (E23). The canonical value of one in the webshop is `?` and its id. */
  readonly unlinked?: readonly UnlinkedReference[]
  /** Of a flow of lists (E22): the items in their order. */
  readonly items?: readonly ItemReading[]
  /** No edit is taken any more by this side. */
  readonly isLocked?: boolean
  /** Nothing but what follows an invoice changes any more. */
  readonly isFinal?: boolean
}

export interface UnlinkedReference {
  readonly field: string
  /** The flow that would link it, and the record by its key there. */
  readonly flow: FlowName
  readonly key: RecordKey
}

/** One item of a record's list; its rank is its place. */
export interface ItemReading {
  readonly id: string
  /** As in Reading, of the items' definition. */
  readonly hashes: string
  /** 64-bit hash of the whole item: two items are equal when it is (E2). */
  readonly seen: string
  /** The counterpart's item id that it names; null for none. */
  readonly reference: string | null
  readonly unlinked?: readonly UnlinkedReference[]
  readonly content?: Content
  /** How much of it there is (FieldDefinition.measures), as exact decimal; absent: none, or not told. */
  readonly amount?: string
}

/** What is known of one side of a pair. `absent`: no record is known there, none was asked for. */
export type SideState =
  | { readonly kind: 'present'; readonly reading: Reading }
  | { readonly kind: 'missing'; readonly id: string; readonly tombstone: boolean }
  | {
      readonly kind: 'unreadable'
      readonly id: string
      readonly path: string
      readonly problem: string
      readonly seen: string
    }
  | { readonly kind: 'absent' }
