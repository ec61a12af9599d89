import { FLOW_STATE_VERSION, tooNew } from '../../flows/state-version.ts'

/** A state as some release carried it. */
export type CarriedState = Readonly<Record<string, unknown>>

/** From each version to the next; a state goes through all steps from its own on. */
const steps: Readonly<Record<number, (state: CarriedState) => CarriedState>> = {
  1: withAllMembers,
  // A first load has one step more, `changed`, which a load of before comes to by itself.
  2: (state) => state,
}

/**
 * The state of any release as this one knows it (E25). Pure.
 * @throws Error for a state of a later release. In a workflow that fails the task and not the workflow: nothing is lost, and
 * whichever worker knows the version goes on with it.
 */
export function upgradeState(carried: CarriedState): CarriedState {
  const problem = tooNew(`the flow ${String(carried['flow'])}`, carried['v'], FLOW_STATE_VERSION)
  if (problem !== null) throw new Error(problem)
  let state = carried
  for (let version = Number(carried['v']); version < FLOW_STATE_VERSION; version += 1) {
    const step = steps[version]
    if (!step) throw new Error(`There is no step from version ${version} of a flow's state.`)
    state = { ...step(state), v: version + 1 }
  }
  return state
}

/** Version 1 grew members and kept its number: each of these may be there or not. */
function withAllMembers(state: CarriedState): CarriedState {
  return {
    wantedSplits: [],
    room: null,
    troubleStreak: { count: 0, lastAt: 0 },
    waited: [],
    waitsFor: null,
    idle: null,
    limits: null,
    emptied: {},
    rotation: null,
    emptyingAllowedUntil: 0,
    ...state,
  }
}
