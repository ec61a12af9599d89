import { compareIds } from '../../flows/directory.ts'
import type { LeafState, LookupAsk, LookupResult, PutAnswer, PutItem, PutResult } from '../../flows/memory.ts'
import { type Row, rowKey } from '../../flows/row.ts'
import { decodeRow, type EncodedRow } from '../../flows/row-codec.ts'
import { idOf, type RecordKey } from '../../flows/side.ts'

/** The rows of one run with their indexes; built from the state, thrown away with the run. */
export interface Leaf {
  state: LeafState
  readonly byKey: Map<RecordKey, EncodedRow>
  /**
   * Webshop id to row keys, of linked and gone rows: there are no stored reverse pointers (E4). The grave of an earlier
   * link may stand beside the present one.
   */
  readonly byShopId: Map<string, RecordKey[]>
  /** Keys of pairs set apart, by the PowerOffice id they begin with. */
  readonly apartOf: Map<string, RecordKey[]>
  bytes: number
  /** Linked rows, counted as they come and go. */
  linked: number
  /** Since when it holds so many, by the leaf's own clock: the time, and at least one more with every change. */
  countedAt: number
}

/** @param nowMs when the run began: later than whatever an earlier run said of its count */
export function openLeaf(state: LeafState, nowMs = 0): Leaf {
  const leaf: Leaf = {
    state,
    byKey: new Map(),
    byShopId: new Map(),
    apartOf: new Map(),
    bytes: 0,
    linked: 0,
    countedAt: nowMs,
  }
  for (const text of state.rows) {
    const row = decodeRow(text)
    store(leaf, rowKey(row), text, row)
  }
  return leaf
}

export function closeLeaf(leaf: Leaf): LeafState {
  return { ...leaf.state, rows: [...leaf.byKey.values()] }
}

/** Stores what is as expected, refuses the rest, row by row (E5). Nothing else may run in between: it is synchronous. */
export function putRows(leaf: Leaf, items: readonly PutItem[], nowMs: number): PutResult {
  const before = leaf.linked
  const answers = items.map((item) => putRow(leaf, item))
  if (leaf.linked !== before) tick(leaf, nowMs)
  return {
    answers,
    bytes: leaf.bytes,
    linked: leaf.linked,
    linkedAt: leaf.countedAt,
    wantsSplit: wantsSplit(leaf),
  }
}

/** Updates of one task have the same time, and the next run has forgotten the numbers: neither would do alone. */
function tick(leaf: Leaf, nowMs: number): void {
  leaf.countedAt = Math.max(leaf.countedAt + 1, nowMs)
}

function putRow(leaf: Leaf, item: PutItem): PutAnswer {
  const moved = movedTo(leaf, item.key)
  if (moved) return { kind: 'moved', shard: moved.shard, low: moved.low }
  const present = leaf.byKey.get(item.key) ?? null
  // A repeated put finds its own row: an attempt before this one got as far as here.
  if (present === item.row) return { kind: 'done' }
  if (present !== item.expect) return { kind: 'refused', row: present }
  remove(leaf, item.key)
  if (item.row !== null) store(leaf, item.key, item.row, decodeRow(item.row))
  return { kind: 'done' }
}

export function lookupRows(leaf: Leaf, ask: LookupAsk): LookupResult {
  const found = new Set<RecordKey>()
  for (const key of ask.keys) {
    if (leaf.byKey.has(key)) found.add(key)
    for (const apart of leaf.apartOf.get(idOf(key)) ?? []) found.add(apart)
  }
  for (const shopId of ask.shopIds) {
    for (const key of leaf.byShopId.get(shopId) ?? []) found.add(key)
  }
  return { rows: [...found].map((key) => leaf.byKey.get(key) as EncodedRow), moved: leaf.state.moved }
}

/** Rows in key order, for export, sweeps and the audit. */
export function rowsAfter(leaf: Leaf, afterKey: string | null, limit: number): EncodedRow[] {
  const keys = sortedKeys(leaf)
  const from = afterKey === null ? 0 : keys.findIndex((key) => compareKeys(key, afterKey as RecordKey) > 0)
  return from < 0 ? [] : keys.slice(from, from + limit).map((key) => leaf.byKey.get(key) as EncodedRow)
}

/**
 * Where to cut. New ids arrive ascending, so where the last id was put lately the leaf grows at its right end: there an empty leaf is opened behind the last id and this one
 * stays full; anywhere else, or where ids are not numbers, the upper half moves (E4).
 */
export function chooseSplit(leaf: Leaf, recentKeys: readonly RecordKey[]): { low: string; rows: EncodedRow[] } {
  const keys = sortedKeys(leaf)
  const last = keys.at(-1)
  if (last && leaf.state.high === null && /^[1-9]\d*$/.test(idOf(last)) && recentKeys.includes(last))
    return { low: String(BigInt(idOf(last)) + 1n), rows: [] }
  const low = idOf(keys[Math.floor(keys.length / 2)] ?? ('erp:' as RecordKey)).split('/')[0] ?? ''
  return { low, rows: rowsFrom(leaf, keys, low) }
}

export function rowsFromLow(leaf: Leaf, low: string): EncodedRow[] {
  return rowsFrom(leaf, sortedKeys(leaf), low)
}

/** Second step of a split: the range now lives in the other leaf, which has answered for it. */
export function dropFrom(leaf: Leaf, low: string, newNumber: number, nowMs: number): void {
  tick(leaf, nowMs)
  for (const key of [...leaf.byKey.keys()]) if (compareIds(rangeId(key), low) >= 0) remove(leaf, key)
  leaf.state = {
    ...leaf.state,
    high: low,
    splitting: null,
    moved: [...leaf.state.moved, { low, shard: newNumber }],
    // After a cut at the right end the leaf is as large as before: it asks again only once it has really grown.
    splitAtBytes: Math.max(leaf.state.splitAtBytes, Math.ceil(leaf.bytes * 1.25)),
  }
}

function rowsFrom(leaf: Leaf, keys: readonly RecordKey[], low: string): EncodedRow[] {
  return keys.filter((key) => compareIds(rangeId(key), low) >= 0).map((key) => leaf.byKey.get(key) as EncodedRow)
}

/** It has outgrown its size and is not being split already. */
export function wantsSplit(leaf: Leaf): boolean {
  return leaf.state.splitting === null && leaf.bytes > leaf.state.splitAtBytes && leaf.byKey.size > 1
}

function movedTo(leaf: Leaf, key: RecordKey): { low: string; shard: number } | undefined {
  let nearest: { low: string; shard: number } | undefined
  for (const range of leaf.state.moved) {
    if (compareIds(rangeId(key), range.low) < 0) continue
    if (!nearest || compareIds(range.low, nearest.low) > 0) nearest = range
  }
  return nearest
}

/** Pairs set apart live beside their PowerOffice record: `erp:12/c-7` belongs to the range of `12`. */
function rangeId(key: RecordKey): string {
  const id = idOf(key)
  const slash = id.indexOf('/')
  return slash < 0 ? id : id.slice(0, slash)
}

function sortedKeys(leaf: Leaf): RecordKey[] {
  return [...leaf.byKey.keys()].sort(compareKeys)
}

/** Pairs set apart come right behind their PowerOffice record: `12`, `12/c-7`, `100`. */
function compareKeys(a: RecordKey, b: RecordKey): number {
  return compareIds(rangeId(a), rangeId(b)) || compareIds(a, b)
}

function store(leaf: Leaf, key: RecordKey, text: EncodedRow, row: Row): void {
  leaf.byKey.set(key, text)
  leaf.bytes += text.length + 3
  if (row.kind === 'linked') leaf.linked++
  if ((row.kind === 'linked' || row.kind === 'gone') && row.shopId !== null) addTo(leaf.byShopId, row.shopId, key)
  if (row.kind === 'apart') addTo(leaf.apartOf, row.erpId, key)
}

function remove(leaf: Leaf, key: RecordKey): void {
  const text = leaf.byKey.get(key)
  if (text === undefined) return
  leaf.byKey.delete(key)
  leaf.bytes -= text.length + 3
  const row = decodeRow(text)
  if (row.kind === 'linked') leaf.linked--
  if ((row.kind === 'linked' || row.kind === 'gone') && row.shopId !== null) takeFrom(leaf.byShopId, row.shopId, key)
  if (row.kind === 'apart') takeFrom(leaf.apartOf, row.erpId, key)
}

function addTo(index: Map<string, RecordKey[]>, id: string, key: RecordKey): void {
  index.set(id, [...(index.get(id) ?? []), key])
}

function takeFrom(index: Map<string, RecordKey[]>, id: string, key: RecordKey): void {
  const rest = (index.get(id) ?? []).filter((other) => other !== key)
  if (rest.length > 0) index.set(id, rest)
  else index.delete(id)
}
