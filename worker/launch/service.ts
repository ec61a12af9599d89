import { type ChildProcess, spawn } from 'node:child_process'
import { closeSync, existsSync, mkdirSync, openSync, renameSync, statSync } from 'node:fs'
import { open } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { removePidFile, writePidFile } from '../processes/pid-file.ts'
import { startScript } from '../processes/start-script.ts'

/** One of the processes that make up the product, as `npm start` runs it. */
export interface ServiceOptions {
  /** Names its log file and its pid file, and it in sentences. */
  readonly name: string
  /** Absolute path of the TypeScript file to run. */
  readonly entry: string
  /** For Node itself, before the entry. */
  readonly nodeFlags?: readonly string[]
  readonly environment: Readonly<Record<string, string | undefined>>
  /** What it prints once it can be used. */
  readonly readyText: string
  readonly dataDir: string
  /** Ends the service when it is aborted before the service is ready; later it has no effect. */
  readonly signal: AbortSignal
}

export interface Service {
  readonly name: string
  readonly pid: number
  /** Resolves when the process has ended, by whatever cause, with words for it. */
  readonly ended: Promise<string>
  /** SIGTERM, SIGKILL after `graceMs`; returns when the process is gone. */
  stop(graceMs: number): Promise<void>
  kill(): void
}

const readyWithinMs = 120_000
const interruptedGraceMs = 5000
const lookAgainMs = 50
const logBytesKept = 10_000_000

export function logFileOf(dataDir: string, name: string): string {
  return join(resolve(dataDir), 'logs', `${name}.log`)
}

export function pidFileOf(dataDir: string, name: string): string {
  return join(resolve(dataDir), 'run', `${name}.pid`)
}

/**
 * Starts a service and returns when it says that it can be used. It writes to its log file directly, not through us: it must
 * be able to go on writing when we were killed. Its own process group keeps a terminal's Ctrl-C away from it.
 * @throws one sentence with its last words when it ends first
 */
export async function startService(options: ServiceOptions): Promise<Service> {
  const logFile = openableLog(options)
  const from = existsSync(logFile) ? statSync(logFile).size : 0
  const child = spawnLogged(options, logFile)
  const kill = () => void child.kill('SIGKILL')
  process.once('exit', kill)
  const pidFile = pidFileOf(options.dataDir, options.name)
  const ended = new Promise<string>((resolveEnd) => {
    child.once('error', (error) => resolveEnd(`it cannot be run (${error.message})`))
    child.once('close', (code, signal) => {
      process.off('exit', kill)
      removePidFile(pidFile)
      resolveEnd(signal === null ? `exit code ${code}` : `signal ${signal}`)
    })
  })
  if (child.pid !== undefined) writePidFile(pidFile, child.pid)
  const service = {
    name: options.name,
    pid: child.pid ?? 0,
    ended,
    stop: (ms: number) => stopChild(child, ended, ms),
    kill,
  }
  await waitUntilReady(service, options, { logFile, from })
  return service
}

async function waitUntilReady(
  service: Service,
  { readyText, signal }: Pick<ServiceOptions, 'readyText' | 'signal'>,
  log: { logFile: string; from: number },
): Promise<void> {
  let ending: string | undefined
  void service.ended.then((words) => {
    ending = words
  })
  const deadline = Date.now() + readyWithinMs
  for (;;) {
    const printed = await readFrom(log.logFile, log.from)
    if (printed.includes(readyText)) return
    if (ending !== undefined)
      throw new Error(failure(service.name, `ended with ${ending} before it was ready`, printed, log))
    if (Date.now() > deadline) {
      service.kill()
      throw new Error(failure(service.name, `was not ready within ${readyWithinMs / 1000} s`, printed, log))
    }
    if (signal.aborted) await service.stop(interruptedGraceMs)
    signal.throwIfAborted()
    await pause(lookAgainMs)
  }
}

function failure(name: string, what: string, printed: string, log: { logFile: string }): string {
  const lastWords =
    printed
      .trim()
      .split('\n')
      .findLast((line) => /error/i.test(line)) ?? printed.trim().split('\n').at(-1)
  return `The ${name} ${what}${lastWords ? `: ${lastWords.trim().slice(0, 300)}` : ''} (its log is ${log.logFile}).`
}

function spawnLogged(options: ServiceOptions, logFile: string): ChildProcess {
  const log = openSync(logFile, 'a')
  try {
    return spawn(process.execPath, [...(options.nodeFlags ?? []), startScript, options.entry], {
      detached: true,
      stdio: ['ignore', log, log],
      env: { ...options.environment },
    })
  } finally {
    closeSync(log)
  }
}

/** A log that grew large becomes `<name>.log.1` at the next start, and the one before it goes. */
function openableLog(options: ServiceOptions): string {
  const logFile = logFileOf(options.dataDir, options.name)
  mkdirSync(join(resolve(options.dataDir), 'logs'), { recursive: true })
  if (existsSync(logFile) && statSync(logFile).size > logBytesKept) renameSync(logFile, `${logFile}.1`)
  return logFile
}

async function readFrom(file: string, from: number): Promise<string> {
  const handle = await open(file, 'r')
  try {
    const { size } = await handle.stat()
    const buffer = Buffer.alloc(Math.max(0, size - from))
    await handle.read(buffer, 0, buffer.length, from)
    return buffer.toString('utf8')
  } finally {
    await handle.close()
  }
}

async function stopChild(child: ChildProcess, ended: Promise<string>, graceMs: number): Promise<void> {
  if (child.pid === undefined) return
  child.kill('SIGTERM')
  const timer = setTimeout(() => child.kill('SIGKILL'), graceMs)
  await ended
  clearTimeout(timer)
}
