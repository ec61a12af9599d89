import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { readSettings } from '../flows/settings.ts'
import { loadEnvironment } from '../worker/environment.ts'
import { findFreePort } from '../worker/processes/busy-port.ts'
import { obtainTemporalServer } from '../worker/temporal-server/obtain-server.ts'
import { startTemporalServer } from '../worker/temporal-server/start-server.ts'
import { bundleWorkflows } from '../worker/workflow-bundle.ts'

/** What all scenarios of a run stand on. */
export interface Ground {
  readonly temporalAddress: string
  readonly temporalPid: number
  readonly bundlePath: string
  /** How often scenarios that compare repeat their rounds. */
  readonly rounds: number
  /** Where CPU profiles of workers go; null: none are taken. */
  readonly profileFolder: string | null
  /** A folder of its own for each world's data. */
  newFolder(): string
  say(words: string): void
  close(): Promise<void>
}

export interface GroundOptions {
  readonly rounds: number
  readonly profileFolder: string | null
  readonly say: (words: string) => void
}

/** A Temporal server as `npm start` runs it, on a file, with a free port and a folder that goes away afterwards. */
export async function startGround(options: GroundOptions): Promise<Ground> {
  const { TEMPORAL_CLI, KOBLING_CACHE_DIR } = loadEnvironment()
  const { temporal, cacheDir } = readSettings({ TEMPORAL_CLI, KOBLING_CACHE_DIR })
  const { binary } = await obtainTemporalServer({ cli: temporal.cli, cacheDir, say: options.say })
  const folder = mkdtempSync(join(tmpdir(), 'kobling-bench-'))
  const forget = () => rmSync(folder, { recursive: true, force: true })
  // Ctrl-C leaves nothing behind either.
  process.once('exit', forget)
  const bundlePath = join(folder, 'workflow-bundle.cjs')
  writeFileSync(bundlePath, (await bundleWorkflows()).code)
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
  return {
    temporalAddress: server.address,
    temporalPid: server.pid,
    bundlePath,
    ...options,
    newFolder: () => mkdtempSync(join(folder, 'world-')),
    close: async () => {
      await server.stop()
      forget()
    },
  }
}
