import { setMaxListeners } from 'node:events'
import type { Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { createAdaptorServer, type HttpBindings } from '@hono/node-server'
import { Hono } from 'hono'
import { createFaultPlan, type FaultPlan } from '../faults/fault-plan.ts'
import type { SeedName, SeedOptions } from '../seed/options.ts'
import { adminApp } from './admin.ts'
import { apiRoutes } from './api-routes.ts'
import { powerOfficeFaultKinds } from './apply-fault.ts'
import { type CompanyHelpers, companyHelpers } from './company-helpers.ts'
import { type Counts, createCounts } from './counts.ts'
import { createGateway } from './gateway.ts'
import { openState } from './open-state.ts'
import { powerOfficePages } from './pages/pages.ts'
import { createRateLimiter } from './rate-limit.ts'
import { recordAt } from './record-at.ts'
import { createRouteTable } from './route.ts'
import { seedWhenEmpty } from './seed-company.ts'
import { createSettings, type Settings, type SwitchRequest } from './settings.ts'
import { createTokenIssuer, type SandboxKeys } from './token.ts'

export interface SandboxOptions {
  /** 0 takes any free port. */
  readonly port: number
  /** Address to listen on; 127.0.0.1, this machine alone, unless said otherwise. */
  readonly host?: string
  /** A SQLite file, made with its folder when missing, or ':memory:'. */
  readonly dataFile: string
  /** Seeds an empty company only; existing data stays. */
  readonly seed: SeedName
  /** Which company of how many customers; the demo unless said otherwise. */
  readonly seedOptions?: SeedOptions
  readonly keys?: Partial<SandboxKeys>
  readonly switches?: SwitchRequest
}

export interface PowerOfficeSandbox extends CompanyHelpers {
  /** `http://127.0.0.1:<port>/v2`, where a client's base URL points. */
  readonly baseUrl: string
  readonly tokenUrl: string
  /** Pages at `/`, admin endpoints at `/sandbox`. */
  readonly origin: string
  readonly port: number
  readonly keys: SandboxKeys
  readonly settings: Settings
  readonly counts: Counts
  readonly faults: FaultPlan
  revokeTokens(): void
  close(): Promise<void>
}

// Not secrets: the documented keys of the embedded default (docs/connect-your-systems.md).
export const defaultKeys: SandboxKeys = {
  applicationKey: 'sandbox-application',
  clientKey: 'sandbox-client',
  subscriptionKey: 'sandbox-subscription',
}

/** Resolves once it listens. Rejects with EADDRINUSE, EADDRNOTAVAIL, EACCES, DataFileUnusable or SwitchRefused. */
export async function startPowerOfficeSandbox(options: SandboxOptions): Promise<PowerOfficeSandbox> {
  const keys = { ...defaultKeys, ...options.keys }
  const settings = createSettings(options.switches)
  const faults = createFaultPlan(powerOfficeFaultKinds)
  const state = openState(options.dataFile, settings, faults)
  seedWhenEmpty(state, options.seed, options.seedOptions)
  const counts = createCounts()
  const tokens = createTokenIssuer(keys)
  const closing = new AbortController()
  // As many requests wait on it as are under way.
  setMaxListeners(0, closing.signal)

  const match = createRouteTable(apiRoutes(state))
  const gateway = createGateway({
    settings,
    keys,
    tokens,
    limiter: createRateLimiter(),
    counts,
    faults,
    clock: state.clock,
    closing: closing.signal,
    match,
    recordAt: (path) => recordAt(state, path),
  })

  const app = new Hono<{ Bindings: HttpBindings }>()
  app.route('/sandbox', adminApp({ state, counts, faults, tokens }))
  app.route('/', powerOfficePages(state))
  app.all('*', gateway)

  const server = createAdaptorServer({ fetch: app.fetch }) as Server
  const host = options.host ?? loopback
  const port = await listen(server, { port: options.port, host }).catch((failure: unknown) => {
    state.database.close()
    throw failure
  })
  const origin = originOf(host, port)
  return {
    baseUrl: `${origin}/v2`,
    tokenUrl: `${origin}/OAuth/Token`,
    origin,
    port,
    keys,
    settings,
    counts,
    faults,
    ...companyHelpers(state),
    revokeTokens: () => tokens.revokeAll(),
    async close() {
      closing.abort()
      await closed(server)
      state.database.close()
    },
  }
}

const loopback = '127.0.0.1'

/** Where it is reached from this machine: 0.0.0.0 and :: are all of its addresses. */
function originOf(host: string, port: number): string {
  if (host === '0.0.0.0' || host === '::') return `http://${loopback}:${port}`
  return `http://${host.includes(':') ? `[${host}]` : host}:${port}`
}

// Node closes idle connections after 5 s, just when a client that polls that often reuses one; gateways keep them for minutes.
const keepAliveMs = 120_000

function listen(server: Server, at: { readonly port: number; readonly host: string }): Promise<number> {
  server.keepAliveTimeout = keepAliveMs
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen(at.port, at.host, () => {
      server.removeListener('error', reject)
      resolve((server.address() as AddressInfo).port)
    })
  })
}

/** Open connections are cut: a hanging fault or a keep-alive socket would hold the process for minutes. */
function closed(server: Server): Promise<void> {
  return new Promise((resolve, reject) => {
    server.close((failure) => (failure ? reject(failure) : resolve()))
    server.closeAllConnections()
  })
}
