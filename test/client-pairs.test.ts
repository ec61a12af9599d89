import { describe, expect, test } from 'vitest'
import { choosePairs, pairsPerPage, parseChoice } from '../client/console/choose-pairs.ts'
import { movementOf, wasWritten } from '../client/console/pages/moved.ts'
import { fieldsOf, pairRecords, type RecordMap } from '../client/console/pairs.ts'
import type { JsonObject } from '../client/console/systems/system-records.ts'
import { customers } from '../flows/customers.ts'
import type { LinkedRow, Row } from '../flows/row.ts'
import type { Movement } from '../workflows/messages.ts'

const mapOf = (records: Record<string, JsonObject>): RecordMap =>
  new Map(Object.entries(records).map(([id, json]) => [id, { id, json }]))

const linkedRow = (erpId: string, shopId: string): LinkedRow => ({
  kind: 'linked',
  erpId,
  shopId,
  base: '',
  shopBase: '',
  erpSeen: '',
  shopSeen: '',
  definition: 1,
  flags: '',
  erpOwnWrite: '',
  shopOwnWrite: '',
  pointer: '',
})

const company = (name: string, email: string | null = null): JsonObject => ({
  IsPerson: false,
  Name: name,
  EmailAddress: email,
  IsActive: true,
})
const shopCompany = (name: string, email: string | null = null): JsonObject => ({
  kind: 'company',
  name,
  email,
  active: true,
})

describe('pairs', () => {
  const erp = mapOf({ '1': company('Ås AS', 'a@a.no'), '2': company('Berg AS'), '3': company('Alm AS') })
  const shop = mapOf({
    'c-1': shopCompany('Ås AS', 'b@a.no'),
    'c-2': shopCompany('Dal AS'),
    'c-9': { kind: 'department', name: 'Aaa' },
  })
  const rows: Row[] = [
    linkedRow('1', 'c-1'),
    {
      kind: 'seen',
      side: 'shop',
      id: 'c-2',
      seen: 's',
      reason: 'refused',
      others: [],
      attempts: 1,
      definition: 1,
      pointer: '',
    },
  ]
  const pairs = pairRecords(customers, rows, { erp, shop })

  test('stand by the memory: linked ones together, others alone with the reason it knows, in the order of the alphabet', () => {
    expect(pairs.map(({ erpId, shopId, linked, reason }) => [erpId, shopId, linked, reason])).toEqual([
      ['3', null, false, null],
      ['2', null, false, null],
      [null, 'c-2', false, 'refused'],
      ['1', 'c-1', true, null],
    ])
  })

  test('show the fields of both sides and which of them differ', () => {
    const pair = pairs.find((candidate) => candidate.linked)
    expect(
      pair &&
        fieldsOf(customers, pair)
          .filter((field) => field.differs)
          .map(({ field }) => field.name),
    ).toEqual(['email'])
  })

  test('are found by any value of either side, by ids, and by how they stand', () => {
    const ids = (query: Record<string, string>) =>
      choosePairs(customers, pairs, parseChoice(query)).pairs.map((pair) => pair.erpId ?? pair.shopId)
    expect(ids({ q: 'B@A.no' })).toEqual(['1'])
    expect(ids({ q: 'c-2' })).toEqual(['c-2'])
    expect(ids({ q: 'as berg' })).toEqual(['2'])
    expect(ids({ show: 'differ' })).toEqual(['1'])
    expect(ids({ show: 'erpOnly' })).toEqual(['3', '2'])
    expect(ids({ show: 'shopOnly' })).toEqual(['c-2'])
  })

  test('come in pages, and a page that is none is the nearest one', () => {
    const many = Object.fromEntries(Array.from({ length: 120 }, (_, index) => [String(index), company(`N ${index}`)]))
    const all = pairRecords(customers, [], { erp: mapOf(many), shop: new Map() })
    const at = (page: string) => choosePairs(customers, all, parseChoice({ page }))
    expect([at('1').pairs.length, at('3').pairs.length, at('9').page, at('-1').page, at('x').pages]).toEqual([
      pairsPerPage,
      20,
      3,
      1,
      3,
    ])
  })
})

describe('marks of what just moved', () => {
  const now = 1_000_000
  const movement: Movement = {
    at: now - 5000,
    kind: 'updated',
    to: 'shop',
    erpId: '1',
    shopId: 'c-1',
    fields: ['email'],
    label: 'x',
  }

  test('stand on the written fields of the written side', () => {
    expect([
      wasWritten(movement, 'shop', 'email'),
      wasWritten(movement, 'erp', 'email'),
      wasWritten(movement, 'shop', 'phone'),
      wasWritten({ ...movement, fields: [] }, 'shop', 'phone'),
      wasWritten({ ...movement, to: null, fields: [] }, 'shop', 'phone'),
      wasWritten(undefined, 'shop', 'email'),
    ]).toEqual([true, false, false, true, false, false])
  })

  test('end after twenty seconds', () => {
    expect(movementOf({ erpId: '1', shopId: 'c-1' }, [movement], now)).toBe(movement)
    expect(movementOf({ erpId: '1', shopId: 'c-1' }, [movement], now + 16_000)).toBeUndefined()
    expect(movementOf({ erpId: null, shopId: 'c-2' }, [{ ...movement, erpId: null }], now)).toBeUndefined()
  })
})
