import type { FlowDefinition } from '../flows/flow-definition.ts'
import { allFlows, isFlowName } from '../flows/registry.ts'
import { usageFailure } from './command-failure.ts'

/** The flow of that name, or all of them when none is named. Throws with the list of flows for an unknown one. */
export function findFlows(name: string | undefined): readonly FlowDefinition[] {
  return name === undefined ? allFlows : [findFlow(name)]
}

export function findFlow(name: string): FlowDefinition {
  const found = isFlowName(name) ? allFlows.find((definition) => definition.name === name) : undefined
  if (found === undefined) {
    throw usageFailure(`There is no flow "${name}": the flows are ${allFlows.map((flow) => flow.name).join(', ')}.`)
  }
  return found
}
