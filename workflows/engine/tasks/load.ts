import { condition, patched } from '@temporalio/workflow'
import type { Pair } from '../../../flows/pair.ts'
import type { FirstLoadAnswer, FirstLoadPosition } from '../../../flows/port.ts'
import type { RecordKey } from '../../../flows/side.ts'
import { loading } from '../activities.ts'
import { applyDecisions } from '../apply-decisions.ts'
import { laneCounts, overlappingLaneCounts } from '../chunks.ts'
import { type Decided, decideInRun } from '../decide-in-run.ts'
import type { FlowRun } from '../flow-run.ts'
import { type Lanes, openLanes } from '../lanes.ts'
import { LOOK_AGAIN_FULL, withLookAgain } from '../look-again.ts'
import { keysOfPair } from '../pair-keys.ts'
import { withRoom } from '../room.ts'
import { withVanishedBreaker } from '../vanished-breaker.ts'
import { stepNames } from '../words.ts'

/** Records in one page: with chunks of 250 the load took 1.07 to 1.13 times a plain script's time on a prototype. */
const PAGE = 1_000
/** The first of a step is one chunk: the systems are busy with it while the next page is read and decided. */
const FIRST_PAGE = 250

type PageAnswer = Exclude<FirstLoadAnswer, { readonly kind: 'trouble' }>

interface Page {
  readonly answer: FirstLoadAnswer
  /** When its read began, for what was touched meanwhile. */
  readonly mark: number
}

/**
 * One page of the first load after the other; the next is fetched while the present one is applied (E13). Within a step
 * the next page already waits in line for the lanes, so that none of them is idle while the slowest ends its page.
 */
export async function loadTask(run: FlowRun): Promise<void> {
  let ahead: Promise<Page> | null = null
  let lanes: Lanes | null = null
  /** True once the page before the present one is done, and all before that. */
  let before = Promise.resolve(true)
  let position = run.state().load.position
  try {
    while (position !== null && run.mayWork() && !run.isEnding()) {
      const { answer, mark }: Page = await (ahead ?? fetchPage(run, position))
      ahead = null
      if (!adoptPage(run, answer)) {
        run.hand.endRead(mark)
        return
      }
      if (answer.next !== null && run.mayWork()) ahead = fetchPage(run, answer.next)
      const overlaps: boolean = mayOverlap(position, answer)
      if (overlaps) lanes ??= openLanes(patched('first-load-five-chunks') ? overlappingLaneCounts : laneCounts)
      const previous = before
      before = applyPage(run, { answer, mark }, previous, lanes)
      // Whoever awaits the page later hears of its failure.
      before.catch(() => undefined)
      if (overlaps) await condition(() => lanes?.isNobodyWaiting() !== false)
      if (!(await (overlaps ? previous : before))) return
      position = answer.next
    }
  } finally {
    // A page fetched in vain: its read is over, and nobody waits for it.
    ahead?.then(
      ({ mark }) => run.hand.endRead(mark),
      () => undefined,
    )
    await before
  }
}

/** Pages of one step, and only those: everything that matches is linked before anything is created (E13). */
function mayOverlap(position: FirstLoadPosition, answer: PageAnswer): boolean {
  return answer.next?.step === position.step && answer.lookAt === undefined && patched('first-load-pages-overlap')
}

/** Takes what a page says of the whole load into the state; false: there is nothing to apply. */
function adoptPage(run: FlowRun, answer: FirstLoadAnswer): answer is PageAnswer {
  if (answer.kind === 'trouble') {
    run.setTrouble(answer.trouble)
    return false
  }
  const { load, cursors } = run.state()
  if (answer.idle !== undefined) {
    run.set({ ...run.state(), idle: answer.idle, load: { ...load, position: null, endedAt: Date.now() } })
    return false
  }
  const state = { ...run.state(), limits: answer.limits ?? null }
  run.set(answer.vanished === undefined ? state : withVanishedBreaker(state, 'shop', answer.vanished, Date.now()))
  // Live changes are watched from the first page on, from before anything was listed.
  if (cursors.erp === null)
    run.set(
      withRoom(
        { ...run.state(), cursors: answer.cursors, load: { ...load, totals: answer.totals } },
        answer.room,
        Date.now(),
      ),
    )
  return true
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
    [{ ...run.address, position, directory, loadId: load.loadId, limit: position.afterId === '' ? FIRST_PAGE : PAGE }],
  )
  return { answer, mark }
}

/** One page until its records have their outcomes; false: work had to stop before. */
async function applyPage(
  run: FlowRun,
  { answer, mark }: { readonly answer: PageAnswer; readonly mark: number },
  before: Promise<boolean>,
  lanes: Lanes | null,
): Promise<boolean> {
  const isComplete = await applyPairs(run, answer.pairs, mark, lanes)
  if (answer.lookAt) await lookAt(run, answer.lookAt)
  run.hand.endRead(mark)
  if (!isComplete || (lanes !== null && !(await before))) return false
  // The position moves when every record of the page, and of those before it, has its outcome (E12).
  const endedAt = answer.next === null ? Date.now() : null
  run.set({ ...run.state(), load: { ...run.state().load, position: answer.next, endedAt } })
  return true
}

async function applyPairs(run: FlowRun, pairs: readonly Pair[], mark: number, lanes: Lanes | null): Promise<boolean> {
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
    return await applyDecisions(run, decided, 'backfill', lanes)
  } finally {
    run.hand.letGo(taken)
  }
}
