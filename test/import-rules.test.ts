import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'

const root = fileURLToPath(new URL('..', import.meta.url))
const fixtures = fileURLToPath(new URL('./fixtures/', import.meta.url))

interface Cruise {
  readonly modules: readonly { readonly source: string }[]
  readonly summary: {
    readonly totalCruised: number
    readonly violations: readonly { readonly rule: { readonly name: string }; readonly from: string }[]
    readonly ruleSetUsed: {
      readonly forbidden: readonly { readonly name: string; readonly comment?: string; readonly severity: string }[]
    }
  }
}

async function cruise(cwd: string, folders: readonly string[]): Promise<Cruise> {
  const args = ['--config', `${root}/.dependency-cruiser.mjs`, '--output-type', 'json', ...folders]
  const { output } = await run('depcruise', args, cwd)
  return JSON.parse(output) as Cruise
}

/** The exit code is part of the answer here, so a failing command is no exception. */
function run(name: string, args: readonly string[], cwd: string): Promise<{ code: unknown; output: string }> {
  return new Promise((resolve) => {
    execFile(`${root}/node_modules/.bin/${name}`, args, { cwd, maxBuffer: 100_000_000 }, (error, stdout, stderr) => {
      resolve({ code: error === null ? 0 : error.code, output: stdout || stderr })
    })
  })
}

test('the cruiser sees our modules: without a parser for TypeScript 7 it would report success over none', async () => {
  const { modules, summary } = await cruise(root, ['flows', 'worker'])
  expect(summary.totalCruised).toBeGreaterThan(10)
  expect(modules.map(({ source }) => source)).toEqual(
    expect.arrayContaining(['flows/settings.ts', 'worker/temporal-server/start-server.ts']),
  )
}, 60_000)

test('every import rule refuses something that it should refuse, and says why', async () => {
  const folders = ['flows', 'workflows', 'activities', 'worker', 'client', 'sandbox', 'examples']
  const { summary } = await cruise(`${fixtures}forbidden-imports`, folders)
  const found = summary.violations.map(({ rule, from }) => `${rule.name}: ${from}`)
  expect([...new Set(found)].sort()).toEqual([
    'activities-import-flows: activities/reads-messages.ts',
    'activities-import-flows: activities/reads-worker.ts',
    'bundle-without-node-modules: workflows/reads-files.ts',
    'bundle-without-zod-and-axios: flows/with-zod.ts',
    'bundle-without-zod-and-axios: workflows/with-axios.ts',
    'client-imports-messages: client/reads-loop.ts',
    'everything-resolves: worker/leads-nowhere.ts',
    'examples-import-nothing-of-ours: examples/reads-flow.ts',
    'flows-import-nothing: flows/reads-workflow.ts',
    'flows-import-nothing: flows/with-zod.ts',
    'no-cycles: worker/cycle-one.ts',
    'product-without-development-packages: worker/with-test-tools.ts',
    'sandbox-imports-nothing-of-the-engine: sandbox/reads-flow.ts',
    'sandbox-imports-nothing-of-the-engine: sandbox/with-temporal.ts',
    'worker-imports-the-engine: worker/reads-client.ts',
    'workflows-import-flows: workflows/calls-activity.ts',
    'workflows-import-flows: workflows/reads-files.ts',
    'workflows-import-flows: workflows/with-axios.ts',
  ])
  const rules = summary.ruleSetUsed.forbidden
  expect([...new Set(found.map((line) => line.split(':')[0]))].sort()).toEqual(rules.map(({ name }) => name).sort())
  expect(rules.filter(({ comment, severity }) => !comment || severity !== 'error')).toEqual([])
}, 60_000)

test('a forgotten await, an async callback that nobody awaits and an incomplete switch are lint errors', async () => {
  const args = ['--type-aware', '--format', 'json', '-c', `${root}/.oxlintrc.json`, 'forgotten-await.ts']
  const { code, output } = await run('oxlint', args, `${fixtures}lint`)
  const { diagnostics } = JSON.parse(output) as { diagnostics: { code: string; severity: string }[] }
  expect(diagnostics.map((one) => `${one.severity} ${one.code}`).sort()).toEqual([
    'error typescript(no-floating-promises)',
    'error typescript(no-misused-promises)',
    'error typescript(switch-exhaustiveness-check)',
  ])
  expect(code).toBe(1)
}, 60_000)
