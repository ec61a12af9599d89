import { expect, test } from 'vitest'
import { ignoredClears } from '../activities/upsert/ignored-clears.ts'
import { ignoredItemClears } from '../activities/upsert/ignored-item-clears.ts'
import type { ItemReading } from '../flows/reading.ts'

const before = { phone: '+4722000001', name: 'Nord AS', unit: 'KGM', email: null }

test('rule 8: a value that stands after it was cleared is listed, with the system that kept it', () => {
  expect(ignoredClears('erp', ['phone'], { before, after: before })).toEqual([
    {
      field: 'phone',
      kind: 'withheld',
      detail: 'phone was cleared, and PowerOffice keeps its value all the same; both stand.',
    },
  ])
  expect(ignoredClears('shop', ['phone'], { before, after: before })[0]?.detail).toContain('the webshop keeps')
})

test('one that is gone, or became another, is none: a system may have its own word for empty', () => {
  const after = { ...before, phone: null, unit: 'EA' }
  expect(ignoredClears('erp', ['phone', 'unit'], { before, after })).toEqual([])
})

test('what was empty before, or was not to be cleared, is none', () => {
  expect(ignoredClears('erp', ['email'], { before, after: before })).toEqual([])
  expect(ignoredClears('erp', [], { before, after: before })).toEqual([])
})

test('rule 8: of a list each item is told of by itself, and only what was sent', () => {
  const item = (id: string, canonical: Record<string, string | null>): ItemReading => ({
    ...{ id, hashes: '', seen: '', reference: null },
    content: { canonical, written: {} },
  })
  const erp = [item('1', { unit: 'KGM', discount: '5' }), item('2', { unit: 'EA', discount: null })]
  const lists = {
    erp: { items: erp },
    shop: { items: [item('l-1', { unit: null, discount: null }), item('l-2', { unit: null, discount: null })] },
  }
  const pair = (number: string, writeErp: readonly string[]) => ({
    ...{ kind: 'pair' as const, erpId: number, shopId: `l-${number}`, writeErp, writeShop: [], agreed: '' },
  })
  const plan = {
    writes: { erp: true, shop: false },
    adds: { erp: [], shop: [] },
    written: { erp: new Set(['1']), shop: new Set<string>() },
    reorder: null,
    pairsOnly: [pair('1', ['unit', 'discount']), pair('2', [])],
  }
  const result = {
    added: { erp: new Map(), shop: new Map() },
    answered: { erp: new Map(), shop: new Map() },
    found: new Map(),
    failed: new Set<string>(),
    withheld: new Map(),
  }
  const after = { ...lists, erp: { items: [item('1', { unit: 'KGM', discount: null }), erp[1] as ItemReading] } }
  expect(ignoredItemClears('erp', plan, lists, after, result)).toEqual([
    { id: '1', notes: [expect.objectContaining({ field: 'unit', kind: 'withheld' })] },
  ])
  expect(ignoredItemClears('shop', plan, lists, after, result)).toEqual([])
  expect(ignoredItemClears('erp', plan, lists, after, { ...result, failed: new Set(['1']) })).toEqual([])
})
