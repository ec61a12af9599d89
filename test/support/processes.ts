import { type ChildProcess, spawn } from 'node:child_process'
import { closeSync, openSync, readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'

/** A process of the product under test, in a process group of its own, so that a kill leaves no helper of it behind. */
export interface TestProcess {
  readonly pid: number
  /** Resolves when it has ended, by whatever cause. */
  readonly ended: Promise<void>
  hasEnded(): boolean
  /** SIGKILL to the whole group: no handler runs, no buffer is flushed, no goodbye is said. */
  kill(): Promise<void>
  /** SIGSTOP and SIGCONT to the whole group: the process sleeps, as on a laptop whose lid was closed. */
  sleep(): void
  wake(): void
  /** Waits until its output holds `text`; rejects with its last words when it ends first, or not within the time (three minutes). */
  said(text: string, withinMs?: number): Promise<void>
}

export interface TestProcessOptions {
  /** Path of a TypeScript file from the project's root. */
  readonly entry: string
  readonly args?: readonly string[]
  readonly environment: Readonly<Record<string, string>>
  readonly logFile: string
  /** Where it runs: not the project's folder, whose `.env` is not for tests. */
  readonly folder: string
  /** The project's root, where the entry lies; default: this project. */
  readonly root?: URL
}

const projectRoot = new URL('../../', import.meta.url)
const running = new Set<ChildProcess>()
const READY_WITHIN_MS = 180_000

// The last resort: tests end their processes themselves, also when they fail.
process.on('exit', () => {
  for (const child of running) killGroup(child)
})

export function startProcess(options: TestProcessOptions): TestProcess {
  const log = openSync(options.logFile, 'a')
  const from = readFileSync(options.logFile).length
  const child = spawn(
    process.execPath,
    [
      fileURLToPath(new URL('worker/processes/start.js', options.root ?? projectRoot)),
      fileURLToPath(new URL(options.entry, options.root ?? projectRoot)),
      ...(options.args ?? []),
    ],
    { detached: true, cwd: options.folder, stdio: ['ignore', log, log], env: { ...basics(), ...options.environment } },
  )
  closeSync(log)
  running.add(child)
  let hasEnded = false
  const ended = new Promise<void>((resolve) => {
    child.once('error', () => resolve())
    child.once('close', () => resolve())
  }).then(() => {
    hasEnded = true
    running.delete(child)
  })
  return {
    pid: child.pid ?? 0,
    ended,
    hasEnded: () => hasEnded,
    kill: async () => {
      killGroup(child)
      await ended
    },
    sleep: () => signalGroup(child, 'SIGSTOP'),
    wake: () => signalGroup(child, 'SIGCONT'),
    said: async (text, withinMs = READY_WITHIN_MS) => {
      const deadline = Date.now() + withinMs
      for (;;) {
        const printed = readFileSync(options.logFile).subarray(from).toString('utf8')
        if (printed.includes(text)) return
        if (hasEnded) throw new Error(`${options.entry} ended before it said "${text}": ${printed.slice(-500)}`)
        if (Date.now() > deadline) throw new Error(`${options.entry} did not say "${text}": ${printed.slice(-500)}`)
        await pause(25)
      }
    },
  }
}

/** Ends what a failed test left running. */
export async function endProcesses(): Promise<void> {
  const left = [...running]
  for (const child of left) killGroup(child)
  await Promise.all(
    left.map((child) =>
      child.exitCode === null && child.signalCode === null
        ? new Promise((resolve) => child.once('close', resolve))
        : undefined,
    ),
  )
}

function killGroup(child: ChildProcess): void {
  signalGroup(child, 'SIGKILL')
}

function signalGroup(child: ChildProcess, signal: NodeJS.Signals): void {
  if (child.pid === undefined) return
  try {
    process.kill(-child.pid, signal)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error
  }
}

/** Nothing of the product's own settings that a developer may have set, but where the workflow code is kept that workers have bundled. */
function basics(): Record<string, string> {
  const names = ['PATH', 'HOME', 'TMPDIR', 'LANG']
  return {
    ...Object.fromEntries(names.flatMap((name) => (process.env[name] ? [[name, process.env[name] as string]] : []))),
    KOBLING_CACHE_DIR: resolve(process.env['KOBLING_CACHE_DIR'] ?? '.cache'),
  }
}
