import { afterAll, beforeAll, expect, test } from 'vitest'
import { unspoiled } from './support/mutate-request.ts'
import { orderBody, type PowerOfficeWorld, startPowerOfficeWorld } from './support/poweroffice-world.ts'

// What spoiled requests once got a 500 for (test/contract), each by its name.

let world: PowerOfficeWorld
beforeAll(async () => {
  world = await startPowerOfficeWorld()
})
afterAll(() => world.close())

async function statusAndText(method: string, path: string, headers: Record<string, string>, body?: unknown) {
  const request = unspoiled({ method, path: `/v2${path}`, headers: { ...world.headers, ...headers }, body })
  const { status, text } = await world.client.send(request)
  return { status, text }
}

test('null in the place of an order line, or of a contact group, is refused by name', async () => {
  const json = { 'Content-Type': 'application/json' }
  const lines = { ...orderBody(world.used), SalesOrderLines: [null] }
  const groups = { Name: 'Fjell AS', EmailAddress: 'post@fjell.example', ContactGroupIds: [501, null] }
  const answers = [
    await statusAndText('POST', '/SalesOrders/Complete', json, lines),
    await statusAndText('POST', '/Customers', json, groups),
  ]
  expect(answers.map(({ status }) => status)).toEqual([400, 400])
  expect(answers.map(({ text }) => (JSON.parse(text) as { detail: string }).detail)).toEqual([
    'SalesOrderLines: null is no entry of a list.',
    'ContactGroupIds: null is no entry of a list.',
  ])
})

test('a number beyond what a decimal holds is refused, and the largest amounts still come out as numbers', async () => {
  const json = { 'Content-Type': 'application/json' }
  const line = (quantity: string) =>
    Buffer.from(`{"ProductId":${world.used.product},"Quantity":${quantity},"ProductUnitPrice":7e28}`)
  const path = `/SalesOrders/${world.draft.id}/Lines`
  for (const quantity of ['1e400', '-1e400', '1e308', '8e28']) {
    const { status } = await statusAndText('POST', path, json, line(quantity))
    expect({ quantity, status }).toEqual({ quantity, status: 400 })
  }
  const { status, text } = await statusAndText('POST', path, json, line('7e28'))
  expect({ status, ...(JSON.parse(text) as object) }).toMatchObject({ status: 201, NetAmount: 4.9e57 })
})

test('a Host header that is no host name is refused by the gateway', async () => {
  for (const host of ['9007199254740993', '[::1', 'a b:99999']) {
    const { status } = await statusAndText('GET', '/Customers', { Host: host })
    expect({ host, status }).toEqual({ host, status: 400 })
  }
})
