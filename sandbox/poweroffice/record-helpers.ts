import { type EntityKind, type RecordDto, storeOf } from './entity-kind.ts'
import type { EntityStore, RecordId } from './entity-store.ts'
import { markInUse } from './in-use.ts'
import type { SandboxState } from './sandbox-state.ts'
import type { JsonObject } from './schema.ts'
import { editRecord, existingRecord, insertRecords, removeRecord, restoreRecord } from './write-record.ts'

/** A look into the data past the API: no keys, no rate limit, not counted. */
export interface StoreReader<Dto, Id extends RecordId = number> {
  all(): readonly Dto[]
  get(id: Id): Dto | null
  count(): number
}

/** What a test or a seed does to one entity's records, as if people had done it in the ERP. */
export interface RecordHelpers<Dto> extends StoreReader<Dto> {
  /** The POST's properties each, one transaction, types and references checked, rules not: thousands a second. Ids in the order given. */
  insert(list: readonly unknown[]): readonly InsertedRecord[]
  /** A person edits in the ERP: patchable properties, rules applied, change times moved. */
  edit(id: number, changes: Readonly<Record<string, unknown>>): Dto
  /** Gone without a trace, in use or not. */
  remove(id: number): void
  /** There again as it was, under the id that it had. */
  restore(record: Dto): void
  /** Used by something the sandbox has no records of, so that a delete answers 409. */
  setInUse(id: number, inUse: boolean): void
}

export interface InsertedRecord {
  readonly Id: number
  readonly [key: string]: unknown
}

export function storeReader<Dto, Id extends RecordId>(store: EntityStore<Dto, Id>): StoreReader<Dto, Id> {
  return {
    all: () => store.all({ sql: '1', values: [] }),
    get: (id) => store.get(id),
    count: () => store.count([]),
  }
}

export function recordHelpers<Dto extends RecordDto>(state: SandboxState, kind: EntityKind<Dto>): RecordHelpers<Dto> {
  return {
    ...storeReader(storeOf(state, kind)),
    insert: (list) => insertRecords(state, kind, list).map(withId),
    edit: (id, changes) => editRecord(state, kind, id, { ...changes }),
    remove: (id) => removeRecord(state, kind, id),
    restore: (record) => restoreRecord(state, kind, record),
    setInUse: (id, inUse) => markInUse(state.database, kind.name, existingRecord(state, kind, id).Id, { inUse }),
  }
}

function withId(identity: JsonObject): InsertedRecord {
  return { ...identity, Id: Number(identity.Id) }
}
