import type { Side } from './side.ts'

/** In the order in which references need them. */
export const flowNames = ['departments', 'customers', 'products', 'salesOrders', 'salesOrderLines'] as const
export type FlowName = (typeof flowNames)[number]

/**
 * How a value is brought into the form in which the two sides are compared (activities/canonical).
 * `address` and `names` are groups: their parts move together and are compared as one value.
 */
export type CanonicalType =
  | 'string'
  | 'text'
  | 'email'
  | 'phone'
  | 'organisationNumber'
  | 'url'
  | 'integer'
  /** Exact decimal text, normalised, rounded half away from zero to the field's `scale`; never a float. */
  | 'decimal'
  /** 8, 12, 13 or 14 digits, compared padded to 14. */
  | 'gtin'
  /** YYYY-MM-DD; a date-time is the day it was in Europe/Oslo. */
  | 'date'
  | 'boolean'
  | 'enum'
  /** The PowerOffice id of a record of another flow (`refersTo`); the webshop's ids are translated through that flow's memory. */
  | 'reference'
  | 'address'
  | 'names'

/**
 * Where a field stands in a vendor's JSON, by dotted path.
 * - `path`: one property; `writes` names another one to write, where what is shown is worked out from several. With
 *   `values` an enum, vendor's spelling to canonical value, total in both directions; of several spellings of one value
 *   the first is written. With `zeroMeansUnset` the vendor's 0 is read as empty.
 * - `constant`: every record of the side has this canonical value; it is never written.
 * - `parts`: a group, part name to path. Part names are the same on both sides.
 * - `allOf`: a boolean that is true when all the properties are (`!` inverts); `writes` is what an edit sets.
 */
export type SideMapping =
  | {
      readonly path: string
      readonly writes?: string
      readonly values?: Readonly<Record<string, string>>
      readonly zeroMeansUnset?: boolean
    }
  | { readonly constant: string }
  | { readonly parts: Readonly<Record<string, string>> }
  | { readonly allOf: readonly string[]; readonly writes: string }

/**
 * Which way a field's edits travel after the link. `atCreation`: written with the record; later differences are listed,
 * or ignored where the field says `settled: 'ignored'`.
 */
export type Direction = 'both' | 'toShop' | 'toErp' | 'atCreation'

/**
 * What happens when both sides changed the field since they last agreed. `erp` and `shop`: that side owns the field.
 * `byLock`: PowerOffice once the record is locked there, else the webshop (lines of an order have no change time).
 * `ask` on a one-way field: at first agreement a filled, different value of the receiving side stands until a person looks.
 */
export type ConflictRule = 'latest' | 'erp' | 'shop' | 'ask' | 'byLock'

export interface FieldDefinition {
  /** Permanent: it salts the field's hash. A removed field's number is never used again. */
  readonly number: number
  readonly name: string
  readonly type: CanonicalType
  /** Version of the canonical rule; raise it when the same vendor value would give another canonical form (E3). */
  readonly canonicalVersion: number
  readonly erp: SideMapping
  readonly shop: SideMapping
  readonly direction: Direction
  readonly conflict: ConflictRule
  /** With type `reference`: the flow of the record that is named. */
  readonly refersTo?: FlowName
  /** With type `decimal`: decimals that both sides can show; compared and written at that scale. */
  readonly scale?: number
  /** Sides on which a new record is given this field; default: every side that the direction writes to. */
  readonly createdOn?: readonly Side[]
  /** With direction `atCreation`: what becomes of a difference later. Default `listed`. */
  readonly settled?: 'listed' | 'ignored'
  /** A value that the enum does not know withholds the field (rule 9) instead of making the record unreadable. */
  readonly unknownValues?: 'withhold'
  /** The owner of a one-way field has no value: the receiving side keeps its own (default: it is cleared as well). */
  readonly ownerEmpty?: 'keep'
  /** An edit on the receiving side of a one-way field (E21): put back, or left until the owner's value changes. */
  readonly receivingEdit?: 'restore' | 'leave'
  /** The field exists only on records whose other field has this canonical value; elsewhere it is absent. */
  readonly appliesWhen?: { readonly field: string; readonly equals: string }
  /** A new record on that side gets this canonical value; the true one follows as an edit (a new order is a draft until its totals are checked). */
  readonly createdAs?: { readonly [side in Side]?: string }
  /** Sides that take an edit of this field also when the record is locked there (E22). */
  readonly whenLocked?: readonly Side[]
  /** Canonical values after which the other side takes no more edits: written only when the record's items agree (E22). */
  readonly locks?: readonly string[]
  /** Canonical values that a side does not take as an edit: `cancelled` in PowerOffice, which has no such status. */
  readonly neverWritten?: { readonly [side in Side]?: readonly string[] }
  /** Of an item: the record that it names shows other values once the item was written or locked (stock), and is read again. */
  readonly touches?: boolean
  /** Of an item: how much of it there is. Less of it in a record that PowerOffice has locked is a person's matter (E22). */
  readonly measures?: boolean
  /** Sides where the field may not be empty: clearing it there is listed, not sent (rule 8). */
  readonly requiredOn?: readonly Side[]
  /** Longest value, in characters, that a side takes (of each part, for groups); longer ones are withheld (rule 9). */
  readonly maxLength?: { readonly [side in Side]?: number }
  /** One sentence for docs/dataflow.md where the table alone would leave a question. */
  readonly promise?: string
}

/** Fields whose equality may propose a link before anything is created, and never again. */
export interface MatchKey {
  readonly name: string
  readonly field: string
  /**
   * The key names the record: where two records of one side share its value, both are ambiguous and nothing is created
   * for either, candidates or not (an article number used twice).
   */
  readonly identity?: boolean
  /** The key counts only when one of these fields agrees too (and is filled on both sides). */
  readonly confirmedBy?: readonly string[]
  /** The key counts only for records whose field has this canonical value. */
  readonly when?: { readonly field: string; readonly equals: string }
  /** The key does not count when both sides have a value in this field, on records where `field` equals `equals`. */
  readonly unlessBothHave?: {
    readonly field: string
    readonly onRecordsWhere: { readonly field: string; readonly equals: string }
  }
  /** Only values that pass this test are keys at all. */
  readonly valid?: 'organisationNumber'
  /** The key is the value together with this part of a group (`address.country`). */
  readonly together?: { readonly group: string; readonly part: string; readonly emptyEquals: string }
}

export type CreationPolicy = 'always' | 'never'

export interface FlowDefinition {
  readonly name: FlowName
  /** Raised with every change of fields or canonical rules; rows remember the version they were hashed with (E3). */
  readonly version: number
  /** In the mission's words, for the Temporal UI: `Customers <-> Customer`. */
  readonly title: string
  readonly promise: string
  /** What one record is called in sentences: `customer`. Also the namespace of `erpId` in the webshop (rule 12). */
  readonly recordName: string
  readonly erpCollection: string
  readonly shopCollection: string
  readonly fields: readonly FieldDefinition[]
  /** Matching never crosses this field's values (kind); null: all records of the flow are of one kind. */
  readonly matchWithin: string | null
  readonly matchKeys: readonly MatchKey[]
  /** A candidate whose values in this field are both filled and differ is never a match. */
  readonly neverMatchAcross: readonly string[]
  /** Webshop records whose value here is not in the list belong to another flow; null: the collection is this flow's alone. */
  readonly shopKinds: { readonly field: string; readonly values: readonly string[] } | null
  /** Creation per receiving side (rule 4d). */
  readonly creation: Readonly<Record<Side, CreationPolicy>>
  /** Said of a record that is `never` created on that side: it is listed with this sentence, what to do. */
  readonly creationHint?: { readonly [side in Side]?: string }
  /** A record whose field has one of these values when first seen is linked if it matches, not created on the other side (rule 4a). */
  readonly dormantWhen: { readonly field: string; readonly equals: readonly string[] } | null
  /** Field (of either group or plain type) whose text names the record for people. */
  readonly labelFields: readonly string[]
  /** What becomes of the counterpart when a record is deleted: `unlink` leaves it alone, `archive` sets the field after approval. */
  readonly onDelete: { readonly erp: 'archiveInShop'; readonly shop: 'unlink' | 'archiveInErp' }
  /** What archiving the counterpart sets. */
  readonly archiveField: string
  readonly archiveValue: string
  /** A webshop record with this value asks for its counterpart's deletion: `open` ones are removed after approval, others listed. */
  readonly cancels?: { readonly field: string; readonly value: string; readonly removable: readonly string[] }
  /** The first load begins when those of these flows have ended, or when they are not running (E23). */
  readonly after?: readonly FlowName[]
  /** The record is created together with its items, whose own flow this is (E22). */
  readonly items?: FlowName
  /** The unit of work is one record's list of items, in this order on each side; the links are the parent flow's (E22). */
  readonly listOf?: { readonly parent: FlowName; readonly order: Readonly<Record<Side, string>> }
}

export function fieldNamed(definition: FlowDefinition, name: string): FieldDefinition {
  const field = definition.fields.find((candidate) => candidate.name === name)
  if (!field) throw new Error(`flow ${definition.name} has no field ${name}`)
  return field
}
