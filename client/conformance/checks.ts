import type { Answer } from './shop-client.ts'

/** The shop did something else than the contract says. */
export class RuleBroken extends Error {
  /** The request and the answer that show it; null where it is an absence, such as a webhook that never came. */
  readonly answer: Answer | null

  constructor(expected: string, answer: Answer | null) {
    super(expected)
    this.answer = answer
  }
}

/** There was nothing to try it on; the message says what would make it possible. */
export class NotChecked extends Error {}

/** The shop does not have it, and need not. */
export class NotOffered extends Error {}

/** What the rule is about was not reached: something else that it stands on failed, which a rule of its own reports. */
export class SetupFailed extends RuleBroken {}

/** @throws RuleBroken with what was expected */
export function check(holds: boolean, expected: string, answer: Answer | null): asserts holds {
  if (!holds) throw new RuleBroken(expected, answer)
}

/** @throws RuleBroken */
export function checkStatus(answer: Answer, statuses: number | readonly number[], expected: string): void {
  const allowed = typeof statuses === 'number' ? [statuses] : statuses
  check(allowed.includes(answer.status), `status ${allowed.join(' or ')}: ${expected}`, answer)
}

/** For what a rule needs and is not about. @throws SetupFailed */
export function assume(holds: boolean, needed: string, answer: Answer | null): asserts holds {
  if (!holds) throw new SetupFailed(needed, answer)
}
