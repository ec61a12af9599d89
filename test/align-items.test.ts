import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { alignItems, type GivenItem } from '../activities/upsert/align-items.ts'
import type { ItemReading } from '../flows/reading.ts'

/** Two fields: the product, which says what a line is about, and the quantity. */
const hashesOf = (product: string, quantity: number | string): string =>
  `p${product}`.padEnd(4, '.') + `q${quantity}`.padEnd(4, '.')
const given = (id: string, product: string, quantity: number | string): GivenItem => [id, hashesOf(product, quantity)]
const made = (
  id: string,
  product: string,
  quantity: number | string,
  reference: string | null = null,
): ItemReading => ({
  id,
  hashes: hashesOf(product, quantity),
  seen: '',
  reference,
})
const found = (from: readonly GivenItem[], items: readonly ItemReading[]): Record<string, string> =>
  Object.fromEntries([...alignItems(from, items, 0)].map(([id, item]) => [id, item.id]))

describe('E18, E22: the lines of an order that we made and did not hear of again', () => {
  const three = [given('a', '1', 1), given('b', '2', 2), given('c', '1', 3)]

  test('are found by our reference, wherever they stand and whatever they show', () => {
    const items = [made('x', '9', 9, 'c'), made('y', '1', 1, 'b'), made('z', '1', 1, 'a')]
    expect(found(three, items)).toEqual({ a: 'z', b: 'y', c: 'x' })
  })

  test('are found by what they were given, edited ones by their product, in order', () => {
    expect(found(three, [made('x', '1', 1), made('y', '2', 20), made('z', '1', 3)])).toEqual({ a: 'x', b: 'y', c: 'z' })
    expect(found(three, [made('x', '1', 10), made('y', '2', 2), made('z', '1', 30)])).toEqual({
      a: 'x',
      b: 'y',
      c: 'z',
    })
  })

  test('that were removed are found missing, and added ones belong to none', () => {
    expect(found(three, [made('x', '1', 1), made('z', '1', 3)])).toEqual({ a: 'x', c: 'z' })
    expect(found(three, [made('n', '3', 7), made('x', '1', 1), made('y', '2', 2), made('z', '1', 3)])).toEqual({
      a: 'x',
      b: 'y',
      c: 'z',
    })
  })

  test('that name another line are not guessed at', () => {
    expect(found([given('a', '1', 1)], [made('x', '1', 1, 'somebody else’s')])).toEqual({})
  })

  test('equal lines are taken in their order, and moved ones wherever they went', () => {
    expect(found([given('a', '1', 1), given('b', '1', 1)], [made('x', '1', 1), made('y', '1', 1)])).toEqual({
      a: 'x',
      b: 'y',
    })
    expect(found(three, [made('z', '1', 3), made('x', '1', 1), made('y', '2', 2)])).toEqual({ a: 'x', b: 'y', c: 'z' })
  })

  test('that nobody touched are each found, in every order, however many are equal; no line serves twice', () => {
    const line = fc.record({ product: fc.constantFrom('1', '2', '3'), quantity: fc.nat({ max: 3 }) })
    fc.assert(
      fc.property(fc.array(line, { maxLength: 12 }), fc.array(fc.nat(), { maxLength: 12 }), (lines, swaps) => {
        const from = lines.map(({ product, quantity }, index) => given(`g${index}`, product, quantity))
        const items = lines.map(({ product, quantity }, index) => made(`m${index}`, product, quantity))
        expect(found(from, items)).toEqual(Object.fromEntries(from.map(([id], index) => [id, `m${index}`])))
        const moved = [...items]
        for (const swap of swaps) moved.push(...moved.splice(swap % (moved.length || 1), 1))
        const aligned = alignItems(from, moved, 0)
        expect(new Set([...aligned.values()].map(({ id }) => id)).size).toBe(from.length)
        for (const [id, hashes] of from) expect(aligned.get(id)?.hashes).toBe(hashes)
      }),
    )
  })
})
