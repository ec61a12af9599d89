import { compareIds } from '../../flows/directory.ts'
import type { FlowDefinition } from '../../flows/flow-definition.ts'
import type { Match, Pair } from '../../flows/pair.ts'
import type { FirstLoadAnswer, FirstLoadInput, FirstLoadPosition } from '../../flows/port.ts'
import type { Reading, SideState } from '../../flows/reading.ts'
import type { Row } from '../../flows/row.ts'
import { idOf, type RecordKey, recordKey, sideOf } from '../../flows/side.ts'
import type { Memory } from '../memory/memory-client.ts'
import { rowsByRecord } from '../memory/rows-by-record.ts'
import { differs } from '../reading/differs.ts'
import type { Snapshot } from './snapshot.ts'

/** Out of a snapshot, one page after `position`: pairs first, so that everything that matches is linked before anything is created. */
export async function firstLoadPage(
  definition: FlowDefinition,
  snapshot: Snapshot,
  memory: Memory,
  input: FirstLoadInput,
  signal: AbortSignal,
): Promise<Pick<FirstLoadAnswer & { kind: 'page' }, 'pairs' | 'next' | 'lookAt' | 'vanished'>> {
  if (input.position.step === 'changed') return changedPage(snapshot, input)
  const { items, next } = take(snapshot, input.position, input.limit)
  if (items.length === 0) return { pairs: [], next }
  const keys = items.flatMap((item) => [
    ...(item.erpId === null ? [] : [recordKey('erp', item.erpId)]),
    ...(item.shopId === null ? [] : [recordKey('shop', item.shopId)]),
  ])
  const rows = await memory.lookup(input, input.directory, keys, signal)
  const byKey = rowsByRecord(rows)
  const pairs: Pair[] = []
  for (const item of items) {
    const own = [...new Set([...(byKey.get(`erp:${item.erpId}`) ?? []), ...(byKey.get(`shop:${item.shopId}`) ?? [])])]
    // A record with a row has been looked at: it is the watch's business now (E13). A create under way is not settled.
    if (own.some((row) => row.kind !== 'creating' && row.kind !== 'apart')) continue
    pairs.push(pairOf(definition, snapshot, item, own))
  }
  return { pairs, next }
}

/** These are linked or listed: what became of them is read anew, in hand, like any change. */
function changedPage({ changed }: Snapshot, { position: { afterId }, limit }: FirstLoadInput) {
  const { from, end, last, isLast } = placesAfter(changed.ids, afterId, limit)
  return {
    pairs: [],
    lookAt: changed.ids.slice(from, end).map((id) => recordKey('shop', id)),
    next: isLast || last === undefined ? null : { step: 'changed' as const, afterId: last },
    ...(afterId === '' && { vanished: changed.vanished }),
  }
}

interface Item {
  readonly erpId: string | null
  readonly shopId: string | null
  readonly match: Match
}

type Step = FirstLoadPosition['step']

/** In this order; `ambiguous` after the pairs, which stand in the way of others as linked records (E13). */
const steps: readonly Step[] = ['pairs', 'ambiguous', 'erpOnly', 'shopOnly', 'changed']

function take(
  snapshot: Snapshot,
  { step, afterId }: FirstLoadPosition,
  limit: number,
): { items: Item[]; next: FirstLoadPosition | null } {
  const { from, end, last, isLast } = placesAfter(placesOf(snapshot, step), afterId, limit)
  return {
    items: itemsOf(snapshot, step, from, end),
    next: isLast || last === undefined ? afterStep(snapshot, step) : { step, afterId: last },
  }
}

/** Where in a step's places, which stand in the order of ids, its next page begins and ends. */
function placesAfter(places: readonly string[], afterId: string, limit: number) {
  const found = afterId === '' ? 0 : places.findIndex((place) => compareIds(place, afterId) > 0)
  const from = found < 0 ? places.length : found
  const end = Math.min(places.length, from + limit)
  return { from, end, last: places[end - 1], isLast: end === places.length }
}

/** The next step that has something to do: asking for an empty page costs the load a round through the server. */
function afterStep(snapshot: Snapshot, step: Step): FirstLoadPosition | null {
  const next = steps.slice(steps.indexOf(step) + 1).find((later) => placesOf(snapshot, later).length > 0)
  return next === undefined ? null : { step: next, afterId: '' }
}

/** What the step goes through, in the order of ids: by these a position is found again after a crash. */
function placesOf(snapshot: Snapshot, step: Step): readonly string[] {
  switch (step) {
    case 'pairs':
      return snapshot.pairs.map((pair) => pair.erpId)
    case 'ambiguous':
      return snapshot.ambiguous.map((item) => item.key)
    case 'erpOnly':
      return snapshot.erpOnly
    case 'shopOnly':
      return snapshot.shopOnly
    case 'changed':
      return snapshot.changed.ids
  }
}

function itemsOf(snapshot: Snapshot, step: Step, from: number, end: number): Item[] {
  switch (step) {
    case 'pairs':
      return snapshot.pairs
        .slice(from, end)
        .map(({ erpId, shopId, by }) => ({ erpId, shopId, match: { kind: 'matched', by } }))
    case 'ambiguous':
      return snapshot.ambiguous
        .slice(from, end)
        .map(({ key, by, why, members }) => ({ ...idsFrom(key), match: { kind: 'ambiguous', by, why, members } }))
    case 'erpOnly':
      return snapshot.erpOnly.slice(from, end).map((erpId) => ({ erpId, shopId: null, match: { kind: 'none' } }))
    case 'shopOnly':
      return snapshot.shopOnly.slice(from, end).map((shopId) => ({ erpId: null, shopId, match: { kind: 'none' } }))
    case 'changed':
      return []
  }
}

function idsFrom(key: RecordKey): { erpId: string | null; shopId: string | null } {
  return sideOf(key) === 'erp' ? { erpId: idOf(key), shopId: null } : { erpId: null, shopId: idOf(key) }
}

function pairOf(definition: FlowDefinition, snapshot: Snapshot, item: Item, rows: readonly Row[]): Pair {
  const erp: SideState = (item.erpId === null ? undefined : snapshot.states.erp.get(item.erpId)) ?? { kind: 'absent' }
  const shop: SideState = (item.shopId === null ? undefined : snapshot.states.shop.get(item.shopId)) ?? {
    kind: 'absent',
  }
  const both = erp.kind === 'present' && shop.kind === 'present' && erp.reading.content && shop.reading.content
  const keepLabel = item.match.kind === 'ambiguous'
  return {
    erp: light(erp, keepLabel),
    shop: light(shop, keepLabel),
    rows,
    match: item.match,
    differs:
      both && erp.reading.content && shop.reading.content
        ? differs(definition, erp.reading.content, shop.reading.content)
        : '',
  }
}

/** Thousands of records travel as keys and hashes; apply reads the content from the same lists by `seen`. */
function light(state: SideState, keepLabel: boolean): SideState {
  if (state.kind !== 'present') return state
  const { content: _content, ...reading } = state.reading
  return { kind: 'present', reading: { ...(reading as Reading), label: keepLabel ? reading.label : '' } }
}
