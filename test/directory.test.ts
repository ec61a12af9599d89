import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  compareIds,
  type Directory,
  flowWorkflowId,
  type ShardEntry,
  shardFor,
  shardWorkflowId,
} from '../flows/directory.ts'
import { sides } from '../flows/side.ts'

const id = fc.oneof(
  fc.nat({ max: 1_200 }).map(String),
  fc.constantFrom('', '007', '07', '7', 'c-7', 'c-70', 'C-7', '9007199254740993', '9007199254740992'),
)

describe('the order of ids', () => {
  test('numbers are ordered by size, also beyond what a float can tell apart', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: 0n, max: 10n ** 20n }), fc.bigInt({ min: 0n, max: 10n ** 20n }), (a, b) => {
        expect(Math.sign(compareIds(String(a), String(b)))).toBe(a < b ? -1 : a > b ? 1 : 0)
      }),
    )
    expect(compareIds('9007199254740992', '9007199254740993')).toBeLessThan(0)
  })

  test('it is an order: only equal ids are equal, swapping turns it round, and it is transitive', () => {
    fc.assert(
      fc.property(id, id, id, (a, b, c) => {
        expect(compareIds(a, b) === 0).toBe(a === b)
        expect(Math.sign(compareIds(b, a)) + Math.sign(compareIds(a, b))).toBe(0)
        const isBefore = compareIds(a, b) <= 0 && compareIds(b, c) <= 0
        expect(isBefore && compareIds(a, c) > 0).toBe(false)
      }),
    )
  })

  test('leading zeros are kept: 7, 07 and 007 are three ids', () => {
    expect(['007', '7', '07', '10', '9'].sort(compareIds)).toEqual(['7', '9', '07', '10', '007'])
  })
})

describe('the leaf of a record', () => {
  const directory = fc
    .tuple(fc.uniqueArray(id, { maxLength: 5 }), fc.uniqueArray(id, { maxLength: 5 }))
    .map(([erp, shop]): Directory => {
      const lows = { erp: ['', ...erp.filter((low) => low !== '')], shop: ['', ...shop.filter((low) => low !== '')] }
      const shards = sides.flatMap((side) => lows[side].map((low) => ({ side, low })))
      return { generation: 1, shards: shards.map((shard, number) => ({ ...shard, number })) }
    })

  test('E4: every id has exactly one leaf of its side: the one whose range begins nearest below it', () => {
    fc.assert(
      fc.property(directory, fc.constantFrom(...sides), id, (shards, side, name) => {
        const below = shards.shards.filter(
          (shard) => shard.side === side && (shard.low === '' || compareIds(shard.low, name) <= 0),
        )
        const nearest = below.reduce((a, b) => (a.low !== '' && (b.low === '' || compareIds(a.low, b.low) > 0) ? a : b))
        expect(shardFor(shards, side, name)).toEqual(nearest)
      }),
    )
  })

  test('the order in which leaves came about does not matter', () => {
    fc.assert(
      fc.property(directory, fc.constantFrom(...sides), id, (shards, side, name) => {
        const turned = { ...shards, shards: [...shards.shards].reverse() }
        expect(shardFor(turned, side, name)).toEqual(shardFor(shards, side, name))
      }),
    )
  })

  test('a greater id never lives in an earlier range', () => {
    fc.assert(
      fc.property(directory, fc.constantFrom(...sides), id, id, (shards, side, a, b) => {
        const [lesser, greater] = compareIds(a, b) <= 0 ? [a, b] : [b, a]
        const lowOf = (name: string): string => shardFor(shards, side, name)?.low ?? ''
        expect(compareIds(lowOf(lesser), lowOf(greater))).toBeLessThanOrEqual(0)
      }),
    )
  })

  test('a cut moves exactly the ids from its first on', () => {
    const first: ShardEntry = { side: 'erp', low: '', number: 0 }
    const second: ShardEntry = { side: 'erp', low: '100', number: 2 }
    const shards: Directory = { generation: 1, shards: [first, { side: 'shop', low: '', number: 1 }, second] }
    expect(['1', '99', '100', '101', '1000'].map((name) => shardFor(shards, 'erp', name)?.number)).toEqual([
      0, 0, 2, 2, 2,
    ])
    expect(shardFor(shards, 'shop', '500')?.number).toBe(1)
  })

  test('a side that was not started has no leaf: no answer is never read as no link', () => {
    expect(shardFor({ generation: 1, shards: [] }, 'erp', '12')).toBeUndefined()
    expect(shardFor({ generation: 1, shards: [{ side: 'shop', low: '', number: 1 }] }, 'erp', '12')).toBeUndefined()
  })
})

test('workflow ids are readable and name connection and flow', () => {
  expect([flowWorkflowId('demo', 'customers'), shardWorkflowId('demo', 'customers', 3)]).toEqual([
    'demo.customers',
    'demo.customers.links.3',
  ])
})
