import type { Client } from '@temporalio/client'
import { expect, test } from 'vitest'
import { openFlowDesk } from '../client/flow-desk.ts'
import { flowNamed } from '../flows/registry.ts'
import { readSettings } from '../flows/settings.ts'

const notReady = (): Error => Object.assign(new Error('9 FAILED_PRECONDITION: Workflow not ready'), { code: 9 })

/** A desk over a server that answers each question and each order in turn: an error, or a value. */
function deskOver(answers: readonly unknown[]) {
  const open = [...answers]
  const answer = async (): Promise<unknown> => {
    const next = open.length > 1 ? open.shift() : open[0]
    if (next instanceof Error) throw next
    return next
  }
  const client = {
    connection: { withDeadline: (_deadline: number, work: () => Promise<unknown>) => work() },
    workflow: { getHandle: () => ({ query: answer, executeUpdate: answer }) },
  }
  return openFlowDesk(client as unknown as Client, readSettings({}), flowNamed('customers'))
}

test('a flow that begins a new run at the moment it is asked or told something is asked or told again', async () => {
  expect(await deskOver([notReady(), notReady(), []]).inbox()).toEqual([])
  expect(await deskOver([notReady(), 1]).erase({ erpId: '1', shopId: 'c-1', by: 'Ola' })).toBe(1)
})

test('a flow that does not get ready is said to have no worker', async () => {
  await expect(deskOver([notReady()]).pause({ by: 'Ola' })).rejects.toThrow(
    'No worker answers for the flow customers: start everything with `npm start`',
  )
})
