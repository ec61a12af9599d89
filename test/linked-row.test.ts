import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type AfterWrite, type AgreedRow, linkedRowAfter } from '../activities/upsert/linked-row.ts'
import type { ReconcileDecision } from '../flows/decision.ts'
import type { LinkedRow } from '../flows/row.ts'
import { mergePair } from '../workflows/decide/merge-pair.ts'
import {
  differsOf,
  fieldNames,
  hashesOf,
  history,
  linkedRow,
  marks,
  reading,
  reconcileOf,
  sampleFlow,
  seenOf,
  type Values,
} from './support/pair-samples.ts'

function remember(
  decision: ReconcileDecision,
  previous: LinkedRow | null,
  shown: { readonly erp: Values; readonly shop: Values },
  rest: Partial<AfterWrite> = {},
): AgreedRow {
  return linkedRowAfter(sampleFlow, decision, previous, {
    erp: reading('erp', shown.erp, { changeMark: 'erpM' }),
    shop: reading('shop', shown.shop, { changeMark: 'shpM' }),
    withheld: new Set(),
    wroteErp: decision.writeErp.length > 0,
    wroteShop: decision.writeShop.length > 0,
    flags: '',
    pointer: '2.9',
    ...rest,
  })
}

/** Decides, applies as asked and remembers; `unasked` is what somebody else did while we wrote. */
function decided(erp: Values, shop: Values, base: Values): ReconcileDecision {
  const merge = mergePair(
    sampleFlow,
    reading('erp', erp),
    reading('shop', shop),
    linkedRow(base),
    differsOf(erp, shop),
    history,
  )
  return reconcileOf({ ...merge, erp: reading('erp', erp), shop: reading('shop', shop) })
}

const undisturbed = { disturbed: false, notes: [] }

describe('E2: after a write only the decided fields move', () => {
  test('a value that was carried over becomes the base of its field, and both sides’ content is seen', () => {
    const decision = decided({ name: 'A' }, {}, {})
    expect(remember(decision, linkedRow(), { erp: { name: 'A' }, shop: { name: 'A' } })).toEqual({
      row: linkedRow({ name: 'A' }, { shopOwnWrite: 'shpM', pointer: '2.9' }),
      ...undisturbed,
    })
  })

  test('a field that was left keeps the base it had, and its present content counts as seen', () => {
    const decision = decided({}, { kind: 'B', stock: 'B' }, {})
    expect(remember(decision, linkedRow(), { erp: {}, shop: { kind: 'B', stock: 'B' } })).toEqual({
      row: linkedRow({}, { shopSeen: seenOf({ kind: 'B', stock: 'B' }), pointer: '2.9' }),
      ...undisturbed,
    })
  })

  test('a field that was left at linking has no base', () => {
    const decision = reconcileOf({ how: 'link', agreed: marks('0', ['kind']), shop: reading('shop', { kind: 'B' }) })
    const { row } = remember(decision, null, { erp: {}, shop: { kind: 'B' } })
    expect(row).toEqual(
      linkedRow({}, { base: hashesOf({ kind: undefined }), shopSeen: seenOf({ kind: 'B' }), pointer: '2.9' }),
    )
  })

  test('E3: bases of another definition version are not carried on', () => {
    const decision = reconcileOf({ agreed: marks('0', ['name']) })
    const old = linkedRow({}, { definition: sampleFlow.version - 1 })
    expect(remember(decision, old, { erp: {}, shop: {} }).row).toEqual(
      linkedRow({}, { base: hashesOf({ name: undefined }), pointer: '2.9' }),
    )
  })
})

describe('rules 8 and 9: what was withheld', () => {
  test('a withheld field keeps the base it had, others move', () => {
    const decision = decided({ name: null, orgNo: 'A' }, {}, {})
    const { row } = remember(
      decision,
      linkedRow(),
      { erp: { name: null, orgNo: 'A' }, shop: { orgNo: 'A' } },
      { withheld: new Set(['name']) },
    )
    expect(row).toMatchObject({
      base: hashesOf({ orgNo: 'A' }),
      shopBase: '',
      erpSeen: seenOf({ name: null, orgNo: 'A' }),
    })
  })

  test('a field that was withheld at linking has no base: it is decided again whenever one side changes it', () => {
    const decision = reconcileOf({ how: 'link', writeShop: ['name'], erp: reading('erp', { name: null }) })
    const { row } = remember(decision, null, { erp: { name: null }, shop: {} }, { withheld: new Set(['name']) })
    expect(row.base).toBe(hashesOf({ name: undefined }))
  })

  test('an edit of a withheld field that nobody knew of is not taken as seen', () => {
    const decision = decided({ name: null }, {}, {})
    const found = remember(
      decision,
      linkedRow(),
      { erp: { name: null }, shop: { name: 'B' } },
      { withheld: new Set(['name']) },
    )
    expect([found.disturbed, found.row.shopSeen]).toEqual([true, seenOf({})])
  })
})

describe('a system that rewrites what it was given', () => {
  test('E2: both forms are remembered, and the note says so', () => {
    const decision = decided({ name: 'Ola' }, {}, {})
    expect(remember(decision, linkedRow(), { erp: { name: 'Ola' }, shop: { name: 'OLA' } })).toEqual({
      row: linkedRow(
        { name: 'Ola' },
        {
          shopBase: hashesOf({ name: 'OLA' }),
          shopSeen: seenOf({ name: 'OLA' }),
          shopOwnWrite: 'shpM',
          pointer: '2.9',
        },
      ),
      disturbed: false,
      notes: [{ field: 'name', kind: 'adjusted', detail: 'the system rewrote the value it was given' }],
    })
  })

  test('E2: the second form stays beside later writes of other fields, without a second note', () => {
    const before = linkedRow(
      { name: 'Ola' },
      { shopBase: hashesOf({ name: 'OLA' }), shopSeen: seenOf({ name: 'OLA' }) },
    )
    const decision = reconcileOf({
      erp: reading('erp', { name: 'Ola', orgNo: 'A' }),
      shop: reading('shop', { name: 'OLA' }),
      writeShop: ['orgNo'],
    })
    const found = remember(decision, before, { erp: { name: 'Ola', orgNo: 'A' }, shop: { name: 'OLA', orgNo: 'A' } })
    expect([found.row.base, found.row.shopBase, found.notes]).toEqual([
      hashesOf({ name: 'Ola', orgNo: 'A' }),
      hashesOf({ name: 'OLA', orgNo: 'A' }),
      [],
    ])
  })
})

describe('E2: an edit that the decision did not know', () => {
  test('leaves the base of its field and what was seen of its side, so that the watch brings it back', () => {
    const decision = decided({ name: 'A' }, {}, {})
    const found = remember(decision, linkedRow(), { erp: { name: 'A' }, shop: { name: 'A', remark: 'B' } })
    expect(found).toEqual({
      row: linkedRow({ name: 'A' }, { shopSeen: seenOf({}), shopOwnWrite: 'shpM', pointer: '2.9' }),
      disturbed: true,
      notes: [],
    })
  })

  test('at linking it leaves its side as never seen, and is told from what the two agreed on, not by first agreement', () => {
    const decision = reconcileOf({ how: 'link', writeErp: ['name'], shop: reading('shop', { name: 'A' }) })
    const found = remember(decision, null, { erp: { name: 'A', remark: 'B' }, shop: { name: 'A' } })
    expect(found).toEqual({
      row: linkedRow(
        { name: 'A' },
        { erpSeen: '', shopSeen: seenOf({ name: 'A' }), erpOwnWrite: 'erpM', pointer: '2.9' },
      ),
      disturbed: true,
      notes: [],
    })
  })

  test('rule 14: a value whose source was edited again while it was copied is agreed as copied: the newer edit travels alone', () => {
    const decision = decided({ name: 'A', remark: 'A' }, { orgNo: 'B' }, {})
    expect([decision.writeErp, decision.writeShop]).toEqual([['orgNo'], ['name', 'remark']])
    const found = remember(decision, linkedRow(), {
      erp: { name: 'C', remark: 'A', orgNo: 'B' },
      shop: { name: 'A', remark: 'A', orgNo: 'B' },
    })
    expect([found.disturbed, found.row.base, found.row.shopBase, found.row.erpSeen]).toEqual([
      true,
      hashesOf({ name: 'A', remark: 'A', orgNo: 'B' }),
      '',
      seenOf({}),
    ])
    const erp = { name: 'C', remark: 'A', orgNo: 'B' }
    const shop = { name: 'A', remark: 'A', orgNo: 'B' }
    const next = mergePair(
      sampleFlow,
      reading('erp', erp),
      reading('shop', shop),
      found.row,
      differsOf(erp, shop),
      history,
    )
    expect(next).toMatchObject({ writeErp: [], writeShop: ['name'], notes: [] })
  })

  test('whatever somebody did to whichever field meanwhile, the next decision carries that edit and nothing else', () => {
    const value = fc.constantFrom('same', 'A', 'B')
    // Fields that travel both ways without asking anybody.
    const travelling = ['name', 'orgNo', 'remark']
    const values = fc.record(Object.fromEntries(travelling.map((name) => [name, value])))
    fc.assert(
      fc.property(
        values,
        values,
        fc.constantFrom(...travelling),
        fc.constantFrom('erp', 'shop'),
        (erp, shop, name, side) => {
          const decision = decided(erp, shop, {})
          const isWritten = (side === 'erp' ? decision.writeErp : decision.writeShop).includes(name)
          fc.pre(!isWritten)
          const copied = (names: readonly string[], from: Values) =>
            Object.fromEntries(names.map((one) => [one, from[one]]))
          const quiet = {
            erp: { ...erp, ...copied(decision.writeErp, shop) },
            shop: { ...shop, ...copied(decision.writeShop, erp) },
          }
          const shown = { ...quiet, [side]: { ...quiet[side], [name]: 'C' } }
          const found = remember(decision, linkedRow(), shown)
          const next = mergePair(
            sampleFlow,
            reading('erp', shown.erp),
            reading('shop', shown.shop),
            found.row,
            differsOf(shown.erp, shown.shop),
            history,
          )
          const other = side === 'erp' ? 'writeShop' : 'writeErp'
          expect(found.disturbed).toBe(true)
          expect({ ...next, agreed: '' }).toEqual({
            writeErp: [],
            writeShop: [],
            notes: [],
            agreed: '',
            [other]: [name],
          })
        },
      ),
    )
  })
})

describe('E22: a status that moved on while it was written', () => {
  test('is somebody’s next step and no spelling of ours: it is told from what was written, and travels', () => {
    const withStatus = {
      ...sampleFlow,
      fields: sampleFlow.fields.map((field) => (field.name === 'name' ? { ...field, locks: ['A', 'B'] } : field)),
    }
    const decision = decided({}, { name: 'A' }, {})
    expect(decision.writeErp).toEqual(['name'])
    const found = linkedRowAfter(withStatus, decision, linkedRow(), {
      erp: reading('erp', { name: 'B' }),
      shop: reading('shop', { name: 'A' }),
      withheld: new Set(),
      wroteErp: true,
      wroteShop: false,
      flags: '',
      pointer: '2.9',
    })
    expect([found.disturbed, found.row.base, found.row.shopBase, found.row.erpSeen, found.notes]).toEqual([
      true,
      hashesOf({ name: 'A' }),
      '',
      seenOf({}),
      [],
    ])
  })
})

describe('what else a link remembers', () => {
  test('rule 5: the time of our own write, of the side that was written; the other side’s stays', () => {
    const before = linkedRow({}, { erpOwnWrite: 'old1', shopOwnWrite: 'old2' })
    const toErp = remember(decided({}, { name: 'A' }, {}), before, { erp: { name: 'A' }, shop: { name: 'A' } })
    expect([toErp.row.erpOwnWrite, toErp.row.shopOwnWrite]).toEqual(['erpM', 'old2'])
    const neither = remember(reconcileOf({ how: 'remember' }), before, { erp: {}, shop: {} })
    expect([neither.row.erpOwnWrite, neither.row.shopOwnWrite]).toEqual(['old1', 'old2'])
  })

  test('E27: its last decision, the definition version it was hashed with and the connector’s flags', () => {
    const { row } = remember(
      reconcileOf({ how: 'remember' }),
      linkedRow({}, { definition: 1 }),
      { erp: {}, shop: {} },
      { flags: 'p' },
    )
    expect([row.pointer, row.definition, row.flags]).toEqual(['2.9', sampleFlow.version, 'p'])
  })

  test('rule 6: once remembered, the same pair needs nothing', () => {
    const value = fc.constantFrom('same', 'A', 'B', null)
    const values = fc.record(Object.fromEntries(fieldNames.map((name) => [name, value])))
    fc.assert(
      fc.property(values, values, fc.option(values), (erp, shop, base) => {
        const previous = base === null ? null : linkedRow(base)
        const merge = mergePair(
          sampleFlow,
          reading('erp', erp),
          reading('shop', shop),
          previous,
          differsOf(erp, shop),
          history,
        )
        const decision = reconcileOf({ ...merge, erp: reading('erp', erp), shop: reading('shop', shop) })
        const copied = (names: readonly string[], from: Values) =>
          Object.fromEntries(names.map((one) => [one, from[one]]))
        const shown = {
          erp: { ...erp, ...copied(merge.writeErp, shop) },
          shop: { ...shop, ...copied(merge.writeShop, erp) },
        }
        const { row, disturbed, notes } = remember(decision, previous, shown)
        const next = mergePair(
          sampleFlow,
          reading('erp', shown.erp),
          reading('shop', shown.shop),
          row,
          differsOf(shown.erp, shown.shop),
          history,
        )
        expect([disturbed, notes, next.writeErp, next.writeShop]).toEqual([false, [], [], []])
      }),
    )
  })
})
