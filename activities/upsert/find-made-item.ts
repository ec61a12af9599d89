import { HASH_CHARACTERS, hashAt, NO_HASH } from '../../flows/field-hashes.ts'
import type { ItemReading } from '../../flows/reading.ts'

/**
 * The item that was made with these values by an attempt whose answer was lost, though people may have edited it since: the
 * one that shows most of what was given, and at least half of it; of equals the first. undefined: it is there no more.
 * @param given field hashes, `____` where nothing was given; several when it is not known which of several attempts landed
 * @param claimed what other such items were given: one that shows exactly that is theirs
 */
export function findMadeItem(
  given: readonly string[],
  free: readonly ItemReading[],
  claimed: readonly string[],
): ItemReading | undefined {
  const exact = free.find((item) => given.some((hashes) => likeness(hashes, item) === 1))
  if (exact) return exact
  let best: { readonly item: ItemReading; readonly likeness: number } | undefined
  for (const item of free) {
    if (claimed.some((hashes) => likeness(hashes, item) === 1)) continue
    const own = Math.max(...given.map((hashes) => likeness(hashes, item)))
    if (own >= 0.5 && own > (best?.likeness ?? 0)) best = { item, likeness: own }
  }
  return best?.item
}

/** Of what several attempts gave, that of which the item shows most; the first of those, where it is edited beyond telling. */
export function landedGiven(attempts: readonly string[], item: Pick<ItemReading, 'hashes'>): string {
  return attempts.reduce(
    (best, given) => (likeness(given, item) > likeness(best, item) ? given : best),
    attempts[0] ?? '',
  )
}

/** Which part of what was given the item shows: 0 to 1. */
function likeness(given: string, item: Pick<ItemReading, 'hashes'>): number {
  let known = 0
  let equal = 0
  for (let index = 0; index * HASH_CHARACTERS < given.length; index++) {
    const hash = hashAt(given, index)
    if (hash === NO_HASH) continue
    known++
    if (hash === hashAt(item.hashes, index)) equal++
  }
  return known === 0 ? 0 : equal / known
}
