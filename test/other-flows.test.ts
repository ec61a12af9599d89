import { type Client, ServiceError, WorkflowNotFoundError } from '@temporalio/client'
import { expect, test } from 'vitest'
import { createOtherFlows } from '../activities/other-flows.ts'

const customers = { connection: 'default', flow: 'customers' } as const
const orders = { connection: 'default', flow: 'salesOrders' } as const
const waits = [{ key: 'shop:c-1', ask: 'shop:o-1' }] as const

/** Other flows whose next updates end as said, and how many were sent. */
function flowsThatSay(...answers: readonly (Error | null)[]) {
  const open = [...answers]
  const sent: unknown[] = []
  const executeUpdate = async (_name: string, options: unknown) => {
    sent.push(options)
    const failure = open.shift()
    if (failure) throw failure
  }
  const client = { workflow: { getHandle: () => ({ executeUpdate }) } } as unknown as Client
  return { flows: createOtherFlows(client), sent }
}
const closing = () =>
  new ServiceError('Workflow Update failed', { cause: new WorkflowNotFoundError('no run', 'default.customers', '') })

test('E23: who waits is registered, though the flow continues as new at that moment', async () => {
  const { flows, sent } = flowsThatSay(closing(), null)
  expect(await flows.awaitLinks(customers, orders, waits)).toBe(true)
  expect(sent).toHaveLength(2)
})

test('E23: a flow that does not run is not asked again', async () => {
  const { flows, sent } = flowsThatSay(new WorkflowNotFoundError('no run', 'default.customers', ''))
  expect(await flows.awaitLinks(customers, orders, waits)).toBe(false)
  expect(sent).toHaveLength(1)
})
