import { type PowerOfficeSandbox, startPowerOfficeSandbox } from '../sandbox/poweroffice/server.ts'
import { createSettings, type SwitchChanges } from '../sandbox/poweroffice/settings.ts'
import type { SeedName } from '../sandbox/seed/options.ts'
import { answerFaults } from './support/poweroffice-answer.ts'

// The whole answer, as the tests of the PowerOffice sandbox look at it.
export interface Answered {
  readonly status: number
  readonly text: string
  readonly json: unknown
  readonly headers: Headers
}

export interface ApiClient {
  readonly sandbox: PowerOfficeSandbox
  readonly authorization: string
  request(method: string, path: string, options?: RequestOptions): Promise<Answered>
  get(path: string): Promise<Answered>
  post(path: string, body: unknown): Promise<Answered>
  patch(path: string, operations: unknown): Promise<Answered>
  delete(path: string): Promise<Answered>
}

export interface RequestOptions {
  readonly headers?: Readonly<Record<string, string | undefined>>
  readonly body?: string
}

/**
 * A sandbox of its own on any port, in memory, without a rate limit, with a token. Every answer in the documented form is held
 * against openapi.json; only a changed response form (switches) lifts that.
 */
export async function startApi(options: { seed?: SeedName; switches?: SwitchChanges } = {}): Promise<ApiClient> {
  const sandbox = await startPowerOfficeSandbox({
    port: 0,
    dataFile: ':memory:',
    seed: options.seed ?? 'none',
    switches: { rateLimit: 'off', ...options.switches },
  })
  const authorization = `Bearer ${await fetchToken(sandbox)}`
  const standard = { 'Ocp-Apim-Subscription-Key': sandbox.keys.subscriptionKey, Authorization: authorization }

  async function request(method: string, path: string, { headers = {}, body }: RequestOptions = {}): Promise<Answered> {
    const given = Object.entries({ ...standard, ...headers }).filter((entry): entry is [string, string] => !!entry[1])
    const response = await fetch(sandbox.baseUrl + path, {
      method,
      headers: Object.fromEntries(given),
      ...(body === undefined ? {} : { body }),
    })
    const text = await response.text()
    const answered = { status: response.status, text, json: parsed(text), headers: response.headers }
    if (isDocumentedForm(sandbox)) assertDocumented(method, path, answered)
    return answered
  }

  return {
    sandbox,
    authorization,
    request,
    get: (path) => request('GET', path),
    post: (path, body) =>
      request('POST', path, { body: JSON.stringify(body), headers: { 'Content-Type': 'application/json' } }),
    patch: (path, operations) =>
      request('PATCH', path, {
        body: JSON.stringify(operations),
        headers: { 'Content-Type': 'application/json-patch+json' },
      }),
    delete: (path) => request('DELETE', path),
  }
}

/** Without holding the answer against the description: for answers that no description lists. */
export async function rawRequest(
  api: ApiClient,
  method: string,
  path: string,
  body: unknown,
): Promise<{ status: number; json: unknown }> {
  const response = await fetch(api.sandbox.baseUrl + path, {
    method,
    headers: {
      Authorization: api.authorization,
      'Ocp-Apim-Subscription-Key': api.sandbox.keys.subscriptionKey,
      'Content-Type': method === 'PATCH' ? 'application/json-patch+json' : 'application/json',
    },
    body: JSON.stringify(body),
  })
  return { status: response.status, json: parsed(await response.text()) }
}

/** The sandbox's own levers, outside the API. */
export async function adminRequest(
  api: ApiClient,
  method: string,
  path: string,
  body?: unknown,
): Promise<{ status: number; json: unknown }> {
  const response = await fetch(`${api.sandbox.origin}/sandbox${path}`, {
    method,
    ...(body === undefined ? {} : { body: JSON.stringify(body), headers: { 'Content-Type': 'application/json' } }),
  })
  return { status: response.status, json: await response.json() }
}

export async function requestToken(
  sandbox: PowerOfficeSandbox,
  options: { user?: string; password?: string; subscription?: string | null; body?: string; contentType?: string } = {},
): Promise<Response> {
  const basic = Buffer.from(
    `${options.user ?? sandbox.keys.applicationKey}:${options.password ?? sandbox.keys.clientKey}`,
  ).toString('base64')
  const subscription = options.subscription === undefined ? sandbox.keys.subscriptionKey : options.subscription
  return fetch(sandbox.tokenUrl, {
    method: 'POST',
    headers: {
      Authorization: `Basic ${basic}`,
      'Content-Type': options.contentType ?? 'application/x-www-form-urlencoded',
      ...(subscription === null ? {} : { 'Ocp-Apim-Subscription-Key': subscription }),
    },
    body: options.body ?? 'grant_type=client_credentials',
  })
}

export async function fetchToken(sandbox: PowerOfficeSandbox): Promise<string> {
  const response = await requestToken(sandbox)
  const body = (await response.json()) as { access_token: string }
  return body.access_token
}

/** Back to the defaults, the rate limit off. */
export function resetSandbox(sandbox: PowerOfficeSandbox): void {
  const defaults = Object.fromEntries(Object.keys(sandbox.settings.current()).map((key) => [key, null]))
  sandbox.settings.change({ ...defaults, rateLimit: 'off' })
  sandbox.faults.clear()
  sandbox.counts.reset()
}

/** Throws with every way in which the answer is not what openapi.json says. */
function assertDocumented(method: string, pathAndQuery: string, { status, text, headers }: Answered): void {
  const [path = '', query = ''] = pathAndQuery.split('?')
  const asked = { method, path, fields: /(^|&)fields=/i.test(query) }
  const faults = answerFaults(asked, { status, text, header: (name) => headers.get(name) })
  if (faults.length > 0) throw new Error(`${method} ${pathAndQuery} answered ${status}: ${faults.join('; ')}`)
}

const defaults = createSettings().current()

/** The switches of what answers look like: beside their defaults no description holds. */
const responseForm = [
  'responseKeyCasing',
  'departmentKeyCasing',
  'departmentPatchBody',
  'errorKeyCasing',
  'extraProperties',
  'timestampZone',
  'dateOnlyFields',
  'xPaginationContent',
  'xPaginationLastPage',
  'retryAfter',
  'throttleBody',
  'body401',
  'body403',
  'body401Subscription',
] as const

function isDocumentedForm(sandbox: PowerOfficeSandbox): boolean {
  const switches = sandbox.settings.current()
  const changed = responseForm.filter((name) => switches[name] !== defaults[name])
  return changed.length === 0 && sandbox.faults.list().length === 0
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
