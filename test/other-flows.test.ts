import { type Client, ServiceError, WorkflowNotFoundError } from '@temporalio/client'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { createOtherFlows } from '../activities/other-flows.ts'
import { VendorTrouble } from '../activities/vendor-trouble.ts'

const customers = { connection: 'default', flow: 'customers' } as const
const orders = { connection: 'default', flow: 'salesOrders' } as const
const waits = [{ key: 'shop:c-1', ask: 'shop:o-1' }] as const

const directory = { generation: 1, shards: [{ number: 1, from: '' }] }

/** Other flows whose next updates and queries end as said, and how many were sent; the last answer stays. */
function flowsThatSay(...answers: readonly (Error | null)[]) {
  const open = [...answers]
  const sent: unknown[] = []
  const answer = async (name: string, options: unknown) => {
    sent.push(options)
    const failure = open.length > 1 ? open.shift() : open[0]
    if (failure) throw failure
    return name === 'inHand' ? ['erp:7'] : directory
  }
  const client = {
    workflow: { getHandle: () => ({ executeUpdate: answer, query: answer }) },
    withAbortSignal: async (_signal: AbortSignal, call: () => Promise<unknown>) => call(),
  } as unknown as Client
  return { flows: createOtherFlows(client), sent }
}
beforeEach(() => {
  vi.useFakeTimers()
})
afterEach(() => {
  vi.useRealTimers()
})

/** What comes of it once all that it waits for has passed. */
async function inTime<T>(asked: Promise<T>): Promise<T> {
  const seen = asked.catch(() => undefined)
  await vi.runAllTimersAsync()
  await seen
  return asked
}

const closing = () =>
  new ServiceError('Workflow Update failed', { cause: new WorkflowNotFoundError('no run', 'default.customers', '') })

test('E23: who waits is registered, though the flow continues as new at that moment', async () => {
  const { flows, sent } = flowsThatSay(closing(), null)
  expect(await inTime(flows.awaitLinks(customers, orders, waits))).toBe(true)
  expect(sent).toHaveLength(2)
})

test('E23: a flow that does not run is not asked again', async () => {
  const { flows, sent } = flowsThatSay(new WorkflowNotFoundError('no run', 'default.customers', ''))
  expect(await flows.awaitLinks(customers, orders, waits)).toBe(false)
  expect(sent).toHaveLength(1)
})

/** As the client says it of a workflow task that takes too long. */
const busy = () =>
  new ServiceError('Failed to query Workflow', {
    cause: Object.assign(new Error('4 DEADLINE_EXCEEDED'), { code: 4, details: '', metadata: {} }),
  })
const { signal } = new AbortController()

test('E6: the links of another flow are read though a busy worker has yet to replay it', async () => {
  const { flows, sent } = flowsThatSay(busy(), busy(), busy(), null)
  expect(await inTime(flows.directoryOf(customers, signal))).toEqual(directory)
  expect(sent).toHaveLength(4)
})

test('E6: another flow that does not answer is named, and no answer is never read as "no link"', async () => {
  const asked = inTime(flowsThatSay(busy()).flows.directoryOf(customers, signal))
  await expect(asked).rejects.toBeInstanceOf(VendorTrouble)
  await expect(asked).rejects.toThrow(/The flow customers does not answer.*kobling check --repair/)
})

test('E6: a flow that nobody ever started has linked nothing', async () => {
  const { flows, sent } = flowsThatSay(new WorkflowNotFoundError('no run', 'default.customers', ''))
  expect(await flows.directoryOf(customers, signal)).toBeNull()
  expect(sent).toHaveLength(1)
})

test('E11: what another flow has in hand is asked of it, and of one that nobody ever started it is nothing', async () => {
  expect(await inTime(flowsThatSay(busy(), null).flows.inHandOf(customers, signal))).toEqual(new Set(['erp:7']))
  const { flows } = flowsThatSay(new WorkflowNotFoundError('no run', 'default.customers', ''))
  expect(await flows.inHandOf(customers, signal)).toEqual(new Set())
})
