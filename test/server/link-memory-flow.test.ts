import { afterAll, beforeAll, expect, test } from 'vitest'
import { shardWorkflowId } from '../../flows/directory.ts'
import { emptyLeaf, type ShardSummary } from '../../flows/memory.ts'
import { seedExpectation } from '../../sandbox/seed/customers.ts'
import { directoryQuery } from '../../workflows/messages.ts'
import { compareRaw, namedErpId, rawShopRecords } from '../support/raw-comparison.ts'
import { startWorld, until, type World } from '../support/world.ts'

const { pairs, erpOnly, shopOnly } = seedExpectation()
let world: World

beforeAll(async () => {
  world = await startWorld({ seed: 'customers' })
  const { connection, taskQueue } = world.settings
  // A leaf that was there before its flow is taken over: this one asks to be split after some forty links.
  const leaf = { ...emptyLeaf({ connection, flow: 'customers', shard: 0, side: 'erp', low: '' }), splitAtBytes: 4_000 }
  await world.client.workflow.start('linkMemory', {
    workflowId: shardWorkflowId(connection, 'customers', 0),
    taskQueue,
    args: [leaf],
  })
  await world.startWorker()
  await world.startFlow()
  await world.settled()
  await until('the last split to end', onlyWatches)
})

/** A leaf may ask to be split by the load's very last put: the flow is settled then, and the split is still under way. */
async function onlyWatches(): Promise<boolean> {
  const { raw } = await world.handle.describe()
  return (raw.pendingActivities ?? []).every((pending) => pending.activityType?.name === 'fetchChanges')
}

afterAll(async () => {
  await world?.close()
})

test('E4, E7: a first load splits the leaf that it fills, on its way, and every pair is linked once', async () => {
  const { shards } = await world.handle.query(directoryQuery)
  expect(shards.filter((shard) => shard.side === 'erp').length).toBeGreaterThan(1)
  const summaries = await Promise.all(
    shards.map((shard) =>
      world.client.workflow
        .getHandle(shardWorkflowId(world.settings.connection, 'customers', shard.number))
        .query<ShardSummary>('summary'),
    ),
  )
  expect(summaries.filter((leaf) => leaf.linked > 0).length).toBeGreaterThan(1)
  expect(summaries.map((leaf) => leaf.splitting)).toEqual(shards.map(() => null))
  expect(summaries.reduce((sum, leaf) => sum + leaf.linked, 0)).toBe(pairs + erpOnly + shopOnly)
  // The status counts by what puts have answered: exact, also after the splits.
  expect((await world.status()).links).toBe(pairs + erpOnly + shopOnly)
  const shop = await rawShopRecords(world.shop.baseUrl)
  const links = (await world.rows()).flatMap((row) => (row.kind === 'linked' ? [`${row.erpId} = ${row.shopId}`] : []))
  const shown = shop.flatMap((record) => (record.erpId === null ? [] : [`${namedErpId(record)} = ${record.id}`]))
  expect(links.sort()).toEqual(shown.sort())
  expect(compareRaw(world.erp.customers.all(), shop)).toMatchObject({
    namedTwice: [],
    namesNobody: [],
    differences: [],
  })
})

test('E10: an edit of a record in a leaf that was split off finds its row there', async () => {
  const { shards } = await world.handle.query(directoryQuery)
  const low = shards.find((shard) => shard.number > 1)?.low ?? ''
  const shop = await rawShopRecords(world.shop.baseUrl)
  const record = shop.find(
    (candidate) => namedErpId(candidate) !== null && Number(namedErpId(candidate)) >= Number(low),
  )
  await world.resetCounts()
  await world.editInShop(record?.id ?? '', { website: 'https://delt.example' })
  const erpId = Number(namedErpId(record as NonNullable<typeof record>))
  await until(
    'the edit to arrive',
    async () => world.erp.customers.get(erpId)?.['WebsiteUrl'] === 'https://delt.example',
  )
  await world.settled()
  expect([world.erp.counts.report().writes, (await world.shopCounts()).writes]).toEqual([1, 0])
})
