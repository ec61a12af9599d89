import { compareIds, firstShardOf } from '../../flows/directory.ts'
import type { FlowName } from '../../flows/flow-definition.ts'
import { emptyLeaf, type LeafState, SPLIT_AT_BYTES } from '../../flows/memory.ts'
import type { FlowMemory } from '../../flows/memory-file.ts'
import { rowKey } from '../../flows/row.ts'
import { decodeRow, type EncodedRow } from '../../flows/row-codec.ts'
import { idOf, type RecordKey, type Side, sideOf, sides } from '../../flows/side.ts'

/** A leaf that is filled so far takes some hundred more links before it asks to be split. */
const FILL_BYTES = SPLIT_AT_BYTES * 0.75

interface Placed {
  readonly key: RecordKey
  /** What decides in which leaf it lives: pairs set apart live beside their PowerOffice record. */
  readonly id: string
  readonly text: EncodedRow
}

/**
 * The leaves that hold these rows, in a generation of their own; pure. The first leaf of each side has the number that a flow of
 * that generation starts, and knows of the others as of leaves that were split off, so that a flow started anew finds them all.
 */
export function leavesFor(
  address: { readonly connection: string; readonly flow: FlowName },
  rows: readonly EncodedRow[],
  generation: number,
): LeafState[] {
  const first = firstShardOf(generation)
  let next = first + sides.length
  return sides.flatMap((side, index) => {
    const groups = groupsOf(rows.map(placed).filter(({ key }) => sideOf(key) === side))
    const numbers = groups.map((_, at) => (at === 0 ? first + index : next++))
    const lows = groups.map((group, at) => (at === 0 ? '' : (group[0]?.id ?? '')))
    return groups.map((group, at) => ({
      ...emptyLeaf({ ...address, shard: numbers[at] ?? first, side, low: lows[at] ?? '' }),
      high: lows[at + 1] ?? null,
      rows: group.map(({ text }) => text),
      moved: at === 0 ? lows.slice(1).map((low, other) => ({ low, shard: numbers[other + 1] ?? first })) : [],
    }))
  })
}

function placed(text: EncodedRow): Placed {
  const key = rowKey(decodeRow(text))
  return { key, id: idOf(key).split('/')[0] ?? '', text }
}

/** In order of ids, cut where a leaf is full; rows of one id stay together. At least one group, which may be empty. */
function groupsOf(rows: readonly Placed[]): Placed[][] {
  const sorted = [...rows].sort((a, b) => compareIds(a.id, b.id) || compareIds(a.key, b.key))
  const groups: Placed[][] = [[]]
  let bytes = 0
  for (const row of sorted) {
    const group = groups.at(-1) as Placed[]
    const isFull = bytes + row.text.length > FILL_BYTES && group.at(-1)?.id !== row.id
    if (isFull && group.length > 0) {
      groups.push([row])
      bytes = row.text.length
    } else {
      group.push(row)
      bytes += row.text.length
    }
  }
  return groups
}

/**
 * The state with which the flow goes on from an export; pure. Cursors, inbox, what vanished and what waits stand as they were
 * then; options are today's, and what was under way is looked at again.
 * @param options what the flow is started with now
 */
export function restoredState(
  memory: FlowMemory,
  leaves: readonly LeafState[],
  { generation, options, nowMs }: { readonly generation: number; readonly options: unknown; readonly nowMs: number },
): Readonly<Record<string, unknown>> {
  const shards = leaves.map(({ side, low, shard }: { side: Side; low: string; shard: number }) => ({
    side,
    low,
    number: shard,
  }))
  const waiting = Array.isArray(memory.state['lookAgain']) ? (memory.state['lookAgain'] as { key: RecordKey }[]) : []
  const known = new Set(waiting.map(({ key }) => key))
  const more = memory.underWay.filter((key) => !known.has(key))
  return {
    ...memory.state,
    options,
    directory: { generation, shards },
    nextShard: Math.max(...shards.map(({ number }) => number)) + 1,
    wantedSplits: [],
    linked: Object.fromEntries(
      leaves.map(({ shard, rows }) => [shard, rows.filter((text) => decodeRow(text).kind === 'linked').length]),
    ),
    lookAgain: [
      ...waiting,
      ...more.map((key) => ({
        key,
        why: 'imported',
        seenAtMs: null,
        since: nowMs,
        notBefore: 0,
        attempts: 0,
        wish: null,
      })),
    ],
    trouble: null,
    firstApplyDone: false,
  }
}

/** What an import adds to a memory that lives, and what it leaves as it is. */
export interface Merge {
  readonly add: readonly EncodedRow[]
  readonly same: number
  /** Rows of the file that speak of records of which the memory says something else by now. */
  readonly kept: number
}

/** Nothing that the memory says of a record is overwritten: its rows are newer, or a person's word. Pure. */
export function mergeRows(fromFile: readonly EncodedRow[], living: readonly EncodedRow[]): Merge {
  const texts = new Set(living)
  const spokenOf = new Set(living.flatMap(recordsOf))
  const same = fromFile.filter((text) => texts.has(text)).length
  const add = fromFile.filter((text) => !recordsOf(text).some((key) => spokenOf.has(key)))
  return { add, same, kept: fromFile.length - same - add.length }
}

function recordsOf(text: EncodedRow): RecordKey[] {
  const row = decodeRow(text)
  switch (row.kind) {
    case 'linked':
      return [`erp:${row.erpId}`, `shop:${row.shopId}`]
    case 'seen':
    case 'creating':
      return [`${row.side}:${row.id}`]
    case 'gone':
      return [
        ...(row.erpId === null ? [] : [`erp:${row.erpId}` as const]),
        ...(row.shopId === null ? [] : [`shop:${row.shopId}` as const]),
      ]
    // A pair set apart says nothing of either record alone; it stands or falls by its own key.
    case 'apart':
      return [rowKey(row)]
  }
}
