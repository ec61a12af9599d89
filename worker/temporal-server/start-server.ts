import { type ChildProcess, spawn } from 'node:child_process'
import {
  accessSync,
  closeSync,
  constants,
  existsSync,
  mkdirSync,
  openSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { dirname, resolve } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { Connection } from '@temporalio/client'
import { busyPortSentence, isPortBusy } from '../processes/busy-port.ts'
import { endOrphan, removePidFile, writePidFile } from '../processes/pid-file.ts'
import { prepareNamespace } from './prepare-namespace.ts'

export interface ServerOptions {
  readonly binary: string
  readonly port: number
  /** `null`: without the Web UI. */
  readonly uiPort: number | null
  /** Where the Web UI has large payloads decoded (worker/receiver.ts); absent: it shows them as they are. */
  readonly uiCodecEndpoint?: string
  /** `null`: everything is forgotten when the server ends. */
  readonly dbFile: string | null
  readonly namespace: string
  readonly logFile: string
  /** Where the server's pid is kept, so that the next start can end a server that outlived its supervisor. */
  readonly pidFile?: string
}

export interface RunningServer {
  /** host:port for clients and workers. */
  readonly address: string
  readonly uiUrl: string | null
  readonly pid: number
  /** Resolves when the process has ended, by whatever cause. */
  readonly ended: Promise<void>
  /** SIGTERM, SIGKILL after 10 s; returns when the process is gone. Calling it again waits for the same end. */
  stop(): Promise<void>
  /** At once. The database survives it: what was answered is in its file. */
  kill(): void
}

const stopGraceMs = 10_000
/** A new database takes 2 s here, one with a long history longer. */
const answerWithinMs = 60_000

/**
 * Starts Temporal's development server and returns once it answers and its namespace is prepared. The process has its own
 * group: Ctrl-C reaches only us, and we stop it last.
 * @throws one sentence for a taken port, a folder that cannot be written to, or a server that ends before it answers
 */
export async function startTemporalServer(options: ServerOptions): Promise<RunningServer> {
  makeFolders(options)
  if (options.pidFile !== undefined) await endOrphan(options.pidFile, orphanMarks(options), stopGraceMs)
  await assertPortsFree(options)
  const databaseIsSetUp = markNewDatabase(options.dbFile)
  const child = spawnServer(options)
  const kill = () => void child.kill('SIGKILL')
  process.once('exit', kill)
  const ended = new Promise<void>((resolveEnd) => {
    child.once('close', () => {
      process.off('exit', kill)
      if (options.pidFile !== undefined) removePidFile(options.pidFile)
      resolveEnd()
    })
  })
  const address = `127.0.0.1:${options.port}`
  const stop = () => stopServer(child, ended)
  try {
    const pid = await pidOf(child, options.binary)
    if (options.pidFile !== undefined) writePidFile(options.pidFile, pid)
    const connection = await connectOnceAnswering(address, child, options.logFile)
    databaseIsSetUp()
    try {
      await prepareNamespace(connection, options.namespace)
    } finally {
      await connection.close()
    }
    const uiUrl = options.uiPort === null ? null : `http://127.0.0.1:${options.uiPort}`
    return { address, uiUrl, pid, ended, stop, kill }
  } catch (error) {
    await stop()
    throw error
  }
}

/** What a command line must hold to be our server on this database file. */
export function orphanMarks(options: Pick<ServerOptions, 'dbFile' | 'port'>): string[] {
  return ['server start-dev', options.dbFile === null ? `--port ${options.port}` : resolve(options.dbFile)]
}

/**
 * The queue rates and the query buffer are not tuning: with the defaults a single activity costs 97 ms instead of 10, and a second
 * query of one workflow is refused (measured on two cores).
 */
export function serverArguments(options: Omit<ServerOptions, 'binary' | 'logFile' | 'pidFile'>): string[] {
  const codec = options.uiCodecEndpoint === undefined ? [] : ['--ui-codec-endpoint', options.uiCodecEndpoint]
  const ui =
    options.uiPort === null
      ? ['--headless']
      : ['--ui-port', String(options.uiPort), '--ui-disable-news-fetch', ...codec]
  const pragmas = ['--sqlite-pragma', 'journal_mode=WAL', '--sqlite-pragma', 'synchronous=NORMAL']
  const file = options.dbFile === null ? [] : ['--db-filename', resolve(options.dbFile), ...pragmas]
  const dynamic = [
    'history.transferProcessorMaxPollRPS=2000',
    'history.timerProcessorMaxPollRPS=2000',
    'history.visibilityProcessorMaxPollRPS=500',
    'history.MaxBufferedQueryCount=100',
    'frontend.enableServerVersionCheck=false',
  ]
  const searchAttributes = ['KoblingFlow=Keyword', 'KoblingPhase=Keyword', 'KoblingInbox=Int']
  return [
    'server',
    'start-dev',
    '--ip',
    '127.0.0.1',
    '--port',
    String(options.port),
    ...ui,
    ...file,
    '--namespace',
    options.namespace,
    ...dynamic.flatMap((value) => ['--dynamic-config-value', value]),
    ...searchAttributes.flatMap((value) => ['--search-attribute', value]),
    '--log-level',
    'error',
    // People's own settings for Temporal's command line (another address, TLS) are not for this server.
    '--disable-config-env',
    '--disable-config-file',
  ]
}

function makeFolders(options: ServerOptions): void {
  for (const file of [options.logFile, ...(options.dbFile === null ? [] : [options.dbFile])]) {
    try {
      const folder = dirname(resolve(file))
      mkdirSync(folder, { recursive: true })
      accessSync(folder, constants.W_OK)
      if (existsSync(file)) accessSync(file, constants.W_OK)
    } catch (error) {
      throw new Error(
        `The Temporal server cannot write ${resolve(file)}: make it and its folder writable or set KOBLING_DATA_DIR to another folder.`,
        { cause: error },
      )
    }
  }
}

/**
 * The server sets its tables up only where there is no file, so one that was killed in its first seconds leaves a file that no
 * later start can use. The marker stands from before the first start until the first answer; a file beside it holds nothing yet.
 * @returns a function to call at the first answer
 */
function markNewDatabase(dbFile: string | null): () => void {
  if (dbFile === null) return () => {}
  const marker = `${dbFile}.new`
  if (existsSync(marker)) for (const part of ['', '-wal', '-shm']) rmSync(`${dbFile}${part}`, { force: true })
  if (!existsSync(dbFile)) writeFileSync(marker, '')
  return () => rmSync(marker, { force: true })
}

async function assertPortsFree(options: ServerOptions): Promise<void> {
  const uses = [
    { port: options.port, purpose: 'the Temporal server', setting: 'TEMPORAL_PORT' },
    ...(options.uiPort === null
      ? []
      : [{ port: options.uiPort, purpose: "Temporal's Web UI", setting: 'TEMPORAL_UI_PORT' }]),
  ]
  for (const use of uses) if (await isPortBusy(use.port)) throw new Error(await busyPortSentence(use))
}

function spawnServer(options: ServerOptions): ChildProcess {
  const log = openSync(options.logFile, 'a')
  try {
    return spawn(options.binary, serverArguments(options), {
      detached: true,
      stdio: ['ignore', log, log],
      // Else the server asks version-info.temporal.io for news about itself.
      env: { ...process.env, TEMPORAL_VERSION_CHECK_DISABLED: '1' },
    })
  } finally {
    closeSync(log)
  }
}

function pidOf(child: ChildProcess, binary: string): Promise<number> {
  return new Promise((resolvePid, reject) => {
    child.once('error', (error) => reject(new Error(`The Temporal server ${binary} does not start: ${error.message}.`)))
    child.once('spawn', () => resolvePid(child.pid ?? 0))
  })
}

async function connectOnceAnswering(address: string, child: ChildProcess, logFile: string): Promise<Connection> {
  const deadline = Date.now() + answerWithinMs
  for (;;) {
    if (child.exitCode !== null || child.signalCode !== null) {
      throw new Error(`The Temporal server ended before it answered${lastLineOf(logFile)}; its log is ${logFile}.`)
    }
    try {
      return await Connection.connect({ address, connectTimeout: 1000 })
    } catch (error) {
      if (Date.now() > deadline) {
        const seconds = answerWithinMs / 1000
        throw new Error(
          `The Temporal server did not answer on ${address} within ${seconds} s; its log is ${logFile}.`,
          {
            cause: error,
          },
        )
      }
      await pause(100)
    }
  }
}

function lastLineOf(logFile: string): string {
  const line = readFileSync(logFile, 'utf8').trim().split('\n').at(-1)
  return line ? ` (${line.slice(0, 300)})` : ''
}

async function stopServer(child: ChildProcess, ended: Promise<void>): Promise<void> {
  if (child.pid === undefined) return
  child.kill('SIGTERM')
  const timer = setTimeout(() => child.kill('SIGKILL'), stopGraceMs)
  await ended
  clearTimeout(timer)
}
