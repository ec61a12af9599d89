/** Events after which a flow at rest continues as new (E25). */
const EVENTS_AT_REST = 200
/**
 * …, and one that never rests. Whoever takes over from a dead worker replays the whole run, a millisecond an event where nothing else
 * is to be done: on two busy cores, runs of more than three and a half thousand were not through within the ten seconds that a workflow task may take.
 */
const EVENTS_IN_HASTE = 1_000
/** A leaf has no rest, and a worker that takes over replays more leaves than flows. */
const EVENTS_OF_LEAF = 500

export interface RunSoFar {
  /** Events in the history. */
  readonly historyLength: number
  /** The server would have the run end, for the size of its history. */
  readonly continueAsNewSuggested: boolean
}

export interface FlowRunLimits {
  /** What somebody chose for the flow; 0: nothing. */
  readonly maxEvents: number
  /** false: the run began before runs of flows that never rest had a limit of ours. */
  readonly isLimited: boolean
}

/** True when a flow is to continue as new as soon as nothing is in hand. */
export function flowRunIsLong(run: RunSoFar, limits: FlowRunLimits, isAtRest: () => boolean): boolean {
  if (run.continueAsNewSuggested) return true
  if (limits.maxEvents > 0 && run.historyLength > limits.maxEvents) return true
  if (limits.isLimited && run.historyLength > EVENTS_IN_HASTE) return true
  return run.historyLength > EVENTS_AT_REST && isAtRest()
}

export interface LeafRunLimits {
  /** The state that a run carries is part of its history: a large leaf gets room for at least as much again. */
  readonly maxBytes: number
  /** false: the run began before leaves had a limit of events. */
  readonly isLimited: boolean
}

/** True when a leaf of the memory is to continue as new. */
export function leafRunIsLong(run: RunSoFar & { readonly historySize: number }, limits: LeafRunLimits): boolean {
  if (run.continueAsNewSuggested || run.historySize > limits.maxBytes) return true
  return limits.isLimited && run.historyLength > EVENTS_OF_LEAF
}
