import { hash } from 'node:crypto'

/** Every open list is read in full once in this time (E22). */
export const ROTATION_MS = 6 * 3_600_000
/** A twentieth of PowerOffice's ten requests a second, one request a list. */
const READS_PER_SECOND = 0.5

/**
 * Which lists are read in full by the sweep at `nowMs`: an edit of a line may move neither the record's change time nor its sums
 * and count, and nothing but reading tells of it. Without a memory of its own: each id has its turn by its hash, once in six
 * hours, and no more have theirs at once than a twentieth of the rate allows.
 */
export function dueForReading(ids: readonly string[], nowMs: number, sweepMs: number): string[] {
  const turns = Math.max(1, Math.floor(ROTATION_MS / sweepMs))
  const turn = Math.floor(nowMs / sweepMs) % turns
  const most = Math.max(1, Math.floor((READS_PER_SECOND * sweepMs) / 1_000))
  return ids.filter((id) => turnOf(id, turns) === turn).slice(0, most)
}

function turnOf(id: string, turns: number): number {
  return hash('sha256', id, 'buffer').readUInt32BE(0) % turns
}
