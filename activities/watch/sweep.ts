import type { ChangedKey, MissingId, RoomNotice, WatchInput } from '../../flows/port.ts'
import type { Row } from '../../flows/row.ts'
import { type RecordKey, recordKey } from '../../flows/side.ts'
import type { WorldRequest } from '../live/world-request.ts'
import { idOfState, toSideState } from '../reading/side-state.ts'
import { collectionOf } from '../systems/systems.ts'
import { changedAgainst, seenByRecord } from './drop-seen.ts'

export interface SweepResult {
  readonly records: number
  readonly changed: readonly ChangedKey[]
  readonly missing: readonly MissingId[]
  readonly room: RoomNotice | null
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
    readonly now: number
  },
): Promise<SweepResult> {
  const { side } = input
  const rows: Row[] = []
  await request.memory.eachRow(request.address, input.directory, (row) => rows.push(row), request.context.signal)
  const known = seenByRecord(rows, side)
  const collection = collectionOf(request.systems, side, request.definition.name)
  const records = await collection.listAll(request.context)
  const room = (await collection.roomForMore?.(records, request.context)) ?? null
  const inHand = await options.inHand()

  const listed = new Set<string>()
  const changed: ChangedKey[] = []
  for (const [index, record] of records.entries()) {
    if (index % 500 === 499) await new Promise((resolve) => setImmediate(resolve))
    const state = toSideState(request.definition, request.systems[side], record)
    const id = idOfState(state)
    if (id === null || state.kind === 'missing') continue
    listed.add(id)
    // What is in hand is about to be put; the next sweep sees the outcome.
    if (inHand.has(recordKey(side, id))) continue
    if (changedAgainst(state, known.get(id)) !== null)
      changed.push({ key: recordKey(side, id), why: 'sweep', seenAtMs: options.now })
  }
  const missing: MissingId[] = []
  for (const [id, entry] of known) {
    if (entry.kind !== 'linked' || listed.has(id) || inHand.has(recordKey(side, id))) continue
    const since = options.missing.find((other) => other.id === id)?.since ?? options.now
    missing.push({ id, since })
    if (options.now - since >= options.graceMs && since !== options.now)
      changed.push({ key: recordKey(side, id), why: 'missing', seenAtMs: options.now })
  }
  return { records: records.length, changed, missing, room }
}
