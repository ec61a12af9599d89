import { patched } from '@temporalio/workflow'
import type { WatchAnswer } from '../../../flows/port.ts'
import type { Side } from '../../../flows/side.ts'
import type { FlowRun } from '../flow-run.ts'
import type { FlowState } from '../flow-state.ts'
import { withLookAgain } from '../look-again.ts'
import { withRoom } from '../room.ts'
import { isMassVanishing, newlyVanished, withVanishedBreaker } from '../vanished-breaker.ts'

/** Ids that a sweep did not find, carried to the next one. */
const MISSING_LIMIT = 1_000

/** The keys are durable from here on, so the cursor moves at once; their outcomes follow (E10, E12). */
export function adoptWatch(run: FlowRun, side: Side, answer: WatchAnswer): void {
  if (answer.kind === 'trouble') {
    run.setTrouble(answer.trouble)
    return
  }
  const state = run.state()
  const now = Date.now()
  const next: FlowState = {
    ...state,
    cursors: { ...state.cursors, [side]: answer.cursor },
    counters: { ...state.counters, dropped: state.counters.dropped + answer.dropped },
    sweep: answer.sweep ? { at: answer.sweep.at, records: answer.sweep.records } : state.sweep,
    missing: answer.sweep ? answer.sweep.missing.slice(0, MISSING_LIMIT) : state.missing,
    // Answers of before there was one lack it.
    rotation: answer.sweep?.rotation ?? state.rotation,
  }
  const asks = answer.changed.map((change) => ({
    key: change.key,
    why: change.why,
    seenAtMs: change.why === 'changed' ? change.seenAtMs : null,
  }))
  const seen = answer.sweep ? withRoom(next, answer.sweep.room, now) : next
  run.set(withVanishedBreaker(withLookAgain(seen, asks, now), side, countVanished(run, answer), now))
}

/** A resume would be undone by the next sweep if what it tells of once more counted once more. */
function countVanished(run: FlowRun, { changed }: WatchAnswer & { readonly kind: 'changes' }): number {
  const told = changed.filter(({ why }) => why === 'missing' || why === 'tombstone').map(({ key }) => key)
  const isTripping = isMassVanishing(run.state(), told.length)
  const fresh = isTripping ? newlyVanished(run.state(), told, run.lookedFor).length : told.length
  return fresh < told.length && patched('vanished-counted-once') ? fresh : told.length
}
