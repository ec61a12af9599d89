import type { RoomNotice } from '../../flows/port.ts'
import type { RecordKey } from '../../flows/side.ts'
import type { InboxEntry } from '../messages.ts'
import type { FlowState, Wish } from './flow-state.ts'
import type { LookAgainAsk } from './look-again.ts'

const ENTRY = 'room'
/** A full number series is widened by a person; the sweeps notice, and what waits is looked at this often besides. */
const WAIT_MS = 600_000

export function isFull(state: FlowState): boolean {
  return state.room?.level === 'full'
}

/** What a sweep says stands in the way of new records in PowerOffice: one inbox entry while it lasts; what waited goes on after. */
export function withRoom(state: FlowState, room: RoomNotice | null, nowMs: number): FlowState {
  const others = state.inbox.filter((entry) => entry.id !== ENTRY)
  const since = state.inbox.find((entry) => entry.id === ENTRY)?.since ?? nowMs
  const inbox = room === null ? others : [...others, entryOf(room, since)]
  const isFree = isFull(state) && room?.level !== 'full'
  const lookAgain = isFree
    ? state.lookAgain.map((entry) => (entry.why === NO_ROOM ? { ...entry, notBefore: 0 } : entry))
    : state.lookAgain
  return { ...state, room, inbox, lookAgain }
}

const NO_ROOM = 'no number is free'

/** @param wish what a person asked of it: without that, one that was refused before is not tried again */
export function waitForRoom(keys: readonly RecordKey[], wish: Wish | null, nowMs: number): LookAgainAsk[] {
  return keys.map((key) => ({ key, why: NO_ROOM, notBefore: nowMs + WAIT_MS, ...(wish ? { wish } : {}) }))
}

const aboutNumbers = {
  label: 'Numbers in PowerOffice',
  wayOut: 'Widen the number series in PowerOffice; the next sweep notices.',
}
const aboutAccounts = {
  label: 'Sales accounts in PowerOffice',
  wayOut:
    'Correct the account in PowerOffice, which the next sweep notices, or the option products.vatAccounts, and start the worker again.',
}

function entryOf(room: RoomNotice, since: number): InboxEntry {
  return {
    id: ENTRY,
    pile: 'needsYou',
    reason: 'room',
    erpId: null,
    shopId: null,
    detail: room.message,
    ...(room.level === 'accounts' ? aboutAccounts : aboutNumbers),
    field: null,
    others: [],
    since,
    attempts: 1,
  }
}
