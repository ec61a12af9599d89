import type { AddressInfo } from 'node:net'
import { createAdaptorServer } from '@hono/node-server'
import type { FaultPlan } from '../faults/fault-plan.ts'
import type { SeedName, SeedOptions } from '../seed/options.ts'
import { createApp } from './app.ts'
import { type BulkCustomer, insertCustomers } from './bulk-customers.ts'
import { type BulkOrder, insertOrders } from './bulk-orders.ts'
import { type BulkProduct, insertProducts } from './bulk-products.ts'
import { defaultSyncKey, defaultWebhookSecret } from './sandbox-keys.ts'
import { seedShop } from './seed-shop.ts'
import type { SettingsChange } from './settings.ts'
import { openShop } from './shop.ts'
import { type AllShopUsers, openShopUsers } from './shop-users.ts'

const loopback = '127.0.0.1'

/** Longer than pauses between polls: Node's five seconds reset a request now and then that nobody asked to fail. */
const keepAliveMs = 65_000

/** A hundred values of a filter fit, e-mail addresses too; Node's own 16 kB would answer 431. */
const maxHeaderSize = 65_536

export interface WebshopSandboxOptions {
  /** 0 (the default) takes any free port. */
  readonly port?: number
  /** Address to listen on; 127.0.0.1, this machine alone, unless said otherwise. */
  readonly host?: string
  /** Path of the SQLite file, made when missing; ':memory:' (the default) forgets everything. */
  readonly dataFile?: string
  /** What is put in on the first start of this data file, and never again. Default `none`. */
  readonly seed?: SeedName
  /** Which company of how many customers; the demo unless said otherwise. */
  readonly seedOptions?: SeedOptions
  readonly settings?: SettingsChange
  /** The same as settings.webhookUrl. */
  readonly webhookUrl?: string | null
  readonly apiKey?: string
  readonly webhookSecret?: string
}

export interface WebshopSandbox extends AllShopUsers {
  /** The root, such as http://127.0.0.1:4020. The API is under /api, the switches under /sandbox, people's page at /. */
  readonly baseUrl: string
  readonly port: number
  readonly faults: FaultPlan
  /** Puts records in as they are, past every rule and without webhooks. @returns the new ids in order */
  insertCustomers(list: readonly BulkCustomer[]): string[]
  insertProducts(list: readonly BulkProduct[]): string[]
  insertOrders(list: readonly BulkOrder[]): string[]
  /** Ends connections and waits at once; the data file is whole afterwards. */
  close(): Promise<void>
}

/** @throws StartupError | Problem (settings) | the system's error for a port that cannot be had (EADDRINUSE) */
export async function startWebshopSandbox(options: WebshopSandboxOptions = {}): Promise<WebshopSandbox> {
  const shop = openShop({
    dataFile: options.dataFile ?? ':memory:',
    syncKey: options.apiKey ?? defaultSyncKey,
    webhookSecret: options.webhookSecret ?? defaultWebhookSecret,
    settings: { ...(options.webhookUrl !== undefined && { webhookUrl: options.webhookUrl }), ...options.settings },
  })
  try {
    await seedShop(shop, options.seed ?? 'none', options.seedOptions)
    const host = options.host ?? loopback
    const server = createAdaptorServer({
      fetch: createApp(shop).fetch,
      serverOptions: { keepAliveTimeout: keepAliveMs, maxHeaderSize },
      // The sandbox may share its process with tests and the engine, whose Request and Response are their own.
      overrideGlobalObjects: false,
    })
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject)
      server.listen(options.port ?? 0, host, resolve)
    })
    const { port } = server.address() as AddressInfo // a listening TCP server has one
    return {
      baseUrl: originOf(host, port),
      port,
      faults: shop.faults,
      insertCustomers: (list) => insertCustomers(shop, list),
      insertProducts: (list) => insertProducts(shop, list),
      insertOrders: (list) => insertOrders(shop, list),
      ...openShopUsers(shop),
      close: () =>
        new Promise((resolve) => {
          server.close(() => resolve())
          if ('closeAllConnections' in server) server.closeAllConnections()
          shop.close()
        }),
    }
  } catch (error) {
    shop.close()
    throw error
  }
}

/** Where it is reached from this machine: 0.0.0.0 and :: are all of its addresses. */
function originOf(host: string, port: number): string {
  if (host === '0.0.0.0' || host === '::') return `http://${loopback}:${port}`
  return `http://${host.includes(':') ? `[${host}]` : host}:${port}`
}
