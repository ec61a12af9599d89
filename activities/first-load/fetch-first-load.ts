import { compareIds } from '../../flows/directory.ts'
import type { FlowDefinition } from '../../flows/flow-definition.ts'
import type { Match, Pair } from '../../flows/pair.ts'
import type { FirstLoadInput, FirstLoadPosition } from '../../flows/port.ts'
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
): Promise<{ pairs: Pair[]; next: FirstLoadPosition | null }> {
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

interface Item {
  readonly erpId: string | null
  readonly shopId: string | null
  readonly match: Match
}

function take(
  snapshot: Snapshot,
  position: FirstLoadPosition,
  limit: number,
): { items: Item[]; next: FirstLoadPosition | null } {
  const after = <T>(list: readonly T[], idOfItem: (item: T) => string): T[] =>
    (position.afterId === ''
      ? [...list]
      : list.filter((item) => compareIds(idOfItem(item), position.afterId) > 0)
    ).slice(0, limit)
  const page = (items: Item[], afterId: string | undefined, nextStep: FirstLoadPosition['step'] | null) => ({
    items,
    next:
      items.length === limit && afterId !== undefined
        ? { step: position.step, afterId }
        : nextStep === null
          ? null
          : { step: nextStep, afterId: '' },
  })
  switch (position.step) {
    case 'pairs': {
      const items = after(snapshot.pairs, (pair) => pair.erpId)
      return page(
        items.map((pair) => ({ erpId: pair.erpId, shopId: pair.shopId, match: { kind: 'matched', by: pair.by } })),
        items.at(-1)?.erpId,
        'ambiguous',
      )
    }
    case 'ambiguous': {
      const items = after(snapshot.ambiguous, (item) => item.key)
      return page(
        items.map(({ key, by, why, members }) => ({ ...idsFrom(key), match: { kind: 'ambiguous', by, why, members } })),
        items.at(-1)?.key,
        'erpOnly',
      )
    }
    case 'erpOnly': {
      const items = after(snapshot.erpOnly, (id) => id)
      return page(
        items.map((erpId) => ({ erpId, shopId: null, match: { kind: 'none' } })),
        items.at(-1),
        'shopOnly',
      )
    }
    case 'shopOnly': {
      const items = after(snapshot.shopOnly, (id) => id)
      return page(
        items.map((shopId) => ({ erpId: null, shopId, match: { kind: 'none' } })),
        items.at(-1),
        null,
      )
    }
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
