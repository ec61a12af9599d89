import { expect, test } from 'vitest'
import { roomInSeries } from '../activities/poweroffice/number-room.ts'
import { noticeOfVatAccounts } from '../activities/poweroffice/sales-accounts.ts'
import { isFull, withRoom } from '../workflows/engine/room.ts'
import { freshState } from './support/fresh-state.ts'

const standard = { name: 'Kunder', isDefault: true, from: 10_000, to: 10_099 }
const numbers = (count: number) => Array.from({ length: count }, (_, index) => 10_000 + index)

test('nothing is said while a tenth of the customer numbers is free', () => {
  expect(roomInSeries([standard], numbers(90))).toBeNull()
})

test('below a tenth of free numbers a warning says how many are left', () => {
  expect(roomInSeries([standard], numbers(91))).toEqual({
    level: 'low',
    message: expect.stringContaining('9 of 100 customer numbers left (10000 to 10099)'),
  })
})

test('a full series is told as full, with what to do', () => {
  expect(roomInSeries([standard], numbers(100))).toEqual({
    level: 'full',
    message: expect.stringContaining('widen the number series in PowerOffice Go'),
  })
})

test('numbers of other series and numbers held twice do not count', () => {
  const elsewhere = [...numbers(89), ...numbers(89), 200_000, 200_001]
  expect(
    roomInSeries([standard, { name: 'Andre', isDefault: false, from: 200_000, to: 200_001 }], elsewhere),
  ).toBeNull()
})

test('nothing is said of a company whose default series is not known', () => {
  const unknown = { ...standard, isDefault: false }
  expect(roomInSeries([unknown, { ...unknown, name: 'Andre' }], numbers(100))).toBeNull()
})

test('accounts that are not as the option says are one matter with a way out of its own, and hold nothing up', () => {
  expect(noticeOfVatAccounts([])).toBeNull()
  const listed = withRoom(freshState, noticeOfVatAccounts(['One is missing.', 'One has 12 %.']), 1)
  expect(listed.inbox).toMatchObject([
    {
      label: 'Sales accounts in PowerOffice',
      detail: 'One is missing. One has 12 %.',
      wayOut: expect.stringContaining('products.vatAccounts'),
      since: 1,
    },
  ])
  expect(isFull(listed)).toBe(false)
  const changed = withRoom(listed, noticeOfVatAccounts(['One has 12 %.']), 2)
  expect(changed.inbox).toMatchObject([{ detail: 'One has 12 %.', since: 1 }])
  expect(withRoom(changed, null, 3).inbox).toEqual([])
})
