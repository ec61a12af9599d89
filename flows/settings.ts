import { type CodecKey, readCodecKeys } from './codec-keys.ts'
import {
  type EnvironmentValues,
  isHostAndPort,
  listed,
  readPort,
  readPositive,
  readText,
  readUrl,
  wrong,
} from './environment-values.ts'
import { type CompanyOptions, defaultOptions } from './flow-options.ts'

/**
 * Every setting of the product, read once from the environment. Pure: the processes merge `.env` below their environment
 * and pass it in, with the options of the company (worker/load-settings.ts; KOBLING_OPTIONS names their file). A wrong or missing value throws an Error of one sentence that names the
 * variable, the value and what to write instead.
 */

export type Environment = EnvironmentValues

/** Seconds between two polls of one system, for the five flows. */
export interface PollSeconds {
  readonly departments: number
  readonly customers: number
  readonly products: number
  readonly salesOrders: number
  readonly salesOrderLines: number
}

export const approvals = ['first-contact', 'ask', 'yes'] as const
export type Approval = (typeof approvals)[number]

export interface TemporalTls {
  readonly clientCertificatePath: string | null
  readonly clientKeyPath: string | null
  readonly serverCaPath: string | null
  readonly serverName: string | null
}

export interface TemporalSettings {
  /** host:port of an existing server; `null`: the embedded one. */
  readonly address: string | null
  /** Ports of the embedded server. */
  readonly port: number
  readonly uiPort: number
  readonly namespace: string
  /** Path of a `temporal` binary to prefer for the embedded server. */
  readonly cli: string | null
  /** Where people see the Web UI; `null` when an existing server's UI is not known (TEMPORAL_UI_URL). */
  readonly uiUrl: string | null
  /** Temporal Cloud. */
  readonly apiKey: string | null
  /** `null`: no TLS. */
  readonly tls: TemporalTls | null
  /** The name under which the versions of our workers are known to the server; `null`: workers have no versions. */
  readonly deployment: string | null
}

export interface PowerOfficeSettings {
  /** Ends in `/v2`. */
  readonly baseUrl: string
  readonly tokenUrl: string
  /** True when no system is configured and our own sandbox stands in. */
  readonly sandbox: boolean
  readonly sandboxPort: number
  readonly applicationKey: string
  readonly clientKey: string
  readonly subscriptionKey: string
  /** The base interval: POWEROFFICE_POLL_SECONDS or its default. */
  readonly pollSeconds: number
  /** The same for each flow: products and departments change seldom and are asked seldom, unless the setting says otherwise. */
  readonly pollSecondsByFlow: PollSeconds
  readonly sweepSeconds: number
  readonly requestsPerSecond: number
}

export interface WebshopSettings {
  /** The shop's root; its API lies under `/api`. */
  readonly baseUrl: string
  readonly sandbox: boolean
  readonly sandboxPort: number
  readonly apiKey: string
  /** `null`: a real shop without webhooks; nothing is accepted on its receiver, polling finds the changes. */
  readonly webhookSecret: string | null
  readonly pollSeconds: number
  readonly pollSecondsByFlow: PollSeconds
}

export interface Settings {
  readonly temporal: TemporalSettings
  readonly powerOffice: PowerOfficeSettings
  readonly webshop: WebshopSettings
  readonly receiverPort: number
  readonly consolePort: number
  /** `null`: the console answers loopback only. */
  readonly consoleToken: string | null
  /** What payloads are encrypted with; empty: they are not. */
  readonly codecKeys: readonly CodecKey[]
  /** What the codec endpoint asks for; `null`: it answers this machine only. */
  readonly codecToken: string | null
  /** Relative to the working directory when relative. */
  readonly dataDir: string
  readonly cacheDir: string
  /** Time of day (Europe/Oslo) of the nightly audit, `HH:MM`; null: none. */
  readonly auditAt: string | null
  /** The same for the export of the memory, and how many files are kept. */
  readonly exportAt: string | null
  readonly exportsKept: number
  /** `first-contact`: ask when a host is not loopback; `ask`: always; `yes`: never. */
  readonly approve: Approval
  readonly connection: string
  readonly taskQueue: string
  readonly watchTaskQueue: string
  /** What the company chose about its dataflows (flows/read-options.ts). */
  readonly options: CompanyOptions
  /** Both systems' hosts are loopback addresses, so a write can hurt nobody. */
  readonly loopbackOnly: boolean
}

/** Public on purpose: the sandbox pair must agree on something, and listens on loopback only. Never used for a real shop. */
export const sandboxWebhookSecret = 'whsec_a29ibGluZy1zYW5kYm94LXdlYmhvb2stc2VjcmV0LTI0'

export const sandboxKeys = {
  application: 'sandbox-application',
  client: 'sandbox-client',
  subscription: 'sandbox-subscription',
  webshop: 'sandbox-webshop',
} as const

/** PowerOffice's own limit for one subscription key. */
const powerOfficeRequestsPerSecond = 10

const sandboxPollSeconds = 2
const sandboxSweepSeconds = 60
const realPollSeconds = 30
const realSweepSeconds = 60 * 60
/** Against real systems: products change a few times a day, departments a few times a year. */
const seldomPollSeconds = { products: 60, departments: 15 * 60 }

export function readSettings(env: Environment, options: CompanyOptions = defaultOptions): Settings {
  const temporal = readTemporal(env)
  const powerOffice = readPowerOffice(env)
  const webshop = readWebshop(env)
  const settings: Settings = {
    temporal,
    powerOffice,
    webshop,
    receiverPort: readPort(env, 'KOBLING_PORT', 4030),
    consolePort: readPort(env, 'KOBLING_CONSOLE_PORT', 4040),
    consoleToken: readText(env, 'KOBLING_CONSOLE_TOKEN'),
    codecKeys: readCodecKeys(env),
    codecToken: readText(env, 'KOBLING_CODEC_TOKEN'),
    dataDir: readText(env, 'KOBLING_DATA_DIR') ?? '.data',
    cacheDir: readText(env, 'KOBLING_CACHE_DIR') ?? '.cache',
    auditAt: readTimeOfDay(env, 'KOBLING_AUDIT_AT', '02:30'),
    exportAt: readTimeOfDay(env, 'KOBLING_EXPORT_AT', '01:30'),
    exportsKept: Math.max(1, Math.floor(readPositive(env, 'KOBLING_EXPORTS_KEPT') ?? 14)),
    approve: readApproval(env),
    connection: 'default',
    taskQueue: 'sync',
    watchTaskQueue: 'sync-watch',
    options,
    loopbackOnly: isLoopbackUrl(powerOffice.baseUrl) && isLoopbackUrl(webshop.baseUrl),
  }
  assertPortsDiffer(settings)
  return settings
}

/** Every secret value, so that logs can leave them out. The sandbox's public defaults are included: a log need not know which is which. */
export function secretsOf(settings: Settings): string[] {
  const secrets = [
    settings.temporal.apiKey,
    settings.powerOffice.applicationKey,
    settings.powerOffice.clientKey,
    settings.powerOffice.subscriptionKey,
    settings.webshop.apiKey,
    settings.webshop.webhookSecret,
    settings.consoleToken,
    settings.codecToken,
    ...settings.codecKeys.map((key) => key.secret),
  ]
  return [...new Set(secrets.filter((secret) => secret !== null))]
}

/** host:port that clients and workers connect to, embedded or not. */
export function temporalAddressOf(settings: Settings): string {
  return settings.temporal.address ?? `127.0.0.1:${settings.temporal.port}`
}

export interface PortUse {
  readonly port: number
  /** What listens there, in words that fit after "for". */
  readonly purpose: string
  /** The variable that moves it. */
  readonly setting: string
}

/** The ports that `npm start` will listen on under these settings, in the order in which it opens them. */
export function portsOf(settings: Settings): PortUse[] {
  const { temporal, powerOffice, webshop } = settings
  const ports: PortUse[] = []
  if (temporal.address === null) {
    ports.push({ port: temporal.port, purpose: 'the Temporal server', setting: 'TEMPORAL_PORT' })
    ports.push({ port: temporal.uiPort, purpose: "Temporal's Web UI", setting: 'TEMPORAL_UI_PORT' })
  }
  if (powerOffice.sandbox) {
    const setting = 'POWEROFFICE_SANDBOX_PORT'
    ports.push({ port: powerOffice.sandboxPort, purpose: 'the PowerOffice sandbox', setting })
  }
  if (webshop.sandbox) {
    ports.push({ port: webshop.sandboxPort, purpose: 'the webshop sandbox', setting: 'WEBSHOP_SANDBOX_PORT' })
  }
  ports.push({ port: settings.receiverPort, purpose: 'webhooks, health and metrics', setting: 'KOBLING_PORT' })
  ports.push({ port: settings.consolePort, purpose: 'the console', setting: 'KOBLING_CONSOLE_PORT' })
  return ports
}

function assertPortsDiffer(settings: Settings): void {
  const seen = new Map<number, PortUse>()
  for (const use of portsOf(settings)) {
    const earlier = seen.get(use.port)
    if (earlier !== undefined) {
      throw new Error(
        `${use.setting} is ${use.port}, which ${earlier.setting} uses for ${earlier.purpose} already: write another port in one of them.`,
      )
    }
    seen.set(use.port, use)
  }
}

function readTemporal(env: Environment): TemporalSettings {
  const address = readText(env, 'TEMPORAL_ADDRESS')
  if (address !== null && !isHostAndPort(address)) {
    throw wrong('TEMPORAL_ADDRESS', address, 'a host and a port, such as temporal.example.com:7233')
  }
  const uiPort = readPort(env, 'TEMPORAL_UI_PORT', 8233)
  const uiUrl = readText(env, 'TEMPORAL_UI_URL')
  const apiKey = readText(env, 'TEMPORAL_API_KEY')
  return {
    address,
    port: readPort(env, 'TEMPORAL_PORT', 7233),
    uiPort,
    namespace: readText(env, 'TEMPORAL_NAMESPACE') ?? 'default',
    cli: readText(env, 'TEMPORAL_CLI'),
    uiUrl: uiUrl ?? (address === null ? `http://127.0.0.1:${uiPort}` : null),
    apiKey,
    tls: address === null ? null : readTls(env, apiKey),
    deployment: readDeployment(env),
  }
}

/** Temporal writes a version as `<deployment>.<build>`, so that a name cannot hold either of its separators. */
function readDeployment(env: Environment): string | null {
  const name = readText(env, 'KOBLING_DEPLOYMENT')
  if (name !== null && !/^[A-Za-z0-9_-]+$/.test(name)) {
    throw wrong('KOBLING_DEPLOYMENT', name, 'a name of letters, digits, - and _, such as kobling, or leave it unset')
  }
  return name
}

/** The variable names are Temporal's own (its environment configuration), so that one `.env` serves its tools too. */
function readTls(env: Environment, apiKey: string | null): TemporalTls | null {
  const tls: TemporalTls = {
    clientCertificatePath: readText(env, 'TEMPORAL_TLS_CLIENT_CERT_PATH'),
    clientKeyPath: readText(env, 'TEMPORAL_TLS_CLIENT_KEY_PATH'),
    serverCaPath: readText(env, 'TEMPORAL_TLS_SERVER_CA_CERT_PATH'),
    serverName: readText(env, 'TEMPORAL_TLS_SERVER_NAME'),
  }
  if ((tls.clientCertificatePath === null) !== (tls.clientKeyPath === null)) {
    const missing = tls.clientKeyPath === null ? 'TEMPORAL_TLS_CLIENT_KEY_PATH' : 'TEMPORAL_TLS_CLIENT_CERT_PATH'
    throw new Error(`${missing} is not set: a client certificate needs both its file and the file of its key.`)
  }
  const named = Object.values(tls).some((value) => value !== null)
  const wanted = readText(env, 'TEMPORAL_TLS')
  if (wanted !== null && wanted !== 'true' && wanted !== 'false') throw wrong('TEMPORAL_TLS', wanted, 'true or false')
  // An API key travels with every call, so it implies TLS unless somebody says otherwise.
  return wanted === 'false' || (wanted === null && !named && apiKey === null) ? null : tls
}

function readPowerOffice(env: Environment): PowerOfficeSettings {
  const sandboxPort = readPort(env, 'POWEROFFICE_SANDBOX_PORT', 4010)
  const configured = readUrl(env, 'POWEROFFICE_BASE_URL')
  const baseUrl = configured ?? `http://127.0.0.1:${sandboxPort}/v2`
  if (!baseUrl.endsWith('/v2')) {
    throw wrong(
      'POWEROFFICE_BASE_URL',
      baseUrl,
      'an address that ends in /v2, such as https://goapi.poweroffice.net/v2',
    )
  }
  const real = !isLoopbackUrl(baseUrl)
  const poll = readPoll(env, 'POWEROFFICE_POLL_SECONDS', real)
  return {
    baseUrl,
    tokenUrl: readUrl(env, 'POWEROFFICE_TOKEN_URL') ?? tokenUrlOf(baseUrl, configured === null),
    sandbox: configured === null,
    sandboxPort,
    ...readPowerOfficeKeys(env, real),
    ...poll,
    sweepSeconds: readPositive(env, 'POWEROFFICE_SWEEP_SECONDS') ?? (real ? realSweepSeconds : sandboxSweepSeconds),
    requestsPerSecond: readPositive(env, 'POWEROFFICE_REQUESTS_PER_SECOND') ?? powerOfficeRequestsPerSecond,
  }
}

/** All missing keys are named at once. A loopback host is a stand-in (somebody's own sandbox), whose keys have defaults. */
function readPowerOfficeKeys(env: Environment, real: boolean) {
  const applicationKey = readText(env, 'POWEROFFICE_APPLICATION_KEY')
  const clientKey = readText(env, 'POWEROFFICE_CLIENT_KEY')
  const subscriptionKey = readText(env, 'POWEROFFICE_SUBSCRIPTION_KEY')
  if (real) {
    const missing = [
      ...(applicationKey === null ? ['POWEROFFICE_APPLICATION_KEY'] : []),
      ...(clientKey === null ? ['POWEROFFICE_CLIENT_KEY'] : []),
      ...(subscriptionKey === null ? ['POWEROFFICE_SUBSCRIPTION_KEY'] : []),
    ]
    if (missing.length > 0) {
      throw new Error(
        `${listed(missing)} ${missing.length === 1 ? 'is' : 'are'} not set: write the key${missing.length === 1 ? '' : 's'} that PowerOffice gave this integration, or unset POWEROFFICE_BASE_URL to use the sandbox.`,
      )
    }
  }
  return {
    applicationKey: applicationKey ?? sandboxKeys.application,
    clientKey: clientKey ?? sandboxKeys.client,
    subscriptionKey: subscriptionKey ?? sandboxKeys.subscription,
  }
}

/** PowerOffice keeps its token service beside the API: `/v2` has `/OAuth/Token`, `/Demo/v2` has `/Demo/OAuth/Token`. */
function tokenUrlOf(baseUrl: string, sandbox: boolean): string {
  if (!sandbox && new URL(baseUrl).hostname !== 'goapi.poweroffice.net') {
    throw new Error(
      `POWEROFFICE_TOKEN_URL is not set and cannot be guessed from POWEROFFICE_BASE_URL=${baseUrl}: write the address that gives out tokens, such as https://goapi.poweroffice.net/OAuth/Token.`,
    )
  }
  return `${baseUrl.slice(0, -'/v2'.length)}/OAuth/Token`
}

function readWebshop(env: Environment): WebshopSettings {
  const sandboxPort = readPort(env, 'WEBSHOP_SANDBOX_PORT', 4020)
  const configured = readUrl(env, 'WEBSHOP_BASE_URL')
  // Both spellings of the same shop are common in people's notes; the paths we add begin with /api.
  const baseUrl = (configured ?? `http://127.0.0.1:${sandboxPort}`).replace(/\/api$/, '')
  const real = !isLoopbackUrl(baseUrl)
  const apiKey = readText(env, 'WEBSHOP_API_KEY')
  if (real && apiKey === null) {
    throw new Error(
      'WEBSHOP_API_KEY is not set: write the key that the shop gave this sync, or unset WEBSHOP_BASE_URL to use the sandbox.',
    )
  }
  return {
    baseUrl,
    sandbox: configured === null,
    sandboxPort,
    apiKey: apiKey ?? sandboxKeys.webshop,
    webhookSecret: readWebhookSecret(env) ?? (real ? null : sandboxWebhookSecret),
    ...readPoll(env, 'WEBSHOP_POLL_SECONDS', real),
  }
}

/** Standard Webhooks: `whsec_` and base64. A secret of another form would refuse every webhook, silently. */
function readWebhookSecret(env: Environment): string | null {
  const secret = readText(env, 'WEBSHOP_WEBHOOK_SECRET')
  if (secret === null) return null
  const base64 = /^whsec_(?:[A-Za-z0-9+/]{4})+(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/
  if (!base64.test(secret)) {
    throw new Error(
      'WEBSHOP_WEBHOOK_SECRET is not a webhook secret: write whsec_ followed by base64 text, as Standard Webhooks has it.',
    )
  }
  return secret
}

function readPoll(env: Environment, name: string, real: boolean) {
  const chosen = readPositive(env, name)
  const pollSeconds = chosen ?? (real ? realPollSeconds : sandboxPollSeconds)
  const seldom = chosen === null && real ? seldomPollSeconds : { products: pollSeconds, departments: pollSeconds }
  const pollSecondsByFlow: PollSeconds = {
    ...seldom,
    customers: pollSeconds,
    salesOrders: pollSeconds,
    salesOrderLines: pollSeconds,
  }
  return { pollSeconds, pollSecondsByFlow }
}

/** `off`: null. */
function readTimeOfDay(env: Environment, name: string, otherwise: string): string | null {
  const text = readText(env, name) ?? otherwise
  if (text === 'off') return null
  if (!/^([01]\d|2[0-3]):[0-5]\d$/.test(text)) throw wrong(name, text, 'a time of day such as 02:30, or off')
  return text
}

function readApproval(env: Environment): Approval {
  const text = readText(env, 'KOBLING_APPROVE')
  if (text === null) return 'first-contact'
  const approval = approvals.find((one) => one === text)
  if (approval === undefined) {
    throw wrong('KOBLING_APPROVE', text, 'ask (before every first write) or yes (never ask), or leave it unset')
  }
  return approval
}

/** Loopback by name or address, spelt in any way that `URL` normalises. */
export function isLoopbackUrl(url: string): boolean {
  const host = new URL(url).hostname
  return host === 'localhost' || host.endsWith('.localhost') || host === '[::1]' || /^127\.\d+\.\d+\.\d+$/.test(host)
}
