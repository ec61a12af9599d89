import {
  allHandlersFinished,
  ApplicationFailure,
  CancellationScope,
  condition,
  isCancellation,
  log,
  setCurrentDetails,
  setHandler,
  upsertSearchAttributes,
  workflowInfo,
} from '@temporalio/workflow'
import type { Decision } from '../../flows/decision.ts'
import { keysOf } from '../../flows/decision.ts'
import type { FlowDefinition } from '../../flows/flow-definition.ts'
import type { Outcome } from '../../flows/outcome.ts'
import type { Pair } from '../../flows/pair.ts'
import type { FirstLoadAnswer, Trouble, UpsertAnswer, WatchAnswer } from '../../flows/port.ts'
import { idOf, type RecordKey, type Side, sideOf, sides } from '../../flows/side.ts'
import { type DecideContext, decidePair } from '../decide/decide-pair.ts'
import {
  approveDeleteUpdate,
  approveUpdate,
  type By,
  changedSignal,
  directoryQuery,
  type FlowInput,
  inboxQuery,
  inHandQuery,
  linkUpdate,
  pauseUpdate,
  resumeUpdate,
  retryUpdate,
  rollSignal,
  runsQuery,
  startUpdate,
  statusQuery,
  stopUpdate,
  unlinkUpdate,
} from '../messages.ts'
import { applying, loading, waiting, watching } from './activities.ts'
import { chunksOf } from './chunks.ts'
import { describeFlow, summaryOf } from './describe.ts'
import { FIRST_POSITION, type FlowState, type LookAgain, migrate, phaseOf, type Wish } from './flow-state.ts'
import { openHand } from './hand.ts'
import { countByPile } from './inbox.ts'
import { backoffMs, firstSeen, LOOK_AGAIN_FULL, nextDue, takeDue, withLookAgain } from './look-again.ts'
import { wasRevertedLately, withBreaker, withOutcome, wouldLoop } from './merge-outcomes.ts'
import { KoblingInbox, KoblingPhase } from './search-attributes.ts'

/** Records in one batch of live work: small, so that a lone edit never waits behind a crowd for long. */
const LIVE_BATCH = 50
/** Live batches side by side. */
const LIVE_BATCHES = 3
const LOAD_PAGE = 1_000
/** Events after which a flow at rest continues as new (E25). */
const EVENTS_AT_REST = 200
/** What a vanished share trips the breaker (E20): more than the larger of these in one answer. */
const VANISHED_LIMIT = 20
const VANISHED_SHARE = 0.02

/**
 * One dataflow for ever: watch, decide, apply (docs/engine.md). Reads top-down: the messages, then the loop that starts
 * whatever may run now, then the tasks. Returns the state for the next run; never ends otherwise.
 */
export async function runFlow(definition: FlowDefinition, input: FlowInput | FlowState): Promise<FlowState> {
  let state = migrate(input, { atMs: Date.now(), runId: workflowInfo().runId })
  const address = { connection: state.connection, flow: state.flow }
  const hand = openHand()
  const watch = watching(workflowInfo().taskQueue)
  const running = { shards: false, preview: false, health: false, load: false, split: false, live: 0 }
  const watches: Record<Side, CancellationScope | null> = { erp: null, shop: null }
  let healthScope: CancellationScope | null = null
  let splitQueue: number[] = []
  let rollAsked = false
  /** Something happened since the loop last looked. */
  let news = true
  let shown = { phase: '', inbox: -1 }

  const set = (next: FlowState): void => {
    state = next
    news = true
  }

  registerHandlers()
  for (;;) {
    news = false
    launch()
    show()
    if (shouldRoll()) {
      if (isDrained()) break
    }
    await waitForNews()
  }
  for (const side of sides) watches[side]?.cancel()
  await condition(allHandlersFinished)
  return state

  // --- the loop ---------------------------------------------------------------------------------------------------

  function launch(): void {
    if (state.trouble && !state.stopped && !running.health) task(healthTask)
    if (!mayWork()) {
      if (state.stopped || state.pauseReasons.length > 0) leaveWatches()
      return
    }
    if (shouldRoll()) return
    if (state.directory.shards.length === 0) {
      if (!running.shards) task(shardsTask)
      return
    }
    if (state.options.approveFirst && state.approved === null) {
      if (!running.preview) task(previewTask)
      return
    }
    if (splitQueue.length > 0 && !running.split) task(splitTask)
    if (state.load.position !== null && !running.load) task(loadTask)
    while (running.live < LIVE_BATCHES) {
      const due = takeDue(state, Date.now(), LIVE_BATCH, hand.isFree)
      if (due.taken.length === 0) break
      state = due.state
      running.live++
      task(() => liveTask(due.taken).finally(() => running.live--))
    }
    for (const side of sides) if (watches[side] === null && mayWatch(side)) task(() => watchTask(side))
  }

  /** Nothing may be started, and what is under way hands its rest back, when this is false. */
  function mayWork(): boolean {
    return !state.stopped && state.pauseReasons.length === 0 && state.trouble === null
  }

  function mayWatch(side: Side): boolean {
    return state.cursors[side] !== null && state.lookAgain.length < LOOK_AGAIN_FULL
  }

  function isDrained(): boolean {
    return !running.shards && !running.preview && !running.load && !running.split && running.live === 0
  }

  function atRest(): boolean {
    return isDrained() && state.load.position === null && nextDue(state, 0) === null
  }

  function shouldRoll(): boolean {
    const info = workflowInfo()
    if (rollAsked || info.continueAsNewSuggested) return true
    if (state.options.maxEvents > 0 && info.historyLength > state.options.maxEvents) return true
    return info.historyLength > EVENTS_AT_REST && atRest()
  }

  async function waitForNews(): Promise<void> {
    const due = mayWork() ? nextDue(state, Date.now()) : null
    if (due === null) await condition(() => news)
    else if (!(await condition(() => news, Math.max(1, due - Date.now())))) news = true
  }

  /** A task never throws into the loop: an activity that failed for good becomes a phase with a reason (E17). */
  function task(work: () => Promise<void>): void {
    void (async () => {
      try {
        await work()
      } catch (error) {
        if (!isCancellation(error)) set({ ...state, trouble: troubleFrom(error) })
      } finally {
        news = true
      }
    })()
  }

  // --- the tasks --------------------------------------------------------------------------------------------------

  async function shardsTask(): Promise<void> {
    running.shards = true
    try {
      const shards = sides.map((side, index) => ({ side, low: '', number: state.nextShard + index }))
      const directory = { ...state.directory, shards }
      const answer = await applying.startShards.executeWithOptions({ summary: 'start the link memory' }, [{ ...address, directory }])
      if (answer.kind === 'trouble') return setTrouble(answer.trouble)
      const nextShard = Math.max(...answer.directory.shards.map((shard) => shard.number)) + 1
      set({ ...state, directory: answer.directory, nextShard, links: answer.links })
    } finally {
      running.shards = false
    }
  }

  async function previewTask(): Promise<void> {
    running.preview = true
    try {
      const answer = await loading.previewFirstContact.executeWithOptions({ summary: 'read both systems, write nothing' }, [
        { ...address, directory: state.directory },
      ])
      if (answer.kind === 'trouble') return setTrouble(answer.trouble)
      const reason = {
        kind: 'firstContact' as const,
        by: 'kobling',
        why: `first contact with ${answer.preview.company}: nothing is written until somebody approves (kobling approve ${state.flow})`,
        at: Date.now(),
      }
      set({ ...state, preview: answer.preview, pauseReasons: [...state.pauseReasons, reason] })
    } finally {
      running.preview = false
    }
  }

  async function healthTask(): Promise<void> {
    running.health = true
    try {
      await CancellationScope.cancellable(async () => {
        healthScope = CancellationScope.current()
        const message = state.trouble?.message ?? ''
        await waiting.waitUntilHealthy.executeWithOptions({ summary: short(`wait until it answers: ${message}`) }, [
          { ...address, directory: state.directory },
        ])
        set({ ...state, trouble: null })
      })
    } finally {
      running.health = false
      healthScope = null
    }
  }

  async function splitTask(): Promise<void> {
    running.split = true
    const [shard, ...rest] = splitQueue
    splitQueue = rest
    try {
      if (shard === undefined) return
      const entry = state.directory.shards.find((candidate) => candidate.number === shard)
      const newNumber = state.nextShard
      set({ ...state, nextShard: newNumber + 1 })
      const answer = await applying.splitShard.executeWithOptions({ summary: `split leaf ${shard} of the link memory` }, [
        { ...address, shard, newNumber },
      ])
      if (answer.kind === 'trouble') return setTrouble(answer.trouble)
      const shards = [...state.directory.shards, { side: entry?.side ?? 'erp', low: answer.low, number: newNumber }]
      set({ ...state, directory: { ...state.directory, shards } })
    } finally {
      running.split = false
    }
  }

  async function watchTask(side: Side): Promise<void> {
    try {
      await CancellationScope.cancellable(async () => {
        watches[side] = CancellationScope.current()
        const answer = await watch.fetchChanges.executeWithOptions({ summary: `watch ${nameOf(side)} for changes` }, [
          {
            ...address,
            side,
            cursor: state.cursors[side],
            directory: state.directory,
            sweptAt: state.sweep?.at ?? null,
            missing: side === 'erp' ? state.missing : [],
          },
        ])
        mergeWatch(side, answer)
      })
    } finally {
      watches[side] = null
    }
  }

  /** The keys are durable from here on, so the cursor moves at once; their outcomes follow (E10, E12). */
  function mergeWatch(side: Side, answer: WatchAnswer): void {
    if (answer.kind === 'trouble') return setTrouble(answer.trouble)
    const now = Date.now()
    const vanished = answer.changed.filter((change) => change.why === 'missing' || change.why === 'tombstone')
    const limit = Math.max(VANISHED_LIMIT, Math.floor(state.links * VANISHED_SHARE))
    let next: FlowState = {
      ...state,
      cursors: { ...state.cursors, [side]: answer.cursor },
      counters: { ...state.counters, dropped: state.counters.dropped + answer.dropped },
      sweep: answer.sweep ? { at: answer.sweep.at, records: answer.sweep.records } : state.sweep,
      missing: answer.sweep ? answer.sweep.missing.slice(0, 1_000) : state.missing,
    }
    next = withLookAgain(
      next,
      answer.changed.map((change) => ({ key: change.key, why: change.why, seenAtMs: change.why === 'changed' ? change.seenAtMs : null })),
      now,
    )
    if (vanished.length > limit) {
      const why = `${vanished.length} of ${state.links} linked records vanished from ${nameOf(side)} at once; nothing was changed: look whether they are really gone, then resume`
      next = { ...next, pauseReasons: [...next.pauseReasons, { kind: 'breaker', by: 'kobling', why, at: now }] }
    }
    set(next)
  }

  /** Keys to decisions to outcomes, with both sides read while the pair is in hand (E9, E10). */
  async function liveTask(entries: readonly LookAgain[]): Promise<void> {
    const keys = entries.map((entry) => entry.key)
    const inHand = new Set<RecordKey>(keys)
    hand.take(keys)
    const mark = hand.beginRead()
    try {
      const linkByHand = entries.flatMap((entry) =>
        entry.wish?.kind === 'link' && entry.wish.shopId !== undefined ? [[idOf(entry.key), entry.wish.shopId] as const] : [],
      )
      const answer = await applying.fetchRecords.executeWithOptions({ summary: short(`read ${describeKeys(keys)}`) }, [
        { ...address, keys: keys.filter((key) => !linkByHand.some(([erpId]) => key === `erp:${erpId}`)), linkByHand, directory: state.directory },
      ])
      if (answer.kind === 'trouble') {
        giveBack(entries)
        return setTrouble(answer.trouble)
      }
      const decided: { decision: Decision; entries: LookAgain[] }[] = []
      const settled = new Set<string>()
      for (const { keys: asked, pair } of answer.pairs) {
        const own = entries.filter((entry) => asked.includes(entry.key))
        const identity = identityOf(pair)
        if (settled.has(identity)) continue
        const others = keysOfPair(pair).filter((key) => !inHand.has(key))
        // The counterpart was found by this read: it must not have been in another hand meanwhile.
        if (others.some((key) => hand.wasTouchedSince(key, mark))) {
          giveBack(own, Date.now() + 200)
          continue
        }
        settled.add(identity)
        hand.take(others)
        for (const key of others) inHand.add(key)
        const decision = decide(pair, entries.filter((entry) => keysOfPair(pair).includes(entry.key) || asked.includes(entry.key)))
        if (decision) decided.push({ decision, entries: own })
      }
      await applyAll(decided, 'live')
    } finally {
      hand.endRead(mark)
      hand.letGo([...inHand])
    }
  }

  function decide(pair: Pair, entries: readonly LookAgain[]): Decision | null {
    const wish = entries.find((entry) => entry.wish)?.wish ?? null
    const verdict = decidePair(definition, pair, contextFor(pair, entries, wish))
    if (verdict.kind !== 'nothing') return verdict
    count({ kind: verdict.why, ...idsOf(pair) }, null)
    return null
  }

  function contextFor(pair: Pair, entries: readonly LookAgain[], wish: Wish | null): DecideContext {
    const now = Date.now()
    const erpId = pair.erp.kind === 'present' ? pair.erp.reading.id : ''
    return {
      nowMs: now,
      firstAgreement: 'erp',
      firstSeenMs: firstSeen(entries),
      revertedLately: (field) => wasRevertedLately(state, erpId, field, now),
      wouldLoop: (field, to, hash) => wouldLoop(state, erpId, field, { to, hash }, now),
      wish: wish ? { kind: wish.kind, by: wish.by } : { kind: 'none' },
      missingTwice: entries.some((entry) => entry.why === 'missing'),
    }
  }

  /** One page of the first load after the other; the next is fetched while the present one is applied (E13). */
  async function loadTask(): Promise<void> {
    running.load = true
    let ahead: Promise<{ answer: FirstLoadAnswer; mark: number }> | null = null
    try {
      while (state.load.position !== null && mayWork() && !shouldRoll()) {
        const fetched = await (ahead ?? fetchLoadPage(state.load.position))
        ahead = null
        const { answer, mark } = fetched
        if (answer.kind === 'trouble') {
          hand.endRead(mark)
          return setTrouble(answer.trouble)
        }
        if (state.cursors.erp === null)
          set({ ...state, cursors: answer.cursors, load: { ...state.load, totals: answer.totals } })
        if (answer.next !== null && mayWork()) ahead = fetchLoadPage(answer.next)
        const complete = await applyLoadPage(answer.pairs, mark)
        hand.endRead(mark)
        if (!complete) return
        // The position moves when every record of the page has its outcome (E12).
        set({ ...state, load: { ...state.load, position: answer.next, endedAt: answer.next === null ? Date.now() : null } })
      }
    } finally {
      running.load = false
      // A page fetched ahead in vain: its read is over, and nobody waits for it.
      void ahead?.then(
        ({ mark }) => hand.endRead(mark),
        () => undefined,
      )
    }
  }

  async function fetchLoadPage(position: NonNullable<FlowState['load']['position']>): Promise<{ answer: FirstLoadAnswer; mark: number }> {
    const mark = hand.beginRead()
    const after = position.afterId === '' ? '' : ` after ${position.afterId}`
    const answer = await loading.fetchFirstLoad.executeWithOptions({ summary: `first load: ${stepNames[position.step]}${after}` }, [
      { ...address, position, directory: state.directory, loadId: state.load.loadId, limit: LOAD_PAGE },
    ])
    return { answer, mark }
  }

  async function applyLoadPage(pairs: readonly Pair[], mark: number): Promise<boolean> {
    const taken: RecordKey[] = []
    const decided: { decision: Decision; entries: LookAgain[] }[] = []
    const later: RecordKey[] = []
    for (const pair of pairs) {
      const keys = keysOfPair(pair)
      if (keys.some((key) => hand.wasTouchedSince(key, mark))) {
        later.push(...keys)
        continue
      }
      hand.take(keys)
      taken.push(...keys)
      const decision = decide(pair, [])
      if (decision) decided.push({ decision, entries: [] })
    }
    try {
      set(withLookAgain(state, later.map((key) => ({ key, why: 'touched during the first load' })), Date.now()))
      return await applyAll(decided, 'backfill')
    } finally {
      hand.letGo(taken)
    }
  }

  /** Chunks by lane, side by side; false when work had to stop before everything had its outcome. */
  async function applyAll(decided: readonly { decision: Decision; entries: LookAgain[] }[], priority: 'live' | 'backfill'): Promise<boolean> {
    const lanes = chunksOf(decided, priority, (item) => item.decision)
    const results = await Promise.all(
      lanes.map(async (lane) => {
        for (const chunk of lane) if (!(await applyChunk(chunk, priority))) return false
        return true
      }),
    )
    return results.every(Boolean)
  }

  /** One chunk until every decision has its outcome: apply works by time, what it did not reach is asked again (E17). */
  async function applyChunk(chunk: readonly { decision: Decision; entries: LookAgain[] }[], priority: 'live' | 'backfill'): Promise<boolean> {
    let open = chunk
    while (open.length > 0) {
      if (!mayWork()) {
        giveBack(open.flatMap((item) => item.entries))
        return false
      }
      const decisions = open.map((item) => item.decision)
      const waitFirstMs = !state.firstApplyDone && state.options.hadEarlierRun ? 10_000 : 0
      if (!state.firstApplyDone) state = { ...state, firstApplyDone: true }
      const answer: UpsertAnswer = await applying.upsertRecords.executeWithOptions({ summary: short(summaryOf(decisions)) }, [
        { ...address, decisions, directory: state.directory, run: state.runOrdinal, priority, waitFirstMs },
      ])
      if (answer.kind === 'trouble') {
        giveBack(open.flatMap((item) => item.entries))
        setTrouble(answer.trouble)
        return false
      }
      open = mergeOutcomes(open, answer.outcomes, priority)
      splitQueue = [...splitQueue, ...answer.split.filter((shard) => !splitQueue.includes(shard))]
      if (answer.trouble) setTrouble(answer.trouble)
    }
    return true
  }

  /** Adopts one outcome a decision (E12) and returns what has to be asked again at once. */
  function mergeOutcomes(
    open: readonly { decision: Decision; entries: LookAgain[] }[],
    outcomes: readonly Outcome[],
    priority: 'live' | 'backfill',
  ): { decision: Decision; entries: LookAgain[] }[] {
    if (outcomes.length !== open.length)
      throw ApplicationFailure.nonRetryable(`${open.length} decisions came back with ${outcomes.length} outcomes`, 'Unaccounted')
    const again: { decision: Decision; entries: LookAgain[] }[] = []
    const now = Date.now()
    for (const [index, item] of open.entries()) {
      const outcome = outcomes[index] as Outcome
      const attempts = Math.max(0, ...item.entries.map((entry) => entry.attempts)) + 1
      if (outcome.kind === 'deferred') {
        // Live work that was not reached goes behind newer work; a page of the first load goes on where it was.
        if (priority === 'backfill' && outcome.notBefore === undefined) again.push(item)
        else lookAgain(keysOf(item.decision), 'not reached in time', outcome.notBefore ?? 0, item.entries, 0)
        continue
      }
      count(outcome, item.decision)
      if (outcome.kind === 'stale') {
        const notBefore = outcome.notBefore ?? (attempts <= 1 ? 0 : now + backoffMs(attempts - 1))
        lookAgain(keysOf(item.decision), 'changed meanwhile', notBefore, item.entries, attempts)
      }
      if (outcome.kind === 'parked' && outcome.parked?.reason === 'waiting')
        lookAgain(keysOf(item.decision), 'failed alone', outcome.notBefore ?? now + backoffMs(attempts), item.entries, attempts)
      if (item.decision.kind === 'forget' || item.decision.kind === 'retire' || outcome.kind === 'linked') releaseAmbiguous(item.decision)
    }
    set(withBreaker(state, now))
    return again
  }

  /** When a record of an ambiguous case found its place, the others are tried again. */
  function releaseAmbiguous(decision: Decision): void {
    const keys = keysOf(decision)
    const freed = state.inbox.flatMap((entry) => (entry.reason === 'ambiguous' && entry.others.some((key) => keys.includes(key)) ? entry.others : []))
    set(withLookAgain(state, freed.filter((key) => !keys.includes(key)).map((key) => ({ key, why: 'its namesake was settled' })), Date.now()))
  }

  function count(outcome: Outcome, decision: Decision | null): void {
    const before = ambiguousOthers(outcome)
    set(withOutcome(definition, state, outcome, decision, Date.now()))
    if (outcome.kind !== 'parked' && outcome.kind !== 'stale' && outcome.kind !== 'deferred' && before.length > 0)
      set(withLookAgain(state, before.map((key) => ({ key, why: 'its namesake was settled' })), Date.now()))
  }

  function ambiguousOthers(outcome: Outcome): RecordKey[] {
    const own = [`erp:${outcome.erpId}`, `shop:${outcome.shopId}`] as RecordKey[]
    return state.inbox.flatMap((entry) =>
      entry.reason === 'ambiguous' && entry.others.some((key) => own.includes(key)) ? entry.others.filter((key) => !own.includes(key)) : [],
    )
  }

  function lookAgain(keys: readonly RecordKey[], why: string, notBefore: number, entries: readonly LookAgain[], attempts: number): void {
    const seenAtMs = entries.find((entry) => entry.seenAtMs !== null)?.seenAtMs ?? null
    const wish = entries.find((entry) => entry.wish)?.wish
    const asks = entries.length > 0 ? entries.map((entry) => entry.key) : keys.slice(0, 1)
    set(withLookAgain(state, asks.map((key) => ({ key, why, seenAtMs, notBefore, attempts, ...(wish ? { wish } : {}) })), Date.now()))
  }

  function giveBack(entries: readonly LookAgain[], notBefore = 0): void {
    const asks = entries.map((entry) => ({ ...entry, notBefore: Math.max(notBefore, entry.notBefore) }))
    set(withLookAgain(state, asks.map(({ wish, ...ask }) => (wish ? { ...ask, wish } : ask)), Date.now()))
  }

  function setTrouble(trouble: Trouble): void {
    set({ ...state, trouble })
  }

  function leaveWatches(): void {
    for (const side of sides) watches[side]?.cancel()
    if (state.stopped) healthScope?.cancel()
  }

  // --- what people see ----------------------------------------------------------------------------------------------

  function show(): void {
    const phase = phaseOf(state)
    const { needsYou, waitsByItself } = countByPile(state.inbox)
    if (phase !== shown.phase) upsertSearchAttributes([{ key: KoblingPhase, value: phase }])
    if (needsYou + waitsByItself !== shown.inbox) upsertSearchAttributes([{ key: KoblingInbox, value: needsYou + waitsByItself }])
    shown = { phase, inbox: needsYou + waitsByItself }
    setCurrentDetails(describeFlow(definition, state))
  }

  function registerHandlers(): void {
    setHandler(statusQuery, () => ({
      flow: state.flow,
      connection: state.connection,
      title: definition.title,
      phase: phaseOf(state),
      pauseReasons: state.pauseReasons,
      trouble: state.trouble,
      links: state.links,
      counters: state.counters,
      inboxCount: countByPile(state.inbox),
      inboxByReason: countBy(state.inbox.map((entry) => entry.reason)),
      lastChangeTo: state.lastChangeTo,
      load: {
        step: state.load.position === null ? 'complete' : stepNames[state.load.position.step],
        erpTotal: state.load.totals.erp,
        shopTotal: state.load.totals.shop,
        startedAt: state.load.startedAt,
        endedAt: state.load.endedAt,
      },
      lookAgain: {
        count: state.lookAgain.length,
        oldestSince: state.lookAgain.length === 0 ? null : Math.min(...state.lookAgain.map((entry) => entry.since)),
      },
      inHand: hand.keys().length,
      sweep: state.sweep,
      recent: state.recent,
      shards: state.directory.shards.length,
      preview: state.preview,
      run: { ordinal: state.runOrdinal, runId: workflowInfo().runId, historyEvents: workflowInfo().historyLength },
      startedAt: state.startedAt,
    }))
    setHandler(inboxQuery, () => state.inbox)
    setHandler(inHandQuery, () => hand.keys())
    setHandler(directoryQuery, () => state.directory)
    setHandler(runsQuery, () => state.runs)
    setHandler(changedSignal, ({ keys, why }) => {
      if (!Array.isArray(keys)) return log.warn('a signal without keys was ignored')
      set(withLookAgain(state, keys.map((key) => ({ key, why, seenAtMs: Date.now() })), Date.now()))
    })
    setHandler(rollSignal, () => {
      rollAsked = true
      news = true
    })
    setHandler(pauseUpdate, (who: By) => {
      set({ ...state, pauseReasons: [...state.pauseReasons, { kind: 'person', by: who.by, why: who.why ?? 'paused by hand', at: Date.now() }] })
      return phaseOf(state)
    })
    setHandler(resumeUpdate, (_who: By) => {
      set({ ...state, pauseReasons: state.pauseReasons.filter((reason) => reason.kind === 'firstContact') })
      return phaseOf(state)
    })
    setHandler(stopUpdate, (_who: By) => {
      set({ ...state, stopped: true })
      return phaseOf(state)
    })
    setHandler(startUpdate, (_who: By) => {
      set({ ...state, stopped: false })
      return phaseOf(state)
    })
    setHandler(approveUpdate, (who: By) => {
      const waitsFor = state.pauseReasons.some((reason) => reason.kind === 'firstContact')
      if (!waitsFor && state.approved === null && state.options.approveFirst)
        throw ApplicationFailure.nonRetryable(`${state.flow} has not read both systems yet: look at its status and approve what it shows`, 'NothingToApprove')
      set({
        ...state,
        approved: { by: who.by, at: Date.now() },
        pauseReasons: state.pauseReasons.filter((reason) => reason.kind !== 'firstContact'),
      })
      return phaseOf(state)
    })
    setHandler(linkUpdate, ({ erpId, shopId, by }) => {
      set(withLookAgain(state, [{ key: `erp:${erpId}`, why: 'linked by hand', wish: { kind: 'link', by, shopId } }], Date.now()))
      return `${definition.recordName} ${erpId} of PowerOffice and ${shopId} of the webshop are being linked`
    })
    setHandler(unlinkUpdate, ({ erpId, shopId, by }) => {
      set(withLookAgain(state, [{ key: `erp:${erpId}`, why: 'unlinked by hand', wish: { kind: 'unlink', by, shopId } }], Date.now()))
      return `${definition.recordName} ${erpId} of PowerOffice and ${shopId} of the webshop are being unlinked`
    })
    setHandler(retryUpdate, ({ id, by }) => {
      const entries = state.inbox.filter((entry) => entry.id === id || id === 'all')
      const keys = entries.length > 0 ? entries.flatMap(entryKeys) : isRecordKey(id) ? [id] : []
      if (keys.length === 0)
        throw ApplicationFailure.nonRetryable(`the inbox of ${state.flow} has no entry ${id}: kobling inbox ${state.flow} lists them`, 'NoSuchEntry')
      set(withLookAgain(state, keys.map((key) => ({ key, why: 'asked by hand', wish: { kind: 'retry' as const, by } })), Date.now()))
      return keys.length
    })
    setHandler(approveDeleteUpdate, ({ id, by }) => {
      const entry = state.inbox.find((candidate) => candidate.id === id && candidate.reason === 'vanished')
      if (!entry)
        throw ApplicationFailure.nonRetryable(`the inbox of ${state.flow} has no vanished record ${id}: kobling inbox ${state.flow} lists them`, 'NoSuchEntry')
      set(withLookAgain(state, entryKeys(entry).slice(0, 1).map((key) => ({ key, why: 'deletion approved', wish: { kind: 'approveDelete' as const, by } })), Date.now()))
      return `the counterpart of ${id} is being archived`
    })
  }
}

const stepNames = { pairs: 'link what belongs together', ambiguous: 'list what is ambiguous', erpOnly: 'create in the webshop', shopOnly: 'create in PowerOffice' } as const

function nameOf(side: Side): string {
  return side === 'erp' ? 'PowerOffice' : 'the webshop'
}

/** A summary takes 400 bytes (TEMPORAL limits); names may hold letters of two. */
function short(text: string): string {
  return text.length <= 180 ? text : `${text.slice(0, 177)}...`
}

function describeKeys(keys: readonly RecordKey[]): string {
  const few = keys.slice(0, 5).map((key) => `${nameOf(sideOf(key))} ${idOf(key)}`)
  return `${keys.length} record${keys.length === 1 ? '' : 's'}: ${few.join(', ')}${keys.length > few.length ? ' …' : ''}`
}

function idsOf(pair: Pair): { erpId?: string; shopId?: string } {
  const erpId = pair.erp.kind === 'present' ? pair.erp.reading.id : pair.erp.kind === 'absent' ? undefined : pair.erp.id
  const shopId = pair.shop.kind === 'present' ? pair.shop.reading.id : pair.shop.kind === 'absent' ? undefined : pair.shop.id
  return { ...(erpId === undefined ? {} : { erpId }), ...(shopId === undefined ? {} : { shopId }) }
}

function keysOfPair(pair: Pair): RecordKey[] {
  const { erpId, shopId } = idsOf(pair)
  return [...(erpId === undefined ? [] : [`erp:${erpId}` as const]), ...(shopId === undefined ? [] : [`shop:${shopId}` as const])]
}

function identityOf(pair: Pair): string {
  return keysOfPair(pair).join('|')
}

function entryKeys(entry: { erpId: string | null; shopId: string | null }): RecordKey[] {
  return [...(entry.erpId === null ? [] : [`erp:${entry.erpId}` as const]), ...(entry.shopId === null ? [] : [`shop:${entry.shopId}` as const])]
}

function isRecordKey(text: string): text is RecordKey {
  return /^(erp|shop):./.test(text)
}

function countBy(words: readonly string[]): Record<string, number> {
  const counts: Record<string, number> = {}
  for (const word of words) counts[word] = (counts[word] ?? 0) + 1
  return counts
}

/** Not a system's trouble but ours: said as it is, tried again when both systems and the memory answer. */
function troubleFrom(error: unknown): Trouble {
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error
  const message = cause instanceof Error ? cause.message : String(cause)
  return { type: 'ContractChanged', where: 'memory', message: `An activity failed for good: ${message.slice(0, 300)}` }
}

export { FIRST_POSITION }
