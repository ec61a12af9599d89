import { afterAll, beforeAll, expect, inject, test } from 'vitest'
import { type RunningWorker, startWorker } from '../../worker/run-worker.ts'
import {
  editInErp,
  entryOf,
  erpCompany,
  expectEqualSystems,
  type Ids,
  insertPair,
  quiet,
  shopCompany,
  shopOf,
} from '../support/customers.ts'
import { type RewritingProxy, startRewritingProxy } from '../support/rewriting-proxy.ts'
import { startWorld, until, type World } from '../support/world.ts'

let world: World
let proxy: RewritingProxy
let worker: RunningWorker
let pair: Ids
let odd: string
/** What the interface does to records on their way. */
let rewrite = (record: Record<string, unknown>): Record<string, unknown> =>
  record['Name'] === 'Bedrift 2 AS' ? { ...record, IsPerson: 'kanskje' } : record

beforeAll(async () => {
  world = await startWorld({ webhooks: false })
  pair = insertPair(world, erpCompany(1), shopCompany(1))
  odd = String(world.erp.insertCustomers([erpCompany(2)])[0]?.Id)
  world.erp.insertCustomers([3, 4, 5, 6, 7].map((number) => erpCompany(number)))
  const { origin } = world.erp
  proxy = await startRewritingProxy(origin, (record) => rewrite(record))
  const { powerOffice } = world.settings
  worker = await startWorker(
    { ...world.settings, powerOffice: { ...powerOffice, baseUrl: powerOffice.baseUrl.replace(origin, proxy.url) } },
    {
      workflowBundle: { codePath: inject('workflowBundlePath') },
      timing: () => ({ erpPollMs: 200, shopPollMs: 200, sweepMs: 3_600_000, graceMs: 500 }),
    },
  )
  await world.startFlow()
  await until('the readable ones to be linked', async () => (await world.status()).links === 6)
  await quiet(world)
})
afterAll(async () => {
  await world.handle.terminate('the test is over').catch(() => undefined)
  worker.shutdown()
  await worker.ended
  await proxy.close()
  await world.close()
})

test('a record that cannot be read is listed with the path and the reason; the others go on', async () => {
  const entry = await entryOf(world, odd)
  expect(entry).toMatchObject({ reason: 'unreadable', pile: 'needsYou', erpId: odd })
  expect(entry?.detail).toContain('IsPerson')
  expect(entry?.wayOut).toContain('Correct the value in PowerOffice')
  await expectEqualSystems(world, { erp: [odd] })
  editInErp(world, pair.erpId, { PhoneNumber: '31313131' })
  await until('the webshop to follow', async () => (await world.shopCustomer(pair.shopId))['phone'] === '31313131')
})

test('a linked record that becomes unreadable is listed and left alone, and goes on when it can be read', async () => {
  rewrite = (record) =>
    record['Name'] === 'Bedrift 2 AS' || record['EmailAddress'] === 'odd@bedrift.example'
      ? { ...record, EmailAddress: { address: 'odd' } }
      : record
  editInErp(world, pair.erpId, { EmailAddress: 'odd@bedrift.example' })
  const entry = await until('it to be listed', () => entryOf(world, pair.erpId))
  expect(entry).toMatchObject({ reason: 'unreadable', erpId: pair.erpId, shopId: pair.shopId })
  expect(entry.detail).toContain('EmailAddress')
  await quiet(world)
  expect(await world.shopCustomer(pair.shopId)).toMatchObject({ email: 'post1@bedrift1.example' })
  editInErp(world, pair.erpId, { EmailAddress: 'even@bedrift.example' })
  await until('the entry to close', async () => (await entryOf(world, pair.erpId)) === undefined)
  await until(
    'the webshop to follow',
    async () => (await world.shopCustomer(pair.shopId))['email'] === 'even@bedrift.example',
  )
})

test('mended, the unreadable record goes through and leaves the inbox by itself', async () => {
  rewrite = (record) => record
  editInErp(world, odd, { PhoneNumber: '32323232' })
  await until('it to be created', async () => (await shopOf(world, odd)) !== undefined)
  await until('the inbox to be empty', async () => (await world.inbox()).length === 0)
  const status = await quiet(world)
  expect(status.links).toBe(7)
  await expectEqualSystems(world)
})

test('E16: a mapped property that is gone from every record blocks the flow; nothing is cleared for it', async () => {
  rewrite = ({ PhoneNumber: _gone, ...record }) => record
  for (const { Id } of world.erp.customers.all())
    editInErp(world, String(Id), { WebsiteUrl: `https://ny${Id}.example` })
  const { trouble } = await until('the flow to be blocked', async () => {
    const status = await world.status()
    return status.phase === 'blocked' && status
  })
  expect(trouble).toMatchObject({ type: 'ContractChanged', where: 'erp' })
  expect(trouble?.message).toContain('PhoneNumber')
  expect(await world.shopCustomer(pair.shopId)).toMatchObject({ phone: '31313131' })
  rewrite = (record) => record
  await until('work to go on', async () => (await world.status()).phase === 'live')
  await until(
    'the webshop to follow',
    async () => (await world.shopCustomer(pair.shopId))['website'] === `https://ny${pair.erpId}.example`,
  )
  await quiet(world)
  await expectEqualSystems(world)
})
