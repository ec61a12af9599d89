import fc from 'fast-check'
import {
  type ApartRow,
  type CreatingRow,
  type GoneRow,
  type LinkedRow,
  type Row,
  type SeenRow,
  seenReasons,
} from '../../flows/row.ts'
import { type RecordKey, sides } from '../../flows/side.ts'

/** Rows of every kind, with texts that are awkward in JSON and often empty or equal to each other. */

const side = fc.constantFrom(...sides)
const id = fc.oneof(
  fc.nat({ max: 2_000 }).map(String),
  fc.constantFrom('c-7', 'c-8', 'a b', 'ø"\\', '550e8400-e29b-41d4-a716-446655440000'),
)
const hashes = fc.constantFrom('', 'aaaa', 'aaaabbbb', '____....')
const seen = fc.constantFrom('', 'abcdefghijk', 'lmnopqrstuv')
const text = fc.constantFrom('', 'p', '1.5', '14.203', 'Kåre "K"')
const count = fc.constantFrom(0, 1, 2, 17)
const time = fc.constantFrom(0, 1_795_410_000_000)
const key: fc.Arbitrary<RecordKey> = fc.tuple(side, id).map(([of, name]): RecordKey => `${of}:${name}`)

export const anyLinkedRow: fc.Arbitrary<LinkedRow> = fc.record(
  {
    kind: fc.constant('linked' as const),
    erpId: id,
    shopId: id,
    base: hashes,
    shopBase: hashes,
    erpSeen: seen,
    shopSeen: seen,
    definition: count,
    flags: text,
    erpOwnWrite: text,
    shopOwnWrite: text,
    pointer: text,
    tried: fc.tuple(hashes, hashes),
  },
  {
    requiredKeys: [
      'kind',
      'erpId',
      'shopId',
      'base',
      'shopBase',
      'erpSeen',
      'shopSeen',
      'definition',
      'flags',
      'erpOwnWrite',
      'shopOwnWrite',
      'pointer',
    ],
  },
)
export const anySeenRow: fc.Arbitrary<SeenRow> = fc.record({
  kind: fc.constant('seen' as const),
  side,
  id,
  seen,
  reason: fc.constantFrom(...seenReasons),
  others: fc.array(key, { maxLength: 3 }),
  attempts: count,
  definition: count,
  pointer: text,
})
const anyUntriedCreatingRow: fc.Arbitrary<CreatingRow> = fc.record(
  {
    kind: fc.constant('creating' as const),
    side,
    id,
    reference: text,
    creation: count,
    since: time,
    gives: fc.record(
      {
        hashes,
        definition: count,
        items: fc.array(fc.tuple(id, hashes), { maxLength: 3 }),
        earlier: fc.array(hashes, { minLength: 1, maxLength: 2 }),
        earlierItems: fc.array(fc.array(fc.tuple(id, hashes), { maxLength: 3 }), { minLength: 1, maxLength: 2 }),
      },
      { requiredKeys: ['hashes', 'definition'] },
    ),
  },
  { requiredKeys: ['kind', 'side', 'id', 'reference', 'creation', 'since'] },
)
export const anyCreatingRow: fc.Arbitrary<CreatingRow> = fc
  .tuple(anyUntriedCreatingRow, fc.option(fc.tuple(hashes, hashes)))
  .map(([row, written]): CreatingRow => (row.gives && written ? { ...row, tried: written } : row))
export const anyGoneRow: fc.Arbitrary<GoneRow> = fc
  .record({
    kind: fc.constant('gone' as const),
    erpId: fc.option(id),
    shopId: fc.option(id),
    seen,
    at: time,
  })
  .chain((row) =>
    fc
      .record(
        { wasDormant: fc.constant(true as const), gone: fc.constantFrom(...sides, 'both' as const) },
        { requiredKeys: [] },
      )
      .map((rest) => ({ ...row, ...rest })),
  )
export const anyApartRow: fc.Arbitrary<ApartRow> = fc.record({
  kind: fc.constant('apart' as const),
  erpId: id,
  shopId: id,
  by: text,
  at: time,
})

export const anyRow: fc.Arbitrary<Row> = fc.oneof(anyLinkedRow, anySeenRow, anyCreatingRow, anyGoneRow, anyApartRow)
