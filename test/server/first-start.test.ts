import { afterAll, beforeAll, expect, test } from 'vitest'
import { seedExpectation } from '../../sandbox/seed/customers.ts'
import { startWorld, type World } from '../support/world.ts'

const expected = seedExpectation()
let world: World

beforeAll(async () => {
  world = await startWorld({ seed: 'customers' })
  await world.startWorker()
  await world.startFlow()
  await world.settled()
})
afterAll(async () => {
  await world.close()
})

test('first start: every pair that shares a key is linked, ambiguous ones are listed, the rest is created on the other side', async () => {
  const status = await world.status()
  const inbox = await world.inbox()
  expect(inbox.filter((entry) => entry.reason === 'ambiguous')).toHaveLength(expected.ambiguousCases)
  expect(inbox.filter((entry) => entry.reason === 'refused')).toHaveLength(expected.refused)
  expect(inbox).toHaveLength(expected.ambiguousCases + expected.refused)
  expect(status.links).toBe(expected.pairs + expected.erpOnly + expected.shopOnly)
  expect(status.counters.outcomes.linked).toBe(expected.pairs)
  expect(status.counters.outcomes.created).toBe(expected.erpOnly + expected.shopOnly)
})

test('linked + listed + out of scope = all records of both systems', async () => {
  const rows = await world.rows()
  const linked = rows.filter((row) => row.kind === 'linked').length
  const seen = rows.filter((row) => row.kind === 'seen')
  const erpSeen = seen.filter((row) => row.side === 'erp').length
  const shopSeen = seen.filter((row) => row.side === 'shop').length
  expect(linked + erpSeen).toBe(world.erp.customers.count())
  expect(erpSeen).toBe(2 * expected.ambiguousCases + expected.archivedErpOnly)
  expect(shopSeen).toBe(expected.ambiguousCases + expected.refused)
})

test('rule 6: a second start of everything performs zero writes', async () => {
  await world.handle.terminate('everything starts anew')
  await world.resetCounts()
  await world.startFlow({ hadEarlierRun: false })
  await world.settled()
  expect(world.erp.counts.report().writes).toBe(0)
  expect((await world.shopCounts()).writes).toBe(0)
})
