import { expect, test } from 'vitest'
import { idOrStandIn } from '../activities/http/unreadable.ts'
import { longestValue, readFields } from '../activities/mapping/read-fields.ts'
import { customers } from '../flows/customers.ts'

const company = { kind: 'company', name: 'Fjord AS', email: 'post@fjord.example', active: true }

test('a value of more than some pages is a problem of its field, whose text is not repeated', () => {
  const read = (name: string) => readFields(customers, 'shop', { ...company, name })
  expect(read('x'.repeat(longestValue)).problems).toEqual([])
  expect(read('x'.repeat(10_000_000)).problems).toEqual([
    { field: 'name', path: 'name', problem: 'has 10000000 characters, more than the 20000 that travel' },
  ])
})

test('an id that is none is replaced by a name made of the record, and a sound one is kept', () => {
  for (const id of ['c-17', '1000123', '__proto__', 17]) expect(idOrStandIn(id, {})).toBe(String(id))
  for (const id of [
    '',
    'a/b',
    'a b',
    'a\u0000b',
    '../x',
    'x'.repeat(10_000_000),
    Number.POSITIVE_INFINITY,
    1.5,
    null,
    undefined,
    {},
    ['x'],
  ])
    expect(idOrStandIn(id, { id: String(id).slice(0, 9) })).toMatch(/^no-id-[0-9a-f]{12}$/)
})
