import { compareIds } from '../../flows/directory.ts'
import type { RoomNotice } from '../../flows/port.ts'
import type { Reading, SideState } from '../../flows/reading.ts'
import type { Row } from '../../flows/row.ts'
import { type RecordKey, recordKey, type Side } from '../../flows/side.ts'
import type { ParsedRecord } from '../connector.ts'
import type { WorldRequest } from '../live/world-request.ts'
import { createMatchWorld, type MatchWorld } from '../match/match-world.ts'
import { readStates } from '../reading/read-states.ts'
import { idOfState, isOfOtherFlow } from '../reading/side-state.ts'
import { collectionOf } from '../systems/systems.ts'
import { type ChangedInShop, changedInShop } from './changed-in-shop.ts'

/** Both systems as they were when a first load began, matched against each other (E13). */
export interface Snapshot {
  readonly cursors: { readonly erp: string; readonly shop: string }
  readonly room: RoomNotice | null
  readonly states: { readonly erp: ReadonlyMap<string, SideState>; readonly shop: ReadonlyMap<string, SideState> }
  /** The webshop's records as parsed, for writes guarded by their version. */
  readonly shopRecords: ReadonlyMap<string, ParsedRecord>
  readonly world: MatchWorld
  /** Matched pairs by PowerOffice id, in order. */
  readonly pairs: readonly { readonly erpId: string; readonly shopId: string; readonly by: string }[]
  readonly ambiguous: readonly {
    readonly key: RecordKey
    readonly by: string
    readonly why: string
    readonly members: readonly RecordKey[]
  }[]
  readonly erpOnly: readonly string[]
  readonly shopOnly: readonly string[]
  readonly changed: ChangedInShop
}

/**
 * Lists both systems whole: matching needs the complete keys of both sides, or an early page claims an e-mail that a
 * later page shows to be ambiguous. What the memory already links is known to matching, so that a load that goes on
 * after a crash comes to the same pairs.
 */
export async function takeSnapshot(request: WorldRequest, say: (words: string) => void): Promise<Snapshot> {
  const { definition, systems, memory, address, directory, context } = request
  const erp = collectionOf(systems, 'erp', definition.name)
  const shop = collectionOf(systems, 'shop', definition.name)
  // PowerOffice's time before its list: what changes while it is read is found again by the watch.
  const erpCursor = await erp.startCursor(context)
  const [erpRecords, shopRecords] = await Promise.all([
    erp.listAll(context, (count) => say(`PowerOffice: ${count} records read`)),
    shop.listAll(context, (count) => say(`webshop: ${count} records read`)),
  ])
  const shopCursor = await shop.startCursor(context, shopRecords)

  const erpStates = new Map<string, SideState>()
  const shopStates = new Map<string, SideState>()
  for (const state of await readStates(request, 'erp', erpRecords)) {
    const id = idOfState(state)
    if (id !== null && state.kind !== 'missing') erpStates.set(id, state)
  }
  for (const state of await readStates(request, 'shop', shopRecords)) {
    const id = idOfState(state)
    if (id === null) continue
    if (state.kind === 'missing') shopStates.delete(id)
    else shopStates.set(id, state)
  }

  const rows: Row[] = []
  await memory.eachRow(address, directory, (row) => rows.push(row), context.signal)
  const world = createMatchWorld(definition, { erp: erpStates.values(), shop: shopStates.values() }, rows)
  const result = world.matchAll()

  const isPaired = new Set<RecordKey>(
    result.matched.flatMap(({ erpId, shopId }) => [recordKey('erp', erpId), recordKey('shop', shopId)]),
  )
  const unreadable = (states: ReadonlyMap<string, SideState>) =>
    [...states.values()].filter((state) => state.kind === 'unreadable').map((state) => idOfState(state) ?? '')
  const outOfScope = (states: ReadonlyMap<string, SideState>) =>
    [...states.values()].flatMap((state) =>
      state.kind === 'present' && state.reading.outOfScope !== null && !isOfOtherFlow(state) ? [state.reading.id] : [],
    )
  return {
    changed: changedInShop(shopStates, rows),
    cursors: { erp: erpCursor, shop: shopCursor },
    room: (await erp.roomForMore?.(erpRecords, context)) ?? null,
    states: { erp: erpStates, shop: shopStates },
    shopRecords: new Map(shopRecords.map((record) => [record.id, record])),
    world,
    pairs: [...result.matched].sort((a, b) => compareIds(a.erpId, b.erpId)),
    ambiguous: result.ambiguous
      .flatMap((group) =>
        group.members
          // One that only stands in the way of others has its place among the pairs.
          .filter((key) => !isPaired.has(key))
          .map((key) => ({ key, by: group.by, why: group.why, members: group.members })),
      )
      .sort((a, b) => compareIds(a.key, b.key)),
    erpOnly: [...result.erpOnly, ...unreadable(erpStates), ...outOfScope(erpStates)].sort(compareIds),
    shopOnly: [...result.shopOnly, ...unreadable(shopStates), ...outOfScope(shopStates)].sort(compareIds),
  }
}

/** The reading whose content an apply needs, when it still is what was decided on. */
export function contentIn(snapshot: Snapshot | undefined, side: Side, id: string, seen: string): Reading | undefined {
  const state = snapshot?.states[side].get(id)
  return state?.kind === 'present' && state.reading.seen === seen ? state.reading : undefined
}
