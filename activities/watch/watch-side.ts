import type { ChangedKey, RoomNotice, WatchAnswer, WatchInput } from '../../flows/port.ts'
import type { SideState } from '../../flows/reading.ts'
import type { Row } from '../../flows/row.ts'
import { type RecordKey, recordKey } from '../../flows/side.ts'
import type { IsKnown, ParsedRecord } from '../connector.ts'
import type { Pulse } from '../heartbeat.ts'
import { withOpenLists } from '../live/fetch-lists.ts'
import type { WorldRequest } from '../live/world-request.ts'
import { readStates } from '../reading/read-states.ts'
import { idOfState, isOfOtherFlow, nameOfSide, seenOf } from '../reading/side-state.ts'
import { collectionOf } from '../systems/systems.ts'
import { changedAgainst, type Known, seenByRecord } from './drop-seen.ts'
import { sweepOnce } from './sweep.ts'
import type { WakeCalls } from './wake-calls.ts'

/** A watch comes back at least this often, so that its cursor is kept in the history (E14). */
const RETURN_AFTER_MS = 3_600_000
/** … or after so many records that had to be looked at for nothing. */
const RETURN_AFTER_DROPPED = 10_000
/** Keys in one answer; more are found by the next one. */
const ANSWER_KEYS = 1_000
/** What the parent flow says of lists without a row of their own. */
interface ParentsWord {
  /** Their records are in its hand. */
  readonly beingMade: ReadonlySet<string>
  /** Their records are not linked. */
  readonly orphans: ReadonlySet<string>
  /** Rows that were put since. */
  readonly seen: ReadonlyMap<string, Known>
}
const nothingOfParents: ParentsWord = { beingMade: new Set(), orphans: new Set(), seen: new Map() }

/** A record in hand is looked at again this soon: its own write is about to be put (E11). */
const HELD_MS = 500

export interface WatchDeps {
  readonly request: WorldRequest
  readonly wakeCalls: WakeCalls
  readonly pulse: Pulse
  /** Keys that the flow decides or applies at this moment; asked of the flow, adds no history. */
  readonly inHand: () => Promise<ReadonlySet<RecordKey>>
  /** The same of the flow whose records have these lists. */
  readonly inParentsHand: () => Promise<ReadonlySet<RecordKey>>
  /** The first load has this record in its lists, as it is: without a row it is about to be decided there (E13). */
  readonly isListedByLoad: (state: SideState) => boolean
  /** Tells this process's match index of what it may not know yet (E18). */
  readonly feedMatching: (states: readonly SideState[]) => void
  /** This process created the record, and it still stands as it was answered (own-creates.ts). */
  readonly isAsCreated: IsKnown
  readonly pollMs: number
  readonly sweepMs: number
  /** How long a record must be missing before its deletion is believed (E16). */
  readonly graceMs: number
  readonly clock: () => number
}

/**
 * Polls one side until something really differs from what the memory has seen. The order matters (E11): fetch, ask what
 * is in hand, ask the links. An own write seen before its row was put is thus held, never mistaken for somebody's edit.
 */
export async function watchSide(deps: WatchDeps, input: WatchInput): Promise<WatchAnswer & { kind: 'changes' }> {
  const { request, pulse, clock } = deps
  const { side } = input
  const collection = collectionOf(request.systems, side, request.definition.name)
  const began = clock()
  let cursor = input.cursor ?? (await collection.startCursor(request.context))
  let sweptAt = input.sweptAt
  let sweep: (WatchAnswer & { kind: 'changes' })['sweep'] = null
  let { missing, rotation } = input
  let dropped = 0
  const held = new Map<string, SideState>()
  /**
   * What this watch has already judged, as the overlap brings the same records again and again: by change time, or by content where
   * there is none. A feed tells of each change once; that a record is as it was judged before says nothing there of our writes in between.
   */
  const judged = new Map<string, string>()
  /** The change time of each record as it was last read. */
  const changedAt = new Map<string, string | null>()

  const attendance = deps.wakeCalls.attend(input.connection, input.flow, side)
  try {
    let pollAt = began
    for (;;) {
      let hasMore = false
      if (clock() >= pollAt) {
        const changes = await collection.listChanges(cursor, request.context, deps.isAsCreated)
        const strange = changes.records.filter((record) => !isAsCreated(record))
        dropped += (changes.passedBy ?? 0) + changes.records.length - strange.length
        const fresh = strange.filter((record) => !isJudged(record))
        for (const record of fresh) changedAt.set(record.id, record.kind === 'record' ? record.changedAt : null)
        const states = await readStates(request, side, fresh)
        if (input.loading) deps.feedMatching(states)
        for (const state of states) {
          const id = idOfState(state)
          if (id === null) continue
          // The overlap lists once more what the load has listed; a sweep follows the load.
          if (isLoadsBusiness(state) && !collection.hasChangeFeed) continue
          if (collection.hasChangeFeed || judged.get(id) !== markOf(id, state)) held.set(id, state)
        }
        cursor = changes.next
        hasMore = changes.hasMore
        pollAt = clock() + (hasMore ? 0 : deps.pollMs)
      }
      const answer = await judge()
      if (answer.length > 0) return result(answer)
      if (!hasMore && isSweepDue()) {
        pulse.say(`comparing all of ${nameOfSide(side)} with the memory`)
        const found = await sweepOnce(request, input, {
          inHand: deps.inHand,
          missing,
          graceMs: deps.graceMs,
          sweepMs: deps.sweepMs,
          now: clock(),
          rotation,
          mostKeys: ANSWER_KEYS,
        })
        sweptAt = clock()
        missing = found.missing
        rotation = found.rotation
        sweep = { at: sweptAt, records: found.records, missing, room: found.room, rotation }
        if (found.changed.length > 0 || hasMoved(found.room, input.room))
          return result(found.changed.slice(0, ANSWER_KEYS))
      }
      if (clock() - began >= RETURN_AFTER_MS || dropped >= RETURN_AFTER_DROPPED) return result([])
      pulse.say(`${nameOfSide(side)}: nothing new, ${dropped} known records passed by`)
      if (hasMore) continue
      const restMs = Math.max(0, pollAt - clock())
      const isWoken = await attendance.sleep(held.size > 0 ? Math.min(HELD_MS, restMs) : restMs, request.context.signal)
      if (isWoken) pollAt = clock()
      request.context.signal.throwIfAborted()
    }
  } finally {
    attendance.leave()
  }

  /** A record whose change time has not moved need not even be read. */
  function isJudged(record: ParsedRecord): boolean {
    if (collection.hasChangeFeed || record.kind !== 'record' || record.changedAt === null) return false
    return judged.get(record.id) === record.changedAt
  }

  /** The load accounts for everything that it has listed, as it was listed. */
  function isLoadsBusiness(state: SideState): boolean {
    return input.loading && deps.isListedByLoad(state)
  }

  function markOf(id: string, state: SideState): string {
    return changedAt.get(id) ?? seenOf(state) ?? `missing ${id}`
  }

  function isAsCreated(record: ParsedRecord): boolean {
    return record.kind === 'record' && record.version !== null && deps.isAsCreated(record.id, record.version)
  }

  function isSweepDue(): boolean {
    return !input.loading && !collection.hasChangeFeed && (sweptAt === null || clock() - sweptAt >= deps.sweepMs)
  }

  async function judge(): Promise<ChangedKey[]> {
    if (held.size === 0) return []
    const inHand = await deps.inHand()
    const free = [...held].filter(([id, state]) => !isInHand(inHand, id, state))
    if (free.length === 0) return []
    const seen = seenByRecord(await rowsOf(free.map(([id]) => id)), side)
    const unknown = request.definition.listOf ? free.filter(([id]) => seen.get(id) === undefined) : []
    const parents = await askParents(unknown)
    for (const [id, entry] of parents.seen) seen.set(id, entry)
    const changed: ChangedKey[] = []
    for (const [id, state] of free.filter(([id]) => !parents.beingMade.has(id)).slice(0, ANSWER_KEYS)) {
      held.delete(id)
      // Of another flow's kind, and never linked here, not even remembered; or as the load has listed it and is yet to decide it.
      if (parents.orphans.has(id) || (seen.get(id) === undefined && (isOfOtherFlow(state) || isLoadsBusiness(state)))) {
        dropped++
        continue
      }
      judged.set(id, markOf(id, state))
      const why = changedAgainst(state, seen.get(id), collection.hasChangeFeed)
      if (why === null) dropped++
      else changed.push({ key: recordKey(side, id), why, seenAtMs: clock() })
    }
    return changed
  }

  /**
   * A list whose record has no link is its parent flow's matter, which begins with the list as it is then (E22). Unless it is at it:
   * the row that is about to be put tells of the list as it was, so an edit of meanwhile is held until then, as one's own flow's would be.
   */
  async function askParents(unknown: readonly (readonly [id: string, state: SideState])[]): Promise<ParentsWord> {
    const ids = unknown.map(([id]) => id)
    if ((await withOpenLists(request, side, ids)).size === ids.length) return nothingOfParents
    const inHand = await deps.inParentsHand()
    const beingMade = new Set(unknown.flatMap(([id, state]) => (isInHand(inHand, id, state) ? [id] : [])))
    // What left that hand just before has its rows by now.
    const left = ids.filter((id) => !beingMade.has(id))
    const seen = seenByRecord(await rowsOf(left), side)
    const open = await withOpenLists(request, side, left)
    return { beingMade, orphans: new Set(left.filter((id) => !seen.has(id) && !open.has(id))), seen }
  }

  function rowsOf(ids: readonly string[]): Promise<readonly Row[]> {
    return request.memory.lookup(
      request.address,
      input.directory,
      ids.map((id) => recordKey(side, id)),
      request.context.signal,
    )
  }

  /** Our own create is told by the counterpart that it names: its id is not in any hand yet. */
  function isInHand(inHand: ReadonlySet<RecordKey>, id: string, state: SideState): boolean {
    if (inHand.has(recordKey(side, id))) return true
    const named = state.kind === 'present' ? state.reading.reference : null
    return named !== null && inHand.has(recordKey(side === 'erp' ? 'shop' : 'erp', named))
  }

  function result(changed: readonly ChangedKey[]) {
    return {
      kind: 'changes' as const,
      // Records still held must be listed again by the next watch.
      cursor: held.size > 0 ? (input.cursor ?? cursor) : cursor,
      changed,
      dropped,
      sweep,
    }
  }
}

/** Numbers are used up one by one, which is no news; a sentence about accounts is another matter when it changes. */
function hasMoved(now: RoomNotice | null, known: RoomNotice | null): boolean {
  return now?.level !== known?.level || (now?.level === 'accounts' && now.message !== known?.message)
}
