import { fileURLToPath } from 'node:url'
import type { WorkflowBundleOption } from '@temporalio/worker'
import { afterEach, beforeAll, describe, expect, inject, test } from 'vitest'
import type { OutcomeKind } from '../../flows/outcome.ts'
import type { Settings } from '../../flows/settings.ts'
import { buildIdOf } from '../../worker/deployment.ts'
import { type RunningWorker, startWorker } from '../../worker/run-worker.ts'
import { bundleWorkflows } from '../../worker/workflow-bundle.ts'
import { editInErp, erpCompany, erpRecord, insertPair, shopCompany } from '../support/customers.ts'
import { koblingOf } from '../support/kobling.ts'
import { compareRaw, namedErpId, rawShopRecords } from '../support/raw-comparison.ts'
import { type RunHistory, runHistories, taskFailuresIn } from '../support/run-histories.ts'
import { startWorld, until, type World } from '../support/world.ts'

// A release takes the place of another while people edit on both sides. Its workflows take another first step, so that old
// histories meet other code: without versions it says so by a patch, with versions it need not.

const fixture = (name: string) => fileURLToPath(new URL(`../fixtures/${name}/index.ts`, import.meta.url))
/** Half of them are edited in PowerOffice, half in the webshop. */
const PAIRS = 40
/** What must arrive before each worker is replaced, and after the last one was: the restarts lie within the load. */
const EDITS_BETWEEN = 40
/** Outcomes of a record that did not arrive at once, and need somebody or something. */
const troubled: readonly OutcomeKind[] = ['parked', 'waiting']

let present: WorkflowBundleOption
let patched: WorkflowBundleOption
let incompatible: WorkflowBundleOption
let world: World
const workers = new Set<RunningWorker>()

beforeAll(async () => {
  present = { codePath: inject('workflowBundlePath') }
  patched = await bundleWorkflows(fixture('next-release'))
  incompatible = await bundleWorkflows(fixture('changed-workflow'))
})
afterEach(async () => {
  for (const worker of workers) await stop(worker)
  await world?.close()
})

async function serve(settings: Settings, workflowBundle: WorkflowBundleOption): Promise<RunningWorker> {
  const worker = await startWorker(settings, {
    workflowBundle,
    withoutReceiver: true,
    timing: () => ({ erpPollMs: 200, shopPollMs: 200, sweepMs: 3_600_000, graceMs: 500 }),
  })
  workers.add(worker)
  return worker
}

/** As SIGTERM does: what is under way is ended first. */
async function stop(worker: RunningWorker): Promise<void> {
  workers.delete(worker)
  worker.shutdown()
  await worker.ended
}

/** People who edit and create on both sides until they are told to stop, and remember what they wrote last. */
function startLoad() {
  const pairs = Array.from({ length: PAIRS }, (_, at) => insertPair(world, erpCompany(at), shopCompany(at)))
  const wrote = new Map<number, { readonly side: 'erp' | 'shop'; readonly text: string }>()
  let edits = 0
  let created = 0
  let isStopped = false
  let running = Promise.resolve()

  async function work(): Promise<void> {
    while (!isStopped) {
      const at = edits % PAIRS
      const ids = pairs[at]
      if (!ids) throw new Error('nobody to edit')
      const side = at % 2 === 0 ? 'erp' : 'shop'
      const text = side === 'erp' ? `+472200${String(1_000 + edits)}` : `f-${edits}@firma.example`
      if (side === 'erp') editInErp(world, ids.erpId, { PhoneNumber: text })
      else await world.editInShop(ids.shopId, { invoiceEmail: text })
      wrote.set(at, { side, text })
      if (edits % 8 === 0) create()
      edits += 1
      // A person's pace, and the machine's own: the next edit waits until the last but ten has arrived.
      await until('the sync to follow', async () => isStopped || (await pending()) < 10)
    }
  }

  function create(): void {
    created += 1
    const at = PAIRS + created
    if (created % 2 === 0) world.erp.insertCustomers([erpCompany(at)])
    else world.shop.customers.create(shopCompany(at))
  }

  async function pending(): Promise<number> {
    const shop = new Map((await rawShopRecords(world.shop.baseUrl)).map((record) => [record.id, record]))
    return [...wrote].filter(([at, { side, text }]) => {
      const ids = pairs[at]
      if (!ids) return true
      return side === 'erp'
        ? shop.get(ids.shopId)?.phone?.replaceAll(' ', '') !== text
        : erpRecord(world, ids.erpId)['InvoiceEmailAddress'] !== text
    }).length
  }

  return {
    pairs,
    begin: () => {
      running = work()
    },
    /** Waits until so many more edits were made, each of which has waited for others to arrive. */
    more: async (count: number): Promise<void> => {
      const goal = edits + count
      await until(`${count} more edits`, async () => edits >= goal)
    },
    stop: async () => {
      isStopped = true
      await running
      await until('every edit to arrive', async () => (await pending()) === 0)
      return { edits, created }
    },
  }
}

/** The next release's first step is a timer of 1 ms. */
function isOfNextRelease({ workflowId, events }: RunHistory): boolean {
  return (
    workflowId === world.handle.workflowId &&
    events.some((event) => event.timerStartedEventAttributes?.startToFireTimeout?.nanos === 1_000_000)
  )
}

/**
 * A run that began on the next release while workers of both serve may be handed to one of the release before, which does not know the
 * patch: it says so, the task is given out again, and whoever knows it goes on.
 */
const metAnOldWorker = /Non-deprecated patch marker encountered for change next-release/

async function expectNothingFailed(
  made: { readonly edits: number; readonly created: number },
  tolerated: RegExp = /^$/,
): Promise<void> {
  const { counters } = await world.settled()
  expect(made.edits).toBeGreaterThan(3 * EDITS_BETWEEN)
  expect(await world.inbox()).toEqual([])
  expect(troubled.filter((kind) => (counters.outcomes[kind] ?? 0) > 0)).toEqual([])
  const shop = await rawShopRecords(world.shop.baseUrl)
  const { pairs, unpairedErp, unpairedShop, ...rest } = compareRaw(world.erp.customers.all(), shop)
  expect(rest).toEqual({ namedTwice: [], namesNobody: [], differences: [], missed: [] })
  expect([pairs, unpairedErp, unpairedShop]).toEqual([PAIRS + made.created, [], []])
  expect(new Set(shop.map(namedErpId)).size).toBe(PAIRS + made.created)
  const runs = await runHistories(world)
  expect(taskFailuresIn(runs).filter((failure) => !tolerated.test(failure))).toEqual([])
  expect([runs.length > 2, runs.some(isOfNextRelease)]).toEqual([true, true])
}

describe('E25: a rolling restart under load, from one release to the next', () => {
  test('without versions and with a patch: every edit arrives, no record fails, and no history of before meets code that it does not fit', async () => {
    world = await startWorld({ webhooks: false })
    const load = startLoad()
    const old = [await serve(world.settings, present), await serve(world.settings, present)]
    await world.startFlow()
    await world.settled()
    load.begin()
    for (const worker of old) {
      await load.more(EDITS_BETWEEN)
      await serve(world.settings, patched)
      await stop(worker)
    }
    await load.more(EDITS_BETWEEN)
    const { code, said } = await koblingOf(world.settings)('upgrade')
    expect([code, said]).toEqual([0, expect.stringContaining('began a new run')])
    await load.more(EDITS_BETWEEN)
    await expectNothingFailed(await load.stop(), metAnOldWorker)
  })

  test('with versions and no patch: what runs ends with the workers that began it, and goes on with the next ones’ code', async () => {
    world = await startWorld({ webhooks: false })
    const settings = versioned()
    const kobling = koblingOf(settings)
    const load = startLoad()
    const old = [await serve(settings, present), await serve(settings, present)]
    expect(await kobling('upgrade', buildIdOf(present))).toMatchObject({ code: 0 })
    await world.startFlow()
    await world.settled()
    load.begin()
    await load.more(EDITS_BETWEEN)
    await serve(settings, incompatible)
    await serve(settings, incompatible)
    await load.more(EDITS_BETWEEN)
    const { code, said } = await kobling('upgrade', buildIdOf(incompatible))
    expect([code, said]).toEqual([0, expect.stringContaining('3 of 3 workflows run on kobling-')])
    for (const worker of old) await stop(worker)
    await load.more(2 * EDITS_BETWEEN)
    await expectNothingFailed(await load.stop())
  })
})

test('E25: what stands on a version whose workers are gone is named, is taken along when somebody says so, and put back where it does not fit; versions can be left again', async () => {
  world = await startWorld({ webhooks: false })
  const settings = versioned()
  const kobling = koblingOf(settings)
  expect(await kobling('upgrade', buildIdOf(present))).toMatchObject({
    code: 1,
    said: expect.stringContaining('No worker of'),
  })
  insertPair(world, erpCompany(1), shopCompany(1))
  const old = await serve(settings, present)
  await kobling('upgrade', buildIdOf(present))
  await world.startFlow()
  await world.settled()
  await stop(old)
  const later = await serve(settings, incompatible)
  const next = buildIdOf(incompatible)
  const alone = await kobling('upgrade', next)
  expect([alone.code, alone.said]).toEqual([
    1,
    expect.stringMatching(/0 of 3 workflows(.|\n)*customers: still on kobling-(.|\n)*kobling upgrade --move/),
  ])
  // The memory's code is the same in both, so it fits; the flow's is not.
  const moved = await kobling('upgrade', next, '--move')
  expect([moved.code, moved.said]).toEqual([1, expect.stringMatching(/2 of 3 workflows(.|\n)*kobling check --repair/)])
  expect(await kobling('check', '--workflows', '--repair')).toMatchObject({ code: 0 })
  expect(await kobling('upgrade', next, '--move')).toMatchObject({
    code: 0,
    said: expect.stringContaining('3 of 3 workflows run on kobling-'),
  })
  const { links } = await world.settled()
  expect(links).toBe(1)
  const { versioningInfo } = (await world.handle.describe()).raw.workflowExecutionInfo ?? {}
  expect([versioningInfo?.deploymentVersion?.buildId, versioningInfo?.versioningOverride ?? null]).toEqual([next, null])

  // And back to workers without versions.
  await stop(later)
  await serve(world.settings, incompatible)
  expect(await koblingOf(world.settings)('upgrade', '--move')).toMatchObject({
    code: 0,
    said: expect.stringContaining('3 of 3 workflows run on workers without a version'),
  })
  await world.settled()
})

function versioned(): Settings {
  const { settings } = world
  return { ...settings, temporal: { ...settings.temporal, deployment: `kobling-${settings.connection}` } }
}
