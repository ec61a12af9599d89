import { readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { historyToJSON } from '@temporalio/common/lib/proto-utils.js'
import { afterEach, expect, inject, test } from 'vitest'
import { type CommandContext, commandContext } from '../../client/command-context.ts'
import { runCommandLine } from '../../client/command-line.ts'
import { shardWorkflowId } from '../../flows/directory.ts'
import { seedExpectation } from '../../sandbox/seed/customers.ts'
import { startWorker } from '../../worker/run-worker.ts'
import { bundleWorkflows } from '../../worker/workflow-bundle.ts'
import { compareRaw, rawShopRecords } from '../support/raw-comparison.ts'
import { replay } from '../support/replay-histories.ts'
import { startWorld, until, type World } from '../support/world.ts'

const folder = fileURLToPath(new URL('../histories/', import.meta.url))
const changed = fileURLToPath(new URL('../fixtures/changed-workflow/index.ts', import.meta.url))
/** Writes what this run did to test/histories: see the README there. */
const isRecording = process.env['KOBLING_RECORD'] === '1'
let world: World

afterEach(async () => {
  await world?.close()
})

test('E25: a first load, a live edit and a conflict, over runs that continue as new, run again from their histories', async () => {
  world = await startWorld({ webhooks: false })
  const phone = '+47 22 33 44 55'
  const [first] = world.erp.insertCustomers([
    { Name: 'Fjord AS', IsPerson: false, EmailAddress: 'post@fjord.example', PhoneNumber: phone },
    { Name: 'Vidde AS', IsPerson: false, EmailAddress: 'post@vidde.example' },
    { FirstName: 'Kari', LastName: 'Li', IsPerson: true, EmailAddress: 'familien.li@fjordnett.example' },
    { FirstName: 'Ola', LastName: 'Li', IsPerson: true, EmailAddress: 'familien.li@fjordnett.example' },
  ])
  const shopIds = world.shop.insertCustomers([
    { kind: 'company', name: 'FJORD AS', email: 'POST@fjord.example' },
    { kind: 'company', name: 'Skog AS', email: 'post@skog.example', organizationNumber: '912345678' },
    { kind: 'person', firstName: 'Nils', lastName: 'Dal', email: 'nils.dal@fjordnett.example' },
    { kind: 'person', firstName: 'Kari', lastName: 'Li', email: 'familien.li@fjordnett.example' },
  ])
  const [erpId, shopId] = [first?.Id ?? 0, shopIds[0] ?? '']
  await world.startWorker()
  await world.startFlow()
  await world.settled()
  const histories = [await closedRun('first-load', world.handle.workflowId)]

  await world.editInShop(shopId, { website: 'https://fjord.example' })
  await until(
    'the edit to arrive',
    async () => world.erp.customers.get(erpId)?.['WebsiteUrl'] === 'https://fjord.example',
  )
  await world.settled()
  const leaf = shardWorkflowId(world.settings.connection, 'customers', 0)
  histories.push(await closedRun('live-edit-from-carried-state', world.handle.workflowId))
  histories.push(await closedRun('leaf', leaf))

  await world.stopWorker()
  world.erp.customers.edit(erpId, { PhoneNumber: '+47 22 11 11 11' })
  await world.editInShop(shopId, { phone: '+47 22 99 99 99' })
  await world.startWorker()
  await until('the conflict to be settled', async () => (await world.status()).counters.notes['conflict'])
  await world.settled()
  histories.push(await closedRun('conflict', world.handle.workflowId))
  histories.push(await closedRun('leaf-from-carried-state', leaf))

  const present = { code: readFileSync(inject('workflowBundlePath'), 'utf8') }
  if (isRecording) for (const { name, text } of histories) writeFileSync(`${folder}${name}.json`, `${text}\n`)
  const recorded = histories.map(({ name, text }) => ({ name, history: JSON.parse(text) }))
  expect(await replay(present, recorded)).toEqual({})
})

test('E25: a flow that does not fit its history in the middle of a load begins its run anew after a repair, and nothing is doubled or lost', async () => {
  world = await startWorld({ seed: 'customers', webhooks: false })
  const worker = await world.startWorker()
  await world.startFlow()
  await until('the load to be under way', async () => world.erp.counts.report().writes > 20)
  worker.shutdown()
  await worker.ended
  // Nothing can be compared while no worker runs: only the workflows are looked at.
  expect((await kobling('check', '--workflows')).code).toBe(0)

  const later = await startWorker(world.settings, {
    workflowBundle: await bundleWorkflows(changed),
    timing: () => ({ erpPollMs: 200, shopPollMs: 200, sweepMs: 3_600_000, graceMs: 500 }),
  })
  try {
    const ill = await until('the failure to be seen', async () => {
      const answer = await kobling('check', '--workflows')
      return answer.said.includes('fails again and again') && answer
    })
    expect([ill.code, /non.?deterministic/i.test(ill.said)]).toEqual([1, true])
    expect((await kobling('check', '--workflows', '--repair')).code).toBe(0)
    await world.settled()
    const { unpairedErp, unpairedShop, pairs, ...comparison } = compareRaw(
      world.erp.customers.all(),
      await rawShopRecords(world.shop.baseUrl),
    )
    const { pairs: matched, erpOnly, shopOnly, ambiguousCases, refused, archivedErpOnly } = seedExpectation()
    expect(comparison).toEqual({ namedTwice: [], namesNobody: [], differences: [], missed: [] })
    expect([pairs, unpairedErp.length, unpairedShop.length]).toEqual([
      matched + erpOnly + shopOnly,
      archivedErpOnly + 2 * ambiguousCases,
      ambiguousCases + refused,
    ])
  } finally {
    later.shutdown()
    await later.ended
  }
})

/** Asks the run to continue as new, waits until it has, and reads what it was. */
async function closedRun(name: string, workflowId: string): Promise<{ name: string; text: string }> {
  const handle = world.client.workflow.getHandle(workflowId)
  const { runId } = await handle.describe()
  await handle.signal('roll')
  await until(`${workflowId} to continue as new`, async () => (await handle.describe()).runId !== runId)
  const history = await world.client.workflow.getHandle(workflowId, runId).fetchHistory()
  return { name, text: historyToJSON(history) }
}

async function kobling(...args: string[]): Promise<{ code: number; said: string }> {
  const said: string[] = []
  const context: CommandContext = {
    ...commandContext({}, new AbortController().signal),
    say: (line) => said.push(line),
    settings: () => world.settings,
  }
  const code = await runCommandLine(args, context, (sentence) => said.push(sentence))
  return { code, said: said.join('\n') }
}
