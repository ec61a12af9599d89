import type { JsonValue } from '../../../flows/json.ts'

export type JsonObject = { readonly [name: string]: JsonValue }

/** A record as its own system shows it to people; nothing here is canonical. */
export interface SystemRecord {
  readonly id: string
  readonly json: JsonObject
  /** What the sync works out from it under names of its own; shown, never written. */
  readonly derived?: JsonObject
}

/** New values by dotted path; null empties. */
export type Edit = readonly { readonly path: string; readonly value: JsonValue }[]

/** One collection of one system, as a person sees and edits it. Only for our sandboxes. */
export interface SystemRecords {
  /** Every record, by id. */
  readAll(): Promise<ReadonlyMap<string, SystemRecord>>
  /** undefined: there is none (any more). */
  find(id: string): Promise<SystemRecord | undefined>
  /** Writes as a person would. Throws SystemRefusal with the system's own words. */
  edit(id: string, edit: Edit): Promise<SystemRecord>
}

/** The items of the records of one collection (lines of orders), as a person sees and edits them. */
export interface SystemItems {
  /** In their order. */
  read(record: SystemRecord): Promise<readonly SystemRecord[]>
  edit(recordId: string, itemId: string, edit: Edit): Promise<void>
}

/** A system did not do what it was asked; the message is one sentence for people. */
export class SystemRefusal extends Error {}

export function isJsonObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** The value at a dotted path; undefined where the path leads nowhere. */
export function valueAt(json: JsonObject, path: string): JsonValue | undefined {
  let current: JsonValue | undefined = json
  for (const name of path.split('.')) {
    if (!isJsonObject(current)) return undefined
    current = current[name]
  }
  return current
}
