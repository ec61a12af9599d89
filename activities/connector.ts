import type { FieldNote } from '../flows/decision.ts'
import type { FlowName } from '../flows/flow-definition.ts'
import type { JsonValue } from '../flows/json.ts'
import type { RoomNotice } from '../flows/port.ts'
import type { Side } from '../flows/side.ts'

export type JsonObject = { readonly [name: string]: JsonValue }

/** What every request of a connector is given. */
export interface RequestContext {
  /** Cancels requests, waits for the rate limiter and pauses alike. */
  readonly signal: AbortSignal
  /** Live work goes before backfill at the rate limiter. */
  readonly priority: 'live' | 'backfill'
  /** Asked right before a write is sent, which may have waited long for its turn: throws when another attempt may be running. */
  readonly assertAlive?: () => void
}

/** One record as a vendor answered, validated by zod, keys in the vendor's documented spelling. */
export type ParsedRecord =
  | {
      readonly kind: 'record'
      readonly id: string
      /** Only properties that the flow or the connector's own rules need; personal extras are dropped at the door. */
      readonly raw: JsonObject
      readonly version: string | null
      /** The vendor's spelling, kept as text: PowerOffice sends seven fractional digits and Date keeps three. */
      readonly changedAt: string | null
      /** Change times that a group has of its own, by field name of the flow, in the vendor's spelling. */
      readonly groupChangedAt: Readonly<Record<string, string>>
      /** When it was created, in the vendor's spelling; absent or null: not told. */
      readonly createdAt?: string | null
      /** Fields whose edits do not move `changedAt`; of those that have a time of their own, that one tells. */
      readonly movesNoTime?: readonly string[]
      /** The counterpart's id named by our namespaced reference (rule 12), null for none or somebody else's. */
      readonly reference: string | null
      readonly outOfScope: string | null
      /** The record's list, whole, in its own order (lines of an order); absent where this read did not ask for it. */
      readonly items?: readonly ParsedItem[]
      /** No edit is taken: PowerOffice has confirmed or invoiced the order. */
      readonly isLocked?: boolean
      /** Nothing but what follows an invoice changes any more: the order is invoiced there. */
      readonly isFinal?: boolean
      /** The record of the same side that this one takes back (a refund names its order), by its id; absent: none. */
      readonly credits?: string
      /** The number of its invoice; null: it has none. `isExpected`: it may still get one. */
      readonly invoice?: { readonly number: string | null; readonly isExpected: boolean }
      /** What the system itself computed of the record's items; compared, never written. */
      readonly totals?: { readonly net: string; readonly gross: string }
      /** Of a list whose reading costs a request a record: hashed as *seen* in place of the items, so that a watch need not read them. */
      readonly seenText?: string
    }
  /** The record does not parse: listed with where and why, the others go on. `rawText` only feeds its content hash. */
  | {
      readonly kind: 'unreadable'
      readonly id: string
      readonly path: string
      readonly problem: string
      readonly rawText: string
      /**
       * Of a record that can be read but for its list, which costs a request a record: it is known by what the record tells of
       * the list, as a list that was read is, or the next look at the records would take it for another one.
       */
      readonly told?: { readonly seenText: string; readonly outOfScope: string | null }
    }
  /** A deletion: the system's own word (`tombstone`), or an id that was asked for and is not there. */
  | { readonly kind: 'missing'; readonly id: string; readonly tombstone: boolean }

/** One line of an order. */
export interface ParsedItem {
  readonly id: string
  /** By the paths of the item flow's fields. */
  readonly raw: JsonObject
  /** The counterpart's line id that the line names (ExternalImportReference); null for none. */
  readonly reference: string | null
}

/** An item of a record that is about to be created with its list. */
export interface NewItem {
  readonly values: JsonObject
  readonly counterpartId: string
}

/** What a new record takes back: by the number of that one's invoice, null where it has none to name. */
export interface Credited {
  readonly invoiceNumber: string | null
}

/** One edit of a record's list. `position` is the place from 0 that the line is to have among all. */
export type ItemEdit =
  | {
      readonly kind: 'add'
      readonly values: JsonObject
      readonly counterpartId: string | null
      readonly position: number
      /** What was made under the first keys is gone: begin with this one. Default 1. */
      readonly creation?: number
    }
  | {
      readonly kind: 'change'
      readonly id: string
      readonly current: JsonObject
      readonly values: JsonObject
      /** null: the place stays as it is. */
      readonly position: number | null
    }
  | { readonly kind: 'remove'; readonly id: string }

export type ItemAnswer =
  /**
   * `item`: as the vendor shows it after the write, null for a removed one; `version`: of the record, where it has one.
   * `isEarlier`: it was made by an earlier attempt, and people may have edited it since. `isAsMade`: the item shows what this
   * request made, before anybody could edit it.
   */
  | {
      readonly kind: 'done'
      readonly item: ParsedItem | null
      readonly version: string | null
      readonly isEarlier?: true
      readonly isAsMade?: true
    }
  | { readonly kind: 'refused'; readonly status: number; readonly title: string; readonly detail: string }
  /** The record was edited or locked meanwhile. */
  | { readonly kind: 'stale' }
  | { readonly kind: 'missing' }
  | { readonly kind: 'uncertain'; readonly message: string }
  /** An earlier attempt with other values made an item under the key of this creation. */
  | { readonly kind: 'keyUsed'; readonly creation: number }
  /** What was made under the key of this creation is there no more. */
  | { readonly kind: 'removedSince'; readonly creation: number; readonly id: string }

export type WriteAnswer =
  /** The record as the vendor shows it after the write. */
  | { readonly kind: 'done'; readonly record: ParsedRecord }
  /** A 4xx with a reason, in the vendor's words. */
  | { readonly kind: 'refused'; readonly status: number; readonly title: string; readonly detail: string }
  /** The record is not as it was read (412, a failed `test`). */
  | { readonly kind: 'stale' }
  | { readonly kind: 'missing' }
  /** A unique value is taken: by our own reference (an earlier attempt of ours) or by another record. */
  | {
      readonly kind: 'taken'
      readonly byReference: boolean
      readonly existingId: string | null
      readonly title: string
      readonly detail: string
    }
  /**
   * Timeout, reset, 5xx: the write may or may not have landed (E18). `isKeyUsed`: another content was created under the same
   * key before, so this one was not.
   */
  | { readonly kind: 'uncertain'; readonly message: string; readonly isKeyUsed?: true }

export interface Prepared {
  readonly body: JsonObject
  /** Row flags after the write (`p`: we set InvoiceDeliveryType Print). */
  readonly flags: string
  /** Fields left out of the body, with the reason (rules 8 and 9), and fields sent in another form (`adjusted`). */
  readonly notes: readonly FieldNote[]
  /** The whole record cannot be written as it is; a sentence for the inbox. null: it can. */
  readonly refusal: string | null
}

export type RemoveAnswer =
  | { readonly kind: 'done' }
  | { readonly kind: 'refused'; readonly status: number; readonly title: string; readonly detail: string }
  | { readonly kind: 'stale' }
  | { readonly kind: 'uncertain'; readonly message: string }

export type IsKnown = (id: string, version: string) => boolean

/** One collection of one system: reads, writes and the vendor's own rules for it. Plain functions over plain data. */
export interface Collection {
  /** The vendor keeps our reference unique, so a repeated create cannot double (E18). */
  readonly hasUniqueReference: boolean
  /** False where that a second record of one reference is refused is only inferred. Default: `hasUniqueReference`. */
  readonly refusesTwin?: false
  readonly canCreate: boolean
  readonly canUpdate: boolean
  /** Whether changes come as an ordered feed with tombstones (webshop) or by change time (PowerOffice: needs sweeps). */
  readonly hasChangeFeed: boolean

  /** An id of the right form that no record has, for a reading that costs nothing; default `0`. */
  readonly probeId?: string

  /**
   * A cursor for "from now on, minus the overlap".
   * @param listing what a `listAll` answered: where there is a feed, from its end on, whoever else has listed since
   */
  startCursor(context: RequestContext, listing?: readonly ParsedRecord[]): Promise<string>
  /** Everything, in no promised order. `onPage` is called between pages (heartbeats). */
  listAll(context: RequestContext, onPage?: (recordsSoFar: number) => void): Promise<ParsedRecord[]>
  /**
   * What a reading by id says of a record that the latest `listAll` did not show, where that list is known to lack some that
   * exist; null: it is whole, and what it does not show is not there. Default: it is whole.
   */
  unlisted?(id: string): (ParsedRecord & { readonly kind: 'unreadable' }) | null
  /**
   * What changed since `cursor`, with the overlap asked again, in change order; `next` is where to go on.
   * `restarted`: the system no longer knew the cursor (410, another epoch); this is a full pass.
   * @param isKnown that the caller knows this version of this record to the last letter: it need not be parsed; such
   * records may be left out, and `passedBy` says how many were
   */
  listChanges(
    cursor: string,
    context: RequestContext,
    isKnown?: IsKnown,
  ): Promise<{
    readonly records: ParsedRecord[]
    readonly passedBy?: number
    readonly next: string
    readonly hasMore: boolean
    readonly restarted: boolean
  }>
  /** More ids than this are read by a list, which may be behind what a reading by id shows. Absent: never, or always. */
  readonly readsByListAbove?: number
  /** Fresh readings by id; every id asked for is in the answer. Few ids: one by one; many: the cheapest list. */
  readMany(ids: readonly string[], context: RequestContext): Promise<ReadonlyMap<string, ParsedRecord>>
  /**
   * Records that an earlier attempt to create `body` for `counterpartId` may have made: those that carry our reference
   * (any creation number); where the vendor has no reference field, those with the body's natural key (Code). Verified,
   * since a filter may be ignored.
   */
  findByCounterpart(counterpartId: string, context: RequestContext, body: JsonObject): Promise<ParsedRecord[]>
  /** The record with its items, where `readMany` leaves them out. */
  readWhole?(id: string, context: RequestContext): Promise<ParsedRecord>
  /** Deletes the record, only while it still is as in `current`; one that is gone already is done. Only where a flow removes at all. */
  remove?(current: ParsedRecord & { kind: 'record' }, context: RequestContext): Promise<RemoveAnswer>
  /** Edits of the list, one request each; `record` holds the version that the previous edit answered. */
  editItem?(record: ParsedRecord & { kind: 'record' }, edit: ItemEdit, context: RequestContext): Promise<ItemAnswer>

  /** Locks the record against edits, or opens it for one; done when it is so already. Only where a system locks at all. */
  setLocked?(
    record: ParsedRecord & { kind: 'record' },
    isLocked: boolean,
    context: RequestContext,
  ): Promise<WriteAnswer>
  /** Where the company wants one: an item of the system's own that closes what its total lacks by rounding. It is no item of the list. */
  addRounding?(record: ParsedRecord & { kind: 'record' }, rest: string, context: RequestContext): Promise<ItemAnswer>

  /** What stands in the way of new records, now or soon, told from all that the system lists. null: nothing. */
  roomForMore?(records: readonly ParsedRecord[], context: RequestContext): Promise<RoomNotice | null>

  /** A sentence when this system does not have the collection at all: the flow is idle and says so. null: it has it. */
  notOffered?(context: RequestContext): Promise<string | null>

  /**
   * The vendor's own rules for a new record, pure: required fields, defaults set once (rule 11). `items`: the record's
   * list, which is created with it in one request (E22); the answer of `create` then shows them, in this order. `credited`:
   * what it takes back; null: nothing that it names.
   */
  prepareCreate(
    values: JsonObject,
    counterpart: { readonly id: string; readonly creation: number },
    items?: readonly NewItem[],
    credited?: Credited | null,
  ): Prepared
  /** The vendor's own rules for an edit, pure. `values` holds only what changes. */
  prepareUpdate(current: JsonObject, values: JsonObject, flags: string): Prepared
  /** Whether a creation that is sent again as it was gets its first answer again and makes nothing new. Default: it does not. */
  repeatsCreation?(context: RequestContext): Promise<boolean>
  create(
    body: JsonObject,
    counterpart: { readonly id: string; readonly creation: number },
    context: RequestContext,
  ): Promise<WriteAnswer>
  /** Writes `body` over `current`, only where it is still as in `current`. `counterpartId` also names the counterpart (rule 12). */
  update(
    current: ParsedRecord & { kind: 'record' },
    body: JsonObject,
    counterpartId: string | null,
    context: RequestContext,
  ): Promise<WriteAnswer>
}

export interface Connector {
  readonly side: Side
  /** Reads only. Rejects with a VendorTrouble that says what is wrong. `flow`: only what this flow needs; default: what any does. */
  checkHealth(context: RequestContext, flow?: FlowName): Promise<void>
  identify(context: RequestContext): Promise<{ readonly name: string; readonly production: boolean }>
  /** The system's clock minus ours, from the latest Date header; 0 before the first answer. */
  clockOffsetMs(): number
  collection(flow: FlowName): Collection
}
