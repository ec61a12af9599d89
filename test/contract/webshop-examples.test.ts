import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { clientOf, type Json, until } from '../sandbox-webshop-client.ts'
import { type ContractWorld, openContractWorld } from '../support/webshop-contract-world.ts'
import { answerFaults, description, operations, resolved, validatorOf } from '../support/webshop-description.ts'

let world: ContractWorld
let shop: ReturnType<typeof clientOf>
beforeAll(async () => {
  world = await openContractWorld()
  shop = clientOf(world.sandbox.baseUrl)
})
afterAll(() => world.close())

interface Content {
  readonly schema: Json
  readonly examples?: Record<string, { value: Json }>
}

/** Every body that the document describes, of requests, answers and webhooks. */
const bodies: [string, Content][] = [
  ...Object.entries(description.paths),
  ...Object.entries(description.webhooks),
].flatMap(([path, item]) =>
  Object.entries(item as Json).flatMap(([method, operation]: [string, Json]) =>
    [['takes', operation.requestBody], ...Object.entries(operation.responses)].flatMap(([role, described]: Json) =>
      Object.entries(described?.content ?? {}).map(([mediaType, content]): [string, Content] => [
        `${method} ${path} ${role} ${mediaType}`,
        content as Content,
      ]),
    ),
  ),
)

const exampleOf = (operationId: string, name: string): Json => {
  const found = bodies.find(([title]) => title.startsWith(`${placeOf(operationId)} takes`))?.[1].examples?.[name]?.value
  if (found === undefined) throw new Error(`${operationId} has no example ${name}`)
  return structuredClone(found)
}

function placeOf(operationId: string): string {
  const found = operations.find((each) => each.operationId === operationId)
  if (!found) throw new Error(`there is no ${operationId}`)
  return `${found.method.toLowerCase()} ${found.path}`
}

describe('examples', () => {
  test('stand with every body, and fit the schema there without a member that it does not know', () => {
    expect(bodies.length).toBeGreaterThan(100)
    for (const [title, { schema, examples }] of bodies) {
      const isValid = validatorOf(schema)
      const values = Object.values(examples ?? {}).map((example) => resolved(example).value)
      expect([title, values.length]).not.toEqual([title, 0])
      for (const value of values) expect([title, isValid(value), isValid.errors]).toEqual([title, true, null])
    }
  })

  test('of problems bear the status of their answer', () => {
    for (const { answers, name } of operations) {
      for (const [status, { content }] of Object.entries(answers)) {
        const examples = Object.values(content?.['application/problem+json']?.examples ?? {})
        const statuses = examples.map((example) => (resolved(example) as Json).value.status)
        expect([name, statuses]).toEqual([name, statuses.map(() => Number(status))])
      }
    }
  })

  test('of requests are taken by the shop, from a new customer to an invoiced order with the totals that are shown', async () => {
    const created = async (path: string, body: Json): Promise<Json> => {
      const answer = await shop.request('POST', `/api/${path}`, { body })
      expect([path, answer.status, answer.body.detail]).toEqual([path, 201, undefined])
      return answer.body
    }
    const patched = async (path: string, record: Json, body: Json): Promise<Json> => {
      const headers = { 'if-match': `"${record.version}"` }
      const answer = await shop.request('PATCH', `/api/${path}/${record.id}`, { body, headers })
      expect([path, answer.status, answer.body.detail]).toEqual([path, 200, undefined])
      return answer.body
    }
    const customer = await created('customers', exampleOf('createCustomer', 'a company'))
    await created('customers', exampleOf('createCustomer', 'a person'))
    const department = await created('customers', exampleOf('createCustomer', 'a department'))
    const product = await created('products', exampleOf('createProduct', 'a product'))
    await patched('products', product, exampleOf('updateProduct', 'a new price'))
    const renamed = await patched('customers', customer, exampleOf('updateCustomer', 'another name and no phone'))
    const moved = await patched('customers', renamed, exampleOf('updateCustomer', 'one part of the address'))
    expect(moved).toMatchObject({ phone: null, address: { line1: 'Storgata 14', line2: 'Oppgang B' } })

    const newOrder = exampleOf('createOrder', 'an order with freight')
    newOrder.customerId = customer.id
    newOrder.departmentId = department.id
    newOrder.lines[0].productId = product.id
    const order = await created('orders', newOrder)
    const shownOrder = description.paths['/api/orders/{id}'].get.responses[200].content['application/json'].examples
    const totalsOf = ({ totalExVat, totalIncVat }: Json) => ({ totalExVat, totalIncVat })
    expect(totalsOf(order)).toEqual(totalsOf(shownOrder['a confirmed order'].value))

    const confirmed = await patched('orders', order, exampleOf('updateOrder', 'confirmed'))
    const invoicing = exampleOf('updateOrder', 'invoiced, with corrected lines')
    invoicing.lines[0].id = order.lines[0].id
    invoicing.lines[1].id = order.lines[1].id
    const invoiced = await patched('orders', confirmed, invoicing)
    const shownInvoiced = shownOrder['an invoiced order'].value
    expect(totalsOf(invoiced)).toEqual(totalsOf(shownInvoiced))
    expect(invoiced.invoiceBalance).toBe(shownInvoiced.totalIncVat)
    await patched('orders', invoiced, exampleOf('updateOrder', 'what is still to be paid'))
  })
})

test('what is not as described is found: an answer with a member too many, without a header, of another status', () => {
  const operation = operations.find(({ operationId }) => operationId === 'getCounts')
  if (!operation) throw new Error('there is no getCounts')
  const counts = { customers: 1, products: 1, orders: 1, lines: 1 }
  const seen = (status: number, body: unknown, headers: Record<string, string>) =>
    answerFaults(operation, {
      status,
      text: JSON.stringify(body),
      header: (name) => headers[name.toLowerCase()] ?? null,
    })
  const json = { 'content-type': 'application/json' }
  const problem = { type: '/rate-limited', title: 'Too many', status: 429, detail: 'Wait.' }
  expect(seen(200, counts, json)).toEqual([])
  expect(seen(200, { ...counts, carts: 2 }, json)).toEqual([expect.stringContaining('additional properties')])
  expect(seen(200, { ...counts, lines: '1' }, json)).toEqual([expect.stringContaining('/lines must be integer')])
  expect(seen(200, counts, { 'content-type': 'text/html' })).toEqual(['content type text/html'])
  expect(seen(418, counts, json)).toEqual(['418 is not described'])
  expect(seen(429, problem, { 'content-type': 'application/problem+json' })).toEqual(['no Retry-After'])
})

test('each webhook that is sent has the headers and the body that the document describes', async () => {
  const received: { headers: Json; body: Json }[] = []
  const receiver = createServer((request, response) => {
    let text = ''
    request.on('data', (part) => {
      text += part
    })
    request.on('end', () => {
      received.push({ headers: request.headers, body: JSON.parse(text) })
      response.writeHead(204).end()
    })
  })
  await new Promise<void>((resolve) => receiver.listen(0, '127.0.0.1', resolve))
  await world.settings({
    webhookUrl: `http://127.0.0.1:${(receiver.address() as AddressInfo).port}/webhooks/shop`,
    webhookDelayMs: 0,
  })
  world.sandbox.customers.remove(world.customer().id)
  world.sandbox.products.remove(world.product().id)
  world.sandbox.orders.remove(world.order().id)
  await until(() => received.length >= 6)
  await world.settings({ webhookUrl: null })
  receiver.close()
  expect(new Set(received.map(({ body }) => body.type))).toEqual(new Set(Object.keys(description.webhooks)))
  for (const { headers, body } of received) {
    const { parameters, requestBody } = description.webhooks[body.type].post
    expect(validatorOf(requestBody.content['application/json'].schema)(body)).toBe(true)
    const wrong = parameters.filter((each: Json) => !validatorOf(each.schema)(headers[each.name]))
    expect([parameters.length, wrong]).toEqual([3, []])
  }
})
