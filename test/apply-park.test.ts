import { describe, expect, test } from 'vitest'
import { applyForget, applyPark } from '../activities/upsert/apply-park.ts'
import type { Chunk } from '../activities/upsert/chunk.ts'
import type { ParkDecision } from '../flows/decision.ts'
import { type GoneRow, type Row, rowKey, UNFINISHED_MS } from '../flows/row.ts'
import { decodeRow, encodeRow } from '../flows/row-codec.ts'
import type { Side } from '../flows/side.ts'
import { apartRow, creatingRow, goneRow, sampleFlow } from './support/pair-samples.ts'

// Parking writes to no system: the flow's definition is all that it needs.
const chunk = { definition: sampleFlow, pointer: '2.7' } as Chunk

function parked(side: Side, row: GoneRow): { readonly expect: string | null; readonly row: Row } {
  const decision: ParkDecision = {
    kind: 'park',
    side,
    id: side === 'erp' ? '12' : 'c-7',
    seen: 'now',
    label: '',
    reason: 'ignored',
    others: [],
    detail: '',
    rows: [row],
  }
  const { outcome, puts } = applyPark(chunk, decision)
  expect([outcome.kind, puts.length]).toEqual(['outOfScope', 1])
  const [put] = puts
  return { expect: put?.expect ?? null, row: decodeRow(put?.row ?? '') }
}

describe('rule 13: a record whose counterpart was deleted', () => {
  test('that is edited is remembered as it is now, over the row that was read', () => {
    const row = goneRow({ gone: 'erp', wasDormant: true })
    expect(parked('shop', row)).toEqual({ expect: encodeRow(row), row: { ...row, seen: 'now' } })
  })

  test('that came back itself, to find its counterpart gone, turns the row round', () => {
    const turned = goneRow({ gone: 'shop', seen: 'now' })
    expect(parked('erp', goneRow({ gone: 'erp', wasDormant: true })).row).toEqual(turned)
    expect(parked('erp', goneRow({ gone: 'both' })).row).toEqual(turned)
  })

  test('stays as it is in a row that does not say which side went', () => {
    expect(parked('erp', goneRow()).row).toEqual(goneRow({ seen: 'now' }))
  })
})

describe('E18: a record that is not to be created any more while a create of it may still arrive', () => {
  const decisionOn = (row: Row): ParkDecision => ({
    kind: 'park',
    side: 'shop',
    id: 'c-7',
    seen: 'now',
    label: '',
    reason: 'ambiguous',
    others: ['shop:c-8'],
    detail: 'two of them',
    rows: [row],
  })

  test('is listed, and what the create was given stays in the memory', () => {
    const { outcome, puts } = applyPark(chunk, decisionOn({ ...creatingRow('shop', {}), since: Date.now() - 60_000 }))
    expect(outcome).toMatchObject({ kind: 'parked', parked: { reason: 'ambiguous' } })
    expect(puts).toEqual([])
  })

  test('is remembered as parked once nothing can arrive any more', () => {
    const { puts } = applyPark(chunk, decisionOn({ ...creatingRow('shop', {}), since: Date.now() - UNFINISHED_MS }))
    expect(puts.map(({ row }) => decodeRow(row ?? ''))).toMatchObject([{ kind: 'seen', reason: 'ambiguous' }])
  })
})

test('E1: forgetting a record that disappeared takes out what was noted of it, not that its pair is deleted or set apart', () => {
  const creating = creatingRow('shop')
  const rows = [goneRow({ gone: 'erp' }), apartRow, creating]
  const { outcome, puts } = applyForget(chunk, { kind: 'forget', erpId: null, shopId: 'c-7', apart: null, rows })
  expect(outcome).toEqual({ kind: 'dropped', shopId: 'c-7' })
  expect(puts).toEqual([{ key: rowKey(creating), expect: encodeRow(creating), row: null }])
})
