import { startPowerOfficeSandbox } from '../../sandbox/poweroffice/server.ts'
import { startWebshopSandbox } from '../../sandbox/webshop/server.ts'
import { clientOf } from '../sandbox-webshop-client.ts'

// Either sandbox over plain HTTP, in the same words, so that one suite says what faults do in both.

export interface Arrived {
  /** `none` when the connection ended before a whole answer; `code` then says how. */
  readonly status: number | 'none'
  readonly code: string
  readonly text: string
  readonly headers: Headers
  readonly ms: number
}

export interface FaultedSandbox {
  readonly name: string
  /** Root of the admin endpoints. */
  readonly origin: string
  /** Part of the path of everything about customers. */
  readonly list: string
  create(name: string): Promise<Arrived>
  /** PATCH of one customer's phone, with what optimistic concurrency asks for. */
  setPhone(id: string, phone: string): Promise<Arrived>
  read(id: string): Promise<Arrived>
  readList(): Promise<Arrived>
  /** Ids of all customers of this name, looked up past the API. */
  stored(name: string): readonly string[]
  phoneOf(id: string): string | null
  /** The property of a phone number. */
  readonly phoneField: string
  readonly nameField: string
  close(): Promise<void>
}

/** One request; nothing is thrown for an answer that never came. */
export async function arrive(url: string, init: RequestInit): Promise<Arrived> {
  const startedAtMs = performance.now()
  try {
    const answer = await fetch(url, init)
    const text = await answer.text()
    return { status: answer.status, code: '', text, headers: answer.headers, ms: performance.now() - startedAtMs }
  } catch (error) {
    const { cause, name } = error as Error
    const code = cause instanceof Error && 'code' in cause ? String(cause.code) : name
    return { status: 'none', code, text: '', headers: new Headers(), ms: performance.now() - startedAtMs }
  }
}

export async function startPowerOffice(): Promise<FaultedSandbox> {
  const sandbox = await startPowerOfficeSandbox({
    port: 0,
    dataFile: ':memory:',
    seed: 'none',
    switches: { rateLimit: 'off' },
  })
  const { keys, baseUrl } = sandbox
  const subscription = { 'Ocp-Apim-Subscription-Key': keys.subscriptionKey }
  const basic = Buffer.from(`${keys.applicationKey}:${keys.clientKey}`).toString('base64')
  const token = await fetch(sandbox.tokenUrl, {
    method: 'POST',
    headers: {
      ...subscription,
      Authorization: `Basic ${basic}`,
      'Content-Type': 'application/x-www-form-urlencoded',
    },
    body: 'grant_type=client_credentials',
  })
  const { access_token: accessToken } = (await token.json()) as { access_token: string }
  const authorised = { ...subscription, Authorization: `Bearer ${accessToken}` }
  const write = (method: string, path: string, contentType: string, body: unknown) =>
    arrive(baseUrl + path, {
      method,
      headers: { ...authorised, 'Content-Type': contentType },
      body: JSON.stringify(body),
    })
  let made = 0
  return {
    name: 'PowerOffice',
    origin: sandbox.origin,
    list: '/Customers',
    phoneField: 'PhoneNumber',
    nameField: 'Name',
    create: (name) => {
      made += 1
      return write('POST', '/Customers', 'application/json', { Name: name, EmailAddress: `post${made}@x.example` })
    },
    setPhone: (id, phone) =>
      write('PATCH', `/Customers/${id}`, 'application/json-patch+json', [
        { op: 'replace', path: '/PhoneNumber', value: phone },
      ]),
    read: (id) => arrive(`${baseUrl}/Customers/${id}`, { headers: authorised }),
    readList: () => arrive(`${baseUrl}/Customers`, { headers: authorised }),
    stored: (name) => sandbox.customers.all().flatMap((each) => (each.Name === name ? [String(each.Id)] : [])),
    phoneOf: (id) => sandbox.customers.get(Number(id))?.PhoneNumber ?? null,
    close: () => sandbox.close(),
  }
}

export async function startWebshop(): Promise<FaultedSandbox> {
  const sandbox = await startWebshopSandbox()
  const { baseUrl } = sandbox
  const authorised = { authorization: 'Bearer sandbox-webshop' }
  return {
    name: 'the webshop',
    origin: baseUrl,
    list: '/customers',
    phoneField: 'phone',
    nameField: 'name',
    create: (name) =>
      arrive(`${baseUrl}/api/customers`, {
        method: 'POST',
        headers: { ...authorised, 'content-type': 'application/json' },
        body: JSON.stringify({ kind: 'company', name }),
      }),
    setPhone: (id, phone) =>
      arrive(`${baseUrl}/api/customers/${id}`, {
        method: 'PATCH',
        headers: {
          ...authorised,
          'content-type': 'application/merge-patch+json',
          'if-match': `"${sandbox.customers.get(id)?.version}"`,
        },
        body: JSON.stringify({ phone }),
      }),
    read: (id) => arrive(`${baseUrl}/api/customers/${id}`, { headers: authorised }),
    readList: () => arrive(`${baseUrl}/api/customers`, { headers: authorised }),
    stored: (name) => sandbox.customers.all().flatMap((each) => (each.name === name ? [each.id] : [])),
    phoneOf: (id) => sandbox.customers.get(id)?.phone ?? null,
    close: () => sandbox.close(),
  }
}

/** The levers of the faults, as somebody in another process has them. */
export function leversOf({ origin }: Pick<FaultedSandbox, 'origin'>) {
  const { admin } = clientOf(origin)
  return {
    plan: async (fault: object): Promise<number> => {
      const { status, body } = await admin('POST', '/faults', fault)
      if (status !== 201) throw new Error(`the fault was refused: ${JSON.stringify(body)}`)
      return body.id as number
    },
    hits: async (): Promise<number[]> =>
      (await admin('GET', '/faults')).body.map(({ hits }: { hits: number }) => hits) as number[],
    /** Begins anew: no plan, no counts. */
    forget: async (): Promise<void> => {
      await admin('DELETE', '/faults')
      await admin('DELETE', '/faults/counts')
    },
    clear: () => admin('DELETE', '/faults'),
    counts: async () => (await admin('GET', '/faults/counts')).body as Record<string, unknown>,
  }
}
