import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Decision } from '../flows/decision.ts'
import { chunksOf } from '../workflows/engine/chunks.ts'
import { describeFlow, summaryOf } from '../workflows/engine/describe.ts'
import { freshState } from './support/fresh-state.ts'
import { reading, reconcileOf, sampleFlow } from './support/pair-samples.ts'

const createInErp: Decision = { kind: 'create', on: 'erp', from: reading('shop'), rows: [] }
const createInShop: Decision = { kind: 'create', on: 'shop', from: reading('erp'), rows: [] }
const updateErp = reconcileOf({ writeErp: ['name'] })
const updateShop = reconcileOf({ writeShop: ['name'] })
const listed: Decision = {
  kind: 'park',
  side: 'shop',
  id: 'c-7',
  seen: 's',
  label: '',
  reason: 'refused',
  others: [],
  detail: 'x',
  rows: [],
}
const retire: Decision = { kind: 'retire', erpId: '12', shopId: 'c-7', gone: 'erp', archive: null, rows: [] }
const unlink: Decision = { kind: 'forget', erpId: '12', shopId: 'c-7', apart: { by: 'Kari', at: 1 }, rows: [] }
const forget: Decision = { kind: 'forget', erpId: null, shopId: 'c-7', apart: null, rows: [] }
const kinds = [createInErp, createInShop, updateErp, updateShop, listed, retire, unlink, forget]

interface Item {
  readonly index: number
  readonly decision: Decision
}

function itemsOf(decisions: readonly Decision[]): Item[] {
  return decisions.map((decision, index) => ({ index, decision }))
}

function indexesOf(lanes: readonly (readonly (readonly Item[])[])[]): number[] {
  return lanes.flat(2).map(({ index }) => index)
}

const decisionOf = (item: Item): Decision => item.decision

describe('E12: chunks of decisions', () => {
  test('every decision is in exactly one chunk, and no chunk is empty', () => {
    const some = fc.array(fc.constantFrom(...kinds), { maxLength: 1_400 })
    fc.assert(
      fc.property(some, fc.constantFrom('live', 'backfill'), (decisions, priority) => {
        const lanes = chunksOf(itemsOf(decisions), priority, decisionOf)
        expect(indexesOf(lanes).sort((a, b) => a - b)).toEqual(decisions.map((_, index) => index))
        expect(lanes.flat().filter((chunk) => chunk.length === 0)).toEqual([])
      }),
      { numRuns: 30 },
    )
  })

  test('E8: a first load has at most five lanes, one of them towards PowerOffice, in chunks of 250 at most', () => {
    const decisions = Array.from({ length: 4_000 }, (_, index) => kinds[index % kinds.length] as Decision)
    const lanes = chunksOf(itemsOf(decisions), 'backfill', decisionOf)
    const writesErp = lanes.map((lane) =>
      lane.flat().some(({ decision }) => decision === createInErp || decision === updateErp),
    )
    const writesElse = lanes.map((lane) =>
      lane.flat().some(({ decision }) => decision !== createInErp && decision !== updateErp),
    )
    expect(writesErp).toEqual([true, false, false, false, false])
    expect(writesElse).toEqual([false, true, true, true, true])
    expect(Math.max(...lanes.flat().map((chunk) => chunk.length))).toBe(250)
  })

  test('live work is one chunk: a lone edit never waits for lanes', () => {
    const lanes = chunksOf(itemsOf(kinds), 'live', decisionOf)
    expect(lanes.map((lane) => lane.map((chunk) => chunk.length))).toEqual([[kinds.length]])
  })

  test('a chunk keeps the order of its decisions', () => {
    const lanes = chunksOf(itemsOf(Array.from({ length: 900 }, () => createInShop)), 'backfill', decisionOf)
    const indexes = lanes.map((lane) => lane.flat().map(({ index }) => index))
    expect(indexes).toEqual(indexes.map((lane) => [...lane].sort((a, b) => a - b)))
    expect(chunksOf([], 'backfill', decisionOf)).toEqual([])
  })
})

describe('what people see of a chunk', () => {
  test.each([
    ['create in PowerOffice 1: c-7', createInErp],
    ['create in the webshop 1: 12', createInShop],
    ['update in PowerOffice 1: 12 = c-7', updateErp],
    ['update in the webshop 1: 12 = c-7', updateShop],
    ['update both sides of 1: 12 = c-7', reconcileOf({ writeErp: ['name'], writeShop: ['number'] })],
    ['link 1: 12 = c-7', reconcileOf({ how: 'link' })],
    ['link 1: 12 = c-7', reconcileOf({ how: 'adopt', writeShop: ['name'] })],
    ['remember 1: 12 = c-7', reconcileOf({ how: 'remember' })],
    ['list (refused) 1: c-7', listed],
    ['retire 1: 12 = c-7', retire],
    ['unlink 1: 12 = c-7', unlink],
    ['forget 1: c-7', forget],
  ])('%s', (words, decision) => {
    expect(summaryOf([decision])).toBe(words)
  })

  test('several are counted by what is done, and the first four are named', () => {
    expect(summaryOf([createInErp, updateShop, createInErp, listed, listed])).toBe(
      'create in PowerOffice 2, update in the webshop 1, list (refused) 2: c-7, 12 = c-7, c-7, c-7 …',
    )
  })
})

describe('what the Temporal UI shows of a flow', () => {
  test('a flow at its beginning says so in three lines', () => {
    expect(describeFlow(sampleFlow, freshState).split('\n')).toEqual([
      '**Customers <-> Customer** is **initial**.',
      '',
      '0 linked · 0 created · 0 updates · 0 need you · 0 wait by themselves',
      '',
      'First load: pairs, 0 in PowerOffice, 0 in the webshop',
    ])
  })

  test('pauses, trouble and the newest entries of the inbox are told, and no text of a record breaks the table', () => {
    const entry = {
      id: 'shop:c-7',
      pile: 'needsYou',
      reason: 'refused',
      erpId: null,
      shopId: 'c-7',
      label: 'Nord | Sør\nAS',
      detail: `a|b ${'x'.repeat(500)}`,
      wayOut: '',
      field: null,
      others: [],
      since: 1,
      attempts: 1,
    } as const
    const lines = describeFlow(sampleFlow, {
      ...freshState,
      load: { ...freshState.load, position: null },
      pauseReasons: [{ kind: 'person', by: 'Kari', why: 'lunch', at: 1 }],
      trouble: { type: 'Unreachable', where: 'erp', message: 'PowerOffice does not answer.' },
      inbox: Array.from({ length: 12 }, (_, index) => ({ ...entry, id: `shop:c-${index}` })),
    }).split('\n')
    expect(lines.slice(0, 8)).toEqual([
      '**Customers <-> Customer** is **paused**.',
      '',
      '0 linked · 0 created · 0 updates · 12 need you · 0 wait by themselves',
      '',
      'Paused by Kari: lunch',
      '',
      'Blocked: PowerOffice does not answer.',
      '',
    ])
    const rows = lines.slice(10)
    expect(rows).toHaveLength(10)
    expect(rows[0]).toBe(`| Nord / Sør AS | refused | a/b ${'x'.repeat(156)} |`)
  })
})
