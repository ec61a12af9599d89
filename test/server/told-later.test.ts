import { afterAll, beforeAll, expect, test } from 'vitest'
import { shopCompany } from '../support/orders.ts'
import { startWorld, until, type World } from '../support/world.ts'

let world: World

beforeAll(async () => {
  world = await startWorld()
  await world.startWorker()
  await world.startFlow()
  await world.settled()
})
afterAll(async () => {
  await world?.close()
})

test('E18: a record whose counterpart could not be told at its creation is told soon, though nobody edits either', async () => {
  world.shop.faults.plan({ kind: 'status', status: 503, method: 'PATCH', path: '/customers/' })
  const id = shopCompany(world)
  await until('the webshop to name the counterpart', async () =>
    world.shop.customers.get(id)?.erpId?.startsWith('customer:') ? true : undefined,
  )
  expect(world.shop.faults.counts().byKind).toEqual({ status: 1 })
  expect(
    world.erp.customers.all().filter(({ Name: name }) => name === world.shop.customers.get(id)?.name),
  ).toHaveLength(1)
})
