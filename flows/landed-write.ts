import { hashAt, NO_HASH } from './field-hashes.ts'
import type { TriedWrites } from './row.ts'
import { type Side, sides } from './side.ts'

/**
 * What the sides agreed on by a write of ours whose answer was lost, if it landed: the side that was to be written shows
 * the value, which the other side had shown before. null: nothing of the kind was tried, or it did not land.
 */
export function landedWrite(
  tried: TriedWrites | undefined,
  index: number,
  now: Readonly<Record<Side, string>>,
): string | null {
  if (tried === undefined) return null
  for (const [place, side] of sides.entries()) {
    const hash = hashAt(tried[place] ?? '', index)
    if (hash !== NO_HASH && hash === now[side]) return hash
  }
  return null
}
