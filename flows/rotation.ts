/**
 * Where the reading of open lists in full stands (E22, E23). Lists lie on a ring by a hash of their id; a pointer goes round it
 * once in a fixed time and every list that it passes is read. Plain JSON: it travels in the flow's state.
 */
export interface Rotation {
  /** The pointer, 0 to RING - 1. */
  readonly position: number
  /** Up to when the pointer has gone as far as its pace asks, milliseconds since 1970. */
  readonly at: number
  /** When the pointer came into the sector that it stands in. */
  readonly enteredAt: number
  /** For each sector of the ring: every list in it was read at this time or later. */
  readonly sectors: readonly number[]
}

export const RING = 2 ** 32
/** What is remembered of a round is as exact as a twenty-fourth of it. */
const SECTORS = 24

/** A round that begins now: whatever stands on the ring was read when it was linked. */
export function firstRotation(nowMs: number): Rotation {
  return { position: 0, at: nowMs, enteredAt: nowMs, sectors: Array.from({ length: SECTORS }, () => nowMs) }
}

/** The pointer `arc` further, at most one round; `at` is up to when that makes it punctual. */
export function moved(rotation: Rotation, arc: number, at: number, nowMs: number): Rotation {
  const first = sectorOf(rotation.position)
  const left = sectorOf(rotation.position + arc) - first
  const sectors = rotation.sectors.map((time, sector) => {
    const ahead = (sector - first + SECTORS) % SECTORS
    if (ahead >= left) return time
    return ahead === 0 ? rotation.enteredAt : nowMs
  })
  const enteredAt = left === 0 ? rotation.enteredAt : nowMs
  return { position: (rotation.position + arc) % RING, at, enteredAt, sectors }
}

/** Every open list was read in full at this time or later: what status calls the oldest check. */
export function oldestCheck({ sectors }: Rotation): number {
  return Math.min(...sectors)
}

/** Counted on past the end of the ring, so that differences hold. */
function sectorOf(position: number): number {
  return Math.floor((position / RING) * SECTORS)
}
