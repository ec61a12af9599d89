import { condition } from '@temporalio/workflow'
import type { Pair } from '../../../flows/pair.ts'
import type { FirstLoadAnswer, FirstLoadPosition } from '../../../flows/port.ts'
import type { RecordKey } from '../../../flows/side.ts'
import { loading } from '../activities.ts'
import { applyDecisions } from '../apply-decisions.ts'
import { type Decided, decideInRun } from '../decide-in-run.ts'
import type { FlowRun } from '../flow-run.ts'
import { LOOK_AGAIN_FULL, withLookAgain } from '../look-again.ts'
import { keysOfPair } from '../pair-keys.ts'
import { withRoom } from '../room.ts'
import { stepNames } from '../words.ts'

/** Records in one page: with chunks of 250 the load took 1.07 to 1.13 times a plain script's time on a prototype. */
const PAGE = 1_000

interface Page {
  readonly answer: FirstLoadAnswer
  /** When its read began, for what was touched meanwhile. */
  readonly mark: number
}

/** One page of the first load after the other; the next is fetched while the present one is applied (E13). */
export async function loadTask(run: FlowRun): Promise<void> {
  let ahead: Promise<Page> | null = null
  try {
    for (
      let position = run.state().load.position;
      position !== null && run.mayWork() && !run.isEnding();
      position = run.state().load.position
    ) {
      const { answer, mark } = await (ahead ?? fetchPage(run, position))
      ahead = null
      if (answer.kind === 'trouble') {
        run.hand.endRead(mark)
        run.setTrouble(answer.trouble)
        return
      }
      const { load, cursors } = run.state()
      if (answer.idle !== undefined) {
        run.hand.endRead(mark)
        run.set({ ...run.state(), idle: answer.idle, load: { ...load, position: null, endedAt: Date.now() } })
        return
      }
      run.set({ ...run.state(), limits: answer.limits ?? null })
      // Live changes are watched from the first page on, from before anything was listed.
      if (cursors.erp === null)
        run.set(
          withRoom(
            { ...run.state(), cursors: answer.cursors, load: { ...load, totals: answer.totals } },
            answer.room,
            Date.now(),
          ),
        )
      if (answer.next !== null && run.mayWork()) ahead = fetchPage(run, answer.next)
      const isComplete = await applyPage(run, answer.pairs, mark)
      if (answer.lookAt) await lookAt(run, answer.lookAt)
      run.hand.endRead(mark)
      if (!isComplete) return
      // The position moves when every record of the page has its outcome (E12).
      const endedAt = answer.next === null ? Date.now() : null
      run.set({ ...run.state(), load: { ...run.state().load, position: answer.next, endedAt } })
    }
  } finally {
    // A page fetched in vain: its read is over, and nobody waits for it.
    ahead?.then(
      ({ mark }) => run.hand.endRead(mark),
      () => undefined,
    )
  }
}

/** Hands keys over as after a change, never more than the list has room for (E10). */
async function lookAt(run: FlowRun, keys: readonly RecordKey[]): Promise<void> {
  await condition(() => run.state().lookAgain.length < LOOK_AGAIN_FULL || !run.mayWork())
  const nowMs = Date.now()
  run.set(
    withLookAgain(
      run.state(),
      keys.map((key) => ({ key, why: 'first load' })),
      nowMs,
    ),
  )
}

async function fetchPage(run: FlowRun, position: FirstLoadPosition): Promise<Page> {
  const mark = run.hand.beginRead()
  const after = position.afterId === '' ? '' : ` after ${position.afterId}`
  const { directory, load } = run.state()
  const answer = await loading.fetchFirstLoad.executeWithOptions(
    { summary: `first load: ${stepNames[position.step]}${after}` },
    [{ ...run.address, position, directory, loadId: load.loadId, limit: PAGE }],
  )
  return { answer, mark }
}

async function applyPage(run: FlowRun, pairs: readonly Pair[], mark: number): Promise<boolean> {
  const taken: RecordKey[] = []
  const decided: Decided[] = []
  const touched: RecordKey[] = []
  for (const pair of pairs) {
    const keys = keysOfPair(pair)
    // Somebody else worked on it since the page was read: it is read again, in hand (E10).
    if (keys.some((key) => run.hand.wasTouchedSince(key, mark))) {
      touched.push(...keys)
      continue
    }
    run.hand.take(keys)
    taken.push(...keys)
    const decision = decideInRun(run, pair, [])
    if (decision) decided.push({ decision, entries: [] })
  }
  try {
    run.set(
      withLookAgain(
        run.state(),
        touched.map((key) => ({ key, why: 'touched during the first load' })),
        Date.now(),
      ),
    )
    return await applyDecisions(run, decided, 'backfill')
  } finally {
    run.hand.letGo(taken)
  }
}
