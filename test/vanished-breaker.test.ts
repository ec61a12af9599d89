import { describe, expect, test } from 'vitest'
import type { RecordKey } from '../flows/side.ts'
import type { LookAgain } from '../workflows/engine/flow-state.ts'
import { newlyVanished, withVanishedBreaker } from '../workflows/engine/vanished-breaker.ts'
import type { InboxEntry } from '../workflows/messages.ts'
import { freshState } from './support/fresh-state.ts'

const small = { ...freshState, linked: { 0: 300 } }
const large = { ...freshState, linked: { 0: 5_000 } }
const told: readonly RecordKey[] = ['erp:1', 'erp:2', 'erp:3']

function waiting(key: RecordKey, entry: Partial<LookAgain>): LookAgain {
  return { key, why: 'sweep', seenAtMs: null, since: 0, notBefore: 0, attempts: 0, wish: null, ...entry }
}

function listed(entry: Partial<InboxEntry>): InboxEntry {
  return {
    id: 'erp:1',
    pile: 'needsYou',
    reason: 'vanished',
    erpId: '1',
    shopId: 'c-1',
    label: '',
    field: null,
    detail: '',
    wayOut: '',
    since: 0,
    attempts: 1,
    others: [],
    ...entry,
  }
}

describe('E20: many records that vanish at once', () => {
  test('pause the flow where they are more than twenty, and more than two percent of its links', () => {
    const reasons = (state: typeof small, vanished: number) =>
      withVanishedBreaker(state, 'erp', vanished, 1_000).pauseReasons.map(({ why }) => why)
    expect(reasons(small, 20)).toEqual([])
    expect(reasons(small, 21)).toEqual([expect.stringContaining('21 of 300 linked records vanished from PowerOffice')])
    expect(reasons(large, 100)).toEqual([])
    expect(reasons(large, 101)).toHaveLength(1)
  })

  test('are counted when they are told of first, and not by every sweep until somebody has said what becomes of them', () => {
    const nobody = new Set<RecordKey>()
    expect(newlyVanished(small, told, nobody)).toEqual(told)
    const pending = {
      ...small,
      lookAgain: [waiting('erp:1', { why: 'missing' }), waiting('erp:2', { why: 'tombstone' })],
    }
    expect(newlyVanished(pending, told, nobody)).toEqual(['erp:3'])
    expect(newlyVanished(small, told, new Set<RecordKey>(['erp:1', 'erp:3']))).toEqual(['erp:2'])
    expect(newlyVanished({ ...small, inbox: [listed({})] }, told, nobody)).toEqual(['erp:2', 'erp:3'])
  })

  test('are no news once a person has approved their deletion and it is yet to be carried out', () => {
    const wish = { kind: 'approveDelete' as const, by: 'Kari' }
    const approved = { ...small, lookAgain: [waiting('erp:2', { why: 'a person asked', wish })] }
    expect(newlyVanished(approved, told, new Set())).toEqual(['erp:1', 'erp:3'])
  })

  test('are news where the record was to be looked at for another reason, or is listed for another', () => {
    const state = {
      ...small,
      lookAgain: [waiting('erp:1', { why: 'changed' })],
      inbox: [listed({ id: 'erp:2', erpId: '2', reason: 'refused' })],
    }
    expect(newlyVanished(state, told, new Set())).toEqual(told)
  })
})
