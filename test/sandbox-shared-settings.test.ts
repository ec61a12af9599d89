import { networkInterfaces } from 'node:os'
import { afterAll, expect, test } from 'vitest'
import { readSettings } from '../flows/settings.ts'
import { startPowerOfficeSandbox } from '../sandbox/poweroffice/server.ts'
import { seedEverything, seedExpectations } from '../sandbox/seed/everything.ts'
import { seedOptionsOf } from '../sandbox/seed/options.ts'
import type { FlowExpectation } from '../sandbox/seed/types.ts'
import { parseEnvironment } from '../sandbox/webshop/environment.ts'
import { defaultWebhookSecret } from '../sandbox/webshop/sandbox-keys.ts'
import { startWebshopSandbox } from '../sandbox/webshop/server.ts'

const started: { close(): Promise<void> }[] = []
afterAll(() => Promise.all(started.map((sandbox) => sandbox.close())))

async function portsOf(host?: string): Promise<number[]> {
  const where = host === undefined ? {} : { host }
  const erp = await startPowerOfficeSandbox({ port: 0, dataFile: ':memory:', seed: 'none', ...where })
  const shop = await startWebshopSandbox(where)
  started.push(erp, shop)
  return [erp.port, shop.port]
}

/** 127.0.0.2 is this machine too on Linux, and not what they listen on; elsewhere an address of the network stands in. */
function anotherAddress(): string {
  if (process.platform === 'linux') return '127.0.0.2'
  const others = Object.values(networkInterfaces()).flatMap((list) => list ?? [])
  return others.find(({ family, internal }) => family === 'IPv4' && !internal)?.address ?? '127.0.0.2'
}

const reached = (host: string, port: number) =>
  fetch(`http://${host}:${port}/`).then(
    ({ ok }) => ok,
    () => false,
  )

test('both sandboxes listen on 127.0.0.1 alone, and on other addresses when told to', async () => {
  for (const port of await portsOf()) {
    expect([await reached('127.0.0.1', port), await reached(anotherAddress(), port)]).toEqual([true, false])
  }
  for (const port of await portsOf('0.0.0.0')) {
    expect([await reached('127.0.0.1', port), await reached(anotherAddress(), port)]).toEqual([true, true])
  }
})

test('without configuration the sync takes the webhooks of the sandbox shop', () => {
  expect(readSettings({}).webshop.webhookSecret).toBe(defaultWebhookSecret)
})

test('the same settings choose which company both sandboxes are filled with, and how large', () => {
  expect(seedOptionsOf({})).toEqual({})
  expect(seedOptionsOf({ KOBLING_SEED_SIZE: 'small', KOBLING_SEED_NUMBER: '' })).toEqual({})
  expect(seedOptionsOf({ KOBLING_SEED_SIZE: '10000', KOBLING_SEED_NUMBER: '7' })).toEqual({ size: 10_000, seed: 7 })
  expect(parseEnvironment({ KOBLING_SEED_SIZE: '10000', WEBSHOP_SANDBOX_HOST: '0.0.0.0' })).toMatchObject({
    host: '0.0.0.0',
    seedOptions: { size: 10_000 },
  })
  expect(seedEverything(seedOptionsOf({ KOBLING_SEED_SIZE: 'small' }))).toEqual(seedEverything())
})

test('a load of another seed fills both sandboxes with the two halves of one company', async () => {
  const seedOptions = { size: 120, seed: 7 }
  const erp = await startPowerOfficeSandbox({ port: 0, dataFile: ':memory:', seed: 'all', seedOptions })
  const shop = await startWebshopSandbox({ seed: 'all', seedOptions })
  started.push(erp, shop)
  const { customers, products, salesOrders, departments } = seedExpectations(seedEverything(seedOptions))
  const inErp = (one: FlowExpectation) => one.pairs + one.erpOnly + one.dormantErp + 2 * one.ambiguous
  const inShop = (one: FlowExpectation) =>
    one.pairs + one.shopOnly + one.refused + one.waiting + one.dormantShop + one.ambiguous
  expect(inErp(customers)).toBe(120)
  expect({
    customers: erp.customers.count(),
    products: erp.products.count(),
    orders: erp.salesOrders.count(),
  }).toEqual({ customers: inErp(customers), products: inErp(products), orders: inErp(salesOrders) })
  const answer = await fetch(`${shop.baseUrl}/api/counts`, { headers: { authorization: 'Bearer sandbox-webshop' } })
  expect(await answer.json()).toMatchObject({
    // A department is a customer of the shop.
    customers: inShop(customers) + inShop(departments),
    products: inShop(products),
    orders: inShop(salesOrders),
  })
})

test.each([
  [{ KOBLING_SEED_SIZE: 'huge' }, /^KOBLING_SEED_SIZE must be small or a number of customers from 100 on/],
  [{ KOBLING_SEED_SIZE: '99' }, /^KOBLING_SEED_SIZE must be/],
  [{ KOBLING_SEED_NUMBER: '1.5' }, /^KOBLING_SEED_NUMBER must be a whole number/],
])('a wrong setting of the seed, %j, is one sentence that names it', (environment, sentence) => {
  expect(() => seedOptionsOf(environment)).toThrow(sentence)
  expect(() => parseEnvironment(environment)).toThrow(sentence)
})
