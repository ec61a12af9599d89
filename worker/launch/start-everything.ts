import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { Connection } from '@temporalio/client'
import { portsOf, type Settings } from '../../flows/settings.ts'
import { busyPortSentence, isPortBusy } from '../processes/busy-port.ts'
import { temporalConnectionOptions } from '../temporal-connection.ts'
import { obtainTemporalServer } from '../temporal-server/obtain-server.ts'
import { prepareNamespace } from '../temporal-server/prepare-namespace.ts'
import { startTemporalServer } from '../temporal-server/start-server.ts'
import { takeDataFolder } from './earlier-run.ts'
import { entries, type ServiceName } from './entries.ts'
import { waitForFirstLoad } from './first-load.ts'
import { keepWorker } from './keep-worker.ts'
import { readyLines } from './ready-lines.ts'
import { logFileOf, pidFileOf, type Service, startService } from './service.ts'
import { type Environment, readStatus, repairFlows, startFlows, upgradeFlows } from './start-flows.ts'
import type { Supervisor } from './supervisor.ts'

export interface Launch {
  readonly settings: Settings
  readonly environment: Environment
  readonly supervisor: Supervisor
  readonly say: (sentence: string) => void
}

/** The worker finishes the writes it has begun (at most 15 s of them), and 5 s to say goodbye. */
const workerGraceMs = 20_000
const graceMs = 10_000

/** The story of `npm start`, from nothing to the ready lines. */
export async function startEverything(launch: Launch): Promise<void> {
  const { settings, environment, supervisor, say } = launch
  const release = await takeDataFolder(settings, say)
  supervisor.add({ stop: async () => release(), kill: release }, graceMs)
  await assertPortsFree(settings)

  if (settings.temporal.address === null) await startEmbeddedTemporal(launch)
  else await prepareConfiguredTemporal(launch)
  if (settings.powerOffice.sandbox) await startPowerOfficeSandbox(launch)
  if (settings.webshop.sandbox) await startWebshopSandbox(launch)
  await startWorker(launch)
  supervisor.signal.throwIfAborted()
  if (settings.temporal.deployment !== null) await upgradeFlows(environment, supervisor.signal, say)
  await repairFlows(environment, supervisor.signal, say)
  await startFlows(environment, supervisor.signal)
  await startConsole(launch)
  await waitForFirstLoad(settings, say, supervisor.signal)

  supervisor.signal.throwIfAborted()
  for (const line of readyLines(settings, await readStatus(environment, supervisor.signal))) say(line)
}

async function assertPortsFree(settings: Settings): Promise<void> {
  for (const use of portsOf(settings)) {
    if (await isPortBusy(use.port)) throw new Error(await busyPortSentence(use))
  }
}

async function startEmbeddedTemporal({ settings, environment, supervisor, say }: Launch): Promise<void> {
  const { temporal, dataDir, cacheDir } = settings
  const { signal } = supervisor
  const obtained = await obtainTemporalServer({ cli: temporal.cli, cacheDir, say, environment, signal })
  signal.throwIfAborted()
  const server = await startTemporalServer({
    binary: obtained.binary,
    port: temporal.port,
    uiPort: temporal.uiPort,
    uiCodecEndpoint: `http://127.0.0.1:${settings.receiverPort}/codec`,
    dbFile: join(dataDir, 'temporal.sqlite'),
    namespace: temporal.namespace,
    logFile: logFileOf(dataDir, 'temporal'),
    pidFile: pidFileOf(dataDir, 'temporal'),
  })
  supervisor.add(server, graceMs)
  const died = `The Temporal server ended by itself, so everything stops (its log is ${logFileOf(dataDir, 'temporal')}).`
  void server.ended.then(() => supervisor.fail(died))
  say(`Temporal server ${obtained.version} answers on ${server.address} (${obtained.binary}).`)
}

/** Search attributes and retention of a server that others run: what we may not change there, its operator does by the runbook. */
async function prepareConfiguredTemporal({ settings, say }: Launch): Promise<void> {
  const options = temporalConnectionOptions(settings)
  const connection = await Connection.connect({ ...options, connectTimeout: 10_000 }).catch((error: unknown) => {
    throw new Error(
      `No Temporal server answers on TEMPORAL_ADDRESS=${options.address}: start it, or unset TEMPORAL_ADDRESS to use the embedded one.`,
      { cause: error },
    )
  })
  try {
    await prepareNamespace(connection, settings.temporal.namespace)
    say(`Temporal server on ${options.address} is used.`)
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error)
    say(
      `Temporal server on ${options.address} is used; its namespace ${settings.temporal.namespace} could not be prepared (${reason}): it needs the search attributes KoblingFlow, KoblingPhase (Keyword) and KoblingInbox (Int).`,
    )
  } finally {
    await connection.close()
  }
}

async function startPowerOfficeSandbox(launch: Launch): Promise<void> {
  const { powerOffice, dataDir } = launch.settings
  await startSupervised(launch, 'poweroffice-sandbox', {
    POWEROFFICE_SANDBOX_PORT: String(powerOffice.sandboxPort),
    POWEROFFICE_APPLICATION_KEY: powerOffice.applicationKey,
    POWEROFFICE_CLIENT_KEY: powerOffice.clientKey,
    POWEROFFICE_SUBSCRIPTION_KEY: powerOffice.subscriptionKey,
    // The real system checks organisation numbers; without it, seeded mistakes would pass here and fail there.
    POWEROFFICE_SANDBOX_SWITCHES:
      launch.environment['POWEROFFICE_SANDBOX_SWITCHES'] ?? '{"organizationNumberCheck":"mod11"}',
    KOBLING_DATA_DIR: dataDir,
  })
}

async function startWebshopSandbox(launch: Launch): Promise<void> {
  const { webshop, receiverPort, connection, dataDir } = launch.settings
  await startSupervised(launch, 'webshop-sandbox', {
    WEBSHOP_SANDBOX_PORT: String(webshop.sandboxPort),
    WEBSHOP_API_KEY: webshop.apiKey,
    ...(webshop.webhookSecret === null ? {} : { WEBSHOP_WEBHOOK_SECRET: webshop.webhookSecret }),
    WEBSHOP_WEBHOOK_URL: `http://127.0.0.1:${receiverPort}/webhooks/${connection}`,
    KOBLING_DATA_DIR: dataDir,
  })
}

async function startWorker(launch: Launch): Promise<void> {
  launch.supervisor.signal.throwIfAborted()
  const worker = await keepWorker({ start: () => startOne(launch, 'worker', {}), say: launch.say })
  launch.supervisor.add(worker, workerGraceMs)
}

async function startConsole(launch: Launch): Promise<void> {
  if (existsSync(entryOf('console').entry)) await startSupervised(launch, 'console', {})
}

/** A service whose end is the end of everything. */
async function startSupervised(launch: Launch, name: ServiceName, environment: Environment): Promise<void> {
  launch.supervisor.signal.throwIfAborted()
  const service = await startOne(launch, name, environment)
  launch.supervisor.add(service, graceMs)
  void service.ended.then((ending) => {
    const log = logFileOf(launch.settings.dataDir, name)
    launch.supervisor.fail(`The ${name} ended by itself (${ending}), so everything stops (its log is ${log}).`)
  })
}

function startOne(launch: Launch, name: ServiceName, environment: Environment): Promise<Service> {
  const { dataDir } = launch.settings
  const { entry, readyText, nodeFlags } = entryOf(name)
  const { signal } = launch.supervisor
  return startService({
    name,
    entry,
    nodeFlags,
    readyText,
    dataDir,
    signal,
    environment: { ...launch.environment, ...environment },
  })
}

function entryOf(name: ServiceName) {
  const found = entries.find((one) => one.name === name)
  if (found === undefined) throw new Error(`There is no service named ${name}.`)
  return found
}
