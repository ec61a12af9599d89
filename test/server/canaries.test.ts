import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { historyToJSON } from '@temporalio/common/lib/proto-utils.js'
import { afterAll, beforeAll, expect, inject, test } from 'vitest'
import { commandContext } from '../../client/command-context.ts'
import { runCommandLine } from '../../client/command-line.ts'
import { type ConnectedClient, connectClient } from '../../client/connect.ts'
import { flowNames } from '../../flows/flow-definition.ts'
import { readSettings, type Settings } from '../../flows/settings.ts'
import { dataConverterOf, payloadCodecs } from '../../worker/codec.ts'
import { findFreePort } from '../../worker/processes/busy-port.ts'
import type { FlowStatus } from '../../workflows/messages.ts'
import { personalDataIn, personCanary, secretCanaries, secretsIn } from '../support/canaries.ts'
import { descendantsOf, isLoopback, listenersOf } from '../support/listening.ts'
import { endProcesses, startProcess, type TestProcess } from '../support/processes.ts'
import { until } from '../support/world.ts'

const folder = mkdtempSync(join(tmpdir(), 'kobling-canaries-'))
const secrets = secretCanaries()
const quoted = `${JSON.stringify(secrets)} ${JSON.stringify(personCanary(7))}`
let settings: Settings
let product: TestProcess
let connected: ConnectedClient

const erpOrigin = () => settings.powerOffice.baseUrl.replace(/\/v2$/, '')
const shopOrigin = () => settings.webshop.baseUrl
const receiver = () => `http://127.0.0.1:${settings.receiverPort}`
const consoleOrigin = () => `http://127.0.0.1:${settings.consolePort}`
const productLog = join(folder, 'start.log')

beforeAll(async () => {
  const environment: Record<string, string> = {
    ...secrets,
    TEMPORAL_CLI: inject('temporalBinary'),
    KOBLING_DATA_DIR: join(folder, 'data'),
    POWEROFFICE_SANDBOX_SEED: 'none',
    POWEROFFICE_SANDBOX_SWITCHES: '{"organizationNumberCheck":"mod11","rateLimit":"off"}',
    POWEROFFICE_REQUESTS_PER_SECOND: '500',
    WEBSHOP_SANDBOX_SEED: 'none',
    POWEROFFICE_POLL_SECONDS: '0.5',
    POWEROFFICE_SWEEP_SECONDS: '3600',
    WEBSHOP_POLL_SECONDS: '0.5',
  }
  const ports = ['TEMPORAL_PORT', 'TEMPORAL_UI_PORT', 'POWEROFFICE_SANDBOX_PORT', 'WEBSHOP_SANDBOX_PORT']
  const free = new Set<number>()
  // A port that was free a moment ago may be named twice.
  while (free.size < ports.length + 2) free.add(await findFreePort())
  const numbers = [...free]
  for (const [index, name] of [...ports, 'KOBLING_PORT', 'KOBLING_CONSOLE_PORT'].entries())
    environment[name] = String(numbers[index])
  settings = readSettings(environment)
  product = startProcess({ entry: 'worker/launch/main.ts', environment, logFile: productLog, folder })
  await product.said('\nready', 600_000)
  connected = await connectClient(settings)
  await plantPeople()
  await plantOrders()
  await makeTrouble()
  await makeHostileOrders()
  // Two minutes alone; five processes start and a dozen faults are waited out.
}, 900_000)
afterAll(async () => {
  await connected?.close()
  if (product && !product.hasEnded()) {
    process.kill(product.pid, 'SIGINT')
    await product.ended
  }
  await endProcesses()
  rmSync(folder, { recursive: true, force: true })
})

async function post(url: string, body: unknown, headers: Record<string, string> = {}): Promise<Response> {
  const init = {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify(body),
  }
  const answer = await fetch(url, init)
  if (!answer.ok) throw new Error(`${url} answered ${answer.status}: ${await answer.text()}`)
  return answer
}

const shopkeeper = { authorization: 'Bearer sandbox-shopkeeper' }
const createInShop = (body: object, collection = 'customers') =>
  post(`${shopOrigin()}/api/${collection}`, body, shopkeeper)

async function createInErp(body: object, path = 'Customers'): Promise<Response> {
  const subscription = { 'Ocp-Apim-Subscription-Key': secrets.POWEROFFICE_SUBSCRIPTION_KEY }
  const basic = Buffer.from(`${secrets.POWEROFFICE_APPLICATION_KEY}:${secrets.POWEROFFICE_CLIENT_KEY}`).toString(
    'base64',
  )
  const token = await fetch(`${erpOrigin()}/OAuth/Token`, {
    method: 'POST',
    headers: { ...subscription, authorization: `Basic ${basic}`, 'content-type': 'application/x-www-form-urlencoded' },
    body: 'grant_type=client_credentials',
  })
  const { access_token: accessToken } = (await token.json()) as { access_token: string }
  return post(`${erpOrigin()}/v2/${path}`, body, { ...subscription, authorization: `Bearer ${accessToken}` })
}

const shopPerson = (number: number, changes: object = {}) => {
  const { firstName, lastName, email, phone, line1 } = personCanary(number)
  const address = { line1, line2: null, zip: '0155', city: 'Oslo', country: 'NO' }
  return { kind: 'person', firstName, lastName, email, phone, address, ...changes }
}

const erpPerson = (number: number) => {
  const { firstName, lastName, email, phone, line1 } = personCanary(number)
  const address = { AddressLine1: line1, ZipCode: '0155', City: 'Oslo', CountryCode: 'NO' }
  return {
    IsPerson: true,
    FirstName: firstName,
    LastName: lastName,
    EmailAddress: email,
    PhoneNumber: phone,
    MailAddress: address,
  }
}

async function customers(): Promise<FlowStatus> {
  return connected.client.workflow.getHandle('default.customers').query<FlowStatus>('status')
}

/** Successes both ways, an ambiguity and a refusal of the system's own. */
async function plantPeople(): Promise<void> {
  await createInErp(erpPerson(1))
  await createInShop(shopPerson(2))
  await createInShop({
    kind: 'company',
    name: 'Kanari AS',
    organizationNumber: '912345679',
    email: 'post@kanari.example',
  })
  await createInErp(erpPerson(3))
  // The number of links is told by the memory's answers, of which an older one may come last; what was made is counted.
  await until('the people to be linked', async () => ((await customers()).counters.outcomes.created ?? 0) >= 3)
}

const idOf = async (answer: Response) => ((await answer.json()) as { readonly id: string }).id

const namedBy = async (collection: string, id: string) =>
  (
    (await (await fetch(`${shopOrigin()}/api/${collection}/${id}`, { headers: shopkeeper })).json()) as {
      erpId?: string
    }
  ).erpId ?? null

/** A department, products and orders that are full of a person: in names, references, addresses and lines, sound and refused ones. */
async function plantOrders(): Promise<void> {
  const { firstName, lastName, email, line1 } = personCanary(8)
  await createInErp({ Code: 'KANARI', Name: `Avdeling ${lastName}`, IsActive: true }, 'Departments')
  const about = `${firstName} ${lastName} <${email}>`
  const product = { type: 'product', priceExVat: '10.00', vatRate: '25', unit: 'EA' }
  const productId = await idOf(
    await createInShop({ ...product, sku: 'KANARI-1', name: `Til ${firstName}`, description: about }, 'products'),
  )
  // More than PowerOffice takes as an article number: refused before it is sent.
  await createInShop({ ...product, sku: 'x'.repeat(101), name: `Også til ${firstName}`, gtin: email }, 'products')
  const customerId = await idOf(await createInShop(shopPerson(8)))
  const order = {
    customerId,
    currency: 'NOK',
    orderedAt: '2026-11-20T10:00:00Z',
    customerReference: about,
    purchaseOrderReference: email,
    deliveryAddress: { line1, line2: lastName, zip: '0155', city: 'Oslo', country: 'NO' },
    payment: { status: 'paid', method: 'kort', reference: email },
  }
  const line = { kind: 'product', productId, description: about, quantity: '1', unit: 'EA', unitPriceExVat: '10.00' }
  const sound = await idOf(await createInShop({ ...order, lines: [line] }, 'orders'))
  // A text with an amount, and freight without an article, have no place in PowerOffice.
  await createInShop({ ...order, lines: [line, { ...line, kind: 'text', productId: null }] }, 'orders')
  await createInShop({ ...order, lines: [{ ...line, kind: 'giftcard', productId: null }] }, 'orders')
  await until('the order to be linked', async () => (await namedBy('orders', sound)) !== null)
  const erpCustomer = Number((await namedBy('customers', customerId))?.split(':')[1])
  const erpProduct = Number((await namedBy('products', productId))?.split(':')[1])
  await createInErp(
    {
      CustomerId: erpCustomer,
      CustomerReference: about,
      PurchaseOrderReference: email,
      SalesOrderLines: [
        { ProductId: erpProduct, Quantity: 2, Description: about },
        // Without words it has no place in the webshop.
        { ProductId: erpProduct, Quantity: 3, Description: null, ExternalImportReference: email },
      ],
    },
    'SalesOrders/Complete',
  )
  const flow = connected.client.workflow.getHandle('default.salesOrders')
  await until('the other orders to be refused', async () => {
    const listed = await flow.query<readonly { readonly reason: string }[]>('inbox')
    return listed.filter(({ reason }) => reason === 'refused').length >= 2
  })
}

/** Lists and single answers of orders and products that are no such thing, and quote a person and every secret. */
async function makeHostileOrders(): Promise<void> {
  const person = personCanary(9)
  const hostileErp = {
    ...{ Id: quoted, CustomerReference: person, PurchaseOrderReference: [person.email], ImportedOrderNo: person.phone },
    ...{ SalesOrderStatus: person.lastName, Code: [person.lastName], Name: person, UnitPrice: person.email },
    ...{ SalesOrderLines: [{ Id: person.email, Description: person, Quantity: quoted }] },
  }
  const hostileShop = {
    ...{ id: quoted, version: person, erpId: [person.email], number: person.phone, status: person.lastName },
    ...{ customerReference: person, deliveryAddress: person.line1, payment: [person], totalExVat: person.email },
    ...{ lines: [{ id: person.email, description: person, quantity: quoted }], sku: person, name: [person.lastName] },
  }
  const page = { items: [hostileShop], next: '1', hasMore: false, epoch: quoted }
  for (const [origin, paths, body] of [
    [erpOrigin(), ['/v2/SalesOrders', '/v2/Products'], [hostileErp]],
    [shopOrigin(), ['/api/orders', '/api/products'], page],
  ] as const)
    for (const path of paths) {
      const list = { method: 'GET', path }
      await plan(origin, { ...list, count: 1, kind: 'status', status: 200, body })
      await plan(origin, { ...list, count: 3, kind: 'status', status: 500, body: { title: quoted, detail: quoted } })
      await plan(origin, { ...list, count: 3, kind: 'garbage', body: quoted })
      await plan(origin, { ...list, count: 1, kind: 'status', status: 200, body: { [person.email]: quoted } })
    }
  for (const origin of [erpOrigin(), shopOrigin()])
    await until(`every fault of orders at ${origin} to be met`, async () => {
      await lookNow()
      return (await unmet(origin)).length === 0
    })
  for (const flow of flowNames)
    await until(`${flow} to go on after all of it`, async () => {
      const { phase } = await connected.client.workflow.getHandle(`default.${flow}`).query<FlowStatus>('status')
      if (phase !== 'live') await lookNow()
      return phase === 'live'
    })
}

/** Refusals, outages, wrong credentials and malformed answers, each of which quotes secrets and a person. */
async function makeTrouble(): Promise<void> {
  const body = { title: quoted, detail: quoted, errors: { Email: [quoted] }, ...personCanary(7) }
  const { email } = personCanary(4)
  // A refusal's words are listed for people, and can quote no other key than the one that the request came with.
  const { POWEROFFICE_SUBSCRIPTION_KEY: erpKey, WEBSHOP_API_KEY: shopKey } = secrets
  await plan(erpOrigin(), { kind: 'refusal', match: email, title: erpKey, detail: `Not with ${erpKey}`, count: 1 })
  await createInShop(shopPerson(4))
  const { email: other } = personCanary(6)
  await plan(shopOrigin(), { kind: 'refusal', match: other, title: shopKey, detail: `Not with ${shopKey}`, count: 1 })
  await createInErp(erpPerson(6))
  const flow = connected.client.workflow.getHandle('default.customers')
  await until('both to be refused', async () => {
    const listed = await flow.query<readonly { reason: string; detail: string }[]>('inbox')
    return listed.filter(({ reason, detail }) => reason === 'refused' && detail.includes('Not with')).length === 2
  })
  for (const origin of [erpOrigin(), shopOrigin()]) {
    const list = { method: 'GET', path: 'customers' }
    // Three tries make one trouble; what is not tried again makes one at once.
    await plan(origin, { ...list, count: 3, kind: 'status', status: 500, body })
    await plan(origin, { ...list, count: 1, kind: 'status', status: 403, body })
    await plan(origin, { ...list, count: 2, kind: 'status', status: 401, body })
    const Location = `http://127.0.0.1:9/?${encodeURIComponent(quoted)}`
    await plan(origin, { ...list, count: 1, kind: 'status', status: 302, headers: { Location } })
    await plan(origin, { ...list, count: 3, kind: 'garbage', body: quoted })
    await plan(origin, { ...list, count: 3, kind: 'html', body: `<html>${quoted}</html>` })
    await plan(origin, { ...list, count: 1, kind: 'truncated' })
    await plan(origin, { ...list, count: 1, kind: 'reset' })
    await plan(origin, {
      ...list,
      count: 1,
      kind: 'status',
      status: 200,
      body: [{ Id: quoted, Name: personCanary(7) }],
    })
  }
  await plan(erpOrigin(), { kind: 'tokenRevoked', count: 1 })
  await fetch(`${receiver()}/webhooks/default`, { method: 'POST', body: quoted })
  for (const origin of [erpOrigin(), shopOrigin()])
    await until(`every fault at ${origin} to be met`, async () => {
      await lookNow()
      return (await unmet(origin)).length === 0
    })
  await createInShop(shopPerson(5))
  await until('work to go on after all of it', async () => {
    const status = await customers()
    if (status.phase !== 'live') await lookNow()
    return status.phase === 'live' && (status.counters.outcomes.created ?? 0) >= 5
  })
}

/** Trouble that comes back is looked at less and less often; `resume` means now. Not too often: each is an update of the run. */
async function lookNow(): Promise<void> {
  for (const flow of flowNames)
    await connected.client.workflow.getHandle(`default.${flow}`).executeUpdate('resume', { args: [{ by: 'test' }] })
  await new Promise((resolve) => setTimeout(resolve, 1_000))
}

const plan = (origin: string, fault: object) => post(`${origin}/sandbox/faults`, fault)

/** Faults that no request has met would prove nothing. */
async function unmet(origin: string): Promise<readonly unknown[]> {
  const planned = (await (await fetch(`${origin}/sandbox/faults`)).json()) as unknown
  const all = (Array.isArray(planned) ? planned : (planned as { faults: unknown[] }).faults) as {
    hits: number
    count?: number
  }[]
  return all.filter(({ hits, count = 1 }) => hits < count)
}

async function command(...args: string[]): Promise<string> {
  const said: string[] = []
  const context = {
    ...commandContext({}, new AbortController().signal),
    say: (line: string) => void said.push(line),
    settings: () => settings,
  }
  await runCommandLine(args, context, (sentence) => said.push(sentence))
  return said.join('\n')
}

/** As the server has them, and as whoever has the key reads them. */
async function histories(): Promise<{ stored: string; decoded: string }> {
  const stored: string[] = []
  const decoded: string[] = []
  for await (const { history } of connected.client.workflow.list().intoHistories()) {
    const json = historyToJSON(history as Parameters<typeof historyToJSON>[0])
    stored.push(json)
    for (const payload of payloadsIn(JSON.parse(json))) {
      let shown = [{ metadata: metadataOf(payload), data: Buffer.from(payload.data ?? '', 'base64') as Uint8Array }]
      for (const codec of payloadCodecs(settings).toReversed()) shown = (await codec.decode(shown)) as typeof shown
      decoded.push(...shown.map(({ data }) => Buffer.from(data).toString()))
    }
  }
  return { stored: stored.join('\n'), decoded: decoded.join('\n') }
}

interface JsonPayload {
  readonly metadata: Record<string, string>
  readonly data?: string
}

function payloadsIn(json: unknown): JsonPayload[] {
  if (typeof json !== 'object' || json === null) return []
  if ('metadata' in json && typeof json.metadata === 'object' && json.metadata && 'encoding' in json.metadata)
    return [json as JsonPayload]
  return Object.values(json).flatMap(payloadsIn)
}

function metadataOf(payload: JsonPayload): Record<string, Uint8Array> {
  return Object.fromEntries(Object.entries(payload.metadata).map(([name, text]) => [name, Buffer.from(text, 'base64')]))
}

test('no log of any process holds a secret or a person', () => {
  const logs = join(folder, 'data', 'logs')
  const texts = [
    ...readdirSync(logs).map((name) => [name, join(logs, name)] as const),
    ['npm start', productLog] as const,
  ]
  expect(texts.map(([name]) => name)).toEqual(expect.arrayContaining(['worker.log', 'console.log', 'temporal.log']))
  for (const [name, path] of texts) {
    const text = readFileSync(path, 'utf8')
    expect({ name, secrets: secretsIn(text, secrets), people: personalDataIn(text) }).toEqual({
      name,
      secrets: [],
      people: [],
    })
  }
})

test('histories hold no secret, and nothing of a person that could be read without the key', async () => {
  const { stored, decoded } = await histories()
  expect(secretsIn(stored, secrets)).toEqual([])
  expect(personalDataIn(stored)).toEqual([])
  expect(secretsIn(decoded, secrets)).toEqual([])
  // The people were really there, those of the orders too: who has the key reads them.
  expect(personalDataIn(decoded)).not.toEqual([])
  expect(decoded).toContain(personCanary(8).email)
})

test('metrics, health and readiness say nothing of a person and no secret', async () => {
  for (const path of ['/metrics', '/healthz', '/readyz', '/nothing', '/webhooks/other']) {
    const text = await (await fetch(`${receiver()}${path}`)).text()
    expect({ path, found: [...secretsIn(text, secrets), ...personalDataIn(text)] }).toEqual({ path, found: [] })
  }
})

test('the command line and the console show people, who are what they are for, and no secret', async () => {
  const said = []
  for (const args of [
    ['status'],
    ['status', 'customers'],
    ['status', '--json'],
    ['inbox'],
    ['inbox', '--json'],
    ['links', 'customers'],
    ['status', 'salesOrders'],
    ['links', 'salesOrders'],
    ['check'],
    ['nothing'],
  ])
    said.push(await command(...args))
  for (const path of [
    '/',
    '/inbox',
    ...flowNames.map((flow) => `/flows/${flow}`),
    '/flows/nothing',
    '/nothing',
    `/flows/customers/${encodeURIComponent(quoted)}`,
  ])
    said.push(await (await fetch(`${consoleOrigin()}${path}`)).text())
  expect(personalDataIn(said.join())).not.toEqual([])
  for (const text of said) expect({ secrets: secretsIn(text, secrets), text: '' }).toEqual({ secrets: [], text: '' })
})

test('the search finds a secret and a person where they are, also inside base64', () => {
  const planted = Buffer.from(`${secrets.WEBSHOP_API_KEY} ${personCanary(1).email}`).toString('base64')
  for (const text of [quoted, planted]) {
    expect(secretsIn(text, secrets)).toContain('WEBSHOP_API_KEY')
    expect(personalDataIn(text)).not.toEqual([])
  }
  expect(secretsIn(quoted, secrets)).toEqual(Object.keys(secrets))
})

test.skipIf(process.platform !== 'linux')('every process of the product listens on loopback addresses alone', () => {
  const listeners = listenersOf(descendantsOf(product.pid))
  const { temporal, powerOffice, webshop } = settings
  const ports = [
    temporal.port,
    temporal.uiPort,
    powerOffice.sandboxPort,
    webshop.sandboxPort,
    settings.receiverPort,
    settings.consolePort,
  ]
  expect(listeners.map(({ port }) => port)).toEqual(expect.arrayContaining(ports))
  expect(listeners.filter(({ address }) => !isLoopback(address))).toEqual([])
})

test('the Temporal UI is told where payloads are decoded, and may ask there', async () => {
  const ui = `http://127.0.0.1:${settings.temporal.uiPort}`
  const { Codec } = (await (await fetch(`${ui}/api/v1/settings`)).json()) as { Codec: { Endpoint: string } }
  const asked = await fetch(`${Codec.Endpoint}/decode`, {
    method: 'OPTIONS',
    headers: {
      origin: ui,
      'access-control-request-method': 'POST',
      'access-control-request-headers': 'content-type,x-namespace',
    },
  })
  expect(asked.headers.get('access-control-allow-origin')).toBe(ui)
  const [sent] = (await dataConverterOf(settings)
    .payloadCodecs?.at(-1)
    ?.encode([{ metadata: { encoding: Buffer.from('json/plain') }, data: Buffer.from('"Kari"') }])) ?? [{}]
  const payload = {
    metadata: Object.fromEntries(
      Object.entries(sent?.metadata ?? {}).map(([name, bytes]) => [name, Buffer.from(bytes).toString('base64')]),
    ),
    data: Buffer.from(sent?.data ?? []).toString('base64'),
  }
  const answer = await post(
    `${Codec.Endpoint}/decode`,
    { payloads: [payload] },
    { origin: ui, 'x-namespace': 'default' },
  )
  const { payloads } = (await answer.json()) as { payloads: { data: string }[] }
  expect(Buffer.from(payloads[0]?.data ?? '', 'base64').toString()).toBe('"Kari"')
})
