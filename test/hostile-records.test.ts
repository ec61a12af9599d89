import { expect, test } from 'vitest'
import { z } from 'zod'
import { findAbsentProperty } from '../activities/http/absent-property.ts'
import { idOrStandIn, unreadableOf } from '../activities/http/unreadable.ts'
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

test('a record nested ten thousands deep is unreadable as any other, not the end of the page', () => {
  const raw: unknown = JSON.parse(`{"name":${'['.repeat(50_000)}${']'.repeat(50_000)}}`)
  const parsed = z.object({ name: z.string() }).safeParse(raw)
  expect(parsed.success).toBe(false)
  expect(unreadableOf('c-1', parsed.error as z.ZodError, raw)).toMatchObject({
    kind: 'unreadable',
    id: 'c-1',
    path: 'name',
  })
  expect(idOrStandIn(undefined, raw)).toMatch(/^no-id-/)
  // Two of them are two.
  expect(idOrStandIn(undefined, { ...(raw as object), email: 'a' })).not.toBe(idOrStandIn(undefined, raw))
})

test('a kind that cannot be made text is no kind, and no end of the list', () => {
  const deep: unknown = JSON.parse(`${'['.repeat(50_000)}${']'.repeat(50_000)}`)
  const rows = [{ kind: deep }, { kind: { toString: null, valueOf: null } }, { kind: null }]
  expect(() => findAbsentProperty(customers, 'shop', rows)).not.toThrow()
})

test('a record that does not parse is known by its content, in whatever order an answer names it', () => {
  const { error } = z.object({ Name: z.string() }).safeParse({})
  const textOf = (raw: object) => {
    const record = unreadableOf('1', error as z.ZodError, raw)
    return record.kind === 'unreadable' ? record.rawText : null
  }
  const listed = { Id: 1, Name: [], MailAddress: { City: 'Oslo', ZipCode: '0155' } }
  const single = { MailAddress: { ZipCode: '0155', City: 'Oslo' }, Name: [], Id: 1 }
  expect(textOf(single)).toBe(textOf(listed))
  expect(textOf({ ...single, Name: {} })).not.toBe(textOf(listed))
  expect(textOf(JSON.parse('{"__proto__":{"b":1,"a":2}}'))).toBe('{"__proto__":{"a":2,"b":1}}')
})
