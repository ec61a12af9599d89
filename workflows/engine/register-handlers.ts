import { ApplicationFailure, log, patched, setHandler, workflowInfo } from '@temporalio/workflow'
import type { RecordKey } from '../../flows/side.ts'
import {
  approveDeleteUpdate,
  approveUpdate,
  awaitLinkUpdate,
  type By,
  changedSignal,
  createUpdate,
  directoryQuery,
  eraseUpdate,
  type FlowPhase,
  type InboxEntry,
  inboxQuery,
  inHandQuery,
  linkUpdate,
  pauseUpdate,
  resumeUpdate,
  retryUpdate,
  rollSignal,
  runsQuery,
  startUpdate,
  stateQuery,
  statusQuery,
  stopUpdate,
  underWayQuery,
  unlinkUpdate,
} from '../messages.ts'
import { withEmptyingAllowed } from './emptied-breaker.ts'
import { withoutWordsAbout } from './erase.ts'
import type { FlowRun } from './flow-run.ts'
import { FIRST_POSITION, type FlowState, phaseOf, type Wish } from './flow-state.ts'
import { LOOK_AGAIN_LIMIT, TOLD_LIMIT, withLookAgain } from './look-again.ts'
import { keysOfIds } from './pair-keys.ts'
import { statusOf } from './status.ts'
import { withReferenced, withWaited } from './waited-links.ts'

/**
 * Everything a flow can be asked and told. Handlers are synchronous (E5): signals log and ignore what they cannot use,
 * updates refuse with a sentence; any other error would stall the flow.
 */
export function registerHandlers(run: FlowRun, askToRoll: () => void): void {
  const { definition } = run
  const flow = definition.name
  const noun = definition.recordName

  setHandler(statusQuery, () => statusOf(run, workflowInfo()))
  setHandler(inboxQuery, () => run.state().inbox)
  setHandler(inHandQuery, () => run.hand.keys())
  setHandler(stateQuery, () => ({ ...run.state() }))
  setHandler(underWayQuery, () => [...run.hand.keys(), ...run.state().lookAgain.map((entry) => entry.key)])
  setHandler(directoryQuery, () => run.state().directory)
  setHandler(runsQuery, () => run.state().runs)

  setHandler(changedSignal, ({ keys, why }) => {
    if (!Array.isArray(keys)) return log.warn('a signal without keys was ignored')
    const nowMs = Date.now()
    const mayHoldMore = run.state().lookAgain.length + keys.length <= TOLD_LIMIT
    run.set(
      withLookAgain(
        run.state(),
        keys.filter(isRecordKey).map((key) => ({ key, why, seenAtMs: nowMs })),
        nowMs,
        mayHoldMore || !patched('told-keys-leave-room') ? LOOK_AGAIN_LIMIT : TOLD_LIMIT,
      ),
    )
  })
  setHandler(rollSignal, askToRoll)

  setHandler(pauseUpdate, (who: By) =>
    change((state) => ({
      ...state,
      pauseReasons: [
        ...state.pauseReasons,
        { kind: 'person', by: who.by, why: who.why ?? 'paused by hand', at: Date.now() },
      ],
    })),
  )
  setHandler(resumeUpdate, (_who: By) =>
    change((state) => ({
      ...withEmptyingAllowed(state, Date.now()),
      pauseReasons: state.pauseReasons.filter((reason) => reason.kind === 'firstContact'),
      // A person who says "go on" means now: what is still down says so again.
      trouble: null,
      troubleStreak: { count: 0, lastAt: 0 },
    })),
  )
  setHandler(stopUpdate, (_who: By) => change((state) => ({ ...state, stopped: true })))
  setHandler(startUpdate, (_who: By) =>
    change((state) => ({
      ...state,
      stopped: false,
      ...(state.idle === null ? {} : { idle: null, load: { ...state.load, position: FIRST_POSITION } }),
    })),
  )
  setHandler(approveUpdate, (who: By) => {
    const { pauseReasons, approved, options } = run.state()
    if (options.approveFirst && approved === null && !pauseReasons.some((reason) => reason.kind === 'firstContact'))
      throw refuse(`${flow} has not read both systems yet: look at its status in a moment and approve what it shows`)
    return change((state) => ({
      ...state,
      approved: { by: who.by, at: Date.now() },
      pauseReasons: state.pauseReasons.filter((reason) => reason.kind !== 'firstContact'),
    }))
  })

  setHandler(linkUpdate, ({ erpId, shopId, by }) => {
    wish(`erp:${erpId}`, 'linked by hand', { kind: 'link', by, shopId })
    return `${noun} ${erpId} of PowerOffice and ${shopId} of the webshop are being linked`
  })
  setHandler(unlinkUpdate, ({ erpId, shopId, by }) => {
    wish(`erp:${erpId}`, 'unlinked by hand', { kind: 'unlink', by, shopId })
    return `${noun} ${erpId} of PowerOffice and ${shopId} of the webshop are being unlinked`
  })
  setHandler(retryUpdate, ({ id, by }) => {
    const entries = run.state().inbox.filter((entry) => entry.id === id || id === 'all')
    const keys = entries.length > 0 ? entries.flatMap(keysOfEntry) : isRecordKey(id) ? [id] : []
    if (keys.length === 0) throw refuse(`the inbox of ${flow} has no entry ${id}: kobling inbox ${flow} lists them`)
    for (const key of keys) wish(key, 'asked by hand', { kind: 'retry', by })
    return keys.length
  })
  setHandler(createUpdate, ({ key, by }) => {
    if (!isRecordKey(key)) throw refuse(`${key} names no record: write erp:<id> or shop:<id>`)
    if (definition.listOf) throw refuse(`${flow} creates nothing by itself: its lists come with their ${noun}s`)
    wish(key, 'creation asked by hand', { kind: 'create', by })
    return `a counterpart of ${noun} ${key} is being created`
  })
  setHandler(eraseUpdate, ({ erpId, shopId }) => {
    const { state, erased } = withoutWordsAbout(run.state(), { erpId, shopId })
    run.set(state)
    // What this run's history holds is counted towards retention from its end on.
    askToRoll()
    return erased
  })
  setHandler(awaitLinkUpdate, (waits) => run.set(withReferenced(withWaited(run.state(), waits), waits, Date.now())))
  setHandler(approveDeleteUpdate, ({ id, by }) => {
    const entry = run
      .state()
      .inbox.find((candidate) => candidate.id === id && ['vanished', 'cancelled'].includes(candidate.reason))
    const [key] = entry ? keysOfEntry(entry) : []
    if (!key)
      throw refuse(`the inbox of ${flow} has no vanished or cancelled record ${id}: kobling inbox ${flow} lists them`)
    wish(key, 'deletion approved', { kind: 'approveDelete', by })
    return entry?.reason === 'cancelled'
      ? `the counterpart of ${id} is being deleted`
      : `the counterpart of ${id} is being archived`
  })

  function change(next: (state: FlowState) => FlowState): FlowPhase {
    run.set(next(run.state()))
    return phaseOf(run.state())
  }

  function wish(key: RecordKey, why: string, what: Wish): void {
    run.set(withLookAgain(run.state(), [{ key, why, wish: what }], Date.now()))
  }
}

function refuse(sentence: string): ApplicationFailure {
  return ApplicationFailure.nonRetryable(sentence, 'Refused')
}

function keysOfEntry(entry: InboxEntry): RecordKey[] {
  return entry.reason === 'ambiguous' ? [...entry.others] : keysOfIds(entry)
}

function isRecordKey(text: string): text is RecordKey {
  return /^(erp|shop):./.test(text)
}
