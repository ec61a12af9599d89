import { inspect } from 'node:util'
import type {
  Connector,
  JsonObject,
  NewItem,
  ParsedItem,
  ParsedRecord,
  RequestContext,
  WriteAnswer,
} from '../../activities/connector.ts'
import type { ConnectorLogger } from '../../activities/http/logger.ts'
import { VendorTrouble } from '../../activities/vendor-trouble.ts'
import type { FlowName } from '../../flows/flow-definition.ts'
import type { Trouble } from '../../flows/port.ts'

/** What the suites need of a system: a sandbox with faults, and ways past the connector. */
export interface SystemUnderTest {
  readonly settingNames: readonly string[]
  /** The collection that is tested; default customers. */
  readonly flow?: FlowName
  /** Part of the path of its list and of its single records, as the sandbox counts and fails them. */
  readonly recordPath: string
  /** Of its POST, where that is another. */
  readonly createPath?: string
  readonly offers?: Partial<CollectionOffers>
  start(): Promise<RunningSystem>
}

/** What a collection offers; the suite tests that and nothing else. Default: all but tombstones and lists. */
export interface CollectionOffers {
  readonly create: boolean
  readonly update: boolean
  /** Records carry our reference, and are found by it; without, by their natural key. */
  readonly reference: boolean
  /** Somebody can delete a record in the system itself. */
  readonly removal: boolean
  /** A record can be archived and brought back by an edit. */
  readonly archive: boolean
  /** Deleted records come with the changes. */
  readonly tombstones: boolean
  /** Edits of a record's list, item by item. */
  readonly items: boolean
}

export interface ConnectorChoices {
  readonly timeoutMs?: number
  readonly wrongKey?: boolean
  readonly deadAddress?: boolean
}

/** "Name" is whatever text of a record the system lets everybody edit. */
export interface RunningSystem {
  readonly origin: string
  readonly secrets: readonly string[]
  connect(choices: ConnectorChoices, logger: ConnectorLogger): Connector
  /** Puts records in past the connector. @returns their ids in order */
  insert(names: readonly string[]): string[]
  /** Somebody gives the record another name in the system itself. */
  rename(id: string, name: string): void | Promise<void>
  remove(id: string): void | Promise<void>
  /** The vendor's spelling of a record, as the mapper would make it; `key` makes it one of its own. */
  values(name: string, key: string): JsonObject
  /** The list of a new record. */
  readonly newItems?: readonly NewItem[]
  /** A body of a new record that the system refuses with a reason, and one of an edit. */
  readonly refusedBody: JsonObject
  readonly refusedPatch: JsonObject
  nameIn(record: ParsedRecord): unknown
  namePatch(name: string): JsonObject
  /** A key whose owner may read but not write; the connector's own rights afterwards. */
  withoutRightToWrite(): Promise<Connector>
  /** With `offers.archive`. */
  readonly archive?: ArchiveUnderTest
  /** An id of the right form that no record has; default 999999999. */
  readonly unknownId?: string
  /** With `offers.items`: the records that are inserted have two items, named `Første` and `Andre`. */
  readonly item?: ItemUnderTest
  close(): Promise<void>
}

/** How a record leaves daily use without being deleted. */
export interface ArchiveUnderTest {
  patch(isArchived: boolean): JsonObject
  isIn(record: ParsedRecord): boolean
}

export interface ItemUnderTest {
  values(name: string): JsonObject
  namePatch(name: string): JsonObject
  nameIn(item: ParsedItem): unknown
}

export const offersByDefault: CollectionOffers = {
  create: true,
  update: true,
  reference: true,
  removal: true,
  archive: true,
  tombstones: false,
  items: false,
}

export const context: RequestContext = { signal: new AbortController().signal, priority: 'live' }

export async function troubleOf(work: Promise<unknown>): Promise<Trouble> {
  const outcome = await work.then(
    () => 'it worked',
    (failure: unknown) => failure,
  )
  if (!(outcome instanceof VendorTrouble)) throw new Error(`no VendorTrouble came: ${inspect(outcome)}`)
  return outcome.trouble
}

/** The record of a `done` answer. */
export function written(answer: WriteAnswer): ParsedRecord & { kind: 'record' } {
  if (answer.kind !== 'done' || answer.record.kind !== 'record') throw new Error(`not done: ${inspect(answer)}`)
  return answer.record
}

export function present(record: ParsedRecord | undefined): ParsedRecord & { kind: 'record' } {
  if (record?.kind !== 'record') throw new Error(`no record: ${inspect(record)}`)
  return record
}

export async function admin(origin: string, method: string, path: string, body?: unknown): Promise<unknown> {
  const answer = await fetch(`${origin}/sandbox${path}`, {
    method,
    ...(body !== undefined && { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }),
  })
  if (!answer.ok) throw new Error(`${method} /sandbox${path}: ${answer.status} ${await answer.text()}`)
  const text = await answer.text()
  return text === '' ? null : JSON.parse(text)
}
