import { patched } from '@temporalio/workflow'
import { idOf, type RecordKey } from '../../../flows/side.ts'
import type { PauseReason } from '../../messages.ts'
import { applying } from '../activities.ts'
import { applyDecisions, giveBack } from '../apply-decisions.ts'
import { type Decided, decideInRun } from '../decide-in-run.ts'
import { withEmptied } from '../emptied-breaker.ts'
import type { FlowRun } from '../flow-run.ts'
import type { LookAgain } from '../flow-state.ts'
import { BUSY_MS, busyMs } from '../look-again.ts'
import { keysOfPair } from '../pair-keys.ts'
import { isLookForGone } from '../vanished-breaker.ts'
import { describeKeys, short } from '../words.ts'

/** Keys to readings to decisions to outcomes: both sides are read while the pair is in hand (E9, E10). */
export async function liveTask(run: FlowRun, entries: readonly LookAgain[]): Promise<void> {
  const { hand } = run
  const keys = entries.map((entry) => entry.key)
  const inHand = new Set<RecordKey>(keys)
  const lookedFor = entries.filter(isLookForGone).map((entry) => entry.key)
  hand.take(keys)
  for (const key of lookedFor) run.lookedFor.add(key)
  const mark = hand.beginRead()
  try {
    const byHand = entries.flatMap(({ key, wish }) =>
      wish?.kind === 'link' && wish.shopId !== undefined ? [{ key, pair: [idOf(key), wish.shopId] as const }] : [],
    )
    const answer = await applying.fetchRecords.executeWithOptions({ summary: short(`read ${describeKeys(keys)}`) }, [
      {
        ...run.address,
        keys: keys.filter((key) => !byHand.some((link) => link.key === key)),
        linkByHand: byHand.map((link) => link.pair),
        directory: run.state().directory,
      },
    ])
    if (answer.kind === 'trouble') {
      giveBack(run, entries)
      run.setTrouble(answer.trouble)
      return
    }
    run.set({ ...run.state(), limits: answer.limits ?? null })
    const left = new Set(answer.left ?? [])
    if (left.size > 0)
      giveBack(
        run,
        entries.filter((entry) => left.has(entry.key)),
      )
    const decided: Decided[] = []
    const settled = new Set<string>()
    for (const { keys: asked, pair } of answer.pairs) {
      const pairKeys = keysOfPair(pair)
      const identity = pairKeys.join('|')
      if (settled.has(identity)) continue
      const own = entries.filter((entry) => asked.includes(entry.key) || pairKeys.includes(entry.key))
      // The counterpart was found by this read: it must not have been in another hand meanwhile.
      const found = pairKeys.filter((key) => !inHand.has(key))
      if (found.some((key) => hand.wasTouchedSince(key, mark))) {
        giveBack(run, own, whenNotBusy(run, found, own))
        continue
      }
      settled.add(identity)
      hand.take(found)
      for (const key of found) inHand.add(key)
      const decision = decideInRun(run, pair, own)
      if (decision) decided.push({ decision, entries: own })
    }
    const { state, trippedBy } = withEmptied(
      run.definition,
      run.state(),
      decided.map((item) => item.decision),
      Date.now(),
    )
    run.set(state)
    if (trippedBy !== null) {
      giveBack(run, entries)
      const reason: PauseReason = { kind: 'breaker', by: 'kobling', why: trippedBy, at: Date.now() }
      run.set({ ...run.state(), pauseReasons: [...run.state().pauseReasons, reason] })
      return
    }
    await applyDecisions(run, decided, 'live')
  } finally {
    hand.endRead(mark)
    hand.letGo([...inHand])
    for (const key of lookedFor) run.lookedFor.delete(key)
  }
}

/**
 * Two batches that each hold one record of a pair would give it back in turn for ever: whoever lets go second waits for
 * the moment that the other one waits for, so that one batch takes both.
 */
function whenNotBusy(run: FlowRun, found: readonly RecordKey[], own: readonly LookAgain[]): number {
  if (!patched('busy-pairs-wait-together')) return Date.now() + BUSY_MS
  const later = Date.now() + (patched('busy-pairs-wait-longer') ? busyMs(own, Date.now()) : BUSY_MS)
  return run.state().lookAgain.find((entry) => found.includes(entry.key))?.notBefore ?? later
}
