import { randomBytes } from 'node:crypto'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { Client, Connection } from '@temporalio/client'
import { flowWorkflowId } from '../flows/directory.ts'
import type { SwitchChanges } from '../sandbox/poweroffice/settings.ts'
import type { SeedCustomer } from '../sandbox/seed/types.ts'
import { dataConverterOf } from '../worker/codec.ts'
import { workerNodeFlags } from '../worker/node-flags.ts'
import { type FlowInput, type FlowStatus, statusQuery } from '../workflows/messages.ts'
import { asErpCustomer } from './customers.ts'
import type { Ground } from './ground.ts'
import { type SettingsOptions, settingsOf } from './processes/bench-settings.ts'
import type { ErpFacts, ErpSandboxOptions } from './processes/erp-sandbox.ts'
import type { ShopFacts, ShopSandboxOptions } from './processes/shop-sandbox.ts'
import { type BenchProcess, startProcess } from './processes/start-process.ts'
import type { Timing, WorkerFacts, WorkerOptions } from './processes/worker.ts'

export interface WorldOptions {
  readonly shopLatencyMs?: number
  readonly switches?: SwitchChanges
  /** What the worker is told that PowerOffice allows. */
  readonly requestsPerSecond?: number
  readonly timing?: Partial<Timing>
  readonly webhooks?: boolean
}

/** As `npm start` polls the sandboxes; the sweep is far away unless a scenario asks for it. */
const usualTiming: Timing = { erpPollMs: 2_000, shopPollMs: 2_000, sweepMs: 3_600_000, graceMs: 1_800_000 }
/** In one request to a sandbox's bulk endpoint. */
const bulkRows = 5_000

/** Two empty sandboxes and, once asked for, a worker, each a process of its own; one flow on the run's Temporal server. */
export async function startWorld(ground: Ground, options: WorldOptions = {}) {
  const connectionName = `b${randomBytes(3).toString('hex')}`
  const folder = ground.newFolder()
  const erpOptions: ErpSandboxOptions = {
    dataFile: join(folder, 'poweroffice.sqlite'),
    switches: { rateLimit: 'off', ...options.switches },
  }
  const shopOptions: ShopSandboxOptions = {
    dataFile: join(folder, 'webshop.sqlite'),
    latencyMs: options.shopLatencyMs ?? 0,
  }
  const [erp, shop] = await Promise.all([
    startProcess<ErpFacts>('erp-sandbox.ts', erpOptions),
    startProcess<ShopFacts>('shop-sandbox.ts', shopOptions),
  ])
  const settingsOptions: SettingsOptions = {
    connection: connectionName,
    environment: {
      TEMPORAL_ADDRESS: ground.temporalAddress,
      POWEROFFICE_BASE_URL: erp.facts.baseUrl,
      POWEROFFICE_TOKEN_URL: erp.facts.tokenUrl,
      WEBSHOP_BASE_URL: shop.facts.baseUrl,
      POWEROFFICE_REQUESTS_PER_SECOND: String(options.requestsPerSecond ?? 1_000),
      // For whoever wants to know what encryption costs.
      KOBLING_CODEC_KEYS: process.env['KOBLING_CODEC_KEYS'] ?? '',
    },
  }
  const connection = await Connection.connect({ address: ground.temporalAddress })
  const client = new Client({
    connection,
    dataConverter: dataConverterOf(settingsOf(settingsOptions)),
    workflow: { queryRejectCondition: 'NOT_OPEN' },
  })
  const flow = client.workflow.getHandle(flowWorkflowId(connectionName, 'customers'))
  let worker: BenchProcess<WorkerFacts> | null = null

  const world = {
    connectionName,
    settings: settingsOf(settingsOptions),
    settingsOptions,
    erp,
    shop,
    client,
    flow,
    /** Entered a day ago: what was changed within the watch's overlap would be looked at twice. */
    fillErp: async (customers: readonly SeedCustomer[]): Promise<{ Id: number }[]> => {
      const settings = `${erp.facts.origin}/sandbox/settings`
      await ask(settings, { method: 'PATCH', body: { clockSkewMs: -86_400_000 } })
      const made = await postInBulk<{ Id: number }>(erp.facts.origin, customers.map(asErpCustomer))
      await ask(settings, { method: 'PATCH', body: { clockSkewMs: 0 } })
      return made
    },
    fillShop: async (customers: readonly SeedCustomer[]) => {
      await postInBulk(shop.facts.baseUrl, customers)
    },
    startWorker: async (): Promise<BenchProcess<WorkerFacts>> => {
      const workerOptions: WorkerOptions = {
        ...settingsOptions,
        bundlePath: ground.bundlePath,
        timing: { ...usualTiming, ...options.timing },
      }
      const { profileFolder } = ground
      const profiling = profileFolder === null ? [] : ['--cpu-prof', `--cpu-prof-dir=${profileFolder}`]
      worker = await startProcess<WorkerFacts>('worker.ts', workerOptions, [...workerNodeFlags, ...profiling])
      if (options.webhooks) {
        const webhookUrl = `http://127.0.0.1:${worker.facts.receiverPort}/webhooks/${connectionName}`
        await ask(`${shop.facts.baseUrl}/sandbox/settings`, { method: 'PATCH', body: { webhookUrl } })
      }
      return worker
    },
    startFlow: async (): Promise<void> => {
      const flowOptions = { approveFirst: false, hadEarlierRun: false, maxEvents: 0 }
      const input: FlowInput = { v: 1, connection: connectionName, flow: 'customers', options: flowOptions }
      await client.workflow.start('customers', {
        workflowId: flow.workflowId,
        taskQueue: world.settings.taskQueue,
        args: [input],
      })
    },
    status: (): Promise<FlowStatus> => flow.query(statusQuery),
    /** Nothing left to load or to look at, nothing in hand. */
    settled: (waiting?: Waiting): Promise<FlowStatus> =>
      until(
        'the flow to settle',
        async () => {
          const status = await world.status()
          const rests =
            status.phase === 'live' &&
            status.load?.endedAt != null &&
            status.lookAgain.count === 0 &&
            status.inHand === 0
          return rests ? status : undefined
        },
        waiting,
      ),
    shopCounts: (): Promise<{ byRoute: Record<string, number> }> =>
      ask(`${shop.facts.baseUrl}/sandbox/counts`, { method: 'GET' }),
    endWorker: async (): Promise<void> => {
      await worker?.end()
      worker = null
    },
    close: async (): Promise<void> => {
      await world.endWorker()
      for await (const { workflowId } of client.workflow.list({
        query: `WorkflowId STARTS_WITH "${connectionName}." AND ExecutionStatus = "Running"`,
      }))
        await client.workflow
          .getHandle(workflowId)
          .terminate('the scenario is over')
          .catch(() => undefined)
      await connection.close()
      await Promise.all([erp.end(), shop.end()])
    },
  }
  return world
}

export type World = Awaited<ReturnType<typeof startWorld>>

/** Runs work in a world of its own and takes the world down afterwards, whatever came of it. */
export async function inWorld<T>(
  ground: Ground,
  options: WorldOptions,
  work: (world: World) => Promise<T>,
): Promise<T> {
  const world = await startWorld(ground, options)
  try {
    return await work(world)
  } finally {
    await world.close()
  }
}

/** JSON in and out, for the sandboxes' own doors and for what people do in the two systems. */
export async function ask<T>(
  url: string,
  request: { method: string; body?: unknown; headers?: Record<string, string> },
): Promise<T> {
  const answer = await fetch(url, {
    method: request.method,
    headers: { 'content-type': 'application/json', ...request.headers },
    ...(request.body === undefined ? {} : { body: JSON.stringify(request.body) }),
  })
  if (!answer.ok)
    throw new Error(`${request.method} ${new URL(url).pathname} was answered ${answer.status}: ${await answer.text()}`)
  return (await answer.json()) as T
}

async function postInBulk<T>(origin: string, rows: readonly object[]): Promise<T[]> {
  const made: T[] = []
  for (let from = 0; from < rows.length; from += bulkRows) {
    const answer = await ask<T[] | object>(`${origin}/sandbox/customers/bulk`, {
      method: 'POST',
      body: rows.slice(from, from + bulkRows),
    })
    if (Array.isArray(answer)) made.push(...answer)
  }
  return made
}

export interface Waiting {
  readonly deadlineMs?: number
  readonly pollMs?: number
}

/** Asks again, every quarter of a second as a rule, until there is an answer. */
export async function until<T>(
  what: string,
  probe: () => Promise<T | undefined>,
  { deadlineMs = 120_000, pollMs = 250 }: Waiting = {},
): Promise<T> {
  const end = Date.now() + deadlineMs
  let last: unknown
  while (Date.now() < end) {
    try {
      const value = await probe()
      if (value !== undefined) return value
      last = undefined
    } catch (error) {
      last = error
    }
    await pause(pollMs)
  }
  throw new Error(`waited in vain for ${what}`, { cause: last })
}
