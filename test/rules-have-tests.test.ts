import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'

const root = fileURLToPath(new URL('..', import.meta.url))
const own = 'test/rules-have-tests.test.ts'
const readText = (path: string): string => readFileSync(join(root, path), 'utf8')

const testFiles = readdirSync(join(root, 'test'), { recursive: true, encoding: 'utf8' })
  .map((path) => `test/${path}`)
  .filter((path) => path.endsWith('.test.ts') && path !== own)
const titles = testFiles.flatMap((path) => titlesIn(readText(path)))

/** What tests are called, of `test`, `describe` and their `each`. */
function titlesIn(text: string): string[] {
  return [...text.matchAll(/(?:\b(?:test|describe)(?:\.\w+)?|\))\(\s*(['`"])((?:(?!\1)[^\\]|\\.)*)\1\s*,/g)].map(
    (match) => match[2] ?? '',
  )
}

/** `rule 4c, E1` or `rules 8 and 9` of a title. */
function rulesIn(title: string): string[] {
  const ofEngine = [...title.matchAll(/\bE\d+\b/g)].map(([rule]) => rule)
  const ofData = [...title.matchAll(/\brules? (\d+)[a-d]?(?: and (\d+))?/g)].flatMap((match) =>
    match.slice(1).flatMap((number) => (number === undefined ? [] : [`rule ${number}`])),
  )
  return [...ofEngine, ...ofData]
}

function untested(rules: readonly string[], allTitles: readonly string[]): string[] {
  const quoted = new Set(allTitles.flatMap(rulesIn))
  return rules.filter((rule) => !quoted.has(rule))
}

const rulesOfData = [...readText('docs/rules.md').matchAll(/^## Rule (\d+): /gm)].map((match) => `rule ${match[1]}`)
/** Each of them has a built part; what is missing of it stands under "not built yet". */
const rulesOfEngine = [...readText('docs/engine.md').matchAll(/^### (E\d+) /gm)].map((match) => match[1] ?? '')

test('every rule of the data is quoted by the title of a test', () => {
  expect(rulesOfData).toHaveLength(15)
  expect(untested(rulesOfData, titles)).toEqual([])
})

test('every rule of the engine is quoted by the title of a test', () => {
  expect(rulesOfEngine).toHaveLength(27)
  expect(untested(rulesOfEngine, titles)).toEqual([])
})

/** What has gone wrong in syncs like this one before: each with a test that says so. */
const traps = [
  'inverted booleans',
  'a discount as amount against percent',
  'rate 0..1 against percent',
  'a price with against without VAT',
  'an id copied as if it were a field',
  'an article number that is text',
  'country codes in lower case',
  'Norwegian letters',
  '0.1 + 0.2',
  'half-up against half-even',
  'the day of an order near midnight',
  'positions from 0 against from 1',
  'null allowance against a discount',
]

test('every known trap of the data has a test of its own', () => {
  expect(traps.filter((trap) => !titles.some((title) => title.startsWith(`trap ${trap}`)))).toEqual([])
})

test('a rule without a test is found, and what is no title is none', () => {
  const text = `
    test('rule 4c, E1: a thing', () => quote('rule 9'))
    describe.each([1])("rules 8 and 12: the other’s", () => {})
    // test of E5
    test.each([['E7', 'rule 10']] as const)(
      'E16 of %s',
      () => {},
    )`
  expect(untested(['rule 4', 'rule 8', 'rule 9', 'rule 12', 'E1', 'E5', 'E7', 'E16'], titlesIn(text))).toEqual([
    'rule 9',
    'E5',
    'E7',
  ])
})
