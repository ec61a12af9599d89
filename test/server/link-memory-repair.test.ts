import { afterEach, beforeEach, expect, test } from 'vitest'
import { shardWorkflowId } from '../../flows/directory.ts'
import { encodeRow } from '../../flows/row-codec.ts'
import { koblingOf } from '../support/kobling.ts'
import { startWorld, until, type World } from '../support/world.ts'

let world: World

beforeEach(async () => {
  world = await startWorld({ seed: 'customers' })
  await world.startWorker()
  await world.startFlow()
  await world.settled()
})
afterEach(async () => {
  await world?.close()
})

const leaf = () => world.client.workflow.getHandle(shardWorkflowId(world.settings.connection, 'customers', 0))
const textOfRows = async (): Promise<string[]> => (await world.rows()).map(encodeRow).sort()

const kobling = (...args: string[]) => koblingOf(world.settings)(...args)

function blocked() {
  return until('the flow to be blocked', async () => {
    const { phase, trouble } = await world.status()
    return phase === 'blocked' && trouble
  })
}

/** What the attempt that waits for health says of itself in the Temporal UI. */
async function pendingWait(): Promise<string | undefined> {
  const { raw } = await world.handle.describe()
  const waiting = raw.pendingActivities?.find((activity) => activity.activityType?.name === 'waitUntilHealthy')
  const [payload] = waiting?.heartbeatDetails?.payloads ?? []
  return payload?.data ? Buffer.from(payload.data).toString() : undefined
}

async function writes(): Promise<number> {
  return world.erp.counts.report().writes + (await world.shopCounts()).writes
}

test('E6: without one leaf nothing is created or written and the flow says why; a repair gives back every row and it goes on by itself', async () => {
  const before = await textOfRows()
  await world.resetCounts()
  await leaf().terminate('somebody clicked')
  const [first] = world.erp.customers.all().filter((customer) => customer.IsActive && !customer.IsArchived)
  world.erp.customers.edit(first?.Id ?? 0, { EmailAddress: 'etter.reparasjon@fjordnett.example' })
  const [newcomer] = world.erp.insertCustomers([{ Name: 'Ny Kunde AS', IsPerson: false }])

  expect(await blocked()).toMatchObject({ type: 'MemoryUnavailable', where: 'memory' })
  expect((await world.status()).trouble?.message).toContain('kobling check --repair')
  expect((await kobling('check', '--workflows')).said).toContain(`${leaf().workflowId} has ended (terminated)`)
  expect(await writes()).toBe(0)

  expect((await kobling('check', '--repair', '--workflows')).code).toBe(0)
  // The leaf holds exactly what it held; what came later is put by the flow, which needs no second word.
  await until('the newcomer to be created', async () => {
    const rows = await world.rows()
    return rows.some((row) => row.kind === 'linked' && row.erpId === String(newcomer?.Id))
  })
  await world.settled()
  const after = await textOfRows()
  const changed = before.filter((row) => !after.includes(row))
  expect(changed.map((row) => JSON.parse(row)[1])).toEqual([String(first?.Id)])
  expect(after).toHaveLength(before.length + 1)
  // The edit, the new customer, and its number told to nobody: two writes to the webshop, none to PowerOffice.
  expect([world.erp.counts.report().writes, (await world.shopCounts()).writes]).toEqual([0, 2])
})

test('E6: a flow that starts anew beside a closed leaf never puts an empty one in its place', async () => {
  const before = await textOfRows()
  await world.handle.terminate('everything starts anew')
  await leaf().terminate('somebody clicked')
  await world.resetCounts()
  await world.startFlow({ hadEarlierRun: false })
  expect(await blocked()).toMatchObject({ type: 'MemoryUnavailable' })
  expect((await leaf().describe()).status.name).toBe('TERMINATED')
  // Blocked means waiting: looking again and again would fill the history.
  const { historyEvents } = (await world.status()).run
  await until('a second look at the leaf', async () => (await pendingWait())?.includes('was closed'))
  expect((await world.status()).run.historyEvents - historyEvents).toBeLessThan(30)

  await kobling('check', '--repair', '--workflows')
  await world.settled()
  expect(await textOfRows()).toEqual(before)
  expect(await writes()).toBe(0)
})
