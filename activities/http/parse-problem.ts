import type { z } from 'zod'

type Issue = z.core.$ZodIssue

/** zod's names of types as people call them. */
const called: Readonly<Record<string, string>> = {
  array: 'a list',
  bigint: 'a number',
  boolean: 'true or false',
  int: 'a whole number',
  null: 'empty',
  number: 'a number',
  object: 'an object',
  string: 'text',
  undefined: 'absent',
}

/**
 * What is the matter with a value, as a phrase that follows its name: `is a list where text or a number is expected`. It names
 * types and never the value that was found. Of several forms that a value may have, all are named.
 */
export function problemOf(issue: Issue | undefined): string {
  const own = issue === undefined ? [] : leavesOf(issue)
  // Of the right type, and still not what the form asks for: only this says what that is.
  const special = own.find(({ code }) => code !== 'invalid_type')
  if (special) return wordsOf(special)
  const found = own.flatMap(foundIn)[0]
  if (found === undefined) return 'does not have the agreed form'
  if (found === 'Infinity' || found === 'NaN') return 'is a number that no system can hold'
  const expected = own.flatMap((one) => (one.code === 'invalid_type' ? [nameOf(one.expected)] : []))
  return `is ${nameOf(found)} where ${[...new Set(expected)].join(' or ')} is expected`
}

/** A value that may have several forms has a problem with each; that it is not the empty text is none. */
function leavesOf(issue: Issue): Issue[] {
  if (issue.code === 'invalid_union') return issue.errors.flat().flatMap(leavesOf)
  return issue.code === 'invalid_value' && issue.values.every((value) => value === '') ? [] : [issue]
}

/** zod says what it found in its message alone. */
function foundIn({ message }: Issue): string[] {
  const word = /received (\w+)$/.exec(message)?.[1]
  return word === undefined ? [] : [word]
}

function nameOf(type: string): string {
  return called[type] ?? `a ${type}`
}

function wordsOf(issue: Issue): string {
  if (issue.code === 'too_big') return `is larger than ${issue.maximum}, the most that is read without loss`
  if (issue.code === 'too_small') return `is smaller than ${issue.minimum}, the least that is read without loss`
  if (issue.code === 'invalid_value') return `is none of ${issue.values.map(String).join(', ')}`
  return issue.message
}
