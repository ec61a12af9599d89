import type { ChangedKey, MissingId, RoomNotice, WatchInput } from '../../flows/port.ts'
import type { Rotation } from '../../flows/rotation.ts'
import type { Row } from '../../flows/row.ts'
import { type RecordKey, recordKey } from '../../flows/side.ts'
import { withOpenLists } from '../live/fetch-lists.ts'
import type { WorldRequest } from '../live/world-request.ts'
import { readState, readStates } from '../reading/read-states.ts'
import { idOfState } from '../reading/side-state.ts'
import { collectionOf } from '../systems/systems.ts'
import { changedAgainst, seenByRecord } from './drop-seen.ts'
import { nextTurn } from './rotation.ts'

export interface SweepResult {
  readonly records: number
  readonly changed: readonly ChangedKey[]
  readonly missing: readonly MissingId[]
  readonly room: RoomNotice | null
  /** Where the reading of open lists in full stands; null: this flow has no lists. */
  readonly rotation: Rotation | null
}

/**
 * Compares everything a side lists with the memory: finds what no change time tells of, such as an address edited in
 * PowerOffice, and what is gone (E15, E16). The memory is read first, so that what is linked meanwhile is in the list.
 */
export async function sweepOnce(
  request: WorldRequest,
  input: WatchInput,
  options: {
    readonly inHand: () => Promise<ReadonlySet<RecordKey>>
    readonly missing: readonly MissingId[]
    readonly graceMs: number
    readonly sweepMs: number
    readonly now: number
    readonly rotation: Rotation | null
    /** No more keys than these fit in one answer. */
    readonly mostKeys: number
  },
): Promise<SweepResult> {
  const { side } = input
  const rows: Row[] = []
  await request.memory.eachRow(request.address, input.directory, (row) => rows.push(row), request.context.signal)
  const known = seenByRecord(rows, side)
  const isList = request.definition.listOf !== undefined
  const collection = collectionOf(request.systems, side, request.definition.name)
  const records = await collection.listAll(request.context)
  const room = (await collection.roomForMore?.(records, request.context)) ?? null
  const inHand = await options.inHand()
  const unknown = isList ? records.map((record) => record.id).filter((id) => !known.has(id)) : []
  const open = await withOpenLists(request, side, unknown)

  const listed = new Set<string>()
  const changed: ChangedKey[] = []
  let { rotation } = options
  for (const state of await readStates(request, side, records)) {
    const id = idOfState(state)
    if (id === null || state.kind === 'missing') continue
    listed.add(id)
    // What is in hand is about to be put; the next sweep sees the outcome.
    if (inHand.has(recordKey(side, id))) continue
    // Lists are linked where their records are, and what becomes of a record is found by its own flow (E22).
    if (isList && !known.has(id) && !open.has(id)) continue
    if (changedAgainst(state, known.get(id)) !== null)
      changed.push({ key: recordKey(side, id), why: 'sweep', seenAtMs: options.now })
  }
  if (isList) {
    const told = new Set(changed.map((change) => change.key))
    const due = [...listed].filter(
      (id) => known.has(id) && !told.has(recordKey(side, id)) && !inHand.has(recordKey(side, id)),
    )
    const room = options.mostKeys - changed.length
    const turn = nextTurn(due, rotation, { nowMs: options.now, sweepMs: options.sweepMs, room })
    rotation = turn.rotation
    for (const id of turn.due) changed.push({ key: recordKey(side, id), why: 'sweep', seenAtMs: options.now })
  }
  const missing: MissingId[] = []
  for (const [id, entry] of known) {
    if (isList || entry.isFinal) continue
    if (entry.kind !== 'linked' || listed.has(id) || inHand.has(recordKey(side, id))) continue
    const unlisted = collection.unlisted?.(id) ?? null
    if (unlisted !== null) {
      // It may stand where we may not look: it is asked for by its id and listed, and one that was is as the memory has seen it.
      const state = await readState(request, side, unlisted)
      if (changedAgainst(state, entry) !== null)
        changed.push({ key: recordKey(side, id), why: 'sweep', seenAtMs: options.now })
      continue
    }
    const since = options.missing.find((other) => other.id === id)?.since ?? options.now
    missing.push({ id, since })
    if (options.now - since >= options.graceMs && since !== options.now)
      changed.push({ key: recordKey(side, id), why: 'missing', seenAtMs: options.now })
  }
  return { records: records.length, changed, missing, room, rotation }
}
