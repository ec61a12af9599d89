import type { FlowState } from './flow-state.ts'

/** One heartbeat timeout: an attempt that an earlier run left behind has ended by then. */
const WAIT_FIRST_MS = 10_000

/**
 * How long an apply that begins now has to wait so that an abandoned attempt of an earlier run is over (E24), and the
 * state that remembers it: lanes that begin side by side wait for the same moment, whoever is first.
 */
export function waitBeforeApply(
  state: FlowState,
  nowMs: number,
): { readonly waitFirstMs: number; readonly state: FlowState } {
  if (state.firstApplyDone) return { waitFirstMs: Math.max(0, (state.quietUntilMs ?? 0) - nowMs), state }
  const waitFirstMs = state.options.hadEarlierRun ? WAIT_FIRST_MS : 0
  const quiet = waitFirstMs > 0 ? { quietUntilMs: nowMs + waitFirstMs } : {}
  return { waitFirstMs, state: { ...state, firstApplyDone: true, ...quiet } }
}
