import { HASH_CHARACTERS, hashAt, NO_HASH } from '../../flows/field-hashes.ts'
import type { ItemReading } from '../../flows/reading.ts'

/** One item that a record was created with: the id on its own side, and the hashes that the new item was given. */
export type GivenItem = readonly [id: string, hashes: string]

/**
 * Of what several attempts gave, the one that was most likely made: as many of its items as can be are shown as they were given, and of
 * those the one that has fewest items that are missing now, or leaves fewest over.
 * @param attempts the latest first, which it is where nothing tells them apart
 */
export function landedAttempt(
  attempts: readonly (readonly GivenItem[])[],
  made: readonly ItemReading[],
  identity: number,
): readonly GivenItem[] {
  const fits = attempts.map((given) => {
    const found = alignItems(given, made, identity)
    const asGiven = given.filter((item) => {
      const other = found.get(item[0])
      return other !== undefined && shows(item, other)
    })
    return { given, asGiven: asGiven.length, alone: given.length + made.length - 2 * found.size }
  })
  const isBetter = (a: (typeof fits)[number], b: (typeof fits)[number]): boolean =>
    a.asGiven !== b.asGiven ? a.asGiven > b.asGiven : a.alone < b.alone
  return fits.reduce((best, fit) => (isBetter(fit, best) ? fit : best)).given
}

/**
 * Which items of a record that we made came from which of those it was made from, though people may have edited, added,
 * moved and removed some since: by our reference; else by showing what was given, in the order given; else, of what is left,
 * in order by what they are about. By the given id; an item that is not there any more is left out.
 * @param identity place of the field that says what an item is about (its product)
 */
export function alignItems(
  given: readonly GivenItem[],
  made: readonly ItemReading[],
  identity: number,
): ReadonlyMap<string, ItemReading> {
  const found = new Map<string, ItemReading>()
  const taken = new Set<string>()
  const pair = ([id]: GivenItem, item: ItemReading): void => {
    found.set(id, item)
    taken.add(item.id)
  }
  const pairEach = (belongs: (item: GivenItem, other: ItemReading) => boolean): void => {
    for (const item of given) {
      if (found.has(item[0])) continue
      const other = made.find((candidate) => !taken.has(candidate.id) && belongs(item, candidate))
      if (other) pair(item, other)
    }
  }

  pairEach(([id], item) => item.reference === id)
  // Whatever names another item is not to be guessed at.
  for (const item of made) if (item.reference !== null) taken.add(item.id)
  const [open, free] = [given.filter(([id]) => !found.has(id)), made.filter((item) => !taken.has(item.id))]
  for (const [at, other] of longestCommon(open, free, shows)) pair(open[at] as GivenItem, free[other] as ItemReading)
  pairEach(shows)
  pairEach((item, other) => hashAt(item[1], identity) === hashAt(other.hashes, identity))
  return found
}

function shows([, hashes]: GivenItem, item: ItemReading): boolean {
  for (let index = 0; index * HASH_CHARACTERS < hashes.length; index++) {
    const given = hashAt(hashes, index)
    if (given !== NO_HASH && given !== hashAt(item.hashes, index)) return false
  }
  return true
}

/** Places of the longest run of both lists, in order and with gaps, that belong together. */
function longestCommon<A, B>(
  left: readonly A[],
  right: readonly B[],
  belongs: (a: A, b: B) => boolean,
): (readonly [number, number])[] {
  const lengths = Array.from({ length: left.length + 1 }, () => new Array<number>(right.length + 1).fill(0))
  const lengthAt = (i: number, j: number): number => lengths[i]?.[j] ?? 0
  for (let i = left.length - 1; i >= 0; i--)
    for (let j = right.length - 1; j >= 0; j--) {
      const row = lengths[i] as number[]
      row[j] = belongs(left[i] as A, right[j] as B)
        ? lengthAt(i + 1, j + 1) + 1
        : Math.max(lengthAt(i + 1, j), lengthAt(i, j + 1))
    }
  const pairs: (readonly [number, number])[] = []
  let [i, j] = [0, 0]
  while (i < left.length && j < right.length) {
    if (belongs(left[i] as A, right[j] as B)) pairs.push([i++, j++])
    else if (lengthAt(i + 1, j) >= lengthAt(i, j + 1)) i++
    else j++
  }
  return pairs
}
