import { expect, test } from 'vitest'
import { z } from 'zod'
import { problemOf } from '../activities/http/parse-problem.ts'
import { integer, number, text, uuid } from '../activities/poweroffice/row-fields.ts'
import { amount, reference } from '../activities/webshop/shop-values.ts'

const deep: unknown = JSON.parse(`${'['.repeat(50_000)}${']'.repeat(50_000)}`)

test.each([
  ['a list for a text', text, [], 'is a list where text or a number is expected'],
  ['a list nested ten thousands deep', text, deep, 'is a list where text or a number is expected'],
  ['an object for a price', number, { amount: 12 }, 'is an object where a number or text is expected'],
  ['1e400', number, JSON.parse('1e400'), 'is a number that no system can hold'],
  ['half a whole number', integer, 1.5, 'is a number where a whole number or text is expected'],
  [
    'a number that has lost digits',
    integer,
    2 ** 53 + 2,
    'is larger than 9007199254740991, the most that is read without loss',
  ],
  ['words for a whole number', integer, 'mange', 'expected a whole number'],
  ['a total in words', amount, '1e400', 'is not a decimal number'],
  ['a list for another record', reference, [], 'is a list where text or a number is expected'],
  ['an id of another form', uuid, '0', 'is not an id of the form that PowerOffice gives'],
  ['another word than those agreed on', z.enum(['company', 'person']), 'guild', 'is none of company, person'],
  ['nothing', z.string(), undefined, 'is absent where text is expected'],
] as const)(
  'what is the matter with a value is said in words, without the value: %s',
  (_title, schema, value, problem) => {
    const parsed = (schema as z.ZodType).safeParse(value)
    expect(problemOf(parsed.error?.issues[0])).toBe(problem)
  },
)

test('a problem that nobody describes is one all the same', () => {
  expect(problemOf(undefined)).toBe('does not have the agreed form')
})
