import { spawnSync } from 'node:child_process'
import { parseArgs } from 'node:util'

const usage = `npm run simulate -- [--seed N] [--schedules N]

Plays that many schedules of edits, faults and crashes against the engine in virtual time, without a server, and prints
the shortest one that breaks a promise. Default: seed 1, 10000 schedules.
`

/** `npm run simulate`: the test of the simulation with more schedules, since only the test runner can put a module in another's place. */
function main(): number {
  try {
    const { values } = parseArgs({
      options: { seed: { type: 'string', default: '1' }, schedules: { type: 'string', default: '10000' } },
    })
    if (![values.seed, values.schedules].every((text) => /^\d+$/.test(text))) throw new Error('both are whole numbers')
    const { status } = spawnSync(
      process.execPath,
      ['node_modules/vitest/vitest.mjs', 'run', '--project', 'alone', 'test/simulation.test.ts'],
      {
        stdio: 'inherit',
        env: { ...process.env, SIMULATE_SEED: values.seed, SIMULATE_SCHEDULES: values.schedules },
      },
    )
    return status ?? 1
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n\n${usage}`)
    return 2
  }
}

process.exitCode = main()
