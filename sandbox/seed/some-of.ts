import type { Faker } from '@faker-js/faker'

/**
 * Different elements of a list in random order: faker's arrayElements to the draw (10.6), without the copy of the list that
 * made a load's orders take time in square.
 */
export function someOf<T>(
  faker: Faker,
  list: readonly T[],
  range: { readonly min: number; readonly max: number },
): T[] {
  const count = faker.number.int(range)
  if (count >= list.length) return faker.helpers.shuffle(list)
  const moved = new Map<number, T>()
  const at = (place: number) => (moved.has(place) ? moved.get(place) : list[place]) as T
  const chosen: T[] = []
  for (let last = list.length - 1; chosen.length < count; last -= 1) {
    const drawn = faker.number.int(last)
    chosen.push(at(drawn))
    moved.set(drawn, at(last))
  }
  return chosen.reverse()
}
