import { describe, expect, test } from 'vitest'
import { rowWithTried, withLanded } from '../activities/upsert/tried-writes.ts'
import type { ReconcileDecision } from '../flows/decision.ts'
import { NO_HASH } from '../flows/field-hashes.ts'
import type { CreatingRow, LinkedRow } from '../flows/row.ts'
import { decodeRow, encodeRow } from '../flows/row-codec.ts'
import { decidePair } from '../workflows/decide/decide-pair.ts'
import {
  context,
  differsOf,
  fieldNames,
  hashesOf,
  linkedRow,
  pairOf,
  sampleFlow,
  type Values,
  valueHash,
} from './support/pair-samples.ts'

const base = { name: 'A', remark: 'A' }
const only = (field: string, value: string): string =>
  fieldNames.map((name) => (name === field ? valueHash(value) : NO_HASH)).join('')

function decided(erp: Values, shop: Values, row: LinkedRow | CreatingRow): ReconcileDecision {
  const [left, right] = [
    { ...base, ...erp },
    { ...base, ...shop },
  ]
  const verdict = decidePair(
    sampleFlow,
    {
      ...pairOf(left, right, base),
      differs: differsOf(left, right),
      rows: [row],
      ...(row.kind === 'creating' ? { match: { kind: 'matched', by: 'reference' } as const } : {}),
    },
    context,
  )
  if (verdict.kind !== 'reconcile') throw new Error(`decided otherwise: ${verdict.kind}`)
  return verdict
}

test('E19: what an attempt sets out to write is noted by side and field', () => {
  const row = rowWithTried(sampleFlow, decided({ remark: 'R' }, { name: 'B' }, linkedRow(base)))
  expect(row).toEqual({ ...linkedRow(base), tried: [only('name', 'B'), only('remark', 'R')] })
})

test('E19: attempt after attempt, whichever landed, an edit made behind them is no conflict', () => {
  // B was written and landed, C was tried next and did not, then somebody wrote D.
  const first = rowWithTried(sampleFlow, decided({}, { name: 'B' }, linkedRow(base))) as LinkedRow
  const second = rowWithTried(sampleFlow, decided({ name: 'B' }, { name: 'C' }, first)) as LinkedRow
  expect(second).toMatchObject({ base: hashesOf({ ...base, name: 'B' }), tried: [only('name', 'C'), ''] })
  expect(decided({ name: 'B' }, { name: 'D' }, second)).toMatchObject({ writeErp: ['name'], writeShop: [], notes: [] })
  // And had it landed:
  expect(decided({ name: 'C' }, { name: 'D' }, second)).toMatchObject({ writeErp: ['name'], writeShop: [], notes: [] })
})

test('E19: a conflict settled by a write whose answer was lost is told of once the write is found done, and only then', () => {
  const decision = decided({ name: 'P' }, { name: 'W' }, linkedRow(base))
  expect(decision).toMatchObject({ writeShop: ['name'], notes: [{ field: 'name', kind: 'conflict', winner: 'erp' }] })
  const noted = rowWithTried(sampleFlow, decision) as LinkedRow
  expect(decodeRow(encodeRow(noted))).toEqual(noted)
  // It landed: both show PowerOffice's value, and what the webshop had is gone.
  expect(decided({ name: 'P' }, { name: 'P' }, noted)).toMatchObject({
    how: 'remember',
    notes: [{ field: 'name', kind: 'conflict', winner: 'erp', detail: expect.stringContaining('found done later') }],
  })
  // It did not: the conflict is decided and told of anew, once.
  expect(decided({ name: 'P' }, { name: 'W' }, noted).notes).toHaveLength(1)
  // The webshop was edited again behind it: an edit that is carried over, and the earlier value is told of.
  expect(decided({ name: 'P' }, { name: 'X' }, noted).notes).toHaveLength(1)
  expect(
    decided({ name: 'P' }, { name: 'P' }, rowWithTried(sampleFlow, decided({}, { name: 'B' }, noted)) as LinkedRow)
      .notes,
  ).toEqual([])
})

test('E19: an edit that goes back to what was agreed on, behind a write that the other system spells its own way, is an edit', () => {
  // The webshop's B was tried in PowerOffice, which shows b; the webshop is back at A by now.
  const noted = rowWithTried(sampleFlow, decided({}, { name: 'B' }, linkedRow(base))) as LinkedRow
  expect(decided({ name: 'b' }, {}, noted).notes).toMatchObject([{ field: 'name', kind: 'conflict' }])
  expect(decided({ name: 'b' }, { name: 'B' }, noted).notes).toMatchObject([{ field: 'name', kind: 'conflict' }])
  expect(decided({ name: 'b' }, {}, linkedRow(base))).toMatchObject({ writeShop: ['name'], notes: [] })
})

test('a decision that writes nothing notes nothing', () => {
  const remembered = decided({ name: 'B' }, { name: 'B' }, linkedRow(base))
  expect(rowWithTried(sampleFlow, remembered)).toBeUndefined()
})

describe('E19: a pair is being linked when its attempt dies', () => {
  const creating: CreatingRow = {
    kind: 'creating',
    side: 'shop',
    id: linkedRow(base).shopId,
    reference: linkedRow(base).shopId,
    creation: 1,
    since: 1,
    gives: { hashes: hashesOf(base), definition: sampleFlow.version },
  }

  test('the row of the create that made the new record notes what was written, and an edit behind it is no conflict', () => {
    const noted = rowWithTried(sampleFlow, decided({}, { name: 'B' }, creating)) as CreatingRow
    expect(noted).toEqual({ ...creating, tried: [only('name', 'B'), ''] })
    expect(decodeRow(encodeRow(noted))).toEqual(noted)
    // B landed in PowerOffice, and the webshop was edited again.
    const again = decided({ name: 'B' }, { name: 'C' }, noted)
    expect(again).toMatchObject({ how: 'adopt', writeErp: ['name'], writeShop: [], notes: [] })
    // Written twice before it was remembered: each landing counts.
    const twice = rowWithTried(sampleFlow, again) as CreatingRow
    expect(twice).toMatchObject({ gives: { hashes: hashesOf({ ...base, name: 'B' }) }, tried: [only('name', 'C'), ''] })
    expect(decided({ name: 'C' }, { name: 'D' }, twice)).toMatchObject({ writeErp: ['name'], writeShop: [], notes: [] })
  })

  test('two that matched are linked by the note, and what was written counts as agreed on once it is found', () => {
    const linking = { ...decided({}, { name: 'B' }, linkedRow(base)), how: 'link' as const, rows: [] }
    const noted = rowWithTried(sampleFlow, linking) as LinkedRow
    expect(noted).toMatchObject({ kind: 'linked', erpSeen: '', shopSeen: '', tried: [only('name', 'B'), ''] })
    expect(noted.base.replaceAll(NO_HASH, '')).toBe('')
    expect(decided({ name: 'B' }, { name: 'C' }, noted)).toMatchObject({ writeErp: ['name'], writeShop: [], notes: [] })
  })
})

describe('E19: what is remembered when the next write does not arrive either', () => {
  // PowerOffice's P was written to the webshop and landed, unheard of; then PowerOffice wrote Q, and the webshop another field.
  const first = rowWithTried(sampleFlow, decided({ name: 'P' }, {}, linkedRow(base))) as LinkedRow
  const decision = decided({ name: 'Q' }, { name: 'P', remark: 'W' }, first)

  test('goes on from the write that landed: the webshop shows our own, and no edit of its people', () => {
    expect(decision).toMatchObject({ writeErp: ['remark'], writeShop: ['name'] })
    const known = withLanded(sampleFlow, first, decision)
    expect(known.base).toBe(hashesOf({ ...base, name: 'P' }))
    // PowerOffice was written, the webshop was not: only the note of the last write is left.
    const half = { ...known, base: hashesOf({ name: 'P', remark: 'W' }), tried: ['', only('name', 'Q')] as const }
    expect(decided({ name: 'R', remark: 'W' }, { name: 'P', remark: 'W' }, half)).toMatchObject({
      writeErp: [],
      writeShop: ['name'],
      notes: [],
    })
  })

  test('is the row itself where nothing was tried, or nothing landed', () => {
    expect(withLanded(sampleFlow, linkedRow(base), decision)).toEqual(linkedRow(base))
    expect(withLanded(sampleFlow, first, decided({ name: 'Q' }, {}, first)).base).toBe(first.base)
  })
})
