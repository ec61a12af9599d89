import { randomBytes, randomUUID } from 'node:crypto'
import { connect } from 'node:net'
import type { Client } from '@temporalio/client'
import { Webhook } from 'standardwebhooks'
import { afterEach, expect, test } from 'vitest'
import { readSettings } from '../flows/settings.ts'
import { type Receiver, startReceiver } from '../worker/receiver.ts'

const secret = `whsec_${randomBytes(24).toString('base64')}`
const key = `2026-11:${randomBytes(32).toString('base64')}`
const news = JSON.stringify({ type: 'customer.changed', data: { id: 'c-1', version: 2 } })

let receiver: Receiver
let woken: string[]
afterEach(() => receiver.close())

async function start(environment: Record<string, string> = {}): Promise<string> {
  woken = []
  const settings = readSettings({ WEBSHOP_WEBHOOK_SECRET: secret, KOBLING_CODEC_KEYS: key, ...environment })
  receiver = await startReceiver({
    settings: { ...settings, receiverPort: 0 },
    client: {} as Client,
    wakeCalls: {
      register: () => () => undefined,
      wake: (_connection: string, flow: string) => {
        woken.push(flow)
        return true
      },
    } as unknown as Parameters<typeof startReceiver>[0]['wakeCalls'],
    isServing: () => true,
    log: () => undefined,
  })
  return `http://127.0.0.1:${receiver.port}`
}

interface Sent {
  readonly body?: string
  readonly id?: string
  readonly at?: Date
  readonly signedWith?: string
  readonly connection?: string
}

function send(
  base: string,
  { body = news, id = randomUUID(), at = new Date(), ...sent }: Sent = {},
): Promise<Response> {
  return fetch(`${base}/webhooks/${sent.connection ?? 'default'}`, {
    method: 'POST',
    headers: {
      'webhook-id': id,
      'webhook-timestamp': String(Math.floor(at.getTime() / 1_000)),
      'webhook-signature': new Webhook(sent.signedWith ?? secret).sign(id, at, body),
    },
    body,
  })
}

test('a signed webhook wakes its flow', async () => {
  expect((await send(await start())).status).toBe(204)
  expect(woken).toEqual(['customers'])
})

test('a signature of another secret, of another body or none at all wakes nothing', async () => {
  const base = await start()
  expect((await send(base, { signedWith: `whsec_${randomBytes(24).toString('base64')}` })).status).toBe(401)
  const unsigned = await fetch(`${base}/webhooks/default`, { method: 'POST', body: news })
  expect(unsigned.status).toBe(401)
  expect(await unsigned.text()).not.toContain(secret)
  expect((await send(base, { connection: 'other' })).status).toBe(404)
  expect(woken).toEqual([])
})

test('a webhook that was signed more than five minutes ago, or will be, is refused however well it is signed', async () => {
  const base = await start()
  const minutes = (count: number) => new Date(Date.now() + count * 60_000)
  expect((await send(base, { at: minutes(-6) })).status).toBe(401)
  expect((await send(base, { at: minutes(6) })).status).toBe(401)
  expect((await send(base, { at: minutes(-4) })).status).toBe(204)
  expect(woken).toHaveLength(1)
})

test('a webhook that is sent again is taken and wakes nothing', async () => {
  const base = await start()
  const sent = { id: 'msg_1' }
  expect((await send(base, sent)).status).toBe(204)
  expect((await send(base, sent)).status).toBe(204)
  expect(woken).toHaveLength(1)
  expect(await (await fetch(`${base}/metrics`)).text()).toContain('kobling_webhooks_repeated_total 1')
})

test('a body of more than 64 KiB is refused, also when nobody says how long it is', async () => {
  const base = await start()
  expect((await send(base, { body: `"${'x'.repeat(70_000)}"` })).status).toBe(413)
  expect(await sendChunksWithoutEnd(receiver.port)).toMatch(/^HTTP\/1.1 413 /)
  expect(woken).toEqual([])
})

/** Chunked, so that no header tells the length; never ends by itself. */
function sendChunksWithoutEnd(port: number): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect(port, '127.0.0.1')
    const chunk = `4000\r\n${'x'.repeat(0x4000)}\r\n`
    let sent = 0
    const more = () => {
      if (socket.destroyed || ++sent > 1_000) return
      socket.write(chunk, () => setImmediate(more))
    }
    socket.write('POST /webhooks/default HTTP/1.1\r\nhost: 127.0.0.1\r\ntransfer-encoding: chunked\r\n\r\n', more)
    socket.once('data', (bytes) => {
      resolve(bytes.toString())
      socket.destroy()
    })
    socket.once('error', reject)
  })
}

test('what is no news of a flow is taken and wakes nothing', async () => {
  const base = await start()
  for (const body of ['[]', '"x"', '7', '{"type":{},"data":[]}', '{"type":"__proto__.changed","data":{"id":"1"}}'])
    expect((await send(base, { body })).status).toBe(204)
  expect(woken).toEqual([])
})

const plain = {
  metadata: { encoding: Buffer.from('json/plain').toString('base64') },
  data: Buffer.from('"Kari"').toString('base64'),
}

function codec(
  base: string,
  direction: string,
  body: unknown,
  headers: Record<string, string> = {},
): Promise<Response> {
  return fetch(`${base}/codec/${direction}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'x-namespace': 'default', ...headers },
    body: typeof body === 'string' ? body : JSON.stringify(body),
  })
}

test('the codec endpoint encrypts and shows what was encrypted, in Temporal’s JSON', async () => {
  const base = await start()
  const encoded = (await (await codec(base, 'encode', { payloads: [plain] })).json()) as { payloads: (typeof plain)[] }
  expect(encoded.payloads[0]?.data).not.toBe(plain.data)
  const decoded = await codec(base, 'decode', { payloads: [...encoded.payloads, plain] })
  expect(await decoded.json()).toEqual({ payloads: [plain, plain] })
})

test('the codec endpoint answers the pages of the Temporal UI, and lets no other page read', async () => {
  const base = await start({
    TEMPORAL_ADDRESS: 'temporal.example.com:7233',
    TEMPORAL_UI_URL: 'https://temporal.example.com/ui',
  })
  const allowed = async (origin: string) =>
    (
      await fetch(`${base}/codec/decode`, {
        method: 'OPTIONS',
        headers: { origin, 'access-control-request-method': 'POST', 'access-control-request-headers': 'x-namespace' },
      })
    ).headers.get('access-control-allow-origin')
  expect(await allowed('http://localhost:8233')).toBe('http://localhost:8233')
  expect(await allowed('https://temporal.example.com')).toBe('https://temporal.example.com')
  expect(await allowed('https://evil.example')).toBeNull()
})

test('the codec endpoint answers no strange name and no proxy, unless a token was configured and sent', async () => {
  let base = await start()
  expect((await codec(base, 'decode', { payloads: [plain] }, { 'x-forwarded-for': '10.0.0.1' })).status).toBe(403)
  expect(await postAs('evil.example', receiver.port)).toMatch(/^HTTP\/1.1 403 /)
  expect(await postAs('localhost:1', receiver.port)).toMatch(/^HTTP\/1.1 200 /)
  await receiver.close()
  base = await start({ KOBLING_CODEC_TOKEN: 'let-me-see' })
  expect((await codec(base, 'decode', { payloads: [plain] })).status).toBe(401)
  expect((await codec(base, 'decode', { payloads: [plain] }, { authorization: 'Bearer wrong' })).status).toBe(401)
  expect((await codec(base, 'decode', { payloads: [plain] }, { authorization: 'Bearer let-me-see' })).status).toBe(200)
})

/** fetch sets the Host itself; a rebound name sends its own. */
function postAs(host: string, port: number): Promise<string> {
  return new Promise((resolve, reject) => {
    const body = JSON.stringify({ payloads: [plain] })
    const socket = connect(port, '127.0.0.1', () =>
      socket.write(`POST /codec/decode HTTP/1.1\r\nhost: ${host}\r\ncontent-length: ${body.length}\r\n\r\n${body}`),
    )
    socket.once('data', (bytes) => {
      resolve(bytes.toString())
      socket.destroy()
    })
    socket.once('error', reject)
  })
}

test('what cannot be decoded is answered with a sentence', async () => {
  const base = await start()
  const strange = {
    metadata: {
      encoding: Buffer.from('binary/encrypted').toString('base64'),
      'encryption-key-id': Buffer.from('2020').toString('base64'),
    },
    data: 'AAAA',
  }
  const answer = await codec(base, 'decode', { payloads: [strange] })
  expect(answer.status).toBe(400)
  expect(await answer.text()).toContain('encrypted with the key \\"2020\\", which this process does not have')
  for (const body of ['', '{', 'null', '{"payloads":7}', '{"payloads":[7,{"data":1}]}'])
    expect((await codec(base, 'decode', body)).status).toBe(400)
})
