import { describe, expect, test } from 'vitest'
import { previewOf } from '../activities/first-load/preview.ts'
import { limitsSentence } from '../activities/live/offers.ts'
import { linkedRowAfter } from '../activities/upsert/linked-row.ts'
import { departments } from '../flows/departments.ts'
import { offers } from '../flows/not-offered.ts'
import type { Pair } from '../flows/pair.ts'
import type { SideState } from '../flows/reading.ts'
import type { LinkedRow } from '../flows/row.ts'
import { salesOrderLines } from '../flows/sales-order-lines.ts'
import { decidePair, type Verdict } from '../workflows/decide/decide-pair.ts'
import {
  context,
  differsOf,
  linkedRow,
  marks,
  pairOf,
  reading,
  sampleFlow,
  seenRow,
  type Values,
} from './support/pair-samples.ts'

/** A shop of level 1: it is read, and takes nothing. */
const notOffered = { shop: ['create', 'update'] } as const
const decide = (pair: Pair, rest: Partial<typeof context> = {}): Verdict =>
  decidePair(sampleFlow, { ...pair, notOffered }, { ...context, ...rest })

/** What the memory holds once a decision about two records that show this was carried out. */
function rememberedAfter(verdict: Verdict, before: LinkedRow | null, erp: Values, shop: Values): LinkedRow {
  if (verdict.kind !== 'reconcile') throw new Error(`nothing to carry out: ${verdict.kind}`)
  return linkedRowAfter(sampleFlow, verdict, before, {
    ...{
      erp: reading('erp', erp),
      shop: reading('shop', shop),
      withheld: new Set(),
      wroteErp: false,
      wroteShop: false,
    },
    ...{ flags: '', pointer: '2.9' },
  }).row
}

describe('rule 4e: a shop that takes no edits', () => {
  test('an edit in PowerOffice is not attempted, and nobody is asked about it', () => {
    const verdict = decide(pairOf({ name: 'A' }, {}, {}))
    expect(verdict).toMatchObject({ kind: 'reconcile', how: 'remember', writeErp: [], writeShop: [], notes: [] })
    expect(verdict).toMatchObject({ agreed: marks('0', ['name']), notOffered: ['name'] })
  })

  test('once it was seen, the same difference needs nothing any more', () => {
    const row = rememberedAfter(decide(pairOf({ name: 'A' }, {}, {})), linkedRow(), { name: 'A' }, {})
    expect(decide(pairOf({ name: 'A' }, {}, {}, { rows: [row] }))).toEqual({ kind: 'nothing', why: 'unchanged' })
  })

  test('an edit in the shop is carried to PowerOffice, beside one that waits there', () => {
    expect(decide(pairOf({ name: 'A' }, { remark: 'B' }, {}))).toMatchObject({
      writeErp: ['remark'],
      writeShop: [],
      notOffered: ['name'],
    })
  })

  test('a one-way field that is edited in the shop is not put back', () => {
    expect(decide(pairOf({}, { number: '9' }, {}))).toMatchObject({ writeErp: [], writeShop: [], notes: [] })
  })

  test('it is linked without its counterpart’s id, which it could not store', () => {
    const stranger = reading('shop', {}, { reference: null })
    const pair = pairOf({}, {}, null, {
      match: { kind: 'matched', by: 'email' },
      shop: { kind: 'present', reading: stranger },
    })
    expect(decide(pair)).toMatchObject({ kind: 'reconcile', how: 'link', nameCounterpart: false })
    expect(decidePair(sampleFlow, pair, context)).toMatchObject({ nameCounterpart: true })
  })

  test('values that differ when the two are linked stand, and a later edit of the shop reaches PowerOffice', () => {
    const matched = { match: { kind: 'matched', by: 'email' } } as const
    const linked = rememberedAfter(
      decide(pairOf({ name: 'A' }, { name: 'B' }, null, matched)),
      null,
      { name: 'A' },
      { name: 'B' },
    )
    expect(decide(pairOf({ name: 'A' }, { name: 'B' }, {}, { rows: [linked] }))).toMatchObject({ kind: 'nothing' })
    const shop = { kind: 'present' as const, reading: reading('shop', { name: 'C' }, { changedAtMs: 40_000 }) }
    const erp = { kind: 'present' as const, reading: reading('erp', { name: 'A' }, { changedAtMs: 1_000 }) }
    const edited = pairOf({ name: 'A' }, { name: 'C' }, {}, { rows: [linked], erp, shop })
    expect(decide(edited)).toMatchObject({ how: 'update', writeErp: ['name'], writeShop: [] })
  })

  test('a shop that takes edits one day gets what waited for it', () => {
    const row = rememberedAfter(decide(pairOf({ name: 'A' }, {}, {})), linkedRow(), { name: 'A' }, {})
    const pair = pairOf({ name: 'A' }, {}, {}, { rows: [row] })
    expect(decidePair(sampleFlow, pair, context)).toMatchObject({ how: 'update', writeShop: ['name'] })
  })

  test('a record that was deleted in PowerOffice is let go without setting the shop’s inactive', () => {
    const pair = pairOf({}, {}, {}, { erp: { kind: 'missing', id: '12', tombstone: false } })
    const approved = { missingTwice: true, wish: { kind: 'approveDelete', by: 'Kari' } } as const
    expect(decide(pair, approved)).toMatchObject({ kind: 'retire', gone: 'erp', archive: null })
  })
})

describe('rule 4e: a shop that takes no new records', () => {
  const alone = (side: 'erp' | 'shop', rest: Partial<Pair> = {}): Pair => ({
    erp: side === 'erp' ? { kind: 'present', reading: reading('erp') } : { kind: 'absent' },
    shop: side === 'shop' ? { kind: 'present', reading: reading('shop', {}, { reference: null }) } : { kind: 'absent' },
    ...{ rows: [], match: { kind: 'none' }, differs: differsOf({}, {}), ...rest },
  })

  test('what only PowerOffice has is counted, not listed, and not looked at twice', () => {
    expect(decide(alone('erp'))).toMatchObject({ kind: 'park', reason: 'outOfScope', detail: '' })
    const rows = [seenRow('erp', { reason: 'outOfScope' })]
    expect(decide(alone('erp', { rows }))).toEqual({ kind: 'nothing', why: 'outOfScope' })
  })

  test('what only the shop has is created in PowerOffice as ever', () => {
    expect(decide(alone('shop'))).toMatchObject({ kind: 'create', on: 'erp' })
  })

  test('a person who asks for it is answered by the attempt', () => {
    expect(decide(alone('erp'), { wish: { kind: 'create', by: 'Kari' } })).toMatchObject({ kind: 'create', on: 'shop' })
  })
})

describe('what a shop does not offer', () => {
  test('rule 15: is not counted by the preview of the first contact, which says so', () => {
    const shown = (side: 'erp' | 'shop', id: string, name: string): [string, SideState] => {
      const content = { canonical: { name }, written: {} }
      return [id, { kind: 'present', reading: { ...reading(side, { name }), id, content } }]
    }
    const snapshot: Parameters<typeof previewOf>[1] = {
      states: {
        erp: new Map([shown('erp', '12', 'Nord AS'), shown('erp', '13', 'Sør AS')]),
        shop: new Map([shown('shop', 'c-7', 'Nord'), shown('shop', 'c-8', 'Øst AS')]),
      },
      pairs: [{ erpId: '12', shopId: 'c-7', by: 'email' }],
      ...{ ambiguous: [], erpOnly: ['13'], shopOnly: ['c-8'] },
    }
    const company = { name: 'Fjord AS', production: false }
    expect(previewOf(sampleFlow, snapshot, company)).toMatchObject({
      ...{ link: 1, createInErp: 1, createInShop: 1, overwriteErp: 0, overwriteShop: 1 },
    })
    expect(previewOf(sampleFlow, snapshot, company, notOffered)).toMatchObject({
      ...{ link: 1, createInErp: 1, createInShop: 0, overwriteErp: 0, overwriteShop: 0 },
      limits: limitsSentence(sampleFlow, notOffered),
    })
  })

  test('is said in one sentence', () => {
    expect(limitsSentence(sampleFlow, undefined)).toBeNull()
    expect(limitsSentence(sampleFlow, notOffered)).toBe(
      'The webshop does not offer to create or edit customers: what is new or edited in PowerOffice stays there.',
    )
    expect(limitsSentence(departments, { shop: ['create'] })).toBe(
      'The webshop does not offer to create departments: new ones in PowerOffice stay there.',
    )
    expect(limitsSentence(salesOrderLines, { shop: ['update'] })).toBe(
      'The webshop does not offer to edit the lines of orders: edits in PowerOffice stay there.',
    )
  })

  test('is everything that it does not name, and nothing where it says nothing', () => {
    expect(offers(undefined, 'shop', 'create')).toBe(true)
    expect(offers(notOffered, 'erp', 'create')).toBe(true)
    expect(offers({ shop: ['update'] }, 'shop', 'create')).toBe(true)
    expect(offers({ shop: ['update'] }, 'shop', 'update')).toBe(false)
  })
})
