import { afterAll, beforeAll, expect, test } from 'vitest'
import { seedExpectation } from '../../sandbox/seed/customers.ts'
import { compareRaw, namedErpId, rawShopRecords } from '../support/raw-comparison.ts'
import { type CrashWorld, startCrashWorld } from '../support/crash-world.ts'
import { seededRandom } from '../support/seeded-random.ts'
import { until } from '../support/world.ts'

const KILLS = Number(process.env['KILLS'] ?? 20)
const SEED = 20261123

const expected = seedExpectation()
const random = seededRandom(SEED)
let world: CrashWorld
let before: { erp: number; shop: number }

beforeAll(async () => {
  world = await startCrashWorld()
  before = { erp: world.erp.customers.count(), shop: (await rawShopRecords(world.shop.baseUrl)).length }
  await world.startFlow()
  const began = Date.now()
  for (let kill = 1; kill <= KILLS; kill += 1) {
    await world.startWorker()
    const ready = Date.now()
    await world.progress(random.between(1, 60))
    await world.killWorker()
    console.log(kill, 'killed at', Date.now() - began, 'ms; served', Date.now() - ready, 'requests', await world.requests(), 'writes', await world.writes())
    await editBoth(kill)
  }
  await world.startWorker()
  await world.settled().catch((error: unknown) => console.log('UNSETTLED', error))
  console.log(JSON.stringify(await world.status(), null, 1).slice(0, 3000))
  console.log('settled', Date.now() - began)
}, 400_000)
afterAll(async () => {
  console.log(world.workerLog().split('\n').filter((l) => /error|fail/i.test(l)).slice(-15).join('\n'))
  await world?.close()
})

/** A person in each system edits while nobody looks. */
async function editBoth(kill: number): Promise<void> {
  const erp = world.erp.customers.all().filter((customer) => !customer.IsArchived)
  const shop = await rawShopRecords(world.shop.baseUrl)
  const one = erp[random.between(0, erp.length - 1)]
  const other = shop[random.between(0, shop.length - 1)]
  if (!one || !other) throw new Error('nobody to edit')
  world.erp.customers.edit(one.Id, { PhoneNumber: `+47 22 00 ${String(1000 + kill).slice(0, 2)} ${10 + kill}` })
  await world.editInShop(other.id, { invoiceEmail: `faktura-${kill}@fjordnett.example` })
}

test(`E18: after ${KILLS} kills of the worker no customer exists twice and none is missing`, async () => {
  const erp = world.erp.customers.all()
  const shop = await rawShopRecords(world.shop.baseUrl)
  const comparison = compareRaw(erp, shop)
  console.log(comparison.differences)
  expect([erp.length, shop.length]).toEqual([before.erp + expected.shopOnly, before.shop + expected.erpOnly])
  expect(comparison).toMatchObject({
    namedTwice: [],
    namesNobody: [],
    missed: [],
    differences: [],
    pairs: expected.pairs + expected.erpOnly + expected.shopOnly,
  })
  expect(comparison.unpairedErp.filter((record) => record.IsArchived)).toHaveLength(expected.archivedErpOnly)
  expect(comparison.unpairedErp.filter((record) => !record.IsArchived)).toHaveLength(2 * expected.ambiguousCases)
  expect(comparison.unpairedShop).toHaveLength(expected.ambiguousCases + expected.refused)
})

test('E5: the memory holds exactly the pairs that the systems show', async () => {
  const shop = await rawShopRecords(world.shop.baseUrl)
  const links = (await world.rows()).flatMap((row) => (row.kind === 'linked' ? [`${row.erpId} = ${row.shopId}`] : []))
  const shown = shop.flatMap((record) => (record.erpId === null ? [] : [`${namedErpId(record)} = ${record.id}`]))
  expect(links.sort()).toEqual(shown.sort())
})

test('rule 6: two sweeps and another start after it write nothing', async () => {
  const writes = await world.writes()
  const { sweep } = await world.settled()
  await sweptAfter(sweep?.at ?? 0)
  await world.handle.terminate('everything starts anew')
  await world.startFlow()
  await world.settled()
  await sweptAfter(Date.now())
  await world.settled()
  expect(await world.writes()).toBe(writes)
})

async function sweptAfter(at: number): Promise<void> {
  await until('a sweep', async () => ((await world.status()).sweep?.at ?? 0) > at)
}
