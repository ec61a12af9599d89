import { expect, test } from 'vitest'
import { ignoredClears } from '../activities/upsert/ignored-clears.ts'

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
