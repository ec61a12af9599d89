import { expect, test } from 'vitest'
import { rowWithTried } from '../activities/upsert/tried-writes.ts'
import type { ReconcileDecision } from '../flows/decision.ts'
import { NO_HASH } from '../flows/field-hashes.ts'
import type { LinkedRow } from '../flows/row.ts'
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

function decided(erp: Values, shop: Values, row: LinkedRow): ReconcileDecision {
  const [left, right] = [
    { ...base, ...erp },
    { ...base, ...shop },
  ]
  const verdict = decidePair(
    sampleFlow,
    { ...pairOf(left, right, base), differs: differsOf(left, right), rows: [row] },
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

test('a decision that writes nothing, or that links for the first time, notes nothing', () => {
  const remembered = decided({ name: 'B' }, { name: 'B' }, linkedRow(base))
  expect(rowWithTried(sampleFlow, remembered)).toBeUndefined()
  expect(rowWithTried(sampleFlow, { ...decided({}, { name: 'B' }, linkedRow(base)), rows: [] })).toBeUndefined()
})
