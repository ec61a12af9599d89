import { NotChecked, NotOffered, RuleBroken, SetupFailed } from './checks.ts'
import { cameBackText, sentText } from './exchange-text.ts'
import type { Rule, RuleLevel } from './rule.ts'

/** What of a rule was seen to be otherwise. */
export interface Finding {
  readonly expected: string
  /** null: something that never came. */
  readonly sent: string | null
  readonly cameBack: string | null
}

export type Outcome =
  | { readonly kind: 'held' }
  | ({ readonly kind: 'broken' } & Finding)
  /** What the rule stands on failed, so that nothing can be said about it. */
  | ({ readonly kind: 'blocked' } & Finding)
  | { readonly kind: 'notOffered'; readonly reason: string }
  | { readonly kind: 'notChecked'; readonly reason: string }

export interface RuleResult {
  readonly id: string
  readonly level: RuleLevel
  readonly title: string
  readonly why: string
  readonly hint: string
  readonly outcome: Outcome
  readonly notes: readonly string[]
}

export function resultOf(rule: Rule, outcome: Outcome, notes: readonly string[] = []): RuleResult {
  const { id, level, title, why, hint } = rule
  return { id, level, title, why, hint, outcome, notes: [...new Set(notes)] }
}

/** What a rule ended with; an error of another kind is a shape that the kit did not think of. */
export function outcomeOf(error: unknown): Outcome {
  if (error instanceof NotOffered) return { kind: 'notOffered', reason: error.message }
  if (error instanceof NotChecked) return { kind: 'notChecked', reason: error.message }
  if (error instanceof RuleBroken) {
    const sent = error.answer && sentText(error.answer.sent)
    const cameBack = error.answer && cameBackText(error.answer)
    return { kind: error instanceof SetupFailed ? 'blocked' : 'broken', expected: error.message, sent, cameBack }
  }
  const message = error instanceof Error ? error.message : String(error)
  return { kind: 'blocked', expected: `an answer that the kit can read: ${message}`, sent: null, cameBack: null }
}
