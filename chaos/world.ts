import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { Client, Connection } from '@temporalio/client'
import { startFlow } from '../client/start-flow.ts'
import { flowWorkflowId } from '../flows/directory.ts'
import { type FlowName, flowNames } from '../flows/flow-definition.ts'
import { defaultOptions } from '../flows/flow-options.ts'
import { flowNamed } from '../flows/registry.ts'
import { readSettings } from '../flows/settings.ts'
import type { SwitchRequest } from '../sandbox/poweroffice/settings.ts'
import { endProcesses, startProcess, type TestProcess } from '../test/support/processes.ts'
import { superviseWorkers } from '../test/support/supervised-workers.ts'
import { askAgain } from '../worker/ask-again.ts'
import { dataConverterOf } from '../worker/codec.ts'
import { loadEnvironment } from '../worker/environment.ts'
import { findFreePort } from '../worker/processes/busy-port.ts'
import { obtainTemporalServer } from '../worker/temporal-server/obtain-server.ts'
import { startTemporalServer } from '../worker/temporal-server/start-server.ts'
import { type FlowStatus, type InboxEntry, inboxQuery, resumeUpdate, statusQuery } from '../workflows/messages.ts'
import type { ChaosReport } from './report.ts'
import { superviseServer } from './supervised-server.ts'
import { type ErpPeople, erpPeople } from './systems/erp-people.ts'
import { ask } from './systems/http.ts'
import { type ShopPeople, shopPeople } from './systems/shop-people.ts'

/** Everything of a deployment as processes of their own, to be killed, paused and cut off; and people at both systems. */
export interface ChaosWorld {
  readonly erp: ErpPeople
  readonly shop: ShopPeople
  killWorker(which: number): Promise<void>
  killServer(): Promise<void>
  sleepWorker(which: number, ms: number): Promise<void>
  /** Until it is woken. @returns wakes it */
  putToSleep(which: number): () => void
  sleepSystem(side: 'erp' | 'shop', ms: number): Promise<void>
  planFault(side: 'erp' | 'shop', fault: object): Promise<void>
  /** Plans a fault and waits for its first hit. @returns asks how many it has had; null: none in time, and it is taken back */
  meetFault(side: 'erp' | 'shop', fault: object, withinMs: number): Promise<(() => Promise<number>) | null>
  revokeTokens(): Promise<void>
  loseWebhooks(ms: number): Promise<void>
  /** Takes back every fault that is still planned. @returns how many requests met one */
  endFaults(): Promise<number>
  /** What became of the webshop's webhooks so far. */
  webhooks(): Promise<ChaosReport['webhooks']>
  /** The status of every flow; throws while one does not answer. */
  statuses(): Promise<FlowStatus[]>
  inbox(): Promise<readonly InboxEntry[]>
  /** What a person does who finds a flow paused by its breaker and knows that it was people who deleted so much. @returns the flows, and why */
  resumeTripped(): Promise<readonly { readonly flow: FlowName; readonly why: string }[]>
  close(): Promise<void>
}

export interface ChaosWorldOptions {
  readonly seed: number
  /** Where the workers' source is; null: this project. */
  readonly workerRoot: URL | null
  /** Of the PowerOffice sandbox, beside its usual ones. */
  readonly switches: SwitchRequest
  /** Data and logs stay there; null: a temporary folder that goes away. */
  readonly keep: string | null
  readonly say: (words: string) => void
}

/**
 * The sandboxes keep no rule that would hide a fault of ours: PowerOffice takes the same article number and the same order
 * reference twice. There is no sweep within a run, so that every change must be found by what tells of changes.
 */
const usualSwitches = {
  rateLimit: 'off',
  organizationNumberCheck: 'mod11',
  productCodeUnique: 'duplicates',
  duplicateOrderReference: 'accepted',
  lateVisibility: 1_000,
} as const

export async function startChaosWorld(options: ChaosWorldOptions): Promise<ChaosWorld> {
  const folder = options.keep === null ? mkdtempSync(join(tmpdir(), 'kobling-chaos-')) : resolve(options.keep)
  mkdirSync(folder, { recursive: true })
  const stopping: (() => Promise<unknown> | unknown)[] = []
  if (options.keep === null) stopping.push(() => rmSync(folder, { recursive: true, force: true }))
  const close = async (): Promise<void> => {
    for (const stop of stopping.splice(0).reverse())
      await Promise.resolve()
        .then(stop)
        .catch(() => undefined)
  }
  try {
    return await start()
  } catch (error) {
    await close()
    throw error
  }

  async function start(): Promise<ChaosWorld> {
    stopping.push(() => endProcesses())
    const { TEMPORAL_CLI, KOBLING_CACHE_DIR } = loadEnvironment()
    const { temporal, cacheDir } = readSettings({ TEMPORAL_CLI, KOBLING_CACHE_DIR })
    const { binary } = await obtainTemporalServer({ cli: temporal.cli, cacheDir, say: options.say })
    const serverOptions = {
      binary,
      port: await findFreePort(),
      uiPort: null,
      dbFile: join(folder, 'temporal.sqlite'),
      namespace: 'default',
      logFile: join(folder, 'temporal.log'),
    }
    const server = await superviseServer(() => startTemporalServer(serverOptions), options.say)
    stopping.push(() => server.end())
    const [erpPort, shopPort, ...receiverPorts] = [
      await findFreePort(),
      await findFreePort(),
      await findFreePort(),
      await findFreePort(),
    ]
    const erpOrigin = `http://127.0.0.1:${erpPort}`
    const shopOrigin = `http://127.0.0.1:${shopPort}`
    const systems = {
      erp: startProcess({
        entry: 'sandbox/poweroffice/main.ts',
        environment: {
          KOBLING_DATA_DIR: folder,
          POWEROFFICE_SANDBOX_PORT: String(erpPort),
          POWEROFFICE_SANDBOX_SEED: 'none',
          POWEROFFICE_SANDBOX_SWITCHES: JSON.stringify({ ...usualSwitches, ...options.switches }),
        },
        logFile: join(folder, 'poweroffice.log'),
        folder,
      }),
      shop: startProcess({
        entry: 'sandbox/webshop/main.ts',
        environment: {
          KOBLING_DATA_DIR: folder,
          WEBSHOP_SANDBOX_PORT: String(shopPort),
          WEBSHOP_SANDBOX_SEED: 'none',
          WEBSHOP_WEBHOOK_URL: `http://127.0.0.1:${receiverPorts[0]}/webhooks/default`,
        },
        logFile: join(folder, 'webshop.log'),
        folder,
      }),
    }
    await Promise.all([systems.erp.said('sandbox listening'), systems.shop.said('sandbox listening')])

    const environment = {
      TEMPORAL_ADDRESS: server.address,
      POWEROFFICE_BASE_URL: `${erpOrigin}/v2`,
      POWEROFFICE_TOKEN_URL: `${erpOrigin}/OAuth/Token`,
      POWEROFFICE_REQUESTS_PER_SECOND: '500',
      POWEROFFICE_POLL_SECONDS: '0.5',
      POWEROFFICE_SWEEP_SECONDS: '3600',
      WEBSHOP_BASE_URL: shopOrigin,
      WEBSHOP_POLL_SECONDS: '0.5',
    }
    const settings = readSettings(environment, defaultOptions)
    const connection = await Connection.connect({ address: server.address })
    stopping.push(() => connection.close())
    const client = new Client({
      connection,
      dataConverter: dataConverterOf(settings),
      interceptors: { workflow: [askAgain] },
      workflow: { queryRejectCondition: 'NOT_OPEN' },
    })
    for (const flow of flowNames) await startFlow(client, settings, flowNamed(flow), { hadEarlierRun: false })

    const workers = superviseWorkers({
      count: receiverPorts.length,
      start: (which) =>
        startProcess({
          entry: 'worker/main.ts',
          environment: { ...environment, KOBLING_PORT: String(receiverPorts[which]) },
          logFile: join(folder, `worker-${which}.log`),
          folder,
          ...(options.workerRoot && { root: options.workerRoot }),
        }),
      say: options.say,
    })
    stopping.push(() => workers.end())
    await workers.allServe()

    const admin = (side: 'erp' | 'shop', path: string) => `${side === 'erp' ? erpOrigin : shopOrigin}/sandbox/${path}`
    const ofFlow = async <T>(flow: FlowName, query: typeof statusQuery | typeof inboxQuery): Promise<T> =>
      connection.withDeadline(Date.now() + 5_000, () =>
        client.workflow.getHandle(flowWorkflowId(settings.connection, flow)).query(query as never),
      ) as Promise<T>

    const statuses = (): Promise<FlowStatus[]> =>
      allAnswers(flowNames.map((flow) => ofFlow<FlowStatus>(flow, statusQuery)))

    return {
      erp: erpPeople(erpOrigin),
      shop: shopPeople(shopOrigin),
      killWorker: (which) => workers.kill(which),
      killServer: async () => {
        await server.kill()
        await workers.allServe()
      },
      sleepWorker: (which, ms) => asleep(workers.process(which), ms),
      putToSleep: (which) => {
        const sleeper = workers.process(which)
        sleeper?.sleep()
        return () => sleeper?.wake()
      },
      sleepSystem: (side, ms) => asleep(systems[side], ms),
      planFault: async (side, fault) => void (await ask(admin(side, 'faults'), { method: 'POST', body: fault })),
      meetFault: async (side, fault, withinMs) => {
        const { id } = await ask<{ id: number }>(admin(side, 'faults'), { method: 'POST', body: fault })
        const hits = async (): Promise<number> => {
          const planned = await ask<{ id: number; hits: number }[]>(admin(side, 'faults'))
          return planned.find((each) => each.id === id)?.hits ?? 0
        }
        for (const began = Date.now(); Date.now() - began < withinMs; await pause(50))
          if ((await hits()) > 0) return hits
        await ask(admin(side, `faults/${id}`), { method: 'DELETE' })
        return null
      },
      revokeTokens: async () => void (await ask(admin('erp', 'tokens'), { method: 'DELETE' })),
      loseWebhooks: async (ms) => {
        await ask(admin('shop', 'settings'), { method: 'PATCH', body: { webhooks: 'lost' } })
        await pause(ms)
        await ask(admin('shop', 'settings'), { method: 'PATCH', body: { webhooks: 'on' } })
      },
      endFaults: async () => {
        let hits = 0
        for (const side of ['erp', 'shop'] as const) {
          const planned = await ask<{ hits: number }[]>(admin(side, 'faults'))
          hits += planned.reduce((sum, fault) => sum + fault.hits, 0)
          await ask(admin(side, 'faults'), { method: 'DELETE' })
        }
        return hits
      },
      webhooks: async () => {
        const { webhooks } = await ask<{ webhooks: { sent: number; failed: number; lost: number } }>(
          admin('shop', 'counts'),
        )
        return { taken: webhooks.sent, refusedOrUnheard: webhooks.failed, lost: webhooks.lost }
      },
      statuses,
      resumeTripped: async () => {
        const tripped = (await statuses()).filter(({ pauseReasons }) =>
          pauseReasons.some(({ kind }) => kind === 'breaker'),
        )
        for (const { flow } of tripped)
          await connection.withDeadline(Date.now() + 10_000, () =>
            client.workflow
              .getHandle(flowWorkflowId(settings.connection, flow))
              .executeUpdate(resumeUpdate, { args: [{ by: 'chaos' }] }),
          )
        return tripped.map(({ flow, pauseReasons }) => ({
          flow,
          why: pauseReasons.flatMap((reason) => (reason.kind === 'breaker' ? [reason.why] : [])).join('; '),
        }))
      },
      inbox: async () => (await allAnswers(flowNames.map((flow) => ofFlow<InboxEntry[]>(flow, inboxQuery)))).flat(),
      close,
    }
  }
}

/** Throws when one has failed and no sooner than all have ended: what is still tried when the connection closes ends the process. */
async function allAnswers<T>(asked: readonly Promise<T>[]): Promise<T[]> {
  await Promise.allSettled(asked)
  return Promise.all(asked)
}

async function asleep(sleeper: TestProcess | undefined, ms: number): Promise<void> {
  sleeper?.sleep()
  try {
    await pause(ms)
  } finally {
    sleeper?.wake()
  }
}
