import { hash } from 'node:crypto'
import { firstRotation, moved, RING, type Rotation } from '../../flows/rotation.ts'

/** Every open list is read in full once in this time (E22). */
export const ROTATION_MS = 6 * 3_600_000
/** A twentieth of PowerOffice's ten requests a second, one request a list. */
const READS_PER_SECOND = 0.5

export interface Turn {
  readonly due: readonly string[]
  readonly rotation: Rotation
}

/**
 * Which lists are read in full by the sweep at `nowMs`: an edit of a line may move neither the record's change time nor its sums
 * and count, and nothing but reading tells of it. The pointer passes as much of the ring as has become due since it last moved,
 * so no list is skipped by a late sweep or a worker that was away; it waits where the rate's twentieth is used up, and catches up.
 * @param room how many lists the caller can still take
 */
export function nextTurn(
  ids: readonly string[],
  rotation: Rotation | null,
  { nowMs, sweepMs, room }: { readonly nowMs: number; readonly sweepMs: number; readonly room: number },
): Turn {
  if (rotation === null) return { due: [], rotation: firstRotation(nowMs) }
  const elapsedMs = Math.min(Math.max(nowMs - rotation.at, 0), ROTATION_MS)
  const arc = Math.floor((elapsedMs / ROTATION_MS) * RING)
  const passed = ids
    .map((id) => ({ id, ahead: (positionOf(id) - rotation.position + RING) % RING }))
    .filter(({ ahead }) => ahead < arc)
    .sort((one, other) => one.ahead - other.ahead)
  const most = Math.max(0, Math.min(room, Math.floor((READS_PER_SECOND * sweepMs) / 1_000) || 1))
  const due = passed.slice(0, most)
  const nextOne = passed[most]
  if (nextOne === undefined) return { due: due.map(({ id }) => id), rotation: moved(rotation, arc, nowMs, nowMs) }
  const punctualUntil = nowMs - elapsedMs + Math.floor((nextOne.ahead / RING) * ROTATION_MS)
  return { due: due.map(({ id }) => id), rotation: moved(rotation, nextOne.ahead, punctualUntil, nowMs) }
}

function positionOf(id: string): number {
  return hash('sha256', id, 'buffer').readUInt32BE(0)
}
