import { afterAll, beforeAll, expect, test } from 'vitest'
import {
  editInErp,
  erpCompany,
  erpRecord,
  expectEqualSystems,
  type Ids,
  insertPair,
  shopCompany,
} from '../support/customers.ts'
import { startWorld, until, type World } from '../support/world.ts'

let world: World
let pair: Ids

beforeAll(async () => {
  world = await startWorld({ shopPollMs: 3_600_000 })
  pair = insertPair(world, erpCompany(1), shopCompany(1))
  await world.startWorker()
  await world.startFlow()
  await until('the pair to be linked', async () => (await world.status()).links === 1)
  await world.settled()
  await until('the first poll', async () => ((await world.shopCounts()).byRoute['GET /api/customers'] ?? 0) > 0)
})
afterAll(async () => {
  await world.close()
})

test('an edit in the webshop arrives by its webhook, long before the next poll', async () => {
  const { sent } = (await world.shopCounts()).webhooks
  await world.editInShop(pair.shopId, { phone: '90909090' })
  await until('PowerOffice to follow', async () => erpRecord(world, pair.erpId)['PhoneNumber'] === '90909090', 15_000)
  expect((await world.shopCounts()).webhooks.sent).toBe(sent + 1)
  await expectEqualSystems(world)
})

test('the webhook of our own write to the webshop wakes nothing that writes again', async () => {
  await world.resetCounts()
  editInErp(world, pair.erpId, { PhoneNumber: '80808080' })
  await until(
    'the webshop to follow',
    async () => (await world.shopCustomer(pair.shopId))['phone'] === '80808080',
    15_000,
  )
  await until('its webhook', async () => (await world.shopCounts()).webhooks.sent > 0, 15_000)
  // The next edit travels after whatever the webhook of our own write has set off.
  await world.editInShop(pair.shopId, { phone: '70707070' })
  await until('PowerOffice to follow', async () => erpRecord(world, pair.erpId)['PhoneNumber'] === '70707070', 15_000)
  expect(world.erp.counts.report().writes).toBe(1)
  expect((await world.shopCounts()).writes).toBe(1)
})

test('a new customer of the webshop arrives by its webhook and is created once', async () => {
  const answer = await fetch(`${world.shop.baseUrl}/api/customers`, {
    method: 'POST',
    headers: { authorization: 'Bearer sandbox-shopkeeper', 'content-type': 'application/json' },
    body: JSON.stringify(shopCompany(2)),
  })
  expect(answer.status).toBe(201)
  await until('the link', async () => (await world.status()).links === 2, 15_000)
  await world.settled()
  await expectEqualSystems(world)
  expect(world.erp.customers.count()).toBe(2)
})

test('a deletion in the webshop arrives by its webhook too', async () => {
  const path = `${world.shop.baseUrl}/api/customers/${pair.shopId}`
  const authorization = 'Bearer sandbox-shopkeeper'
  const current = await fetch(path, { headers: { authorization } })
  await fetch(path, { method: 'DELETE', headers: { authorization, 'if-match': current.headers.get('etag') ?? '' } })
  await until('the link to be gone', async () => (await world.status()).links === 1, 15_000)
  expect(erpRecord(world, pair.erpId)).toMatchObject({ IsArchived: false, PhoneNumber: '70707070' })
})
