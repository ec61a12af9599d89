import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { joinHashes } from '../flows/field-hashes.ts'
import type { FlowDefinition } from '../flows/flow-definition.ts'
import type { LinkedRow } from '../flows/row.ts'
import { type MergeHistory, mergePair, type PairMerge } from '../workflows/decide/merge-pair.ts'
import {
  differsOf,
  fieldNames,
  history,
  linkedRow,
  marks,
  reading,
  sampleFlow,
  type Values,
  valueHash,
  valueIn,
} from './support/pair-samples.ts'

const allAgreed = '1'.repeat(fieldNames.length)
const nothing: PairMerge = { writeErp: [], writeShop: [], agreed: allAgreed, notes: [] }
// Few values on purpose, the empty one among them: equality is the subject.
const value = fc.constantFrom('same', 'A', 'B', null)
const values: fc.Arbitrary<Values> = fc.record(Object.fromEntries(fieldNames.map((name) => [name, value])))

function merge(
  erp: Values,
  shop: Values,
  base: Values | LinkedRow | null,
  rest: Partial<MergeHistory> = {},
): PairMerge {
  const row = base === null || 'kind' in base ? (base as LinkedRow | null) : linkedRow(base)
  return mergePair(sampleFlow, reading('erp', erp), reading('shop', shop), row, differsOf(erp, shop), {
    ...history,
    ...rest,
  })
}

describe('rule 3: per field, never per record', () => {
  test('both sides changed different fields: both edits survive', () => {
    expect(merge({ name: 'A' }, { orgNo: 'B' }, {})).toEqual({ ...nothing, writeErp: ['orgNo'], writeShop: ['name'] })
  })

  test('what is decided of one field does not depend on any other', () => {
    fc.assert(
      fc.property(
        values,
        values,
        values,
        fc.constantFrom(...fieldNames),
        value,
        value,
        value,
        (erp, shop, base, name, e, s, b) => {
          const before = merge(erp, shop, base)
          const after = merge({ ...erp, [name]: e }, { ...shop, [name]: s }, { ...base, [name]: b })
          expect(withoutField(after, name)).toEqual(withoutField(before, name))
        },
      ),
    )
  })

  test('every field is written to one side at most, and what is left is never written', () => {
    fc.assert(
      fc.property(values, values, fc.option(values), (erp, shop, base) => {
        const found = merge(erp, shop, base)
        const written = [...found.writeErp, ...found.writeShop]
        const left = fieldNames.filter((_, index) => found.agreed[index] === '0')
        expect(new Set(written).size).toBe(written.length)
        expect(written.filter((name) => left.includes(name))).toEqual([])
        expect(found.agreed).toHaveLength(fieldNames.length)
      }),
    )
  })
})

function withoutField(found: PairMerge, name: string): PairMerge {
  const index = fieldNames.indexOf(name)
  return {
    writeErp: found.writeErp.filter((other) => other !== name),
    writeShop: found.writeShop.filter((other) => other !== name),
    agreed: found.agreed.slice(0, index) + found.agreed.slice(index + 1),
    notes: found.notes.filter((note) => note.field !== name),
  }
}

describe('rule 6: no write without need', () => {
  test('records that show the same write nothing, whatever was agreed before', () => {
    fc.assert(
      fc.property(values, fc.option(values), (shown, base) => {
        expect(merge(shown, shown, base)).toEqual(nothing)
      }),
    )
  })

  test('once the writes are done, deciding again writes nothing: no edit goes to and fro', () => {
    fc.assert(
      fc.property(values, values, fc.option(values), (erp, shop, base) => {
        const first = merge(erp, shop, base)
        const erpAfter = { ...erp, ...taken(first.writeErp, shop) }
        const shopAfter = { ...shop, ...taken(first.writeShop, erp) }
        const old = base === null ? null : linkedRow(base)
        const row = rowAfter(first, erpAfter, shopAfter, old)
        const second = merge(erpAfter, shopAfter, row)
        expect([second.writeErp, second.writeShop]).toEqual([[], []])
        expect(second.agreed).toBe(first.agreed)
      }),
    )
  })
})

function taken(names: readonly string[], from: Values): Values {
  return Object.fromEntries(names.map((name) => [name, valueIn(from, name)]))
}

/** What the memory holds once both systems show exactly what was written (activities/upsert/linked-row.ts). */
function rowAfter(found: PairMerge, erp: Values, shop: Values, old: LinkedRow | null): LinkedRow {
  const baseOf = (side: Values, before: string): string =>
    joinHashes(
      fieldNames.map((name, index) =>
        found.agreed[index] === '1' ? valueHash(valueIn(side, name)) : before.slice(index * 4, index * 4 + 4) || '____',
      ),
    )
  return linkedRow({}, { base: baseOf(erp, old?.base ?? ''), shopBase: baseOf(shop, old?.base ?? '') })
}

describe('conflicts and first agreement', () => {
  test('two different edits of one field are never settled silently', () => {
    fc.assert(
      fc.property(fc.constantFrom(...fieldNames), fc.boolean(), (name, revertedLately) => {
        const found = merge({ [name]: 'A' }, { [name]: 'B' }, {}, { revertedLately: () => revertedLately })
        expect(found.notes).toEqual([
          expect.objectContaining({ field: name, kind: expect.stringMatching(/^(conflict|asks)$/) }),
        ])
      }),
    )
  })

  test('rule 2: at linking every field follows first agreement, each by its own direction', () => {
    const filled = { name: 'A', orgNo: 'A', remark: null, rate: 'A', number: 'A', origin: 'A', stock: 'A', kind: 'A' }
    const other = { name: 'B', orgNo: null, remark: 'B', rate: 'A', number: 'B', origin: 'B', stock: null, kind: 'B' }
    expect(merge(filled, other, null)).toEqual({
      writeErp: ['remark', 'origin'],
      writeShop: ['name', 'orgNo', 'number', 'stock'],
      agreed: marks('0', ['kind']),
      notes: [
        { field: 'name', kind: 'firstAgreement', winner: 'erp' },
        { field: 'kind', kind: 'asks', detail: expect.stringContaining('never converted') },
      ],
    })
  })

  test('E3: hashes of another definition version are unknown: equal values re-base silently, unequal ones follow first agreement', () => {
    const old = linkedRow({}, { definition: sampleFlow.version - 1 })
    expect(merge({ name: 'A' }, { name: 'A' }, old)).toEqual(nothing)
    expect(merge({}, { name: 'B' }, old)).toEqual({
      ...nothing,
      writeShop: ['name'],
      notes: [{ field: 'name', kind: 'firstAgreement', winner: 'erp' }],
    })
  })

  test('E2: a field that a system rewrote is held against its own form, so that it never starts a loop', () => {
    const rewritten = linkedRow({ name: 'Ola' }, { shopBase: linkedRow({ name: 'OLA' }).base })
    expect(merge({ name: 'Ola' }, { name: 'OLA' }, rewritten)).toEqual(nothing)
    expect(merge({ name: 'Ola' }, { name: 'Kari' }, rewritten)).toEqual({ ...nothing, writeErp: ['name'] })
    expect(merge({ name: 'Kari' }, { name: 'OLA' }, rewritten)).toEqual({ ...nothing, writeShop: ['name'] })
  })

  test('E2: values that differ under equal hashes are compared by value and settled with a note', () => {
    const found = mergePair(sampleFlow, reading('erp'), reading('shop'), linkedRow(), marks('1', ['name']), history)
    expect(found).toEqual({
      ...nothing,
      writeShop: ['name'],
      notes: [{ field: 'name', kind: 'firstAgreement', winner: 'erp' }],
    })
  })

  test('rule 5: latest goes by the times of each side, without our own last write', () => {
    const erp = reading('erp', { name: 'A' }, { changedAtMs: 90_000, changeMark: 'ours' })
    const shop = reading('shop', { name: 'B' }, { changedAtMs: 60_000 })
    const differs = differsOf({ name: 'A' }, { name: 'B' })
    const winnerWith = (row: LinkedRow, firstSeenMs: MergeHistory['firstSeenMs']) =>
      mergePair(sampleFlow, erp, shop, row, differs, { ...history, firstSeenMs }).notes.map((note) => note.winner)
    expect(winnerWith(linkedRow(), { erp: null, shop: null })).toEqual(['erp'])
    expect(winnerWith(linkedRow({}, { erpOwnWrite: 'ours' }), { erp: 30_000, shop: null })).toEqual(['shop'])
    expect(winnerWith(linkedRow({}, { erpOwnWrite: 'ours' }), { erp: null, shop: null })).toEqual(['erp'])
  })
})

describe('what the records and the options say', () => {
  const byLock: FlowDefinition = {
    ...sampleFlow,
    fields: sampleFlow.fields.map((field) => (field.name === 'name' ? { ...field, conflict: 'byLock' } : field)),
  }

  test.each([
    [undefined, 'shop'],
    [false, 'shop'],
    [true, 'erp'],
  ] as const)('E22: a record that PowerOffice says is locked (%s) decides who wins by lock', (isLocked, winner) => {
    const erp = reading('erp', { name: 'A' }, isLocked === undefined ? {} : { isLocked })
    const shop = reading('shop', { name: 'B' }, { isLocked: true })
    const differs = differsOf({ name: 'A' }, { name: 'B' })
    const found = mergePair(byLock, erp, shop, linkedRow(), differs, history)
    expect(found.notes.map((note) => [note.field, note.winner])).toEqual([['name', winner]])
  })

  test('rule 2: two values that a person is asked about stay open until the sides are equal', () => {
    const ask = { firstAgreement: 'ask' } as const
    const open = {
      ...nothing,
      agreed: marks('0', ['name']),
      notes: [{ field: 'name', kind: 'asks', detail: expect.stringContaining('edit one side') }],
    }
    const first = merge({ name: 'A' }, { name: 'B' }, null, ask)
    expect(first).toEqual(open)
    const row = rowAfter(first, { name: 'A' }, { name: 'B' }, null)
    expect(merge({ name: 'A' }, { name: 'C' }, row, ask)).toEqual(open)
    expect(merge({ name: 'A' }, { name: 'A' }, row, ask)).toEqual(nothing)
  })

  test('rule 2: by the option latest the change times of the two records decide', () => {
    const erp = reading('erp', { name: 'A' }, { changedAtMs: 30_000 })
    const shop = reading('shop', { name: 'B' }, { changedAtMs: 60_000 })
    const differs = differsOf({ name: 'A' }, { name: 'B' })
    const found = mergePair(sampleFlow, erp, shop, null, differs, { ...history, firstAgreement: 'latest' })
    expect(found).toMatchObject({ writeErp: ['name'], notes: [{ kind: 'firstAgreement', winner: 'shop' }] })
  })

  test('what the receiving side keeps as its own is remembered in its form, so that its owner’s next value is told', () => {
    const keeps: FlowDefinition = {
      ...sampleFlow,
      fields: sampleFlow.fields.map((field) => (field.name === 'origin' ? { ...field, ownerEmpty: 'keep' } : field)),
    }
    const mergeKeeping = (erp: Values, shop: Values, row: LinkedRow | null) =>
      mergePair(keeps, reading('erp', erp), reading('shop', shop), row, differsOf(erp, shop), history)
    const first = mergeKeeping({ origin: 'A' }, { origin: null }, null)
    expect(first).toEqual(nothing)
    const row = rowAfter(first, { origin: 'A' }, { origin: null }, null)
    expect(mergeKeeping({ origin: 'B' }, { origin: null }, row)).toEqual(nothing)
    expect(mergeKeeping({ origin: 'A' }, { origin: 'C' }, row)).toEqual({ ...nothing, writeErp: ['origin'] })
  })
})

describe('what the flow did lately', () => {
  test('rule 7: only the field that was put back within the hour is listed, others are put back', () => {
    const found = merge({}, { number: 'B' }, {}, { revertedLately: (name) => name === 'number' })
    expect(found).toEqual({
      ...nothing,
      agreed: marks('0', ['number']),
      notes: [{ field: 'number', kind: 'revertedTwice', winner: 'erp' }],
    })
    expect(merge({}, { number: 'B' }, {}, { revertedLately: (name) => name === 'name' })).toEqual({
      ...nothing,
      writeShop: ['number'],
      notes: [{ field: 'number', kind: 'reverted', winner: 'erp' }],
    })
  })

  test('E20: a write that would go to and fro again is stopped: both values stand, with a note', () => {
    const asked: unknown[] = []
    const found = merge(
      { name: 'A' },
      { orgNo: 'B' },
      {},
      {
        wouldLoop: (name, to, hash) => {
          asked.push([name, to, hash])
          return name === 'name'
        },
      },
    )
    expect(asked).toEqual([
      ['name', 'shop', valueHash('A')],
      ['orgNo', 'erp', valueHash('B')],
    ])
    expect(found).toEqual({
      writeErp: ['orgNo'],
      writeShop: [],
      agreed: marks('0', ['name']),
      notes: [
        {
          field: 'name',
          kind: 'loop',
          detail: 'the two systems keep rewriting each other; both values stand until one is edited',
        },
      ],
    })
  })

  test('a field that applies to one of the records only is neither written nor listed', () => {
    expect(merge({ name: undefined }, { name: 'A' }, null)).toEqual(nothing)
  })
})
