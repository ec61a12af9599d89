import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { isDeepStrictEqual } from 'node:util'
import { Client, Connection } from '@temporalio/client'
import { inject } from 'vitest'
import { createMemory } from '../../activities/memory/memory-client.ts'
import { startFlow } from '../../client/start-flow.ts'
import { flowWorkflowId } from '../../flows/directory.ts'
import type { FlowName } from '../../flows/flow-definition.ts'
import { type CompanyOptions, defaultOptions } from '../../flows/flow-options.ts'
import { flowNamed } from '../../flows/registry.ts'
import type { Row } from '../../flows/row.ts'
import { readSettings } from '../../flows/settings.ts'
import { startPowerOfficeSandbox } from '../../sandbox/poweroffice/server.ts'
import { seedExpectation } from '../../sandbox/seed/customers.ts'
import { startWebshopSandbox } from '../../sandbox/webshop/server.ts'
import { dataConverterOf } from '../../worker/codec.ts'
import { findFreePort } from '../../worker/processes/busy-port.ts'
import { startTemporalServer } from '../../worker/temporal-server/start-server.ts'
import { directoryQuery, type FlowStatus, type InboxEntry, inboxQuery, statusQuery } from '../../workflows/messages.ts'
import { endProcesses, startProcess } from './processes.ts'
import { compareRaw, namedErpId, rawShopRecords } from './raw-comparison.ts'
import type { seededRandom } from './seeded-random.ts'
import { type SupervisedWorkers, superviseWorkers } from './supervised-workers.ts'
import { until } from './world.ts'

/**
 * The product as it is deployed, to be killed: a Temporal server on a file, a worker process, both with no mercy. The
 * two systems live in the test's own process: they are what survives, and their counters are the test's clock.
 */
export interface CrashOptions {
  readonly sweepSeconds?: number
  /** Of PowerOffice; default 0.3. */
  readonly pollSeconds?: number
  readonly seed?: 'customers' | 'none'
  /** Default: customers alone. */
  readonly flows?: readonly FlowName[]
  /** What the company chose that flows decide by, where it differs from the defaults. */
  readonly company?: Partial<CompanyOptions>
}

export async function startCrashWorld(options: CrashOptions = {}) {
  const flows: readonly FlowName[] = options.flows ?? ['customers']
  const seed = options.seed ?? 'customers'
  const folder = mkdtempSync(join(tmpdir(), 'kobling-crash-'))
  const stopping: (() => Promise<unknown> | unknown)[] = [() => rmSync(folder, { recursive: true, force: true })]
  const close = async (): Promise<void> => {
    const failures: unknown[] = []
    // Whatever fails to stop, the rest is stopped: no process outlives its test.
    for (const stop of stopping.splice(0).reverse())
      await Promise.resolve()
        .then(stop)
        .catch((error: unknown) => failures.push(error))
    if (failures.length > 0) throw new AggregateError(failures, 'the crash world did not stop cleanly')
  }
  try {
    return await start()
  } catch (error) {
    await close()
    throw error
  }

  async function start() {
    const serverOptions = {
      binary: inject('temporalBinary'),
      port: await findFreePort(),
      uiPort: null,
      dbFile: join(folder, 'temporal.sqlite'),
      namespace: 'default',
      logFile: join(folder, 'temporal.log'),
    }
    let server = await startTemporalServer(serverOptions)
    stopping.push(() => server.stop())
    const erp = await startPowerOfficeSandbox({
      port: 0,
      dataFile: ':memory:',
      seed,
      switches: { organizationNumberCheck: 'mod11', rateLimit: 'off' },
    })
    stopping.push(() => erp.close())
    const receiverPort = await findFreePort()
    const webhookUrl = `http://127.0.0.1:${receiverPort}/webhooks/default`
    const shop = await startWebshopSandbox({ port: 0, dataFile: ':memory:', seed, webhookUrl })
    stopping.push(() => shop.close())

    const environment = {
      TEMPORAL_ADDRESS: server.address,
      POWEROFFICE_BASE_URL: erp.baseUrl,
      POWEROFFICE_TOKEN_URL: erp.tokenUrl,
      POWEROFFICE_REQUESTS_PER_SECOND: '500',
      POWEROFFICE_POLL_SECONDS: String(options.pollSeconds ?? 0.3),
      POWEROFFICE_SWEEP_SECONDS: String(options.sweepSeconds ?? 5),
      WEBSHOP_BASE_URL: shop.baseUrl,
      WEBSHOP_POLL_SECONDS: '0.3',
      KOBLING_PORT: String(receiverPort),
    }
    const settings = readSettings(environment, { ...defaultOptions, ...options.company })
    const connection = await Connection.connect({ address: server.address })
    stopping.push(() => connection.close())
    const client = new Client({
      connection,
      dataConverter: dataConverterOf(settings),
      workflow: { queryRejectCondition: 'NOT_OPEN' },
    })
    const handle = client.workflow.getHandle(flowWorkflowId(settings.connection, 'customers'))
    const workerLog = join(folder, 'worker.log')
    let workers: SupervisedWorkers | null = null
    stopping.push(() => endProcesses())
    stopping.push(() => workers?.end())

    const world = {
      erp,
      shop,
      client,
      handle,
      environment,
      settings,
      startFlow: async (): Promise<void> => {
        for (const flow of flows) await startFlow(client, settings, flowNamed(flow), { hadEarlierRun: false })
      },
      /** One that ends by itself is started again, as `npm start` does. */
      startWorker: async (): Promise<void> => {
        const start = () => startProcess({ entry: 'worker/main.ts', environment, logFile: workerLog, folder })
        workers = superviseWorkers({ count: 1, start, say: console.log })
        await workers.allServe()
      },
      killWorker: async (): Promise<void> => {
        await workers?.end()
        workers = null
      },
      /** kill -9, and the same server on the same file again. */
      killServer: async (): Promise<void> => {
        server.kill()
        await server.ended
        server = await startTemporalServer(serverOptions)
      },
      command: async (...args: string[]): Promise<void> => {
        const logFile = join(folder, `kobling-${args.join('-')}.log`)
        await startProcess({ entry: 'client/main.ts', args, environment, logFile, folder }).ended
      },
      status: (): Promise<FlowStatus> => connection.withDeadline(Date.now() + 5_000, () => handle.query(statusQuery)),
      inbox: (): Promise<readonly InboxEntry[]> => handle.query(inboxQuery),
      rows: async (): Promise<Row[]> => {
        const rows: Row[] = []
        const directory = await handle.query(directoryQuery)
        const address = { connection: settings.connection, flow: 'customers' } as const
        await createMemory(client).eachRow(address, directory, (row) => rows.push(row), new AbortController().signal)
        return rows
      },
      settled: (deadlineMs = 90_000): Promise<FlowStatus> =>
        until(
          'the flow to settle',
          async () => {
            for (const flow of flows) {
              const own = client.workflow.getHandle(flowWorkflowId(settings.connection, flow))
              const { phase, lookAgain, inHand } = await connection.withDeadline(Date.now() + 5_000, () =>
                own.query(statusQuery),
              )
              if (phase !== 'live' || lookAgain.count > 0 || inHand > 0) return undefined
            }
            return world.status()
          },
          deadlineMs,
        ),
      /** Requests that both systems have seen, tokens left out: the clock by which processes are killed. */
      requests: async (): Promise<number> => {
        const { byRoute } = (await (await fetch(`${shop.baseUrl}/sandbox/counts`)).json()) as {
          byRoute: Record<string, number>
        }
        const routes = [...Object.entries(byRoute), ...Object.entries(erp.counts.report().byRoute)]
        return routes.reduce((sum, [route, count]) => (route.includes('Token') ? sum : sum + count), 0)
      },
      writes: async (): Promise<number> => {
        const { writes } = (await (await fetch(`${shop.baseUrl}/sandbox/counts`)).json()) as { writes: number }
        return writes + erp.counts.report().writes
      },
      /** Waits until the systems were written to, or asked, so many times more: whichever comes first. */
      progress: async (more: { readonly writes: number; readonly requests: number }): Promise<void> => {
        const goal = {
          writes: (await world.writes()) + more.writes,
          requests: (await world.requests()) + more.requests,
        }
        await until(
          `${more.writes} more writes or ${more.requests} more requests`,
          async () => (await world.writes()) >= goal.writes || (await world.requests()) >= goal.requests,
        )
      },
      editInShop: async (id: string, change: object): Promise<void> => {
        const authorization = 'Bearer sandbox-shopkeeper'
        const address = `${shop.baseUrl}/api/customers/${id}`
        const current = await fetch(address, { headers: { authorization } })
        const answer = await fetch(address, {
          method: 'PATCH',
          headers: {
            authorization,
            'content-type': 'application/merge-patch+json',
            'if-match': current.headers.get('etag') ?? '',
          },
          body: JSON.stringify(change),
        })
        if (!answer.ok) throw new Error(`the webshop refused the edit: ${await answer.text()}`)
      },
      close,
    }
    return world
  }
}

/** What the systems and the memory hold, judged from raw records: one value to compare whole. */
export async function verdictOf(world: CrashWorld) {
  const erp = world.erp.customers.all()
  const shop = await rawShopRecords(world.shop.baseUrl)
  const { unpairedErp, unpairedShop, ...comparison } = compareRaw(erp, shop)
  const links = (await world.rows()).flatMap((row) => (row.kind === 'linked' ? [`${row.erpId} = ${row.shopId}`] : []))
  const shown = shop.flatMap((record) => (record.erpId === null ? [] : [`${namedErpId(record)} = ${record.id}`]))
  return {
    ...comparison,
    erpCustomers: erp.length,
    shopCustomers: shop.length,
    unpaired: {
      archived: unpairedErp.filter((record) => record.IsArchived).length,
      erp: unpairedErp.filter((record) => !record.IsArchived).length,
      shop: unpairedShop.length,
    },
    linksNotShown: links.filter((link) => !shown.includes(link)),
    shownNotLinked: shown.filter((link) => !links.includes(link)),
  }
}

/** What a load of the seeds must come to, however often it was interrupted. */
export function expectedVerdict(): Awaited<ReturnType<typeof verdictOf>> {
  const { pairs, erpOnly, shopOnly, ambiguousCases, refused, archivedErpOnly } = seedExpectation()
  return {
    namedTwice: [],
    namesNobody: [],
    differences: [],
    missed: [],
    pairs: pairs + erpOnly + shopOnly,
    erpCustomers: pairs + erpOnly + archivedErpOnly + 2 * ambiguousCases + shopOnly,
    shopCustomers: pairs + shopOnly + refused + ambiguousCases + erpOnly,
    unpaired: { archived: archivedErpOnly, erp: 2 * ambiguousCases, shop: ambiguousCases + refused },
    linksNotShown: [],
    shownNotLinked: [],
  }
}

/** Waits until everything is as it ought to be, at most so long; whether it is, the test says. */
export async function converge(world: CrashWorld): Promise<void> {
  await until(
    'both systems to be equal',
    async () => isDeepStrictEqual(await verdictOf(world), expectedVerdict()),
    90_000,
  ).catch(() => undefined)
  await world.settled()
}

/** A person in each system edits while nobody looks. */
export async function editBoth(world: CrashWorld, random: ReturnType<typeof seededRandom>, nth: number): Promise<void> {
  const erp = world.erp.customers.all().filter((customer) => !customer.IsArchived)
  const shop = await rawShopRecords(world.shop.baseUrl)
  const [one, other] = [erp[random.between(0, erp.length - 1)], shop[random.between(0, shop.length - 1)]]
  if (!one || !other) throw new Error('there is nobody to edit')
  world.erp.customers.edit(one.Id, { PhoneNumber: `+47 2200 ${1000 + nth}` })
  await world.editInShop(other.id, { invoiceEmail: `faktura-${nth}@fjordnett.example` })
}

/**
 * Edits an address in PowerOffice, which moves no change time, and waits until the webshop shows it: a whole sweep has
 * compared every customer with the memory since. One write, and whatever else is written is too much.
 */
export async function sweepFinds(world: CrashWorld, street: string): Promise<void> {
  const named = new Map((await rawShopRecords(world.shop.baseUrl)).map((record) => [namedErpId(record), record.id]))
  const customer = world.erp.customers
    .all()
    .find((record) => record.MailAddress?.ZipCode && record.MailAddress.City && named.has(String(record.Id)))
  if (!customer) throw new Error('no linked customer has an address')
  world.erp.customers.edit(customer.Id, { MailAddress: { AddressLine1: street } })
  await until(`the webshop to show ${street}`, async () => {
    const found = (await rawShopRecords(world.shop.baseUrl)).find(
      (record) => record.id === named.get(String(customer.Id)),
    )
    return found?.address?.line1 === street
  })
}

export type CrashWorld = Awaited<ReturnType<typeof startCrashWorld>>
