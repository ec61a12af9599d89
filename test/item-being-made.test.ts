import { describe, expect, test } from 'vitest'
import { landedGiven } from '../activities/upsert/find-made-item.ts'
import { givenBefore, linkAsFound, withGiven } from '../flows/item-being-made.ts'
import type { ItemLink } from '../flows/row.ts'

const being: ItemLink = { erpId: 'x-1', shopId: '', base: 'p..1q..1', shopBase: '' }

describe('E18: an item that is sent again and again, each time with other values', () => {
  const third = withGiven(withGiven(being, 'p..1q..2'), 'p..1q..3')

  test('keeps what each attempt gave, the latest first', () => {
    expect([third.base, ...givenBefore(third)]).toEqual(['p..1q..3', 'p..1q..2', 'p..1q..1'])
    expect(withGiven(third, 'p..1q..3')).toBe(third)
    expect(givenBefore(withGiven(third, 'p..1q..1'))).toEqual(['p..1q..3', 'p..1q..2'])
    expect(givenBefore(being)).toEqual([])
  })

  test('is agreed on as what it shows, whichever attempt that was', () => {
    const given = [third.base, ...givenBefore(third)]
    expect(given.map((each) => landedGiven(given, { hashes: each }))).toEqual(given)
    expect(landedGiven(given, { hashes: 'p..9q..1' })).toBe('p..1q..1')
    // Edited beyond telling.
    expect(landedGiven(given, { hashes: 'p..9q..9' })).toBe('p..1q..3')
  })

  test('is found in PowerOffice with what it was given at first', () => {
    const inErp = withGiven(withGiven({ ...being, erpId: '', shopId: 'l-1' }, 'p..1q..2'), 'p..1q..3')
    expect(linkAsFound(inErp, { id: 'x-9', hashes: 'p..1q..1' })).toMatchObject({ erpId: 'x-9', base: 'p..1q..1' })
    expect(linkAsFound(inErp, { id: 'x-9', hashes: 'p..1q..7' })).toMatchObject({ erpId: 'x-9', base: 'p..1q..3' })
  })

  test('does not grow without end', () => {
    let link = being
    for (let nth = 2; nth < 10; nth += 1) link = withGiven(link, `p..1q..${nth}`)
    expect(givenBefore(link)).toEqual(['p..1q..8', 'p..1q..7', 'p..1q..6', 'p..1q..1'])
  })
})
