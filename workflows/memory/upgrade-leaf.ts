import type { LeafState } from '../../flows/memory.ts'
import { LEAF_STATE_VERSION, tooNew } from '../../flows/state-version.ts'

/**
 * The state of a leaf as this release knows it, which so far is the only one there was. Pure; throws as `upgradeState` of flows
 * does, for the same reason.
 */
export function upgradeLeaf(carried: LeafState): LeafState {
  const problem = tooNew(`leaf ${carried.shard} of the flow ${carried.flow}`, carried.v, LEAF_STATE_VERSION)
  if (problem !== null) throw new Error(problem)
  return carried
}
