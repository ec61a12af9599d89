import { readFileSync } from 'node:fs'
import { Ajv, type ValidateFunction } from 'ajv'
import addFormatsModule from 'ajv-formats'
import { type PowerOfficeSandbox, startPowerOfficeSandbox } from '../sandbox/poweroffice/server.ts'
import type { SwitchChanges } from '../sandbox/poweroffice/settings.ts'
import type { SeedName } from '../sandbox/seed/options.ts'

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
    if (isDocumentedForm(sandbox)) assertDocumented(method, path.split('?')[0] ?? path, answered)
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

interface Operation {
  readonly responses: Record<string, { content?: { 'application/json'?: { schema: object } } }>
}

const description = JSON.parse(
  readFileSync(new URL('../sandbox/poweroffice/openapi.json', import.meta.url), 'utf8'),
) as { paths: Record<string, Record<string, Operation>> }

const ajv = new Ajv({ strict: false, allErrors: true })
// The package is CommonJS: under node's ESM its function is the default of the default.
const addFormats = addFormatsModule as unknown as (typeof addFormatsModule)['default']
addFormats(ajv)
ajv.addFormat('int64', { type: 'number', validate: Number.isSafeInteger })
ajv.addFormat('int32', { type: 'number', validate: (value) => Math.abs(value) <= 2_147_483_647 })
ajv.addFormat('double', { type: 'number', validate: Number.isFinite })
ajv.addSchema(description, 'api')

const validators = new Map<string, ValidateFunction>()

/**
 * Strict reading of the description: its `default` responses would let every status pass, so they are left out, and 400 and 415
 * are added (README.md). A documented body must fit its schema and be JSON; where none is documented there must be none,
 * gateway answers and the two SubLedgerNumberSeries and 4xx gaps aside.
 */
function assertDocumented(method: string, path: string, answered: Answered): void {
  const template = Object.keys(description.paths).find((candidate) =>
    new RegExp(`^${candidate.replace(/\{\w+\}/g, '[^/]+')}/?$`, 'i').test(path),
  )
  const operation = template ? description.paths[template]?.[method.toLowerCase()] : undefined
  if (!template || !operation) return
  const documented = operation.responses[String(answered.status)]
  if (!documented && ![400, 415].includes(answered.status)) {
    throw new Error(`${method} ${template} answered ${answered.status}, which openapi.json does not list`)
  }
  const schema = documented?.content?.['application/json']?.schema ?? undeclaredSchema(template, answered)
  if (!schema) return
  const key = `${method} ${template} ${answered.status}`
  const validate =
    validators.get(key) ??
    ajv.compile(JSON.parse(JSON.stringify(schema).replaceAll('"#/components', '"api#/components')) as object)
  validators.set(key, validate)
  if (!validate(answered.json)) throw new Error(`${key} does not fit openapi.json: ${ajv.errorsText(validate.errors)}`)
}

// Bodies that the description forgets to declare; both are what the list of the same path holds.
const undeclared: Readonly<Record<string, string>> = {
  '/Departments/{id}': 'DepartmentDto',
  '/SubLedgerNumberSeries/{id}': 'SubLedgerNumberSeriesDto',
}

function undeclaredSchema(template: string, { status, text }: Answered): object | null {
  const name = undeclared[template]
  return name !== undefined && status === 200 && text !== '' ? { $ref: `#/components/schemas/${name}` } : null
}

function isDocumentedForm(sandbox: PowerOfficeSandbox): boolean {
  const { responseKeyCasing, departmentKeyCasing, extraProperties, timestampZone, dateOnlyFields } =
    sandbox.settings.current()
  return (
    responseKeyCasing === 'pascal' &&
    departmentKeyCasing === 'asOthers' &&
    extraProperties === 'off' &&
    timestampZone !== 'missing' &&
    dateOnlyFields === 'date' &&
    sandbox.faults.list().length === 0
  )
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
