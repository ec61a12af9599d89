import type { Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { createAdaptorServer, type HttpBindings } from '@hono/node-server'
import { Hono } from 'hono'
import { adminApp } from './admin.ts'
import { clientInformationRoutes } from './client-information.ts'
import { createClock } from './clock.ts'
import { type Counts, createCounts } from './counts.ts'
import { type InsertedCustomer, insertCustomers } from './customers/bulk.ts'
import { type CustomerDto, customerTable } from './customers/dto.ts'
import { createInUseTable } from './customers/in-use.ts'
import { editCustomer } from './customers/patch.ts'
import { customerRoutes } from './customers/routes.ts'
import { seedWhenEmpty } from './customers/seed.ts'
import { openDatabase } from './database.ts'
import { createEntityStore } from './entity-store.ts'
import { createFaults, type Faults } from './faults.ts'
import { createGateway } from './gateway.ts'
import { numberSeries, numberSeriesRoutes } from './number-series.ts'
import { customersPage } from './page.ts'
import { createRateLimiter } from './rate-limit.ts'
import { createRouteTable } from './route.ts'
import type { SandboxState } from './sandbox-state.ts'
import { createSettings, type Settings, type SwitchChanges } from './settings.ts'
import { createTokenIssuer, type SandboxKeys } from './token.ts'

export interface SandboxOptions {
  /** 0 takes any free port. */
  readonly port: number
  /** A SQLite file, made with its folder when missing, or ':memory:'. */
  readonly dataFile: string
  /** Seeds an empty company only; existing data stays. */
  readonly seed: 'customers' | 'none'
  readonly keys?: Partial<SandboxKeys>
  readonly switches?: SwitchChanges
}

export interface PowerOfficeSandbox {
  /** `http://127.0.0.1:<port>/v2`, where a client's base URL points. */
  readonly baseUrl: string
  readonly tokenUrl: string
  /** Pages at `/`, admin endpoints at `/sandbox`. */
  readonly origin: string
  readonly port: number
  readonly keys: SandboxKeys
  readonly settings: Settings
  readonly counts: Counts
  readonly faults: Faults
  readonly customers: CustomerHelpers
  /** CustomerPostDto each (plus IsActive), one transaction, rules not applied: some ten thousand a second on two cores. */
  insertCustomers(list: readonly unknown[]): readonly InsertedCustomer[]
  revokeTokens(): void
  close(): Promise<void>
}

/** Past the API: no keys, no rate limit, not counted. */
export interface CustomerHelpers {
  all(): readonly CustomerDto[]
  get(id: number): CustomerDto | null
  count(): number
  /** A person edits in the ERP: patchable properties, rules applied, change times moved. */
  edit(id: number, changes: Readonly<Record<string, unknown>>): CustomerDto
  remove(id: number): void
}

// Not secrets: the documented keys of the embedded default (docs/connect-your-systems.md).
export const defaultKeys: SandboxKeys = {
  applicationKey: 'sandbox-application',
  clientKey: 'sandbox-client',
  subscriptionKey: 'sandbox-subscription',
}

/** Starts on 127.0.0.1 and resolves once it listens. Rejects with EADDRINUSE, EACCES, DataFileUnusable or SwitchRefused. */
export async function startPowerOfficeSandbox(options: SandboxOptions): Promise<PowerOfficeSandbox> {
  const keys = { ...defaultKeys, ...options.keys }
  const settings = createSettings(options.switches)
  const state = openState(options, settings)
  const counts = createCounts()
  const faults = createFaults()
  const tokens = createTokenIssuer(keys)

  const match = createRouteTable([
    ...clientInformationRoutes(settings),
    ...numberSeriesRoutes(settings, state.series),
    ...customerRoutes(state),
  ])
  const gateway = createGateway({ settings, keys, tokens, limiter: createRateLimiter(), counts, faults, match })

  const app = new Hono<{ Bindings: HttpBindings }>()
  app.route('/sandbox', adminApp({ state, counts, faults, tokens }))
  app.get('/', (context) => context.html(customersPage(state, context.req.query('q') ?? '')))
  app.all('*', gateway)

  const server = createAdaptorServer({ fetch: app.fetch }) as Server
  const port = await listen(server, options.port).catch((failure: unknown) => {
    state.database.close()
    throw failure
  })
  const origin = `http://127.0.0.1:${port}`
  return {
    baseUrl: `${origin}/v2`,
    tokenUrl: `${origin}/OAuth/Token`,
    origin,
    port,
    keys,
    settings,
    counts,
    faults,
    customers: customerHelpers(state),
    insertCustomers: (list) => insertCustomers(state, list),
    revokeTokens: () => tokens.revokeAll(),
    async close() {
      await closed(server)
      state.database.close()
    },
  }
}

function openState(options: SandboxOptions, settings: Settings): SandboxState {
  const clock = createClock(() => settings.current().clockSkewMs)
  const database = openDatabase(options.dataFile)
  createInUseTable(database)
  const state: SandboxState = {
    settings,
    clock,
    database,
    customers: createEntityStore(database, customerTable, clock.nowMs),
    series: () => numberSeries(settings.current().numberSeriesEnd),
  }
  if (options.seed === 'customers') seedWhenEmpty(state)
  return state
}

function customerHelpers(state: SandboxState): CustomerHelpers {
  return {
    all: () =>
      state.customers
        .list({ where: [], orderBy: 'id', limit: Number.MAX_SAFE_INTEGER, offset: 0 })
        .map((json) => JSON.parse(json) as CustomerDto),
    get: (id) => state.customers.get(id),
    count: () => state.customers.count([]),
    edit: (id, changes) => editCustomer(state, id, { ...changes }),
    remove: (id) => state.customers.remove(id),
  }
}

// Node closes idle connections after 5 s, just when a client that polls that often reuses one; gateways keep them for minutes.
const keepAliveMs = 120_000

function listen(server: Server, port: number): Promise<number> {
  server.keepAliveTimeout = keepAliveMs
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, '127.0.0.1', () => {
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
