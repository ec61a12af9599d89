import type { Match, Pair } from '../../flows/pair.ts'
import type { FetchRecordsInput } from '../../flows/port.ts'
import type { SideState } from '../../flows/reading.ts'
import { type CreatingRow, type LinkedRow, type Row, rowKey } from '../../flows/row.ts'
import { idOf, otherSide, type RecordKey, recordKey, type Side, sideOf, sides } from '../../flows/side.ts'
import type { ParsedRecord } from '../connector.ts'
import { rowsByRecord } from '../memory/rows-by-record.ts'
import { fieldsAsCreated } from '../reading/as-created.ts'
import { differs } from '../reading/differs.ts'
import { readStates as toStates } from '../reading/read-states.ts'
import { idOfState } from '../reading/side-state.ts'
import { collectionOf } from '../systems/systems.ts'
import type { LiveWorlds } from './live-world.ts'
import type { WorldRequest } from './world-request.ts'

export interface FetchedPair {
  readonly keys: readonly RecordKey[]
  readonly pair: Pair
}

/**
 * Reads both sides of the given records with their rows (E10). A record without a link is matched against everything
 * known, and the candidate is read as well: what is decided rests on nothing older than this call.
 */
export async function fetchPairs(
  worlds: LiveWorlds,
  request: WorldRequest,
  input: FetchRecordsInput,
): Promise<FetchedPair[]> {
  const { definition, systems, memory, context, address, directory } = request
  const rows = new Map<string, Row>()
  const states: Record<Side, Map<string, SideState>> = { erp: new Map(), shop: new Map() }
  const asCreated: Record<Side, Map<string, string | undefined>> = { erp: new Map(), shop: new Map() }

  const byHandKeys = input.linkByHand.flatMap(([erpId, shopId]) => [recordKey('erp', erpId), recordKey('shop', shopId)])
  await readRows([...input.keys, ...byHandKeys])
  const linkedOf = (key: RecordKey): LinkedRow | undefined =>
    [...rows.values()].find(
      (row): row is LinkedRow =>
        row.kind === 'linked' && (sideOf(key) === 'erp' ? row.erpId : row.shopId) === idOf(key),
    )
  await readStates(
    [...input.keys, ...byHandKeys].flatMap((key) => {
      const linked = linkedOf(key)
      return linked ? [recordKey('erp', linked.erpId), recordKey('shop', linked.shopId)] : [key]
    }),
  )

  const matches = await matchUnlinked(input.keys.filter((key) => !linkedOf(key)))
  const byRecord = rowsByRecord([...rows.values()])
  return [
    ...input.keys.map((key) => ({ keys: [key], pair: pairFor(key) })),
    ...input.linkByHand.map(([erpId, shopId]) => ({
      keys: [recordKey('erp', erpId)],
      pair: pairByHand(erpId, shopId),
    })),
  ]

  async function readRows(keys: readonly RecordKey[]): Promise<void> {
    if (keys.length === 0) return
    for (const row of await memory.lookup(address, directory, keys, context.signal)) rows.set(rowKey(row), row)
  }

  async function readStates(keys: readonly RecordKey[]): Promise<void> {
    await Promise.all(
      sides.map(async (side) => {
        const ids = [...new Set(keys.filter((key) => sideOf(key) === side).map(idOf))].filter(
          (id) => !states[side].has(id),
        )
        if (ids.length === 0) return
        const collection = collectionOf(systems, side, definition.name)
        await learnStates(side, ids, await collection.readMany(ids, context))
        // A list may still show what stood there before our own last write: taken for an edit it would be written back over
        // what it came from. Whoever shows something new there is read by its id.
        const few = collection.readsByListAbove ?? ids.length
        const changed = ids.length > few ? ids.filter((id) => showsSomethingNew(side, id)) : []
        for (let from = 0; from < changed.length; from += few) {
          const some = changed.slice(from, from + few)
          await learnStates(side, some, await collection.readMany(some, context))
        }
        for (const id of ids) if (!states[side].has(id)) states[side].set(id, { kind: 'missing', id, tombstone: false })
      }),
    )
  }

  async function learnStates(
    side: Side,
    ids: readonly string[],
    records: ReadonlyMap<string, ParsedRecord>,
  ): Promise<void> {
    const found = ids.flatMap((id) => records.get(id) ?? [])
    for (const record of found) asCreated[side].set(record.id, fieldsAsCreated(definition, record))
    for (const state of await toStates(request, side, found)) {
      const id = idOfState(state)
      if (id !== null) states[side].set(id, state)
    }
  }

  function showsSomethingNew(side: Side, id: string): boolean {
    const state = states[side].get(id)
    const row = linkedOf(recordKey(side, id))
    return (
      state?.kind === 'present' &&
      row !== undefined &&
      state.reading.seen !== (side === 'erp' ? row.erpSeen : row.shopSeen)
    )
  }

  /** Match of each record that is present and has no link; its candidate's rows and content are read too. */
  async function matchUnlinked(
    keys: readonly RecordKey[],
  ): Promise<Map<RecordKey, { match: Match; counterpartId: string | null }>> {
    const found = new Map<RecordKey, { match: Match; counterpartId: string | null }>()
    const present = keys.filter((key) => states[sideOf(key)].get(idOf(key))?.kind === 'present')
    if (present.length === 0) return found
    // Without keys of its own a record is matched by our reference alone, which both systems keep unique: only an attempt
    // whose end is not known can have made one since the index was read (E18).
    const asKnown = definition.matchKeys.length === 0 && ![...rows.values()].some((row) => row.kind === 'creating')
    const world = await worlds.current(request, { asKnown })
    for (const [side, byId] of Object.entries(states) as [Side, Map<string, SideState>][])
      for (const [id, state] of byId) world.learn(side, id, state)
    // A row that was lost would leave both records of its pair without a counterpart here, and each would be created anew.
    for (const key of present) world.learnUnlinked(sideOf(key), idOf(key))
    for (const row of rows.values()) world.learnRow(row)
    const ask = (key: RecordKey): void => {
      const state = states[sideOf(key)].get(idOf(key))
      if (state?.kind === 'present') found.set(key, world.matchOne(state.reading))
    }
    for (const key of present) ask(key)
    const candidates = [...found].flatMap(([key, { counterpartId }]) => {
      // What it names may be newer than what this process knows: made, and carried over, by way of another.
      const id = counterpartId ?? nameIn(states[sideOf(key)].get(idOf(key)))
      return id === null ? [] : [recordKey(otherSide(sideOf(key)), id)]
    })
    await readRows(candidates)
    await readStates(candidates)
    for (const candidate of candidates) {
      const state = states[sideOf(candidate)].get(idOf(candidate))
      if (state) world.learn(sideOf(candidate), idOf(candidate), state)
    }
    for (const row of rows.values()) world.learnRow(row)
    // Asked again with the candidates as they are now: one may be gone, changed, or linked by another process.
    for (const key of present) ask(key)
    return found
  }

  function nameIn(state: SideState | undefined): string | null {
    return state?.kind === 'present' ? state.reading.reference : null
  }

  function pairFor(key: RecordKey): Pair {
    const linked = linkedOf(key)
    if (linked) return pairOf(stateOf('erp', linked.erpId), stateOf('shop', linked.shopId), { kind: 'notAsked' })
    const own = stateOf(sideOf(key), idOf(key))
    const { match, counterpartId } = matches.get(key) ?? { match: { kind: 'none' } as const, counterpartId: null }
    const counterpart: SideState =
      match.kind === 'matched' && counterpartId !== null
        ? stateOf(otherSide(sideOf(key)), counterpartId)
        : { kind: 'absent' }
    return sideOf(key) === 'erp' ? pairOf(own, counterpart, match) : pairOf(counterpart, own, match)
  }

  function pairByHand(erpId: string, shopId: string): Pair {
    return pairOf(stateOf('erp', erpId), stateOf('shop', shopId), { kind: 'notAsked' })
  }

  function stateOf(side: Side, id: string): SideState {
    return states[side].get(id) ?? { kind: 'absent' }
  }

  function pairOf(erp: SideState, shop: SideState, match: Match): Pair {
    const keys = [erp, shop].flatMap((state, index) => {
      const id = state.kind === 'present' ? state.reading.id : state.kind === 'absent' ? null : state.id
      return id === null ? [] : [recordKey(index === 0 ? 'erp' : 'shop', id)]
    })
    const own = [...new Set(keys.flatMap((key) => byRecord.get(key) ?? []))]
    const creating = own.find((row): row is CreatingRow => row.kind === 'creating')
    const made = creating && otherSide(creating.side)
    const idMade = keys.find((key) => sideOf(key) === made)
    const state = made === 'erp' ? erp : shop
    const names = state.kind === 'present' ? state.reading.reference : null
    // Nothing but our reference says for sure that it was made by us.
    const shownAsCreated = made && idMade && names === creating.id ? asCreated[made].get(idOf(idMade)) : undefined
    const bearsReferences = made !== undefined && collectionOf(systems, made, definition.name).hasUniqueReference
    const isOthers = bearsReferences && names === null && match.kind === 'matched' && match.by !== 'reference'
    const contents = erp.kind === 'present' && shop.kind === 'present' && erp.reading.content && shop.reading.content
    return {
      erp,
      shop,
      rows: own,
      match,
      differs: contents && erp.reading.content ? differs(definition, erp.reading.content, contents) : '',
      ...(shownAsCreated === undefined ? {} : { asCreated: shownAsCreated }),
      ...(isOthers ? { isOthers: true as const } : {}),
    }
  }
}
