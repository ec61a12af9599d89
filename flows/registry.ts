import { customers } from './customers.ts'
import { departments } from './departments.ts'
import type { FlowDefinition, FlowName } from './flow-definition.ts'
import { products } from './products.ts'
import { salesOrderLines } from './sales-order-lines.ts'
import { salesOrders } from './sales-orders.ts'

const definitions: Readonly<Record<FlowName, FlowDefinition>> = {
  departments,
  customers,
  products,
  salesOrders,
  salesOrderLines,
}

/** Every dataflow that runs by default, in the order in which references need them. */
export const allFlows: readonly FlowDefinition[] = Object.values(definitions)

export function flowNamed(name: FlowName): FlowDefinition {
  return definitions[name]
}

export function isFlowName(text: string): text is FlowName {
  return Object.hasOwn(definitions, text)
}
