import { ApplicationFailure, patched } from '@temporalio/workflow'
import { keysOf } from '../../flows/decision.ts'
import type { Outcome } from '../../flows/outcome.ts'
import type { RecordKey } from '../../flows/side.ts'
import { applying } from './activities.ts'
import { chunksOf, directionOf } from './chunks.ts'
import { adoptOutcome, type Decided } from './decide-in-run.ts'
import { summaryOf } from './describe.ts'
import { waitBeforeApply } from './first-apply.ts'
import type { FlowRun } from './flow-run.ts'
import type { LookAgain } from './flow-state.ts'
import { withNeverStill } from './inbox.ts'
import type { Lanes } from './lanes.ts'
import { backoffMs, LONGEST_STALE_MS, staleMs, waitsInARow, withLookAgain } from './look-again.ts'
import { withBreaker } from './merge-outcomes.ts'
import { keysOfIds } from './pair-keys.ts'
import { settleWaited, tellWaiting } from './waited-links.ts'
import { short } from './words.ts'

export type Priority = 'live' | 'backfill'

/** Some 14 s of trying: people who type are done by then, and a system that never shows the same version twice is not. */
const NEVER_STILL_ATTEMPTS = 5

/**
 * Carries decisions out, lanes side by side; false when work had to stop before everything had its outcome.
 * @param shared the lanes of a first load whose pages overlap; without them these decisions have lanes of their own
 */
export async function applyDecisions(
  run: FlowRun,
  decided: readonly Decided[],
  priority: Priority,
  shared: Lanes | null = null,
): Promise<boolean> {
  const lanes = chunksOf(decided, priority, (item) => item.decision)
  if (shared) {
    const inLane = (chunk: readonly Decided[]): Promise<boolean> =>
      shared.run(directionOf(chunk.map((item) => item.decision)), () => applyChunk(run, chunk, priority))
    return (await Promise.all(lanes.flat().map(inLane))).every(Boolean)
  }
  const results = await Promise.all(
    lanes.map(async (lane) => {
      for (const chunk of lane) if (!(await applyChunk(run, chunk, priority))) return false
      return true
    }),
  )
  return results.every(Boolean)
}

/** One chunk until every decision has its outcome: apply works by time, what it did not reach is asked again (E17). */
async function applyChunk(run: FlowRun, chunk: readonly Decided[], priority: Priority): Promise<boolean> {
  let open = chunk
  while (open.length > 0) {
    if (!run.mayWork()) {
      giveBack(
        run,
        open.flatMap((item) => item.entries),
      )
      return false
    }
    const decisions = open.map((item) => item.decision)
    const { state, waitFirstMs } = waitBeforeApply(run.state(), Date.now())
    run.set(state)
    const answer = await applying.upsertRecords.executeWithOptions({ summary: short(summaryOf(decisions)) }, [
      { ...run.address, decisions, directory: state.directory, run: state.runOrdinal, priority, waitFirstMs },
    ])
    if (answer.kind === 'trouble') {
      giveBack(
        run,
        open.flatMap((item) => item.entries),
      )
      run.setTrouble(answer.trouble)
      return false
    }
    run.setLinkCounts(answer)
    open = adoptOutcomes(run, open, answer.outcomes, priority)
    const { state: told, settled } = settleWaited(
      run.state(),
      answer.outcomes.flatMap((outcome) => settledKeys(run, outcome)),
    )
    if (settled.length > 0) {
      run.set(told)
      await tellWaiting(run, settled)
    }
    run.wantSplit(answer.split)
    if (answer.trouble) run.setTrouble(answer.trouble)
  }
  return true
}

/** Adopts one outcome a decision (E12) and returns what has to be asked again at once. */
function adoptOutcomes(
  run: FlowRun,
  open: readonly Decided[],
  outcomes: readonly Outcome[],
  priority: Priority,
): Decided[] {
  if (outcomes.length !== open.length)
    throw ApplicationFailure.nonRetryable(
      `${open.length} decisions came back with ${outcomes.length} outcomes`,
      'Unaccounted',
    )
  const again: Decided[] = []
  const now = Date.now()
  for (const [index, item] of open.entries()) {
    const outcome = outcomes[index] as Outcome
    const attempts = Math.max(0, ...item.entries.map((entry) => entry.attempts)) + 1
    if (outcome.kind === 'deferred') {
      // Live work that was not reached goes behind newer work; a page of the first load goes on where it was.
      if (priority === 'backfill' && outcome.notBefore === undefined) again.push(item)
      else lookAgainAt(run, item, { why: 'not reached in time', notBefore: outcome.notBefore ?? 0, attempts: 0 })
      continue
    }
    adoptOutcome(run, outcome, item.decision)
    if (outcome.kind === 'stale') {
      const beforeMs = backoffMs(attempts - 1)
      const isAsBefore = beforeMs > LONGEST_STALE_MS && !patched('changed-meanwhile-within-a-minute')
      const notBefore = outcome.notBefore ?? (attempts <= 1 ? 0 : now + (isAsBefore ? beforeMs : staleMs(attempts)))
      lookAgainAt(run, item, { why: 'changed meanwhile', notBefore, attempts })
      if (attempts >= NEVER_STILL_ATTEMPTS && patched('never-still-is-listed'))
        run.set({ ...run.state(), inbox: withNeverStill(run.state().inbox, outcome, now) })
    } else if (outcome.againMs !== undefined || outcome.notes?.some((note) => note.kind === 'waits')) {
      const why = 'waits for another record'
      const waits = waitsOf(item, why, attempts)
      lookAgainAt(run, item, { why, notBefore: now + (outcome.againMs ?? backoffMs(waits)), attempts: waits })
    } else if (outcome.kind === 'parked' && outcome.parked?.reason === 'waiting') {
      const why = 'waits'
      const waits = waitsOf(item, why, attempts)
      const notBefore = Math.max(outcome.notBefore ?? 0, now + backoffMs(waits))
      lookAgainAt(run, item, { why, notBefore, attempts: waits })
    }
  }
  run.set(withBreaker(run.state(), now))
  return again
}

function waitsOf(item: Decided, why: string, attempts: number): number {
  const waits = waitsInARow(item.entries, why)
  // Runs that began before counted every attempt.
  return waits === attempts || !patched('waits-are-counted-by-themselves') ? attempts : waits
}

/** The records that found their counterpart; of lists, those that agree (E22, E23). */
function settledKeys(run: FlowRun, outcome: Outcome): RecordKey[] {
  const isSettled = run.definition.listOf
    ? outcome.kind === 'updated' || outcome.kind === 'unchanged' || outcome.kind === 'linked'
    : outcome.kind === 'linked' || outcome.kind === 'created' || outcome.kind === 'adopted'
  return isSettled ? keysOfIds(outcome) : []
}

function lookAgainAt(
  run: FlowRun,
  item: Decided,
  ask: { readonly why: string; readonly notBefore: number; readonly attempts: number },
): void {
  const seenAtMs = item.entries.find((entry) => entry.seenAtMs !== null)?.seenAtMs ?? null
  const wish = item.entries.find((entry) => entry.wish)?.wish
  const keys: readonly RecordKey[] =
    item.entries.length > 0 ? item.entries.map((entry) => entry.key) : keysOf(item.decision).slice(0, 1)
  const asks = keys.map((key) => ({ key, seenAtMs, ...ask, ...(wish ? { wish } : {}) }))
  run.set(withLookAgain(run.state(), asks, Date.now()))
}

/** Entries that were taken and could not be worked on stand in the list as before. */
export function giveBack(run: FlowRun, entries: readonly LookAgain[], notBefore = 0): void {
  const asks = entries.map(({ wish, ...entry }) => ({
    ...entry,
    notBefore: Math.max(notBefore, entry.notBefore),
    ...(wish ? { wish } : {}),
  }))
  run.set(withLookAgain(run.state(), asks, Date.now()))
}
