import { describe, expect, test } from 'vitest'
import { createMatchWorld } from '../activities/match/match-world.ts'
import { customers } from '../flows/customers.ts'
import type { Reading, SideState } from '../flows/reading.ts'
import type { GoneRow, Row } from '../flows/row.ts'
import type { Side } from '../flows/side.ts'
import { apartRow, goneRow, linkedRow, reading } from './support/pair-samples.ts'

const email = 'post@nord.example'

function shown(side: Side, id?: string): Reading {
  const content = { canonical: { kind: 'company', email }, written: {} }
  return { ...reading(side, {}, { reference: null }), ...(id === undefined ? {} : { id }), content }
}

function present(side: Side, id?: string): SideState {
  return { kind: 'present', reading: shown(side, id) }
}

function missing(side: Side): SideState {
  return { kind: 'missing', id: shown(side).id, tombstone: false }
}

function world(erp: readonly SideState[], shop: readonly SideState[], rows: readonly Row[]) {
  return createMatchWorld(customers, { erp, shop }, rows)
}

const none = { match: { kind: 'none' }, counterpartId: null }
const back = (counterpartId: string) => ({ match: { kind: 'matched', by: 'reappearance' }, counterpartId })

describe('a record that came back after its deletion (rule 13)', () => {
  const grave = (gone: GoneRow['gone']) => goneRow(gone === undefined ? {} : { gone })

  test('belongs to the counterpart that it had, on whichever side it was gone', () => {
    expect(world([], [present('shop')], [grave('erp')]).matchOne(shown('erp'))).toEqual(back('c-7'))
    expect(world([present('erp')], [], [grave('shop')]).matchOne(shown('shop'))).toEqual(back('12'))
    expect(world([], [present('shop')], [grave('both')]).matchOne(shown('erp'))).toEqual(back('c-7'))
  })

  test('belongs to it also in a process that knew the link and saw it end', () => {
    const known = world([present('erp')], [present('shop')], [linkedRow()])
    known.learnRow(grave('erp'))
    expect(known.matchOne(shown('erp'))).toEqual(back('c-7'))
    expect(known.matchOne(shown('erp', '100'))).toEqual(none)
  })

  test('says nothing of the record that remained: no match brings it a counterpart', () => {
    expect(world([present('erp')], [present('shop')], [grave('erp')]).matchOne(shown('shop'))).toEqual(none)
  })

  test('has none when the counterpart is gone as well, until that is found again', () => {
    const known = world([], [present('shop')], [grave('erp')])
    known.learn('shop', 'c-7', missing('shop'))
    expect(known.matchOne(shown('erp'))).toEqual(none)
    known.learn('shop', 'c-7', present('shop'))
    expect(known.matchOne(shown('erp'))).toEqual(back('c-7'))
  })

  test('has none when the counterpart was linked to another one meanwhile, whichever row is read first', () => {
    const rows = [grave('erp'), linkedRow({}, { erpId: '99' })]
    for (const order of [rows, rows.toReversed()])
      expect(world([present('erp', '99')], [present('shop')], order).matchOne(shown('erp'))).toEqual(none)
  })

  test('has none when a person took the two apart', () => {
    expect(world([], [present('shop')], [grave('erp'), apartRow]).matchOne(shown('erp'))).toEqual(none)
  })

  test('is left alone where an earlier version of the row does not say which side went', () => {
    expect(world([], [present('shop')], [grave(undefined)]).matchOne(shown('erp'))).toEqual(none)
  })

  test('linked again, it is in the way of others like any linked record', () => {
    const known = world([], [present('shop')], [grave('erp')])
    known.learnRow(linkedRow())
    known.learn('erp', '12', present('erp'))
    known.learn('shop', 'c-7', present('shop'))
    expect(known.matchOne(shown('shop', 'c-8')).match).toMatchObject({ kind: 'ambiguous', by: 'email' })
  })
})

test('rule 1: the grave of an earlier link does not take a linked record out of the way of others', () => {
  const rows = [linkedRow({}, { erpId: '99' }), goneRow({ gone: 'erp' })]
  for (const order of [rows, rows.toReversed()]) {
    const known = world([present('erp', '99')], [present('shop')], order)
    expect(known.matchOne(shown('erp', '100')).match).toMatchObject({ kind: 'ambiguous', by: 'email' })
  }
})

test('a pair whose row was lost is matched again in a process that still knew its link: neither record gets a new counterpart', () => {
  const known = world([present('erp')], [present('shop')], [linkedRow()])
  expect(known.matchOne(shown('shop')).match).toEqual({ kind: 'notAsked' })
  known.learnUnlinked('shop', 'c-7')
  expect(known.matchOne(shown('shop'))).toMatchObject({ match: { kind: 'matched' }, counterpartId: '12' })
  expect(known.matchOne(shown('erp'))).toMatchObject({ match: { kind: 'matched' }, counterpartId: 'c-7' })
})

describe('E18: a record that somebody made on the other side since nobody matched', () => {
  const ours = (reference: string): SideState => ({ kind: 'present', reading: { ...shown('shop', 'c-8'), reference } })

  test('is told by its key, alone or with others that only a person can tell apart', () => {
    expect(world([present('erp')], [present('shop')], []).hasNamesake(shown('erp'))).toBe(true)
    expect(
      world([present('erp')], [present('shop', 'c-1'), present('shop', 'c-2')], []).hasNamesake(shown('erp')),
    ).toBe(true)
    expect(world([present('shop')], [], []).hasNamesake(shown('erp'))).toBe(false)
  })

  test('is none that has a counterpart, that names one, or that a person set apart from it', () => {
    const linked = linkedRow({}, { erpId: '99' })
    expect(world([present('erp')], [present('shop')], [linked]).hasNamesake(shown('erp'))).toBe(false)
    expect(world([present('erp')], [ours('77')], []).hasNamesake(shown('erp'))).toBe(false)
    expect(world([present('erp')], [present('shop')], [apartRow]).hasNamesake(shown('erp'))).toBe(false)
  })

  test('does not stand in the way where an earlier attempt of ours has landed: that one is repeated under its key', () => {
    expect(world([present('erp')], [present('shop'), ours('12')], []).hasNamesake(shown('erp'))).toBe(false)
  })

  test('is found although only the watch has read it, which takes nothing back of what is known better', () => {
    const known = world([present('erp')], [], [])
    known.learnNew('shop', 'c-7', present('shop'))
    expect(known.hasNamesake(shown('erp'))).toBe(true)
    const content = { canonical: { kind: 'company', email: 'ny@nord.example' }, written: {} }
    known.learn('shop', 'c-7', { kind: 'present', reading: { ...shown('shop'), content } })
    known.learnNew('shop', 'c-7', present('shop'))
    expect(known.hasNamesake(shown('erp'))).toBe(false)
  })
})
