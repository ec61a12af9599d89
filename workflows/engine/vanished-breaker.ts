import { idOf, type RecordKey, type Side, sideOf } from '../../flows/side.ts'
import { type FlowState, type LookAgain, linksOf } from './flow-state.ts'
import { nameOf } from './words.ts'

/** What vanished at once trips the breaker when it is more than the larger of these (E20). */
const VANISHED_LIMIT = 20
const VANISHED_SHARE = 0.02

/** A look for a record that was told of as gone, or that a person has approved as gone. */
export function isLookForGone({ why, wish }: Pick<LookAgain, 'why' | 'wish'>): boolean {
  return why === 'missing' || why === 'tombstone' || wish?.kind === 'approveDelete'
}

/**
 * Of records that are told of as gone, those of which nobody has heard before. The others are looked for already, or listed for a
 * person to say what becomes of them: until then every sweep tells of them again.
 * @param inHand those that are looked for at this moment
 */
export function newlyVanished(
  state: Pick<FlowState, 'lookAgain' | 'inbox'>,
  told: readonly RecordKey[],
  inHand: ReadonlySet<RecordKey>,
): readonly RecordKey[] {
  const lookedFor = new Set(state.lookAgain.filter(isLookForGone).map((entry) => entry.key))
  const listed = state.inbox.filter((entry) => entry.reason === 'vanished')
  const listedIds = {
    erp: new Set(listed.map((entry) => entry.erpId)),
    shop: new Set(listed.map((entry) => entry.shopId)),
  }
  return told.filter((key) => !inHand.has(key) && !lookedFor.has(key) && !listedIds[sideOf(key)].has(idOf(key)))
}

/** Whether so many vanished at once are more than an accident. */
export function isMassVanishing(state: FlowState, vanished: number): boolean {
  return vanished > Math.max(VANISHED_LIMIT, Math.floor(linksOf(state) * VANISHED_SHARE))
}

/** A source that suddenly shows next to nothing is an outage, not a wish: nothing is concluded from it without a person. */
export function withVanishedBreaker(state: FlowState, side: Side, vanished: number, now: number): FlowState {
  if (!isMassVanishing(state, vanished)) return state
  const why = `${vanished} of ${linksOf(state)} linked records vanished from ${nameOf(side)} at once; nothing was changed: look whether they are really gone, then resume`
  return { ...state, pauseReasons: [...state.pauseReasons, { kind: 'breaker', by: 'kobling', why, at: now }] }
}
