import type { Match } from '../../flows/pair.ts'
import type { FetchRecordsInput, FlowAddress } from '../../flows/port.ts'
import type { Reading, SideState } from '../../flows/reading.ts'
import { FINAL_FLAG, type LinkedRow, type Row } from '../../flows/row.ts'
import { idOf, type RecordKey, recordKey, type Side, sideOf } from '../../flows/side.ts'
import type { ParsedRecord } from '../connector.ts'
import { rowsByRecord } from '../memory/rows-by-record.ts'
import { readState } from '../reading/read-states.ts'
import { collectionOf } from '../systems/systems.ts'
import type { FetchedPair } from './fetch-pairs.ts'
import type { WorldRequest } from './world-request.ts'

/** Items of one answer: some 150 bytes each, so that it stays far below what one payload may hold (E14). */
const ITEMS_IN_ANSWER = 2_000
/** Whole records read at once; PowerOffice's limiter spaces them. */
const READ_TOGETHER = 4

/**
 * Reads the lists of both sides for the given records (E22). A list has no match of its own: it is linked where its record
 * is, in the parent flow's memory.
 */
export async function fetchLists(
  request: WorldRequest,
  input: FetchRecordsInput,
): Promise<{ readonly pairs: readonly FetchedPair[]; readonly left: readonly RecordKey[] }> {
  const rows = await request.memory.lookup(request.address, input.directory, input.keys, request.context.signal)
  const byRecord = rowsByRecord(rows)
  const parents = rowsByRecord(await parentLinks(request, input.keys))
  const pairs: FetchedPair[] = []
  const left: RecordKey[] = []
  let items = 0
  for (let from = 0; from < input.keys.length; from += READ_TOGETHER) {
    const part = input.keys.slice(from, from + READ_TOGETHER)
    if (items >= ITEMS_IN_ANSWER) {
      left.push(...part)
      continue
    }
    const read = await Promise.all(part.map(readPair))
    for (const [at, pair] of read.entries()) {
      const own = itemsOf(pair.pair.erp) + itemsOf(pair.pair.shop)
      // Read in vain: what is decided on both lists of an answer travels in one payload as well.
      if (items > 0 && items + own > ITEMS_IN_ANSWER) left.push(...part.slice(at, at + 1))
      else {
        pairs.push(pair)
        items += own
      }
    }
  }
  return { pairs, left }

  async function readPair(key: RecordKey): Promise<FetchedPair> {
    const own = linkIn(byRecord.get(key))
    const link = own ?? linkIn(parents.get(key))
    const keys = [key]
    if (!link) {
      const missing: SideState = { kind: 'missing', id: idOf(key), tombstone: false }
      const absent: SideState = { kind: 'absent' }
      const [erp, shop] = sideOf(key) === 'erp' ? [missing, absent] : [absent, missing]
      return { keys, pair: { erp, shop, rows: [], match: { kind: 'none' }, differs: '' } }
    }
    const [erp, shop] = await Promise.all([
      readList(request, 'erp', link.erpId),
      readList(request, 'shop', link.shopId),
    ])
    const ownRows = new Set([
      ...(byRecord.get(recordKey('erp', link.erpId)) ?? []),
      ...(byRecord.get(recordKey('shop', link.shopId)) ?? []),
    ])
    return {
      keys,
      pair: {
        erp: light(request, erp),
        shop: light(request, shop),
        rows: [...ownRows],
        match: own ? matchOf(own, parents.get(key) ?? []) : { kind: 'matched', by: 'parent' },
        differs: '',
      },
    }
  }
}

/** `none`: the records were taken apart or one is gone, so their lists have nothing to do with each other any more. */
function matchOf(own: LinkedRow, parents: readonly Row[]): Match {
  const isSevered =
    !parents.some((row) => row.kind === 'linked') &&
    parents.some(
      (row) => row.kind === 'gone' || (row.kind === 'apart' && row.erpId === own.erpId && row.shopId === own.shopId),
    )
  return { kind: isSevered ? 'none' : 'notAsked' }
}

/** One record with its whole list, as it is now. */
export async function readList(request: WorldRequest, side: Side, id: string): Promise<SideState> {
  const record = await readWholeRecord(request, side, id)
  return readState(request, side, record)
}

export async function readWholeRecord(request: WorldRequest, side: Side, id: string): Promise<ParsedRecord> {
  const collection = collectionOf(request.systems, side, request.definition.name)
  if (collection.readWhole) return collection.readWhole(id, request.context)
  const records = await collection.readMany([id], request.context)
  return records.get(id) ?? { kind: 'missing', id, tombstone: false }
}

/** Links of the parent flow for these records; none while nobody ever started it. */
export async function parentLinks(request: WorldRequest, keys: readonly RecordKey[]): Promise<Row[]> {
  const parent = parentOf(request)
  if (parent === null || keys.length === 0) return []
  const directory = await request.otherFlows.directoryOf(parent, request.context.signal)
  if (directory === null) return []
  return request.memory.lookup(parent, directory, keys, request.context.signal)
}

/**
 * Of these records those whose lists are still kept equal: linked in their own flow, and not invoiced. An invoice ends its list,
 * whose row is dropped; without this every sweep would read the whole of every invoice there ever was.
 */
export async function withOpenLists(
  request: WorldRequest,
  side: Side,
  ids: readonly string[],
): Promise<ReadonlySet<string>> {
  const rows = await parentLinks(
    request,
    ids.map((id) => recordKey(side, id)),
  )
  return new Set(
    rows.flatMap((row) =>
      row.kind === 'linked' && !row.flags.includes(FINAL_FLAG) ? [side === 'erp' ? row.erpId : row.shopId] : [],
    ),
  )
}

export function parentOf(request: WorldRequest): FlowAddress | null {
  const { listOf } = request.definition
  return listOf ? { connection: request.address.connection, flow: listOf.parent } : null
}

function linkIn(rows: readonly Row[] | undefined): LinkedRow | undefined {
  return rows?.find((row): row is LinkedRow => row.kind === 'linked')
}

function itemsOf(state: SideState): number {
  return state.kind === 'present' ? (state.reading.items?.length ?? 0) : 0
}

/** Items travel as hashes, and how much there is of each: what is decided on them is read again before it is written. */
function light({ definition }: WorldRequest, state: SideState): SideState {
  if (state.kind !== 'present') return state
  const { content: _content, ...reading } = state.reading
  const measure = definition.fields.find((field) => field.measures)?.name ?? ''
  const items = reading.items?.map(({ content, ...item }) => {
    const amount = content?.canonical[measure] ?? null
    return amount === null ? item : { ...item, amount }
  })
  return { kind: 'present', reading: { ...(reading as Reading), ...(items ? { items } : {}) } }
}
