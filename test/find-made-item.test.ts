import { expect, test } from 'vitest'
import { findMadeItem } from '../activities/upsert/find-made-item.ts'
import type { ItemReading } from '../flows/reading.ts'

const item = (id: string, ...hashes: string[]): ItemReading => ({
  id,
  hashes: hashes.join(''),
  seen: id,
  reference: null,
})
const idOf = (given: readonly string[], free: readonly ItemReading[], claimed: readonly string[] = []) =>
  findMadeItem(given, free, claimed)?.id

test('the item that shows all that was given is it, though another stands before it', () => {
  const free = [item('near', 'AAAA', 'BBBB', 'xxxx'), item('exact', 'AAAA', 'BBBB', 'CCCC')]
  expect(idOf(['AAAABBBBCCCC'], free)).toBe('exact')
})

test('one that was edited since is found by what is left of what it was given', () => {
  const free = [item('other', 'xxxx', 'xxxx', 'CCCC'), item('edited', 'AAAA', 'BBBB', 'xxxx')]
  expect(idOf(['AAAABBBBCCCC'], free)).toBe('edited')
})

test('any of several attempts may be the one that landed', () => {
  expect(idOf(['AAAABBBB', 'AAAACCCC'], [item('made', 'AAAA', 'CCCC')])).toBe('made')
})

test('what shows exactly what another new item was given is not taken', () => {
  expect(idOf(['AAAABBBB'], [item('theirs', 'AAAA', 'CCCC')], ['AAAACCCC'])).toBeUndefined()
})

test('an item with less than half of it is another one, and so is any where nothing is known to be given', () => {
  expect(idOf(['AAAABBBBCCCC'], [item('other', 'AAAA', 'xxxx', 'xxxx')])).toBeUndefined()
  expect(idOf(['____'], [item('other', 'AAAA')])).toBeUndefined()
  expect(idOf([], [item('other', 'AAAA')])).toBeUndefined()
})
