import { createServer, type IncomingHttpHeaders } from 'node:http'
import type { AddressInfo } from 'node:net'
import { Webhook } from 'standardwebhooks'
import { describe, expect, test } from 'vitest'
import { defaultWebhookSecret } from '../sandbox/webshop/sandbox-keys.ts'
import type { WebshopSandboxOptions } from '../sandbox/webshop/server.ts'
import { type ShopClient, until, withShop } from './sandbox-webshop-client.ts'

interface Received {
  readonly headers: IncomingHttpHeaders
  readonly body: string
}

interface Receiver {
  readonly url: string
  readonly received: readonly Received[]
  /** Statuses for the next deliveries; 204 when used up, `hang` never answers. */
  readonly answers: (number | 'hang')[]
}

async function withReceiver(body: (receiver: Receiver) => Promise<void>): Promise<void> {
  const received: Received[] = []
  const answers: (number | 'hang')[] = []
  const server = createServer((request, response) => {
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', () => {
      received.push({ headers: request.headers, body: Buffer.concat(chunks).toString() })
      const status = answers.shift() ?? 204
      if (status !== 'hang') response.writeHead(status, { location: 'http://127.0.0.1:1/' }).end()
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  try {
    await body({ url: `http://127.0.0.1:${port}/webhooks/default`, received, answers })
  } finally {
    server.closeAllConnections()
    await new Promise((resolve) => server.close(resolve))
  }
}

async function withPair(
  options: WebshopSandboxOptions,
  body: (client: ShopClient, receiver: Receiver) => Promise<void>,
): Promise<void> {
  await withReceiver((receiver) =>
    withShop({ webhookUrl: receiver.url, ...options, settings: { webhookDelayMs: 0, ...options.settings } }, (client) =>
      body(client, receiver),
    ),
  )
}

const company = { kind: 'company', name: 'A' }
const countsOf = async (client: ShopClient) => (await client.admin('GET', '/counts')).body.webhooks
const headersOf = ({ headers }: Received) => ({
  'webhook-id': String(headers['webhook-id']),
  'webhook-timestamp': String(headers['webhook-timestamp']),
  'webhook-signature': String(headers['webhook-signature']),
})
const first = <Item>(items: readonly Item[]): Item => {
  if (items[0] === undefined) throw new Error('Nothing was received')
  return items[0]
}

describe('webhooks', () => {
  test("each write is announced, the sync's own too, with type, time, id and version, signed so that the library's verifier accepts it", async () => {
    await withPair({}, async (client, { received }) => {
      const created = (await client.create(company)).body
      await until(() => received.length === 1)
      const changed = (await client.patch(created.id, created.version, { phone: '1' }, { key: 'sandbox-shopkeeper' }))
        .body
      await until(() => received.length === 2)
      await client.remove(created.id, changed.version)
      await until(() => received.length === 3)
      const verifier = new Webhook(defaultWebhookSecret)
      const events = received.map((each) => verifier.verify(each.body, headersOf(each)))
      expect(events).toEqual([
        { type: 'customer.changed', timestamp: created.changedAt, data: { id: created.id, version: created.version } },
        { type: 'customer.changed', timestamp: changed.changedAt, data: { id: created.id, version: changed.version } },
        {
          type: 'customer.deleted',
          timestamp: expect.any(String),
          data: { id: created.id, version: expect.any(String) },
        },
      ])
      expect(new Set(received.map((each) => each.headers['webhook-id'])).size).toBe(3)
      const altered = first(received)
      expect(() => verifier.verify(altered.body.replace('changed', 'deleted'), headersOf(altered))).toThrow()
      const stranger = new Webhook(`whsec_${Buffer.from('another secret of enough bytes').toString('base64')}`)
      expect(() => stranger.verify(altered.body, headersOf(altered))).toThrow()
    })
  })

  test('products and orders are announced too, an order for its lines as well; orders announce nothing of their customer', async () => {
    await withPair({}, async (client, { received }) => {
      const shopkeeper = { key: 'sandbox-shopkeeper' }
      const customer = (await client.create(company)).body
      const product = (await client.products.create({ sku: '1', name: 'A' })).body
      const body = { customerId: customer.id, currency: 'NOK', orderedAt: '2026-11-23T08:15:30Z', lines: [] }
      const order = (await client.orders.create(body, shopkeeper)).body
      const line = await client.linesOf(order).add({ kind: 'text', description: 'x' })
      const version = String(line.headers.get('etag')).slice(1, -1)
      await client.linesOf({ id: order.id, version }).edit(line.body.id, { description: 'x' })
      await client.orders.remove(order.id, version)
      await client.products.remove(product.id, product.version)
      await until(() => received.length === 6)
      // Deliveries are under way side by side, so that they may arrive in any order.
      const events = received.map((each) => JSON.parse(each.body)).map(({ type, data }) => `${type} ${data.id}`)
      expect(events.sort()).toEqual([
        `customer.changed ${customer.id}`,
        `order.changed ${order.id}`,
        `order.changed ${order.id}`,
        `order.deleted ${order.id}`,
        `product.changed ${product.id}`,
        `product.deleted ${product.id}`,
      ])
      const versions = received.map((each) => JSON.parse(each.body)).filter(({ type }) => type === 'order.changed')
      expect(versions.map(({ data }) => data.version).sort()).toEqual([order.version, version].sort())
    })
  })

  test('what changes nothing is not announced: a refusal, an empty patch, a replayed POST, a bulk insert', async () => {
    await withPair({}, async (client, { received }) => {
      const headers = { 'idempotency-key': 'once' }
      const { body } = await client.create(company, { headers })
      await client.create(company, { headers })
      await client.patch(body.id, body.version, { name: 'A' })
      await client.patch(body.id, 'old', { name: 'B' })
      await client.create({ kind: 'company' })
      await client.admin('POST', '/customers/bulk', [company])
      await client.remove(body.id, body.version)
      await until(() => received.some((each) => each.body.includes('customer.deleted')))
      expect(received.map((each) => JSON.parse(each.body).type).sort()).toEqual([
        'customer.changed',
        'customer.deleted',
      ])
    })
  })

  test('a delivery that is not answered with 2xx is repeated under the same id, freshly signed, until it is', async () => {
    await withPair({ settings: { webhookRetryDelaysMs: [1, 1, 1] } }, async (client, { received, answers }) => {
      answers.push(500, 307, 410)
      await client.create(company)
      await until(() => received.length === 4)
      expect(new Set(received.map((each) => each.headers['webhook-id'])).size).toBe(1)
      const verifier = new Webhook(defaultWebhookSecret)
      for (const each of received) expect(verifier.verify(each.body, headersOf(each))).toEqual(JSON.parse(each.body))
      await expect.poll(() => countsOf(client)).toEqual({ sent: 1, failed: 0, lost: 0 })
    })
  })

  test('after the last retry it is given up and counted', async () => {
    await withPair({ settings: { webhookRetryDelaysMs: [1] } }, async (client, { answers, received }) => {
      answers.push(500, 500)
      await client.create(company)
      await expect.poll(() => countsOf(client)).toEqual({ sent: 0, failed: 1, lost: 0 })
      expect(received.length).toBe(2)
    })
  })

  test('a receiver that hangs or is not there holds no request up, and closing does not wait for it', async () => {
    await withPair({}, async (client, { answers, received, url }) => {
      answers.push('hang')
      await client.create(company)
      await until(() => received.length === 1)
      await client.admin('PATCH', '/settings', { webhookUrl: 'http://127.0.0.1:9/webhooks/default' })
      expect((await client.create({ ...company, name: 'B' })).status).toBe(201)
      await client.admin('PATCH', '/settings', { webhookUrl: url })
      await client.create({ ...company, name: 'C' })
      await until(() => received.length === 2)
      expect(await countsOf(client)).toEqual({ sent: expect.any(Number), failed: 0, lost: 0 })
    })
  })

  test('lost webhooks are counted and not sent; off, or no address, is neither', async () => {
    await withPair({ settings: { webhooks: 'lost' } }, async (client, { received }) => {
      await client.create(company)
      expect((await client.get('/api/capabilities')).body.webhooks).toBe(true)
      await client.admin('PATCH', '/settings', { webhooks: 'off' })
      await client.create(company)
      expect((await client.get('/api/capabilities')).body.webhooks).toBe(false)
      await client.admin('PATCH', '/settings', { webhooks: 'on', webhookUrl: null })
      await client.create(company)
      expect([await countsOf(client), received]).toEqual([{ sent: 0, failed: 0, lost: 1 }, []])
    })
  })
})

describe('faults of webhooks', () => {
  const plan = (client: ShopClient, fault: object) => client.admin('POST', '/faults', fault)
  const fired = async (client: ShopClient) => (await client.admin('GET', '/faults/counts')).body.byKind
  const idsOf = (received: readonly Received[]) => received.map(({ body }) => JSON.parse(body).data.id as string)

  test('one that is lost is never sent and is counted; the next one comes', async () => {
    await withPair({}, async (client, { received }) => {
      await plan(client, { kind: 'webhookLost', match: 'c-000001' })
      await client.create(company)
      await client.create(company)
      await until(() => received.length === 1)
      expect([idsOf(received), await fired(client)]).toEqual([['c-000002'], { webhookLost: 1 }])
      expect(await countsOf(client)).toEqual({ sent: 1, failed: 0, lost: 1 })
    })
  })

  test('one that is sent twice has the same id both times', async () => {
    await withPair({}, async (client, { received }) => {
      await plan(client, { kind: 'webhookDuplicated', copies: 2 })
      await client.create(company)
      await until(() => received.length === 3)
      expect(new Set(received.map(({ headers }) => headers['webhook-id'])).size).toBe(1)
      expect([idsOf(received), await fired(client)]).toEqual([Array(3).fill('c-000001'), { webhookDuplicated: 1 }])
    })
  })

  test('one that is late comes after those announced in the meantime', async () => {
    await withPair({}, async (client, { received }) => {
      await plan(client, { kind: 'webhookDelayed', latencyMs: 400 })
      const startedAtMs = performance.now()
      await client.create(company)
      await client.create(company)
      await until(() => received.length === 2)
      expect([idsOf(received), await fired(client)]).toEqual([['c-000002', 'c-000001'], { webhookDelayed: 1 }])
      expect(performance.now() - startedAtMs).toBeGreaterThan(390)
    })
  })

  test('those out of order are overtaken by the next one; without a next one they come by themselves, which is no hit', async () => {
    await withPair({}, async (client, { received }) => {
      await plan(client, { kind: 'webhookReordered', count: 2, latencyMs: 60_000 })
      for (let made = 0; made < 3; made += 1) await client.create(company)
      await until(() => received.length === 3)
      expect(idsOf(received)[0]).toBe('c-000003')
      expect(idsOf(received).toSorted()).toEqual(['c-000001', 'c-000002', 'c-000003'])
      expect(await fired(client)).toEqual({ webhookReordered: 2 })
      await plan(client, { kind: 'webhookReordered', latencyMs: 50 })
      await client.create(company)
      await until(() => received.length === 4)
      expect([idsOf(received)[3], await fired(client)]).toEqual(['c-000004', { webhookReordered: 2 }])
    })
  })

  test('by chance, with a seed: the same announcements meet the same fate', async () => {
    const run = async (seed: number) => {
      let arrived: string[] = []
      await withPair({}, async (client, { received }) => {
        await plan(client, { kind: 'webhookLost', probability: 0.4, seed })
        for (let made = 0; made < 20; made += 1) await client.create(company)
        const { webhookLost: lost } = await fired(client)
        await until(() => received.length === 20 - lost)
        arrived = idsOf(received).toSorted()
      })
      return arrived
    }
    const first = await run(4)
    expect(first.length).toBeLessThan(20)
    expect(await run(4)).toEqual(first)
    expect(await run(9)).not.toEqual(first)
  })

  test('they are signed with the clock of the shop, off as it may be', async () => {
    await withPair({ settings: { clockSkewMs: -3_600_000 } }, async (client, { received }) => {
      await client.create(company)
      const [one] = await until(() => received.length === 1 && received)
      if (!one) throw new Error('no webhook came')
      const minutes = Math.round((Number(headersOf(one)['webhook-timestamp']) * 1000 - Date.now()) / 60_000)
      expect(minutes).toBe(-60)
    })
  })
})
