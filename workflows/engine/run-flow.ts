import {
  allHandlersFinished,
  CancellationScope,
  condition,
  isCancellation,
  patched,
  setCurrentDetails,
  upsertSearchAttributes,
  workflowInfo,
} from '@temporalio/workflow'
import type { FlowDefinition } from '../../flows/flow-definition.ts'
import type { Trouble } from '../../flows/port.ts'
import { type Side, sides } from '../../flows/side.ts'
import { withOptions } from '../../flows/with-options.ts'
import type { FlowInput } from '../messages.ts'
import { waiting, watching } from './activities.ts'
import { describeFlow } from './describe.ts'
import { openFlowRun } from './flow-run.ts'
import { type FlowState, migrate, phaseOf } from './flow-state.ts'
import { countByPile } from './inbox.ts'
import { LOOK_AGAIN_FULL, nextDue, takeDue } from './look-again.ts'
import { watchForUpgrade } from './next-run.ts'
import { registerHandlers } from './register-handlers.ts'
import { flowRunIsLong } from './run-length.ts'
import { KoblingInbox, KoblingPhase } from './search-attributes.ts'
import { previewTask } from './tasks/first-contact.ts'
import { liveTask } from './tasks/live.ts'
import { loadTask } from './tasks/load.ts'
import { splitTask, startMemoryTask } from './tasks/memory.ts'
import { adoptWatch } from './tasks/watch.ts'
import { firstPauseMs } from './trouble-streak.ts'
import { nameOf, short } from './words.ts'

/** Records in one batch of live work: small, so that a lone edit never waits behind a crowd for long. */
const LIVE_BATCH = 50
/** Live batches side by side. */
const LIVE_BATCHES = 3

/**
 * One dataflow for ever: watch, decide, apply (docs/engine.md). The loop starts whatever may run now and waits for
 * news; the tasks do the rest. Returns the state for the next run when it is time to continue as new.
 */
export async function runFlow(ofFlow: FlowDefinition, input: FlowInput | FlowState): Promise<FlowState> {
  const opening = migrate(input, { atMs: Date.now(), runId: workflowInfo().runId })
  const definition = withOptions(ofFlow, opening.options.company?.definition ?? {})
  const isUpgradeDue = watchForUpgrade()
  const isLimited = patched('flow-runs-of-1000-events')
  let news = true
  let rollAsked = false
  const run = openFlowRun(definition, opening, () => (news = true), isEnding)
  const watch = watching(workflowInfo().taskQueue)
  const underWay = { memory: false, preview: false, load: false, split: false, health: false, dependencies: false }
  const watches: Record<Side, CancellationScope | null> = { erp: null, shop: null }
  /** The watches under way were told that the first load is: they make room for ones that sweep when it has ended. */
  let watchesLoading = false
  let health: CancellationScope | null = null
  let liveBatches = 0
  /** The flows whose links this one refers to have ended their first loads, or nobody runs them (E23). */
  let mayLoad = (definition.after ?? []).length === 0
  let dependencies = null as CancellationScope | null
  let shown = { phase: '', inbox: -1 }

  registerHandlers(run, () => {
    rollAsked = true
    news = true
  })
  for (;;) {
    news = false
    launch()
    show()
    if (isEnding() && isDrained()) break
    await waitForNews()
  }
  // Watches have no effects: one left behind polls until its next heartbeat, and its answer was never adopted (E17).
  for (const side of sides) watches[side]?.cancel()
  dependencies?.cancel()
  await condition(allHandlersFinished)
  return run.state()

  function launch(): void {
    const state = run.state()
    if (state.trouble && !state.stopped) once('health', waitUntilHealthy)
    if (!run.mayWork()) {
      if (state.trouble === null || state.stopped) leaveWatches()
      return
    }
    if (isEnding()) return
    if (state.directory.shards.length === 0) {
      once('memory', () => startMemoryTask(run))
      return
    }
    if (state.options.approveFirst && state.approved === null) {
      once('preview', () => previewTask(run))
      return
    }
    if (!underWay.split) {
      const shard = run.takeSplit()
      if (shard !== undefined) once('split', () => splitTask(run, shard))
    }
    if (state.idle !== null) {
      leaveWatches()
      return
    }
    if (state.load.position !== null) {
      if (mayLoad) once('load', () => loadTask(run))
      else once('dependencies', awaitDependencies)
    }
    startLiveBatches()
    const loading = state.load.position !== null
    if (watchesLoading && !loading) leaveWatches()
    watchesLoading = loading
    for (const side of sides) if (watches[side] === null && mayWatch(side)) inBackground(() => watchSide(side))
  }

  function startLiveBatches(): void {
    while (liveBatches < LIVE_BATCHES) {
      const due = takeDue(run.state(), Date.now(), LIVE_BATCH, run.hand.isFree)
      if (due.taken.length === 0) return
      run.set(due.state)
      liveBatches++
      inBackground(() => liveTask(run, due.taken).finally(() => liveBatches--))
    }
  }

  function mayWatch(side: Side): boolean {
    const state = run.state()
    return state.cursors[side] !== null && state.lookAgain.length < LOOK_AGAIN_FULL
  }

  async function watchSide(side: Side): Promise<void> {
    const scope = new CancellationScope()
    watches[side] = scope
    try {
      const { cursors, directory, sweep, missing, room, load, rotation } = run.state()
      const answer = await scope.run(() =>
        watch.fetchChanges.executeWithOptions({ summary: `watch ${nameOf(side)} for changes` }, [
          {
            ...run.address,
            side,
            cursor: cursors[side],
            directory,
            loading: load.position !== null,
            sweptAt: sweep?.at ?? null,
            missing: side === 'erp' ? missing : [],
            room,
            rotation,
          },
        ]),
      )
      adoptWatch(run, side, answer)
    } finally {
      watches[side] = null
    }
  }

  async function waitUntilHealthy(): Promise<void> {
    const scope = new CancellationScope()
    health = scope
    try {
      const { trouble, troubleStreak, directory } = run.state()
      await scope.run(() =>
        waiting.waitUntilHealthy.executeWithOptions(
          { summary: short(`wait until it answers: ${trouble?.message ?? ''}`) },
          [{ ...run.address, directory, firstPauseMs: firstPauseMs(troubleStreak) }],
        ),
      )
      run.set({ ...run.state(), trouble: null })
    } finally {
      health = null
    }
  }

  async function awaitDependencies(): Promise<void> {
    const flows = definition.after ?? []
    const scope = new CancellationScope()
    dependencies = scope
    const waitsFor = `its first load begins when that of ${flows.join(', ')} has ended`
    run.set({ ...run.state(), waitsFor })
    try {
      await scope.run(() =>
        waiting.awaitFlows.executeWithOptions({ summary: short(`wait for the first load of ${flows.join(', ')}`) }, [
          { ...run.address, flows },
        ]),
      )
      mayLoad = true
      run.set({ ...run.state(), waitsFor: null })
    } finally {
      dependencies = null
    }
  }

  function leaveWatches(): void {
    for (const side of sides) watches[side]?.cancel()
    dependencies?.cancel()
    if (run.state().stopped) health?.cancel()
  }

  function once(name: keyof typeof underWay, work: () => Promise<void>): void {
    if (underWay[name]) return
    underWay[name] = true
    inBackground(() =>
      work().finally(() => {
        underWay[name] = false
      }),
    )
  }

  /** A task never throws into the loop: an activity that failed for good becomes a phase with a reason (E17). */
  function inBackground(work: () => Promise<void>): void {
    work()
      .catch((error: unknown) => {
        if (!isCancellation(error)) run.setTrouble(troubleFrom(error))
      })
      .finally(() => {
        news = true
      })
  }

  /** Only watches and the wait for health may be pending at continue-as-new: they have no effects (E17). */
  function isDrained(): boolean {
    return !underWay.memory && !underWay.preview && !underWay.load && !underWay.split && liveBatches === 0
  }

  function isEnding(): boolean {
    const info = workflowInfo()
    if (rollAsked || isUpgradeDue()) return true
    return flowRunIsLong(info, { maxEvents: run.state().options.maxEvents, isLimited }, isAtRest)
  }

  function isAtRest(): boolean {
    const state = run.state()
    return isDrained() && state.load.position === null && state.lookAgain.length === 0
  }

  async function waitForNews(): Promise<void> {
    const now = Date.now()
    const due = run.mayWork() ? nextDue(run.state(), now) : null
    if (due === null) await condition(() => news)
    else await condition(() => news, Math.max(1, due - now))
  }

  function show(): void {
    const state = run.state()
    const phase = phaseOf(state)
    const piles = countByPile(state.inbox)
    const inbox = piles.needsYou + piles.waitsByItself
    if (phase !== shown.phase) upsertSearchAttributes([{ key: KoblingPhase, value: phase }])
    if (inbox !== shown.inbox) upsertSearchAttributes([{ key: KoblingInbox, value: inbox }])
    shown = { phase, inbox }
    setCurrentDetails(describeFlow(definition, state))
  }
}

/** Not a system's trouble but ours: said as it is, tried again when both systems and the memory answer. */
function troubleFrom(error: unknown): Trouble {
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error
  const message = cause instanceof Error ? cause.message : String(cause)
  return { type: 'ContractChanged', where: 'memory', message: `An activity failed for good: ${message.slice(0, 300)}` }
}
