import { existsSync, writeFileSync } from 'node:fs'
import type { Payload } from '@temporalio/client'
import { afterEach, describe, expect, test } from 'vitest'
import { shardWorkflowId } from '../../flows/directory.ts'
import { emptyLeaf } from '../../flows/memory.ts'
import { FLOW_STATE_VERSION, LEAF_STATE_VERSION } from '../../flows/state-version.ts'
import { payloadCodecs } from '../../worker/codec.ts'
import { recordedState, type StateKind, shapeDifferences, stateFile, versionsUpTo } from '../support/recorded-states.ts'
import { startWorld, until, type World } from '../support/world.ts'

/** Writes what this run did to test/states, where there is nothing yet: see the README there. */
const isRecording = process.env['KOBLING_RECORD'] === '1'
const phone = '+47 22 33 44 55'
let world: World

afterEach(async () => {
  await world?.close()
})

/** The customers of the recorded runs, with the ids that both sandboxes give by counting. */
function insertPeople(): void {
  world.erp.insertCustomers([
    { Name: 'Fjord AS', IsPerson: false, EmailAddress: 'post@fjord.example', PhoneNumber: phone },
    { Name: 'Vidde AS', IsPerson: false, EmailAddress: 'post@vidde.example' },
    { FirstName: 'Kari', LastName: 'Li', IsPerson: true, EmailAddress: 'familien.li@fjordnett.example' },
    { FirstName: 'Ola', LastName: 'Li', IsPerson: true, EmailAddress: 'familien.li@fjordnett.example' },
  ])
  world.shop.insertCustomers([
    { kind: 'company', name: 'FJORD AS', email: 'POST@fjord.example' },
    { kind: 'company', name: 'Skog AS', email: 'post@skog.example', organizationNumber: '912345678' },
    { kind: 'person', firstName: 'Nils', lastName: 'Dal', email: 'nils.dal@fjordnett.example' },
    { kind: 'person', firstName: 'Kari', lastName: 'Li', email: 'familien.li@fjordnett.example' },
  ])
}

/** One edit a way. */
async function expectEditsToTravel(erpId: number, shopId: string): Promise<void> {
  const [website, invoiceEmail] = ['https://fjord.example', 'faktura@fjord.example']
  await world.editInShop(shopId, { website })
  world.erp.customers.edit(erpId, { InvoiceEmailAddress: invoiceEmail })
  await until('both edits to arrive', async () => {
    const inShop = await world.shopCustomer(shopId)
    return world.erp.customers.get(erpId)?.WebsiteUrl === website && inShop['invoiceEmail'] === invoiceEmail
  })
}

/** Has the workflow continue as new, and reads what it carried over. */
async function carriedBy(workflowId: string): Promise<Record<string, unknown>> {
  const handle = world.client.workflow.getHandle(workflowId)
  const { runId } = await handle.describe()
  await handle.signal('roll')
  await until(`${workflowId} to continue as new`, async () => (await handle.describe()).runId !== runId)
  const { events } = await world.client.workflow.getHandle(workflowId, runId).fetchHistory()
  let payloads = (events?.at(-1)?.workflowExecutionContinuedAsNewEventAttributes?.input?.payloads ?? []) as Payload[]
  for (const codec of payloadCodecs(world.settings)) payloads = await codec.decode(payloads)
  return JSON.parse(Buffer.from(payloads[0]?.data ?? []).toString('utf8')) as Record<string, unknown>
}

test('E25: what this release’s engine carries has the shape that its version records (records it with KOBLING_RECORD=1)', async () => {
  world = await startWorld({ webhooks: false })
  insertPeople()
  await world.startWorker()
  await world.startFlow()
  await world.settled()
  await expectEditsToTravel(21_480_001, 'c-000001')
  await world.settled()
  const carried: Readonly<Record<StateKind, Record<string, unknown>>> = {
    flow: await carriedBy(world.handle.workflowId),
    leaf: await carriedBy(shardWorkflowId(world.settings.connection, 'customers', 0)),
  }
  const versions = { flow: FLOW_STATE_VERSION, leaf: LEAF_STATE_VERSION }
  const differences = (['flow', 'leaf'] as const).map((kind) => {
    if (isRecording && !existsSync(stateFile(kind, versions[kind])))
      writeFileSync(stateFile(kind, versions[kind]), `${JSON.stringify(carried[kind], null, 2)}\n`)
    return shapeDifferences(recordedState(kind, versions[kind]), carried[kind])
  })
  expect([carried.flow['v'], carried.leaf['v'], ...differences]).toEqual([versions.flow, versions.leaf, [], []])
})

describe('E25: a flow goes on from the state of every version', () => {
  test.each(versionsUpTo(FLOW_STATE_VERSION))(
    'version %i: its links and its inbox are what they were, edits travel, and nothing is created',
    async (version) => {
      world = await startWorld({ webhooks: false })
      // The systems as the recorded flow left them, with the counterparts that it had made.
      insertPeople()
      const recorded = recordedState('flow', version)
      world.erp.insertCustomers([
        { FirstName: 'Nils', LastName: 'Dal', IsPerson: true, EmailAddress: 'nils.dal@fjordnett.example' },
      ])
      world.shop.insertCustomers([{ kind: 'company', name: 'Vidde AS', email: 'post@vidde.example' }])
      const { connection } = world.settings
      const here = <T extends object>(state: T): T => ({ ...state, connection })
      await world.startWorker()
      for (const state of [
        here(recordedState('leaf', LEAF_STATE_VERSION)),
        emptyLeaf({ connection, flow: 'customers', shard: 1, side: 'shop', low: '' }),
      ])
        await world.client.workflow.start('linkMemory', {
          workflowId: shardWorkflowId(connection, 'customers', Number((state as { shard: number }).shard)),
          taskQueue: world.settings.taskQueue,
          args: [state],
        })
      await world.client.workflow.start('customers', {
        workflowId: world.handle.workflowId,
        taskQueue: world.settings.taskQueue,
        args: [here(recorded)],
      })
      await world.settled()
      // Of the pair that nobody edited in the recorded runs: nothing but these edits is news about it.
      await expectEditsToTravel(21_480_002, 'c-000005')
      const { links } = await world.settled()
      const inbox = (entries: readonly object[]) => entries.map((entry) => (entry as { reason: string }).reason).sort()
      expect([links, inbox(await world.inbox())]).toEqual([3, inbox(recorded['inbox'] as object[])])
      expect(world.erp.customers.all()).toHaveLength(5)
      const { creates } = { creates: (await world.shopCounts()).byRoute['POST /api/customers'] ?? 0 }
      expect(creates).toBe(0)
    },
  )
})
