import fc from 'fast-check'
import { expect, test } from 'vitest'
import { leavesFor, mergeRows, restoredState } from '../activities/upkeep/restore-memory.ts'
import { firstShardOf, generationOf, shardFor } from '../flows/directory.ts'
import { SPLIT_AT_BYTES } from '../flows/memory.ts'
import { rowKey } from '../flows/row.ts'
import { encodeRow } from '../flows/row-codec.ts'
import { idOf, sideOf } from '../flows/side.ts'
import { lookupRows, openLeaf } from '../workflows/memory/leaf.ts'
import { apartRow, goneRow, linkedRow, seenRow } from './support/pair-samples.ts'

const address = { connection: 'default', flow: 'customers' } as const
/** Some 7 KB each, so that few rows fill a leaf. */
const fat = (number: number, length: number) =>
  linkedRow({}, { erpId: String(number), shopId: `c-${number}`, base: 'x'.repeat(length) })

test('imported rows lie where a lookup by the directory finds them, each once, in leaves that do not ask to be split', () => {
  const numbers = fc.uniqueArray(fc.integer({ min: 1, max: 90_000 }), { minLength: 1, maxLength: 250, size: 'max' })
  let mostLeaves = 0
  fc.assert(
    fc.property(numbers, fc.integer({ min: 1, max: 3 }), (ids, generation) => {
      const rows = [
        ...ids.map((id) => fat(id, 7_000)),
        { ...apartRow, erpId: String(ids[0]), shopId: 'c-other' },
        seenRow('shop', { id: 'c-alone' }),
      ]
      const leaves = leavesFor(address, rows.map(encodeRow), generation)
      mostLeaves = Math.max(mostLeaves, leaves.length)
      const shards = leaves.map(({ side, low, shard }) => ({ side, low, number: shard }))
      expect(leaves.flatMap((leaf) => leaf.rows)).toHaveLength(rows.length)
      for (const row of rows) {
        const key = rowKey(row)
        const shard = shardFor({ generation, shards }, sideOf(key), idOf(key).split('/')[0] ?? '')
        const leaf = leaves.find((each) => each.shard === shard?.number)
        expect(leaf?.rows).toContain(encodeRow(row))
      }
      for (const leaf of leaves) {
        expect(openLeaf(leaf).bytes).toBeLessThan(SPLIT_AT_BYTES)
        expect(generationOf(leaf.shard)).toBe(generation)
      }
    }),
    { seed: 7, numRuns: 8 },
  )
  expect(mostLeaves).toBeGreaterThan(4)
})

test('E7: a flow that starts anew beside imported leaves learns of all of them from the first of each side', () => {
  const rows = Array.from({ length: 200 }, (_, index) => encodeRow(fat(index + 1, 7_000)))
  const leaves = leavesFor(address, rows, 2)
  const [first, second] = [leaves[0], leaves.find(({ side }) => side === 'shop')]
  expect([first?.shard, second?.shard]).toEqual([firstShardOf(2), firstShardOf(2) + 1])
  const { moved } = lookupRows(openLeaf(first as never), { keys: [], shopIds: [] })
  const others = leaves
    .filter(({ side, low }) => side === 'erp' && low !== '')
    .map(({ low, shard }) => ({ low, shard }))
  expect(moved).toEqual(others)
  expect(others.length).toBeGreaterThan(1)
})

test('the state goes on from where it was exported: cursors stand, options are today’s, what was under way is looked at again', () => {
  const state = {
    v: 1,
    cursors: { erp: 'a', shop: 'b' },
    options: 'old',
    lookAgain: [{ key: 'erp:1', attempts: 3 }],
    trouble: { type: 'Unreachable' },
  }
  const rows = [encodeRow(linkedRow()), encodeRow(seenRow('shop', { id: 'c-9' }))]
  const memory = {
    flow: 'customers' as const,
    definitionVersion: 1,
    generation: 1,
    state,
    underWay: ['erp:1' as const, 'shop:c-2' as const],
    rows,
  }
  const leaves = leavesFor(address, rows, 3)
  const restored = restoredState(memory, leaves, { generation: 3, options: 'new', nowMs: 5 })
  const [erp, shop] = [firstShardOf(3), firstShardOf(3) + 1]
  expect(restored).toMatchObject({
    cursors: { erp: 'a', shop: 'b' },
    options: 'new',
    trouble: null,
    nextShard: shop + 1,
    directory: { generation: 3 },
    linked: { [erp]: 1, [shop]: 0 },
    lookAgain: [
      { key: 'erp:1', attempts: 3 },
      { key: 'shop:c-2', attempts: 0, since: 5 },
    ],
  })
})

test('a merge adds what the memory says nothing of, and counts what it would have overwritten', () => {
  const link = encodeRow(linkedRow())
  const known = encodeRow(linkedRow({}, { erpId: '1', shopId: 'c-1' }))
  const newer = encodeRow(linkedRow({}, { erpId: '1', shopId: 'c-1', flags: 'p' }))
  // The webshop's record has another counterpart by now, or was deleted since: the file knows less.
  const moved = encodeRow(linkedRow({}, { erpId: '3', shopId: 'c-4' }))
  const grave = encodeRow(goneRow({ erpId: '5', shopId: 'c-5' }))
  const before = encodeRow(linkedRow({}, { erpId: '5', shopId: 'c-5' }))
  expect(
    mergeRows(
      [link, known, encodeRow(linkedRow({}, { erpId: '2', shopId: 'c-4' })), before, grave],
      [newer, moved, grave],
    ),
  ).toEqual({ add: [link], same: 1, kept: 3 })
})
