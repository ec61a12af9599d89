import { spawn } from 'node:child_process'
import { availableParallelism } from 'node:os'
import { parseArgs } from 'node:util'

const usage = `npm run simulate -- [--seed N] [--schedules N] [--processes N]

Plays that many schedules of edits, faults and crashes against the engine in virtual time, without a server, and prints
the shortest one that breaks a promise. Default: seed 1, 10000 schedules, a process for each core. Each process has a seed of
its own, which its title names: with that seed and --processes 1 it plays the same again.
`

/** Far from the seeds that people type. */
const SEED_STEP = 1_000_003

interface Part {
  readonly seed: number
  readonly schedules: number
}

/** `npm run simulate`: the test of the simulation with more schedules, since only the test runner can put a module in another's place. */
async function main(): Promise<number> {
  try {
    const { values } = parseArgs({
      options: {
        seed: { type: 'string', default: '1' },
        schedules: { type: 'string', default: '10000' },
        processes: { type: 'string', default: String(availableParallelism()) },
      },
    })
    const [seed, schedules, processes] = [values.seed, values.schedules, values.processes].map(toWhole)
    if (!(schedules && processes) || seed === undefined) throw new Error('schedules and processes are at least 1')
    const began = performance.now()
    const codes = await Promise.all(partsOf(seed, schedules, Math.min(processes, schedules)).map(play))
    const seconds = (performance.now() - began) / 1_000
    process.stdout.write(
      `${schedules} schedules in ${seconds.toFixed(1)} s, ${Math.round((schedules / seconds) * 60)} a minute\n`,
    )
    return Math.max(...codes)
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n\n${usage}`)
    return 2
  }
}

/** @throws Error with one sentence */
function toWhole(text: string): number {
  if (!/^\d+$/.test(text)) throw new Error(`${text} is not a whole number`)
  return Number(text)
}

function partsOf(seed: number, schedules: number, processes: number): Part[] {
  return Array.from({ length: processes }, (_, index) => ({
    seed: seed + index * SEED_STEP,
    schedules: Math.floor((schedules + index) / processes),
  }))
}

/** @returns the exit code */
function play({ seed, schedules }: Part): Promise<number> {
  return new Promise((resolve, reject) => {
    const child = spawn(
      process.execPath,
      ['node_modules/vitest/vitest.mjs', 'run', '--project', 'alone', 'test/simulation.test.ts', '-t', 'schedules of'],
      {
        stdio: 'inherit',
        env: { ...process.env, SIMULATE_SEED: String(seed), SIMULATE_SCHEDULES: String(schedules) },
      },
    )
    child.once('error', reject)
    child.once('close', (code) => resolve(code ?? 1))
  })
}

process.exitCode = await main()
