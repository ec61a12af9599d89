import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { createSettings, switches } from '../sandbox/poweroffice/settings.ts'
import { eachAlone, inGroups, seenInGroups } from './support/switch-cases.ts'
import { wordsOf } from './support/switch-words.ts'
import { switchGroups } from './switch-facts/all-switches.ts'
import { notSeenYet } from './switch-facts/not-seen-yet.ts'
import { switchesDocument } from './switch-facts/switches-document.ts'

const facts = switchGroups.flatMap((group) => Object.entries(group.switches))

test('docs/switches.md says what the tests hold the sync to (node --import tsx docs/generate-switches.ts)', () => {
  expect(readFileSync(new URL('../docs/switches.md', import.meta.url), 'utf8')).toBe(switchesDocument())
})

test('every switch of the sandbox is in exactly one group', () => {
  expect(facts.map(([name]) => name).sort()).toEqual(Object.keys(switches).sort())
})

test.each(facts)(
  '%s: every word that it takes and that is not its default has a position, which can be set',
  (name, { positions }) => {
    const settings = createSettings()
    const standard = String(settings.current()[name as keyof typeof switches])
    const words = wordsOf(name as keyof typeof switches)
      .map(String)
      .filter((word) => word !== standard)
    expect(Object.keys(positions)).toEqual(expect.arrayContaining(words))
    for (const [word, { set }] of Object.entries(positions))
      settings.change(set ?? { [name]: word === 'true' ? true : word })
    expect(Object.keys(positions)).not.toContain(standard)
  },
)

test('the rounds of several positions have every position once, in at most a dozen rounds', () => {
  const rounds = inGroups()
  const alone = eachAlone().flatMap(({ positions }) => positions)
  expect(rounds.flatMap(({ positions }) => positions).sort()).toEqual(alone.sort())
  expect(rounds.length).toBeLessThanOrEqual(12)
})

test('what no run has seen yet is a position, and is in no round that npm test goes through', () => {
  const alone = eachAlone().flatMap(({ positions }) => positions)
  expect(alone).toEqual(expect.arrayContaining([...notSeenYet]))
  expect(seenInGroups().length).toBeGreaterThan(0)
  expect(seenInGroups().flatMap(({ positions }) => positions.filter((one) => notSeenYet.includes(one)))).toEqual([])
})
