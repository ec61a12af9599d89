import { describe, expect, test } from 'vitest'
import { compareLists } from '../activities/audit/compare-lists.ts'
import { listedIn } from '../activities/audit/listed.ts'
import { confirmed } from '../activities/audit/two-looks.ts'
import type { Difference } from '../flows/audit.ts'
import { joinHashes } from '../flows/field-hashes.ts'
import type { Pair } from '../flows/pair.ts'
import type { ItemReading, SideState } from '../flows/reading.ts'
import type { ItemLink } from '../flows/row.ts'
import { salesOrderLines } from '../flows/sales-order-lines.ts'
import { linkedRow, reading } from './support/pair-samples.ts'

describe('a difference counts when two looks see it alike', () => {
  const diverged = (mark: string, fields = ['email']): Difference => ({
    kind: 'diverged',
    keys: ['erp:1', 'shop:c-1'],
    fields,
    mark,
  })
  const nobody = new Set<never>()

  test('and not when it stood in the first only: the edit has arrived', () => {
    expect(confirmed([diverged('a')], [], nobody)).toEqual({ drift: [], inFlight: 0 })
  })
  test('and not when the records changed in between, or came up in the second only', () => {
    expect(confirmed([diverged('a')], [diverged('b')], nobody)).toEqual({ drift: [], inFlight: 1 })
    expect(confirmed([diverged('a')], [diverged('a', ['phone'])], nobody)).toEqual({ drift: [], inFlight: 1 })
    expect(confirmed([], [diverged('a')], nobody)).toEqual({ drift: [], inFlight: 1 })
  })
  test('and not while the flow is at work on one of the records (E9)', () => {
    expect(confirmed([diverged('a')], [diverged('a')], new Set(['shop:c-1'] as const))).toEqual({
      drift: [],
      inFlight: 1,
    })
  })
  test('and then it is drift', () => {
    expect(confirmed([diverged('a')], [diverged('a')], nobody)).toEqual({ drift: [diverged('a')], inFlight: 0 })
  })
})

describe('lists are compared item by item (E22)', () => {
  const definition = salesOrderLines
  const names = definition.fields.map(({ name }) => name)
  const hashes = (values: Readonly<Record<string, string>> = {}): string =>
    joinHashes(names.map((name) => (values[name] ?? 'same').padEnd(4, '.')))
  const item = (id: string, values: Readonly<Record<string, string>> = {}): ItemReading => ({
    id,
    hashes: hashes(values),
    seen: JSON.stringify(values),
    reference: null,
  })
  const list = (side: 'erp' | 'shop', items: readonly ItemReading[]): SideState => ({
    kind: 'present',
    reading: reading(side, {}, { items }),
  })
  const link = (number: number, rest: Partial<ItemLink> = {}): ItemLink => ({
    erpId: `e${number}`,
    shopId: `s${number}`,
    base: hashes(),
    shopBase: '',
    ...rest,
  })
  const pair = (
    erp: readonly ItemReading[],
    shop: readonly ItemReading[],
    items: readonly ItemLink[] | null,
  ): Pair => ({
    erp: list('erp', erp),
    shop: list('shop', shop),
    rows: items === null ? [] : [linkedRow({}, { items })],
    match: { kind: 'notAsked' },
    differs: '',
  })
  const told = (of: Pair, inbox: Parameters<typeof listedIn>[0] = []) =>
    compareLists({ definition, pairs: [of], listed: listedIn(inbox), notOffered: undefined }).differences.map(
      ({ kind, fields }) => [kind, ...fields].join(' '),
    )
  const both = [link(1), link(2)]

  test('equal lists and a system’s own form of an item differ in nothing', () => {
    expect(told(pair([item('e1'), item('e2')], [item('s1'), item('s2')], both))).toEqual([])
    const own = link(1, { shopBase: hashes({ description: 'OWN' }) })
    expect(told(pair([item('e1')], [item('s1', { description: 'OWN' })], [own]))).toEqual([])
  })
  test('a field, an item without a pair, and the order of items are named', () => {
    expect(told(pair([item('e1', { quantity: '3' }), item('e2')], [item('s1'), item('s2')], both))).toEqual([
      'diverged quantity',
    ])
    expect(told(pair([item('e1'), item('e2'), item('e3')], [item('s1'), item('s2')], both))).toEqual(['diverged lines'])
    expect(told(pair([item('e1')], [item('s1'), item('s2')], both))).toEqual(['diverged lines'])
    expect(told(pair([item('e2'), item('e1')], [item('s1'), item('s2')], both))).toEqual(['diverged order'])
  })
  test('lists whose record is linked and that nobody remembers are a missing row', () => {
    expect(told(pair([item('e1')], [item('s1')], null))).toEqual(['missingRow'])
  })
  test('what the inbox says of any of its lines is listed', () => {
    const entry = { reason: 'field', erpId: '12', shopId: null, others: [], field: 'line 1 quantity' }
    expect(told(pair([item('e1', { quantity: '3' })], [item('s1')], [link(1)]), [entry])).toEqual([])
  })
})
