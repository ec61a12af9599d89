import type { ParsedItem } from '../connector.ts'

/**
 * The number that puts a line at a place from 0 among these. Shops number in their own way (from 0, from 1, by tens), so
 * the lines change seats among the numbers that are there; only where two share one is everything numbered anew.
 */
export function positionAt(place: number, items: readonly ParsedItem[]): number {
  const numbers = items.map((item) => item.raw['position'])
  const known = numbers.filter((value) => typeof value === 'number')
  const seat = numbers[place]
  const areDistinct = known.length === items.length && new Set(known).size === known.length
  if (areDistinct && typeof seat === 'number') return seat
  return (known.length === 0 ? 0 : Math.min(...known)) + place
}
