import { randomBytes } from 'node:crypto'
import { mkdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Client, Connection } from '@temporalio/client'
import { DefaultLogger, makeTelemetryFilterString, Runtime } from '@temporalio/worker'
import { inject } from 'vitest'
import { createMemory } from '../../activities/memory/memory-client.ts'
import { choicesOf } from '../../client/start-flow.ts'
import { flowWorkflowId } from '../../flows/directory.ts'
import type { FlowName } from '../../flows/flow-definition.ts'
import { type CompanyOptions, defaultOptions } from '../../flows/flow-options.ts'
import { isHalfTask } from '../../flows/half-task.ts'
import { flowNamed } from '../../flows/registry.ts'
import type { Row } from '../../flows/row.ts'
import { readSettings, type Settings } from '../../flows/settings.ts'
import { startPowerOfficeSandbox } from '../../sandbox/poweroffice/server.ts'
import { startWebshopSandbox } from '../../sandbox/webshop/server.ts'
import { askAgain } from '../../worker/ask-again.ts'
import { dataConverterOf } from '../../worker/codec.ts'
import { type RunningWorker, startWorker } from '../../worker/run-worker.ts'
import { createSystems } from '../../worker/systems.ts'
import {
  directoryQuery,
  type FlowInput,
  type FlowOptions,
  type FlowStatus,
  type InboxEntry,
  inboxQuery,
  statusQuery,
} from '../../workflows/messages.ts'

/** Far more than anything takes here: a machine that is busy elsewhere is no failure. */
const DEADLINE_MS = 120_000

// Workers tell of every state they pass through: of interest only when something is wrong, which a question that is asked again is not.
const errors = new DefaultLogger('ERROR')
Runtime.install({
  logger: new DefaultLogger('ERROR', ({ level, message, meta }) => {
    if (!isHalfTask(meta?.['error'])) errors.log(level, message, meta)
  }),
  telemetryOptions: { logging: { forward: {}, filter: makeTelemetryFilterString({ core: 'ERROR' }) } },
})

export type ErpSandbox = Awaited<ReturnType<typeof startPowerOfficeSandbox>>
export type ShopSandbox = Awaited<ReturnType<typeof startWebshopSandbox>>

export interface WorldOptions {
  readonly seed?: 'customers' | 'all' | 'none'
  readonly erpPollMs?: number
  readonly shopPollMs?: number
  readonly sweepMs?: number
  readonly graceMs?: number
  readonly webhooks?: boolean
  readonly flow?: Partial<FlowOptions>
  readonly switches?: Parameters<typeof startPowerOfficeSandbox>[0]['switches']
  readonly requestsPerSecond?: number
  /** Another shop than the sandbox, which then stands by unused. */
  readonly webshopUrl?: string
  /** Keep both sandboxes' data in files, so that a test can reach behind their backs (`world.shopFile`). */
  readonly dataInFiles?: boolean
  /** What the company chose, where it differs from the defaults. */
  readonly company?: Partial<CompanyOptions>
  /** Further settings, by the names that they have in the environment. */
  readonly environment?: Readonly<Record<string, string>>
}

/**
 * Both sandboxes, a worker and a customers flow of their own on the run's Temporal server. Polls are quick and the
 * sweep is far away unless a test asks for one, so that each test says itself what finds a change.
 */
export async function startWorld(options: WorldOptions = {}) {
  const connectionName = `t${randomBytes(3).toString('hex')}`
  const seed = options.seed ?? 'none'
  const dataDir = join(tmpdir(), `kobling-${connectionName}`)
  await mkdir(dataDir, { recursive: true })
  const fileOf = (name: string): string => (options.dataInFiles ? join(dataDir, `${name}.sqlite`) : ':memory:')
  const erp = await startPowerOfficeSandbox({
    port: 0,
    dataFile: fileOf('poweroffice'),
    seed,
    switches: { organizationNumberCheck: 'mod11', rateLimit: 'off', ...options.switches },
  })
  const shop = await startWebshopSandbox({ port: 0, dataFile: fileOf('webshop'), seed })
  const settings: Settings = {
    ...readSettings({
      TEMPORAL_ADDRESS: inject('temporalAddress'),
      POWEROFFICE_BASE_URL: erp.baseUrl,
      POWEROFFICE_TOKEN_URL: erp.tokenUrl,
      WEBSHOP_BASE_URL: options.webshopUrl ?? shop.baseUrl,
      POWEROFFICE_REQUESTS_PER_SECOND: String(options.requestsPerSecond ?? 200),
      ...options.environment,
    }),
    options: { ...defaultOptions, ...options.company },
    connection: connectionName,
    taskQueue: `sync-${connectionName}`,
    watchTaskQueue: `sync-${connectionName}-watch`,
    receiverPort: 0,
    dataDir,
  }
  const connection = await Connection.connect({ address: inject('temporalAddress') })
  const client = new Client({
    connection,
    dataConverter: dataConverterOf(settings),
    interceptors: { workflow: [askAgain] },
    workflow: { queryRejectCondition: 'NOT_OPEN' },
  })
  const handle = client.workflow.getHandle(flowWorkflowId(connectionName, 'customers'))
  const memory = createMemory(client)
  let worker: RunningWorker | null = null

  const world = {
    settings,
    erp,
    shop,
    client,
    handle,
    shopFile: fileOf('webshop'),
    systems: createSystems(settings),
    /** With settings of its own where a test gives some. */
    startWorker: async (changes: Partial<Settings> = {}): Promise<RunningWorker> => {
      worker = await startWorker(
        { ...settings, ...changes },
        {
          workflowBundle: { codePath: inject('workflowBundlePath') },
          timing: () => ({
            erpPollMs: options.erpPollMs ?? 200,
            shopPollMs: options.shopPollMs ?? 200,
            sweepMs: options.sweepMs ?? 3_600_000,
            graceMs: options.graceMs ?? 500,
          }),
        },
      )
      if (options.webhooks !== false)
        await world.shopSettings({ webhookUrl: `http://127.0.0.1:${worker.receiverPort}/webhooks/${connectionName}` })
      return worker
    },
    stopWorker: async (): Promise<void> => {
      worker?.shutdown()
      await worker?.ended
      worker = null
    },
    startFlow: (flowOptions: Partial<FlowOptions> = {}): Promise<void> => world.of('customers').start(flowOptions),
    /** One flow of this world, by its name; it runs once it was started. */
    of: (flow: FlowName) => flowHandle(flow),
    status: (): Promise<FlowStatus> => world.of('customers').status(),
    inbox: (): Promise<readonly InboxEntry[]> => world.of('customers').inbox(),
    rows: (): Promise<Row[]> => world.of('customers').rows(),
    settled: (): Promise<FlowStatus> => world.of('customers').settled(),
    shopSettings: async (change: object): Promise<void> => {
      const answer = await fetch(`${shop.baseUrl}/sandbox/settings`, {
        method: 'PATCH',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(change),
      })
      if (!answer.ok) throw new Error(`the webshop sandbox refused its settings: ${await answer.text()}`)
    },
    shopCounts: async (): Promise<{ byRoute: Record<string, number>; writes: number; webhooks: { sent: number } }> =>
      (await fetch(`${shop.baseUrl}/sandbox/counts`)).json() as never,
    resetCounts: async (): Promise<void> => {
      erp.counts.reset()
      await fetch(`${shop.baseUrl}/sandbox/counts`, { method: 'DELETE' })
    },
    /** Plans a fault at the webshop; the ERP sandbox's faults are planned by `world.erp.faults.plan`. */
    shopFault: async (fault: object): Promise<void> => {
      await fetch(`${shop.baseUrl}/sandbox/faults`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(fault),
      })
    },
    shopCustomer: async (id: string): Promise<Record<string, unknown>> =>
      (
        await fetch(`${shop.baseUrl}/api/customers/${id}`, { headers: { authorization: 'Bearer sandbox-shopkeeper' } })
      ).json() as never,
    /** A person of the shop edits a customer, whatever its version is. */
    editInShop: async (id: string, change: object): Promise<void> => {
      const current = await fetch(`${shop.baseUrl}/api/customers/${id}`, {
        headers: { authorization: 'Bearer sandbox-shopkeeper' },
      })
      const answer = await fetch(`${shop.baseUrl}/api/customers/${id}`, {
        method: 'PATCH',
        headers: {
          authorization: 'Bearer sandbox-shopkeeper',
          'content-type': 'application/merge-patch+json',
          'if-match': current.headers.get('etag') ?? '',
        },
        body: JSON.stringify(change),
      })
      if (!answer.ok) throw new Error(`the webshop refused the edit: ${await answer.text()}`)
    },
    close: async (): Promise<void> => {
      await handle.terminate('the test is over').catch(() => undefined)
      for await (const shard of client.workflow.list({ query: `WorkflowId STARTS_WITH "${connectionName}."` }))
        await client.workflow
          .getHandle(shard.workflowId)
          .terminate('the test is over')
          .catch(() => undefined)
      await world.stopWorker()
      await connection.close()
      await Promise.all([erp.close(), shop.close()])
      await rm(dataDir, { recursive: true, force: true })
    },
  }
  return world

  function flowHandle(flow: FlowName) {
    const own = client.workflow.getHandle(flowWorkflowId(connectionName, flow))
    const address = { connection: connectionName, flow }
    const one = {
      handle: own,
      start: async (flowOptions: Partial<FlowOptions> = {}): Promise<void> => {
        const input: FlowInput = {
          v: 1,
          ...address,
          options: {
            approveFirst: false,
            hadEarlierRun: false,
            maxEvents: 0,
            company: choicesOf(settings.options, flow),
            ...options.flow,
            ...flowOptions,
          },
        }
        await client.workflow.start(flow, {
          workflowId: own.workflowId,
          taskQueue: settings.taskQueue,
          args: [input],
          workflowIdConflictPolicy: 'USE_EXISTING',
          workflowIdReusePolicy: 'ALLOW_DUPLICATE',
          staticSummary: flowNamed(flow).title,
        })
      },
      status: (): Promise<FlowStatus> => own.query(statusQuery),
      inbox: (): Promise<readonly InboxEntry[]> => own.query(inboxQuery),
      rows: async (): Promise<Row[]> => {
        const rows: Row[] = []
        const directory = await own.query(directoryQuery)
        await memory.eachRow(address, directory, (row) => rows.push(row), new AbortController().signal)
        return rows
      },
      /** The flow is live, nothing waits to be looked at, nothing is in hand. */
      settled: (deadlineMs = DEADLINE_MS): Promise<FlowStatus> =>
        until(
          `the flow ${flow} to settle`,
          async () => {
            const status = await one.status()
            return status.phase === 'live' && status.lookAgain.count === 0 && status.inHand === 0 ? status : undefined
          },
          deadlineMs,
        ),
    }
    return one
  }
}

export type World = Awaited<ReturnType<typeof startWorld>>

/** Waits for a condition, never for a time: `probe` answers undefined or false until it holds. */
export async function until<T>(
  what: string,
  probe: () => Promise<T | undefined | false>,
  deadlineMs = DEADLINE_MS,
  lookEveryMs = 50,
): Promise<T> {
  const end = Date.now() + deadlineMs
  let last: unknown
  for (;;) {
    try {
      const value = await probe()
      if (value !== undefined && value !== false) return value
      last = undefined
    } catch (error) {
      last = error
    }
    if (Date.now() > end) throw new Error(`waited in vain for ${what}`, { cause: last })
    await new Promise((resolve) => setTimeout(resolve, lookEveryMs))
  }
}
