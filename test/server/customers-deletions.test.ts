import { afterAll, beforeAll, expect, test } from 'vitest'
import { approveDeleteUpdate, resumeUpdate } from '../../workflows/messages.ts'
import { shopCustomers } from '../support/compare-systems.ts'
import {
  editInErp,
  entryOf,
  erpCompany,
  erpRecord,
  expectEqualSystems,
  type Ids,
  insertPair,
  quiet,
  shopCompany,
  shopOf,
  writesSinceReset,
} from '../support/customers.ts'
import { startWorld, until, type World } from '../support/world.ts'

/** More than twenty: so many gone at once trip the breaker (E20). */
const PAIRS = 26

let world: World
let pairs: Ids[]

beforeAll(async () => {
  world = await startWorld({ sweepMs: 300, graceMs: 250 })
  pairs = Array.from({ length: PAIRS }, (_, index) => insertPair(world, erpCompany(index), shopCompany(index)))
  await world.startWorker()
  await world.startFlow()
  await until('all pairs to be linked', async () => (await world.status()).links === PAIRS)
  await quiet(world)
})
afterAll(async () => {
  await world.close()
})

/** A poll every 200 ms and a sweep every 300 ms both list PowerOffice: of so many lists at least `count` were sweeps. */
async function sweeps(count: number): Promise<void> {
  const lists = () => world.erp.counts.report().byRoute['GET /v2/Customers'] ?? 0
  const before = lists()
  await until(`${count} sweeps`, async () => lists() >= before + 3 * count + 2)
}

function pair(index: number): Ids {
  const ids = pairs[index]
  if (!ids) throw new Error(`there is no pair ${index}`)
  return ids
}

async function deleteInShop(shopId: string): Promise<void> {
  const path = `${world.shop.baseUrl}/api/customers/${shopId}`
  const authorization = 'Bearer sandbox-shopkeeper'
  const current = await fetch(path, { headers: { authorization } })
  await fetch(path, { method: 'DELETE', headers: { authorization, 'if-match': current.headers.get('etag') ?? '' } })
}

test('an address edited in PowerOffice moves no change time: the sweep finds it, with one write', async () => {
  const { erpId, shopId } = pair(0)
  const changedAt = erpRecord(world, erpId)['LastChangedDateTimeOffset']
  await world.resetCounts()
  editInErp(world, erpId, { MailAddress: { AddressLine1: 'Nyveien 7', ZipCode: '7010', City: 'Trondheim' } })
  expect(erpRecord(world, erpId)['LastChangedDateTimeOffset']).toBe(changedAt)
  await until('the webshop to follow', async () => (await world.shopCounts()).writes > 0)
  await quiet(world)
  expect((await world.shopCustomer(shopId))['address']).toEqual({
    line1: 'Nyveien 7',
    line2: null,
    zip: '7010',
    city: 'Trondheim',
    country: 'NO',
  })
  expect(await writesSinceReset(world)).toEqual({ erp: 0, shop: 1 })
  await expectEqualSystems(world)
})

test('rule 13, E16: a customer deleted in the webshop is unlinked; PowerOffice is left alone and nothing is made anew', async () => {
  const { erpId, shopId } = pair(1)
  const links = (await world.status()).links
  const before = erpRecord(world, erpId)
  await world.resetCounts()
  await deleteInShop(shopId)
  await until('the link to be gone', async () => (await world.status()).links === links - 1)
  await quiet(world)
  expect(erpRecord(world, erpId)).toEqual(before)
  expect(await writesSinceReset(world)).toEqual({ erp: 0, shop: 0 })
  expect(await entryOf(world, erpId)).toBeUndefined()
  const rows = await world.rows()
  expect(rows.filter((row) => row.kind === 'linked' && row.erpId === erpId)).toEqual([])
  expect(rows).toContainEqual(expect.objectContaining({ kind: 'gone', erpId, shopId }))
})

test('rule 13: what was deleted in the webshop is not made anew when its PowerOffice customer is edited, neither now nor by a sweep', async () => {
  const { erpId } = pair(1)
  await world.resetCounts()
  editInErp(world, erpId, { PhoneNumber: '45454545' })
  await quiet(world)
  expect(await writesSinceReset(world)).toEqual({ erp: 0, shop: 0 })
  expect(await shopOf(world, erpId)).toBeUndefined()
  expect(await entryOf(world, erpId)).toBeUndefined()
})

test('rule 13, E16: a customer deleted in PowerOffice is proposed after two sweeps, and archived in the webshop only once a person says so', async () => {
  const { erpId, shopId } = pair(2)
  await world.resetCounts()
  world.erp.customers.remove(Number(erpId))
  const entry = await until('the deletion to be proposed', () => entryOf(world, erpId))
  expect(entry).toMatchObject({ reason: 'vanished', pile: 'needsYou', label: 'Bedrift 2 AS' })
  expect(entry.detail).toContain('It was deleted in PowerOffice')
  expect(entry.wayOut).toContain('Approve')
  await sweeps(3)
  expect(await writesSinceReset(world)).toEqual({ erp: 0, shop: 0 })
  expect(await world.shopCustomer(shopId)).toMatchObject({ active: true })
  await world.handle.executeUpdate(approveDeleteUpdate, { args: [{ id: entry.id, by: 'test' }] })
  await until('the webshop customer to be archived', async () => (await world.shopCustomer(shopId))['active'] === false)
  await until('the entry to close', async () => (await entryOf(world, erpId)) === undefined)
  await sweeps(3)
  await quiet(world)
  expect(await writesSinceReset(world)).toEqual({ erp: 0, shop: 1 })
  expect(await world.inbox()).toEqual([])
  expect(world.erp.customers.get(Number(erpId))).toBeNull()
})

test('rule 13, E16: a customer that is there again in PowerOffice after its deletion is linked again, and its archived counterpart is active like it', async () => {
  const { erpId, shopId } = pair(3)
  const record = world.erp.customers.get(Number(erpId))
  if (!record) throw new Error(`PowerOffice has no customer ${erpId}`)
  world.erp.customers.remove(record.Id)
  const entry = await until('the deletion to be proposed', async () => {
    const found = await entryOf(world, erpId)
    return found?.detail.includes('It was deleted in PowerOffice') && found
  })
  await world.handle.executeUpdate(approveDeleteUpdate, { args: [{ id: entry.id, by: 'test' }] })
  await until('the webshop customer to be archived', async () => (await world.shopCustomer(shopId))['active'] === false)
  const { links } = await quiet(world)
  const shopRecords = (await shopCustomers(world)).length
  await world.resetCounts()
  world.erp.customers.restore(record)
  await until('the webshop customer to be active', async () => (await world.shopCustomer(shopId))['active'] === true)
  expect((await quiet(world)).links).toBe(links + 1)
  expect(await shopOf(world, erpId)).toMatchObject({ id: shopId, active: true })
  const about = (await world.rows()).filter((row) => 'erpId' in row && row.erpId === erpId)
  expect(about).toMatchObject([{ kind: 'linked', erpId, shopId }])
  await sweeps(3)
  expect(await writesSinceReset(world)).toEqual({ erp: 0, shop: 1 })
  expect(await shopCustomers(world)).toHaveLength(shopRecords)
  expect(await world.inbox()).toEqual([])
})

test('E15: a sweep that finds everything as it was asks for nothing and writes nothing', async () => {
  const before = (await world.status()).counters.outcomes
  await world.resetCounts()
  await sweeps(4)
  expect(await writesSinceReset(world)).toEqual({ erp: 0, shop: 0 })
  expect((await world.status()).counters.outcomes).toEqual(before)
})

test('E20: a list that is empty for a while makes nothing vanish: the flow pauses itself, and resumed it goes on', async () => {
  await world.resetCounts()
  world.erp.faults.plan({ kind: 'status', status: 204, method: 'GET', path: '/Customers', count: 1_000 })
  const paused = await until('the flow to pause itself', async () => {
    const status = await world.status()
    return status.phase === 'paused' && status
  })
  world.erp.faults.clear()
  expect(paused.pauseReasons).toMatchObject([{ kind: 'breaker' }])
  expect(paused.pauseReasons[0]?.why).toContain('linked records vanished from PowerOffice at once')
  await world.handle.executeUpdate(resumeUpdate, { args: [{ by: 'test' }] })
  const status = await quiet(world)
  expect(status.links).toBe(PAIRS - 2)
  expect(await world.inbox()).toEqual([])
  expect(await writesSinceReset(world)).toEqual({ erp: 0, shop: 0 })
})

test('E20: twenty-one customers deleted at once pause the flow, and nothing is written for any of them', async () => {
  const vanished = pairs.slice(4, 25)
  await world.resetCounts()
  for (const { erpId } of vanished) world.erp.customers.remove(Number(erpId))
  const paused = await until('the flow to pause itself', async () => {
    const status = await world.status()
    return status.phase === 'paused' && status
  })
  expect(paused.pauseReasons).toMatchObject([
    { kind: 'breaker', why: expect.stringContaining(`21 of ${PAIRS - 2} linked records vanished`) },
  ])
  expect(paused.links).toBe(PAIRS - 2)
  expect(await writesSinceReset(world)).toEqual({ erp: 0, shop: 0 })
  // A person has looked and resumes: each deletion is then proposed, and still nothing is written.
  await world.handle.executeUpdate(resumeUpdate, { args: [{ by: 'test' }] })
  await until('all of them to be proposed', async () => {
    const entries = await world.inbox()
    return vanished.every(({ erpId }) => entries.some((entry) => entry.erpId === erpId && entry.reason === 'vanished'))
  })
  expect(await writesSinceReset(world)).toEqual({ erp: 0, shop: 0 })
  for (const { shopId } of vanished) expect(await world.shopCustomer(shopId)).toMatchObject({ active: true })
})

test('E20: what is proposed already vanishes in every sweep, and trips no breaker again', async () => {
  await sweeps(3)
  expect((await world.status()).pauseReasons).toEqual([])
  // Who resumed is not asked about the same again, and one more is proposed like any other.
  world.erp.customers.remove(Number(pair(25).erpId))
  const entry = await until('the next deletion to be proposed', () => entryOf(world, pair(25).erpId))
  expect(entry).toMatchObject({ reason: 'vanished' })
  expect((await world.status()).pauseReasons).toEqual([])
})
