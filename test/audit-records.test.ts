import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { compareRecords } from '../activities/audit/compare-records.ts'
import type { Comparison } from '../activities/audit/compared-world.ts'
import type { DriftKind } from '../flows/audit.ts'
import type { SideState } from '../flows/reading.ts'
import { FINAL_FLAG, type Row, UNFINISHED_MS } from '../flows/row.ts'
import { linkOf, present, seenIn, worldOf } from './support/audit-samples.ts'
import { goneRow, seenRow } from './support/pair-samples.ts'

const told = ({ differences }: Comparison) =>
  differences.map(({ kind, keys, fields }) => [kind, keys.join(' '), fields.join(' ')].join(' ').trim())

const pair = { erp: [present('erp', 1)], shop: [present('shop', 1)] }

describe('nothing is told of', () => {
  test('a linked pair that shows what the sides agreed on', () => {
    expect(compareRecords(worldOf({ ...pair, rows: [linkOf(1)] }))).toEqual({ differences: [], listed: 0 })
  })

  test('E2: each side’s own form of the agreed value', () => {
    const rows = [linkOf(1, { name: 'Nord' }, { shopBase: linkOf(1, { name: 'NORD' }).base })]
    const erp = [present('erp', 1, { name: 'Nord' })]
    const shop = [present('shop', 1, { name: 'NORD' })]
    const seen = { erpSeen: seenIn(erp[0] as SideState), shopSeen: seenIn(shop[0] as SideState) }
    expect(told(compareRecords(worldOf({ erp, shop, rows: rows.map((row) => ({ ...row, ...seen })) })))).toEqual([])
  })

  test('E21: an edit of the receiving side that is left until the owner’s value changes', () => {
    const shop = present('shop', 1, { stock: '3' })
    const rows = [linkOf(1, {}, { shopSeen: seenIn(shop) })]
    expect(told(compareRecords(worldOf({ erp: pair.erp, shop: [shop], rows })))).toEqual([])
  })

  test('a record without a link that is as its row saw it, whatever the reason', () => {
    const alone = present('shop', 2, {}, null)
    const rows = [seenRow('shop', { id: 'c-2', seen: seenIn(alone), reason: 'dormant' })]
    expect(told(compareRecords(worldOf({ shop: [alone], rows })))).toEqual([])
  })

  test('the record that remained after a deletion, and an invoiced order that has left the list', () => {
    const remaining = present('shop', 1)
    const rows: Row[] = [
      goneRow({ erpId: '1', shopId: 'c-1', seen: seenIn(remaining), gone: 'erp' }),
      linkOf(2, {}, { flags: FINAL_FLAG }),
    ]
    expect(told(compareRecords(worldOf({ shop: [remaining, present('shop', 2)], rows })))).toEqual([])
  })

  test('a create that was announced a moment ago', () => {
    const creating = { kind: 'creating', side: 'erp', id: '1', reference: '1', creation: 1 } as const
    const world = worldOf({ erp: pair.erp })
    expect(told(compareRecords({ ...world, rows: [{ ...creating, since: world.nowMs - 1_000 }] }))).toEqual([])
    expect(told(compareRecords({ ...world, rows: [{ ...creating, since: world.nowMs - UNFINISHED_MS }] }))).toEqual([
      'unfinished erp:1',
    ])
  })

  test('rule 4e: fields that a side does not take edits of', () => {
    const shop = present('shop', 1, { name: 'B' })
    const rows = [linkOf(1, {}, { shopSeen: seenIn(shop) })]
    const world = worldOf({ erp: pair.erp, shop: [shop], rows })
    expect(told(compareRecords(world))).toEqual(['diverged erp:1 shop:c-1 name'])
    expect(told(compareRecords({ ...world, notOffered: { erp: ['update'] } }))).toEqual([])
  })
})

describe('what differs is named', () => {
  test('a linked pair by its fields, also where the memory has seen both', () => {
    const shop = present('shop', 1, { name: 'B', remark: 'x' })
    for (const shopSeen of [seenIn(shop), 'seen before'])
      expect(
        told(compareRecords(worldOf({ erp: pair.erp, shop: [shop], rows: [linkOf(1, {}, { shopSeen })] }))),
      ).toEqual(['diverged erp:1 shop:c-1 name remark'])
  })

  test('a pair that shows the same on both sides and not what the memory saw', () => {
    const erp = [present('erp', 1, { name: 'B' })]
    const shop = [present('shop', 1, { name: 'B' })]
    expect(told(compareRecords(worldOf({ erp, shop, rows: [linkOf(1)] })))).toEqual(['unnoticed erp:1 shop:c-1'])
  })

  test('a pair that names each other and has no row: once, not once a side', () => {
    expect(told(compareRecords(worldOf({ ...pair })))).toEqual(['missingRow erp:1 shop:c-1'])
  })

  test('a record that belongs to nobody', () => {
    expect(told(compareRecords(worldOf({ erp: [present('erp', 7)], shop: [present('shop', 8, {}, null)] })))).toEqual([
      'lost erp:7',
      'lost shop:c-8',
    ])
  })

  test('a webshop record that names a linked one: two records claim it', () => {
    const world = worldOf({
      erp: pair.erp,
      shop: [...pair.shop, present('shop', 9, {}, '1')],
      rows: [linkOf(1)],
    })
    expect(told(compareRecords(world))).toEqual(['duplicate shop:c-1 shop:c-9 reference'])
  })

  test('two records of one side with one key that names a record, unless each has a counterpart of its own', () => {
    const erp = [present('erp', 1), present('erp', 2, { origin: 'o1' })]
    const world = worldOf({ erp, shop: pair.shop, rows: [linkOf(1)] })
    expect(told(compareRecords(world))).toEqual(['lost erp:2', 'duplicate erp:1 erp:2 origin'])
    const both = { ...world, shop: [...pair.shop, present('shop', 2, { origin: 'o1' })] }
    const second = linkOf(2, { origin: 'o1' })
    expect(told(compareRecords({ ...both, rows: [linkOf(1), second] }))).toEqual([])
  })

  test('a record that two rows link', () => {
    const erp = [present('erp', 1), present('erp', 2)]
    const rows = [linkOf(1), linkOf(2, {}, { shopId: 'c-1' })]
    expect(told(compareRecords(worldOf({ erp, shop: pair.shop, rows })))).toContain(
      'duplicate shop:c-1 erp:1 erp:2 link',
    )
  })

  test('a linked record that is gone, on either side', () => {
    expect(told(compareRecords(worldOf({ erp: pair.erp, rows: [linkOf(1)] })))).toEqual(['vanished shop:c-1'])
    expect(told(compareRecords(worldOf({ rows: [linkOf(1)] })))).toEqual(['vanished erp:1 shop:c-1'])
  })

  test('E3: a link of another version of the definition', () => {
    expect(told(compareRecords(worldOf({ ...pair, rows: [linkOf(1, {}, { definition: 2 })] })))).toEqual([
      'unknownVersion erp:1 shop:c-1',
    ])
  })
})

describe('what the inbox says is listed, not drift', () => {
  test('a field by its name, other fields of the pair not', () => {
    const shop = present('shop', 1, { name: 'B', remark: 'x' })
    const rows = [linkOf(1, {}, { shopSeen: seenIn(shop) })]
    const found = compareRecords(
      worldOf({
        erp: pair.erp,
        shop: [shop],
        rows,
        inbox: [{ reason: 'field', erpId: '1', shopId: 'c-1', field: 'name' }],
      }),
    )
    expect([told(found), found.listed]).toEqual([['diverged erp:1 shop:c-1 remark'], 1])
  })

  test('a vanished record, and the others of an ambiguous case', () => {
    const vanished = compareRecords(
      worldOf({ erp: pair.erp, rows: [linkOf(1)], inbox: [{ reason: 'vanished', shopId: 'c-1' }] }),
    )
    expect([told(vanished), vanished.listed]).toEqual([[], 1])
    const shop = [...pair.shop, present('shop', 9, {}, '1')]
    const inbox = [{ reason: 'ambiguous', shopId: 'c-9', others: ['shop:c-1' as const] }]
    expect(told(compareRecords(worldOf({ erp: pair.erp, shop, rows: [linkOf(1)], inbox })))).toEqual([])
  })
})

/** Pairs are planted one a number, so that each expectation is known by construction. */
const plants: Readonly<Record<DriftKind | 'none' | 'listed' | 'known', (n: number) => Planted>> = {
  none: (n) => ({ erp: [present('erp', n)], shop: [present('shop', n)], rows: [linkOf(n)], expected: [] }),
  known: (n) => {
    const state = present('erp', n)
    const row = seenRow('erp', { id: String(n), seen: seenIn(state) })
    return { erp: [state], shop: [], rows: [row], expected: [] }
  },
  listed: (n) => ({
    erp: [present('erp', n)],
    shop: [present('shop', n, { rate: '9' })],
    rows: [linkOf(n)],
    inbox: [
      { reason: 'field', erpId: String(n), field: 'rate' },
      { reason: 'refused', erpId: String(n) },
    ],
    expected: [],
  }),
  lost: (n) => ({ erp: [present('erp', n)], shop: [], rows: [], expected: [`lost erp:${n}`] }),
  missingRow: (n) => ({
    erp: [present('erp', n)],
    shop: [present('shop', n)],
    rows: [],
    expected: [`missingRow erp:${n} shop:c-${n}`],
  }),
  duplicate: (n) => ({
    erp: [present('erp', n)],
    shop: [present('shop', n), present('shop', n + 5_000, {}, String(n))],
    rows: [linkOf(n)],
    expected: [`duplicate shop:c-${n} shop:c-${n + 5_000} reference`],
  }),
  diverged: (n) => ({
    erp: [present('erp', n, { orgNo: 'x' })],
    shop: [present('shop', n)],
    rows: [linkOf(n)],
    expected: [`diverged erp:${n} shop:c-${n} orgNo`],
  }),
  vanished: (n) => ({ erp: [], shop: [present('shop', n)], rows: [linkOf(n)], expected: [`vanished erp:${n}`] }),
  unnoticed: (n) => ({
    erp: [present('erp', n, { name: 'x' })],
    shop: [present('shop', n, { name: 'x' })],
    rows: [linkOf(n)],
    expected: [`unnoticed erp:${n} shop:c-${n}`],
  }),
  unfinished: (n) => ({
    erp: [present('erp', n)],
    shop: [],
    rows: [{ kind: 'creating', side: 'erp', id: String(n), reference: String(n), creation: 1, since: 0 }],
    expected: [`unfinished erp:${n}`],
  }),
  unknownVersion: (n) => ({
    erp: [present('erp', n)],
    shop: [present('shop', n)],
    rows: [linkOf(n, {}, { definition: 1 })],
    expected: [`unknownVersion erp:${n} shop:c-${n}`],
  }),
}

interface Planted {
  readonly erp: readonly SideState[]
  readonly shop: readonly SideState[]
  readonly rows: readonly Row[]
  readonly inbox?: NonNullable<Parameters<typeof worldOf>[0]['inbox']>
  readonly expected: readonly string[]
}

test('planted drift of every kind is told of exactly, and nothing else, in whatever order the systems list it', () => {
  const kinds = Object.keys(plants) as (keyof typeof plants)[]
  const planted = new Set<string>()
  fc.assert(
    fc.property(fc.array(fc.constantFrom(...kinds), { maxLength: 30 }), fc.boolean(), (chosen, reversed) => {
      const parts = chosen.map((kind, index) => plants[kind](index + 1))
      for (const kind of chosen) planted.add(kind)
      const order = <T>(list: readonly T[]): T[] => (reversed ? [...list].reverse() : [...list])
      const found = compareRecords(
        worldOf({
          erp: order(parts.flatMap((part) => part.erp)),
          shop: order(parts.flatMap((part) => part.shop)),
          rows: order(parts.flatMap((part) => part.rows)),
          inbox: parts.flatMap((part) => part.inbox ?? []),
        }),
      )
      expect(told(found).sort()).toEqual(parts.flatMap((part) => part.expected).sort())
    }),
    { seed: 6 },
  )
  expect([...planted].sort()).toEqual([...kinds].sort())
})
