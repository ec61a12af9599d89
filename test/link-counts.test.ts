import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type LinkCounts, newestCounts } from '../flows/link-counts.ts'

const nothing: LinkCounts = { linked: {} }

describe('How many links the leaves of the memory hold', () => {
  test('of two answers of a leaf the newer one counts, whichever comes last', () => {
    const older = { linked: { 0: 1, 1: 1 }, linkedAt: { 0: 10, 1: 40 } }
    const newer = { linked: { 0: 3 }, linkedAt: { 0: 20 } }
    const both = { linked: { 0: 3, 1: 1 }, linkedAt: { 0: 20, 1: 40 } }
    expect(newestCounts(older, newer)).toEqual(both)
    expect(newestCounts(newer, older)).toEqual(both)
  })

  test('answers in any order end with the last count of each leaf', () => {
    const answer = fc.record({ shard: fc.nat({ max: 2 }), count: fc.nat({ max: 9 }) })
    const answers = fc.array(answer, { minLength: 1, maxLength: 12 })
    fc.assert(
      fc.property(
        answers.chain((list) => {
          const said = list.map(({ shard, count }, at) => ({ linked: { [shard]: count }, linkedAt: { [shard]: at } }))
          return fc.tuple(fc.constant(said), fc.shuffledSubarray(said, { minLength: said.length }))
        }),
        ([inOrder, asTheyCame]) => {
          const last: unknown = Object.assign({}, ...inOrder.map(({ linked }) => linked))
          expect(asTheyCame.reduce(newestCounts, nothing).linked).toEqual(last)
        },
      ),
    )
  })

  test('what a leaf of an earlier version says counts as it comes', () => {
    const known = { linked: { 0: 4 }, linkedAt: { 0: 20 } }
    expect(newestCounts(known, { linked: { 0: 2 } })).toEqual({ linked: { 0: 2 }, linkedAt: {} })
    expect(newestCounts({ linked: { 0: 2 } }, known)).toEqual(known)
  })
})
