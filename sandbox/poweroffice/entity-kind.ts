import type { Timestamp } from './clock.ts'
import type { EntityStore } from './entity-store.ts'
import type { Filter } from './filters.ts'
import type { JsonPatchForm } from './json-patch.ts'
import { Problem } from './problem.ts'
import type { EntityName } from './references.ts'
import type { SandboxState } from './sandbox-state.ts'
import type { JsonObject } from './schema.ts'

/** What every record of a kind with whole-number ids has. */
export interface RecordDto {
  readonly Id: number
  readonly [property: string]: unknown
}

/** How a record comes into being: through the API with all rules, or in bulk as if it had always been there. */
export type Origin = 'api' | 'bulk'

/**
 * All that tells one entity from another. Lists, writes, routes, admin endpoints and test helpers are made from it
 * (list-answer.ts, write-record.ts, record-routes.ts, admin.ts, record-helpers.ts).
 */
export interface EntityKind<Dto extends RecordDto> {
  /** Name of the store, and of the admin endpoints. */
  readonly name: EntityName
  /** `/Customers` */
  readonly path: string
  /** As the texts call one: `Customer with id = 7 not found.` */
  readonly noun: string
  readonly dtoSchema: string
  readonly postSchema: string
  readonly patch: JsonPatchForm
  readonly filters: readonly Filter[]
  readonly roles: { readonly read: readonly string[]; readonly write: readonly string[] }
  /** Statuses of the description where they are not 201 and 200. */
  readonly statuses?: { readonly created?: number; readonly deleted?: number }
  /** What a bulk insert answers of each. */
  readonly identity: readonly string[]
  /** Properties that only a bulk insert takes besides those of the POST. */
  readonly bulkOnly?: readonly string[]
  /** Properties that people change in the ERP and no patch does. */
  readonly editOnly?: readonly string[]
  /** Complete, with new ids; rules are asked afterwards. `sent` has passed the POST schema. */
  build(state: SandboxState, sent: JsonObject, context: { readonly now: Timestamp; readonly origin: Origin }): Dto
  /** The record with checked changes in it; what moves a change time is said here. */
  change(state: SandboxState, current: Dto, changes: JsonObject, now: Timestamp): Dto
  /** Throws a Problem. @param written properties named by the request: rules about others stay quiet, so old records remain editable */
  assertAllowed(state: SandboxState, record: Dto, written: ReadonlySet<string> | 'all'): void
  /** Rules about the operations themselves, before they are applied. */
  assertOperations?(state: SandboxState, current: Dto, operations: unknown): void
  /** Where a JSON Patch sees something else than what is stored: without ids and change times of nested objects. */
  seenByPatch?(record: Dto): JsonObject
  /** The last touch before a record is stored. */
  stored?(record: Dto): Dto
  /** What a write brings along in other records. */
  afterSave?(state: SandboxState, record: Dto): void
  afterRemove?(state: SandboxState, record: Dto): void
  /** Needed by the company itself, and so never deleted. */
  isFixed?(state: SandboxState, record: Dto): boolean
}

export function storeOf<Dto extends RecordDto>(state: SandboxState, kind: EntityKind<Dto>): EntityStore<Dto> {
  // The name of a kind is the name of the store of its records; each kind is declared beside its own DTO.
  return state[kind.name] as unknown as EntityStore<Dto>
}

export function refusalOf(kind: { readonly noun: string }, detail: string, status = 400): Problem {
  return new Problem(status, `${kind.noun} validation error(s)`, detail)
}

/** For references to what does not exist: 404 on most POSTs, says the spec (switch unknownReferenceOnPost). */
export function unknownReference(state: SandboxState, kind: { readonly noun: string }): (detail: string) => Problem {
  return (detail) => refusalOf(kind, detail, Number(state.settings.current().unknownReferenceOnPost))
}

/** Text of the spec's sample for a reference in use (README.md). */
export function takenBy(property: string, value: unknown, holder: RecordDto): string {
  return `${property} is already in use. '${String(value)}' is used on Id = ${holder.Id}.`
}
