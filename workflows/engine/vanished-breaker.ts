import type { Side } from '../../flows/side.ts'
import { type FlowState, linksOf } from './flow-state.ts'
import { nameOf } from './words.ts'

/** What vanished at once trips the breaker when it is more than the larger of these (E20). */
const VANISHED_LIMIT = 20
const VANISHED_SHARE = 0.02

/** A source that suddenly shows next to nothing is an outage, not a wish: nothing is concluded from it without a person. */
export function withVanishedBreaker(state: FlowState, side: Side, vanished: number, now: number): FlowState {
  const links = linksOf(state)
  if (vanished <= Math.max(VANISHED_LIMIT, Math.floor(links * VANISHED_SHARE))) return state
  const why = `${vanished} of ${links} linked records vanished from ${nameOf(side)} at once; nothing was changed: look whether they are really gone, then resume`
  return { ...state, pauseReasons: [...state.pauseReasons, { kind: 'breaker', by: 'kobling', why, at: now }] }
}
