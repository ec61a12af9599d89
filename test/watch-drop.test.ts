import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { changedAgainst, seenByRecord } from '../activities/watch/drop-seen.ts'
import type { SideState } from '../flows/reading.ts'
import type { Row } from '../flows/row.ts'
import type { Side } from '../flows/side.ts'
import { anyRow } from './support/any-row.ts'
import { apartRow, creatingRow, goneRow, linkedRow, reading, seenOf, seenRow } from './support/pair-samples.ts'

function known(side: Side, ...rows: readonly Row[]): Record<string, unknown> {
  return Object.fromEntries(seenByRecord(rows, side))
}

describe('what the memory has seen of a record', () => {
  test('E2: of a link, each side’s own content', () => {
    const row = linkedRow({}, { erpSeen: 'left', shopSeen: 'right' })
    expect([known('erp', row), known('shop', row)]).toEqual([
      { '12': { seen: 'left', kind: 'linked' } },
      { 'c-7': { seen: 'right', kind: 'linked' } },
    ])
  })

  test('E1: of a record that was left alone, its content and why, on its own side only', () => {
    const row = seenRow('shop', { reason: 'ambiguous', seen: 'mine' })
    expect([known('shop', row), known('erp', row)]).toEqual([
      { 'c-7': { seen: 'mine', kind: 'seen', reason: 'ambiguous' } },
      {},
    ])
  })

  test('E18: of a record whose counterpart is being created, nothing yet: it is looked at until that is known', () => {
    expect([known('shop', creatingRow('shop')), known('erp', creatingRow('shop'))]).toEqual([
      { 'c-7': { seen: '', kind: 'creating' } },
      {},
    ])
  })

  test('E1: of a deleted link, what the remaining record showed', () => {
    const row = goneRow({ seen: 'rest' })
    expect([known('erp', row), known('shop', row)]).toEqual([
      { '12': { seen: 'rest', kind: 'gone' } },
      { 'c-7': { seen: 'rest', kind: 'gone' } },
    ])
    expect([known('erp', goneRow({ erpId: null })), known('shop', goneRow({ shopId: null }))]).toEqual([{}, {}])
  })

  test('rule 13: of the record that went, nothing: listed again it is looked at, whatever it shows', () => {
    const row = goneRow({ seen: 'rest', gone: 'erp' })
    expect([known('erp', row), known('shop', row)]).toEqual([
      { '12': { seen: '', kind: 'gone' } },
      { 'c-7': { seen: 'rest', kind: 'gone' } },
    ])
    const both = goneRow({ seen: '', gone: 'both' })
    expect([known('erp', both), known('shop', both)]).toEqual([
      { '12': { seen: '', kind: 'gone' } },
      { 'c-7': { seen: '', kind: 'gone' } },
    ])
  })

  test('pairs set apart say nothing of content', () => {
    expect([known('erp', apartRow), known('shop', apartRow)]).toEqual([{}, {}])
  })

  test('a link outweighs everything else that is noted of the record, in whatever order rows come', () => {
    const others = [seenRow('erp', { seen: 'old' }), creatingRow('erp'), goneRow({ shopId: 'c-1' }), apartRow]
    fc.assert(
      fc.property(fc.shuffledSubarray([linkedRow(), ...others], { minLength: 5 }), (rows) => {
        expect(seenByRecord(rows, 'erp').get('12')).toEqual({ seen: seenOf({}), kind: 'linked' })
      }),
    )
  })

  test('only ids of the asked side are ever known', () => {
    fc.assert(
      fc.property(fc.array(anyRow), fc.constantFrom<Side>('erp', 'shop'), (rows, side) => {
        const ids = rows.flatMap((row) => {
          if (row.kind === 'linked' || row.kind === 'gone') return [side === 'erp' ? row.erpId : row.shopId]
          return row.kind !== 'apart' && row.side === side ? [row.id] : []
        })
        expect([...seenByRecord(rows, side).keys()].sort()).toEqual(
          [...new Set(ids.filter((id) => id !== null))].sort(),
        )
      }),
    )
  })
})

describe('what a watch drops', () => {
  const present: SideState = { kind: 'present', reading: reading('shop') }
  const unreadable: SideState = { kind: 'unreadable', id: 'c-7', path: 'email', problem: 'x', seen: 'raw' }
  const missing: SideState = { kind: 'missing', id: 'c-7', tombstone: true }
  const linked = { kind: 'linked', seen: seenOf({}) } as const

  test('E1: content that was seen exactly so, in a row of whatever kind', () => {
    expect(changedAgainst(present, linked)).toBeNull()
    expect(changedAgainst(present, { kind: 'seen', seen: seenOf({}), reason: 'refused' })).toBeNull()
    expect(changedAgainst(present, { kind: 'gone', seen: seenOf({}) })).toBeNull()
    expect(changedAgainst(unreadable, { kind: 'seen', seen: 'raw', reason: 'unreadable' })).toBeNull()
  })

  test('nothing that is new or shows other content', () => {
    expect(changedAgainst(present, undefined)).toBe('changed')
    expect(changedAgainst(present, { ...linked, seen: 'else' })).toBe('changed')
    expect(changedAgainst(present, { kind: 'creating', seen: '' })).toBe('changed')
    expect(changedAgainst(unreadable, linked)).toBe('changed')
    expect(changedAgainst(unreadable, undefined)).toBe('changed')
  })

  test('E16: the deletion of a record that the memory knows is told, others and known ones are not', () => {
    expect(changedAgainst(missing, linked)).toBe('tombstone')
    expect(changedAgainst(missing, { kind: 'seen', seen: 'x', reason: 'refused' })).toBe('tombstone')
    expect(changedAgainst(missing, undefined)).toBeNull()
    expect(changedAgainst(missing, { kind: 'gone', seen: '' })).toBeNull()
  })

  test('rule 1: an ambiguous record that a feed tells of is looked at even with the same content: its reference may have been mended', () => {
    const ambiguous = { kind: 'seen', seen: seenOf({}), reason: 'ambiguous' } as const
    expect([changedAgainst(present, ambiguous, true), changedAgainst(present, ambiguous, false)]).toEqual([
      'changed',
      null,
    ])
    expect(changedAgainst(present, { ...ambiguous, reason: 'refused' }, true)).toBeNull()
  })
})
