import { getExternalWorkflowHandle } from '@temporalio/workflow'
import { otherSide, type RecordKey, sideOf } from '../../flows/side.ts'
import { changedSignal, type WaitedLink } from '../messages.ts'
import type { FlowRun } from './flow-run.ts'
import type { FlowState } from './flow-state.ts'
import { withLookAgain } from './look-again.ts'

/** Beyond this the waiting flow's own retries must do (E23). */
const MOST_WAITED = 5_000

/** Who waits for what is kept once. */
export function withWaited(state: FlowState, waits: readonly WaitedLink[]): FlowState {
  const known = new Set(state.waited.map(identityOf))
  const fresh = waits.filter((wait) => !known.has(identityOf(wait)))
  if (fresh.length === 0) return state
  return { ...state, waited: [...state.waited, ...fresh].slice(-MOST_WAITED) }
}

export function isWaitedFor(state: FlowState, keys: readonly RecordKey[]): boolean {
  return state.waited.some((wait) => keys.includes(wait.key))
}

/** Records that are created only when something names them (rule 4d) are looked at again as soon as something does. */
export function withReferenced(state: FlowState, waits: readonly WaitedLink[], nowMs: number): FlowState {
  const { creation = {} } = state.options.company ?? {}
  const asks = waits.filter(({ key }) => creation[otherSide(sideOf(key))] === 'when-referenced')
  return withLookAgain(
    state,
    asks.map(({ key }) => ({ key, why: 'another record names it' })),
    nowMs,
  )
}

/** Splits what is waited for into what these links settle and what is still open. */
export function settleWaited(
  state: FlowState,
  linked: readonly RecordKey[],
): { readonly state: FlowState; readonly settled: readonly WaitedLink[] } {
  if (state.waited.length === 0 || linked.length === 0) return { state, settled: [] }
  const keys = new Set(linked)
  const settled = state.waited.filter((wait) => keys.has(wait.key))
  if (settled.length === 0) return { state, settled }
  return { state: { ...state, waited: state.waited.filter((wait) => !keys.has(wait.key)) }, settled }
}

/** Tells the waiting flows; one that is gone or busy retries by itself. */
export async function tellWaiting(run: FlowRun, settled: readonly WaitedLink[]): Promise<void> {
  const byFlow: Record<string, RecordKey[]> = {}
  for (const wait of settled) {
    const keys = byFlow[wait.by] ?? []
    keys.push(wait.ask)
    byFlow[wait.by] = keys
  }
  await Promise.all(
    Object.entries(byFlow).map(async ([workflowId, keys]) => {
      try {
        await getExternalWorkflowHandle(workflowId).signal(changedSignal, {
          keys: [...new Set(keys)],
          why: `its ${run.definition.recordName} was linked`,
        })
      } catch {
        // NOT_FOUND: that flow has ended, and what it waited for with it.
      }
    }),
  )
}

function identityOf(wait: WaitedLink): string {
  return `${wait.key} ${wait.by} ${wait.ask}`
}
