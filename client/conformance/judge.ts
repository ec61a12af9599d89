import { unreachable } from '../../flows/unreachable.ts'
import { type Declared, declaredLevel, type Level, undeclaredOf } from './declared.ts'
import type { RuleResult } from './outcome.ts'

/** Something to do before the next level is reached. */
export interface Missing {
  readonly what: string
  readonly hint: string
}

export interface Verdict {
  /** The highest level of which everything is declared, was tried and holds, as of those below it. */
  readonly reached: Level
  readonly declared: Level
  /** null at level 4. */
  readonly next: { readonly level: Level; readonly missing: readonly Missing[] } | null
  /** Everything that the shop declares and the kit could try holds. */
  readonly conforms: boolean
}

const levels = [1, 2, 3, 4] as const

/** Pure. @param declared null where the capabilities could not be read */
export function judge(results: readonly RuleResult[], declared: Declared | null): Verdict {
  const conforms = results.every(({ outcome }) => outcome.kind !== 'broken' && outcome.kind !== 'blocked')
  let reached: Level = 0
  for (const level of levels) {
    const missing = missingFor(level, results, declared)
    if (missing.length > 0) {
      return { reached, declared: declared ? declaredLevel(declared) : 0, next: { level, missing }, conforms }
    }
    reached = level
  }
  return { reached, declared: 4, next: null, conforms }
}

function missingFor(level: Level, results: readonly RuleResult[], declared: Declared | null): Missing[] {
  const undeclared = declared ? undeclaredOf(declared, level) : []
  if (undeclared.length > 0) {
    const what = undeclared.map((name) => `the shop declares ${name}: false`).join(', ')
    return [{ what, hint: 'implement it and say so in the capabilities' }]
  }
  return together(results.filter((result) => result.level === level).flatMap((result) => missingOf(result) ?? []))
}

/** One entry for all that one thing would mend: a record made by hand opens many rules. */
function together(missing: readonly Missing[]): Missing[] {
  const hints = [...new Set(missing.map(({ hint }) => hint))]
  return hints.map((hint) => {
    const what = missing.filter((each) => each.hint === hint).map((each) => each.what)
    return { what: what.join(', '), hint }
  })
}

function missingOf({ id, outcome, hint }: RuleResult): Missing | null {
  switch (outcome.kind) {
    case 'held':
    case 'notOffered':
      return null
    case 'broken':
      return { what: `${id} does not hold`, hint }
    case 'blocked':
      return { what: `${id} could not be tried`, hint: `first mend what is named there: ${outcome.expected}` }
    case 'notChecked':
      return { what: `${id} was not checked`, hint: outcome.reason }
    default:
      return unreachable(outcome)
  }
}
