import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TestProject } from 'vitest/node'
import { readSettings } from '../../flows/settings.ts'
import { loadEnvironment } from '../../worker/environment.ts'
import { findFreePort } from '../../worker/processes/busy-port.ts'
import { obtainTemporalServer } from '../../worker/temporal-server/obtain-server.ts'
import { startTemporalServer } from '../../worker/temporal-server/start-server.ts'
import { bundleWorkflows } from '../../worker/workflow-bundle.ts'

declare module 'vitest' {
  export interface ProvidedContext {
    /** host:port of the run's Temporal server; take your own task queue and workflow ids on it. */
    temporalAddress: string
    /** The binary, for tests that need a server of their own. */
    temporalBinary: string
    /** The workflow bundle, made once for all tests. */
    workflowBundlePath: string
  }
}

/** One real server per test run, started as `npm start` starts it, but on free ports, in a folder of its own and without the UI. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  // Only where to find the binary is taken from the environment: tests never touch a configured server.
  const { TEMPORAL_CLI, KOBLING_CACHE_DIR } = loadEnvironment()
  const { temporal, cacheDir } = readSettings({ TEMPORAL_CLI, KOBLING_CACHE_DIR })
  const { binary } = await obtainTemporalServer({
    cli: temporal.cli,
    cacheDir,
    say: (sentence) => console.log(sentence),
  })
  const folder = mkdtempSync(join(tmpdir(), 'kobling-test-'))
  const forget = () => rmSync(folder, { recursive: true, force: true })
  const server = await startTemporalServer({
    binary,
    port: await findFreePort(),
    uiPort: null,
    dbFile: join(folder, 'temporal.sqlite'),
    namespace: 'default',
    logFile: join(folder, 'temporal.log'),
  }).catch((error: unknown) => {
    forget()
    throw error
  })
  project.provide('temporalAddress', server.address)
  project.provide('temporalBinary', binary)
  const bundlePath = join(folder, 'workflow-bundle.cjs')
  writeFileSync(bundlePath, (await bundleWorkflows()).code)
  project.provide('workflowBundlePath', bundlePath)
  return async () => {
    await server.stop()
    forget()
  }
}
