import { accessSync, constants } from 'node:fs'
import { mkdir, rename, rm } from 'node:fs/promises'
import { delimiter, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { buildServer } from './build-server.ts'
import { downloadServer } from './download-server.ts'
import { withExclusiveLock } from './exclusive-lock.ts'
import { oldestServer, readServerVersion, refusalOf } from './server-version.ts'

/** The version that tools/temporal/go.mod pins and that is downloaded: a database file is not migrated between versions. */
export const cliVersion = '1.8.2'

export const serverWays = ['TEMPORAL_CLI', 'PATH', 'cache', 'download', 'build'] as const
export type ServerWay = (typeof serverWays)[number]

export interface ObtainedServer {
  readonly binary: string
  /** Of the server inside, for example 1.31.2. */
  readonly version: string
  readonly way: ServerWay
}

export interface ObtainOptions {
  /** TEMPORAL_CLI: a person's choice, so it works or the start ends; nothing else is tried. */
  readonly cli: string | null
  readonly cacheDir: string
  /** Receives sentences for people: what happens once and how long it takes. */
  readonly say: (sentence: string) => void
  /** PATH is searched in it, and the build runs with it. */
  readonly environment?: Readonly<Record<string, string | undefined>>
  /** Ends a download or build that is under way. */
  readonly signal?: AbortSignal
  readonly progressEveryMs?: number
  readonly downloadService?: string
  readonly moduleFolder?: string
}

const goModule = fileURLToPath(new URL('../../tools/temporal', import.meta.url))
const progressEveryMs = 15_000
const fasterWay = 'Faster: install `temporal` (https://docs.temporal.io/cli) or set TEMPORAL_CLI to such a binary'

/**
 * The binary of the embedded Temporal server: TEMPORAL_CLI, `temporal` on PATH, the cached one, Temporal's download, a
 * build from the Go modules; the first that is new enough. (TEMPORAL_ADDRESS comes before all of them: then nobody calls this.)
 * @throws one sentence that names all ways and what became of each
 */
export async function obtainTemporalServer(options: ObtainOptions): Promise<ObtainedServer> {
  if (options.cli !== null) return useChosen(options.cli)
  const tried: string[] = []
  const installed = await useInstalled(options, tried)
  if (installed !== undefined) return installed
  const cached = await useCached(options)
  if (cached !== undefined) return cached
  await makeFolder(options.cacheDir)
  const lock = `${cachedBinary(options.cacheDir)}.lock`
  const onWait = () => options.say('Another process is fetching the Temporal server at this moment; waiting for it.')
  return withExclusiveLock(
    { file: lock, onWait },
    async () => (await useCached(options)) ?? fetchOrBuild(options, tried),
  )
}

export function cachedBinary(cacheDir: string): string {
  return join(resolve(cacheDir), `temporal-cli-${cliVersion}`)
}

async function useChosen(cli: string): Promise<ObtainedServer> {
  const check = await readServerVersion(cli)
  if (check.kind === 'fits') return { binary: cli, version: check.server, way: 'TEMPORAL_CLI' }
  throw new Error(
    `TEMPORAL_CLI is "${cli}", but ${refusalOf(check)}: write the path of a newer \`temporal\`, or unset it to have one found.`,
  )
}

async function useInstalled(options: ObtainOptions, tried: string[]): Promise<ObtainedServer | undefined> {
  const binary = findOnPath('temporal', (options.environment ?? process.env)['PATH'] ?? '')
  if (binary === undefined) {
    tried.push('there is no `temporal` on PATH')
    return undefined
  }
  const check = await readServerVersion(binary)
  if (check.kind === 'fits') return { binary, version: check.server, way: 'PATH' }
  options.say(`${binary} is not used: ${refusalOf(check)}.`)
  tried.push(`${binary} on PATH is not used (${refusalOf(check)})`)
  return undefined
}

async function useCached(options: ObtainOptions): Promise<ObtainedServer | undefined> {
  const binary = cachedBinary(options.cacheDir)
  const check = await readServerVersion(binary)
  return check.kind === 'fits' ? { binary, version: check.server, way: 'cache' } : undefined
}

async function fetchOrBuild(options: ObtainOptions, tried: string[]): Promise<ObtainedServer> {
  const service = options.downloadService ?? 'https://temporal.download'
  const environment = options.environment ?? process.env
  const moduleFolder = options.moduleFolder ?? goModule
  const signal = options.signal ?? new AbortController().signal
  const download = (target: string, onBegin: () => void) =>
    downloadServer({ service, cliVersion, folder: resolve(options.cacheDir), target, signal, onBegin })
  const build = (target: string, onBegin: () => void) =>
    buildServer({ moduleFolder, target, environment, signal, onBegin })

  const downloaded = await attempt(options, tried, {
    way: 'download',
    announcement: `Downloading the Temporal server ${cliVersion} (about 50 MB, happens once). ${fasterWay}.`,
    run: download,
  })
  if (downloaded !== undefined) return downloaded
  const built = await attempt(options, tried, {
    way: 'build',
    announcement: `Building the Temporal server ${cliVersion} from its Go modules: about 3 minutes and 200 MB, happens once. ${fasterWay}.`,
    run: build,
  })
  if (built !== undefined) return built
  throw new Error(noServerSentence(tried))
}

interface Attempt {
  readonly way: 'download' | 'build'
  readonly announcement: string
  /** Makes the file `target`; calls `onBegin` when the long part begins. */
  readonly run: (target: string, onBegin: () => void) => Promise<void>
}

async function attempt(options: ObtainOptions, tried: string[], one: Attempt): Promise<ObtainedServer | undefined> {
  const target = cachedBinary(options.cacheDir)
  // Under another name first: a half-written file must never pass for a server.
  const unfinished = `${target}.${process.pid}.unfinished`
  const beganAt = Date.now()
  let ticking: NodeJS.Timeout | undefined
  try {
    await one.run(unfinished, () => {
      options.say(one.announcement)
      const tick = () => options.say(`... ${Math.round((Date.now() - beganAt) / 1000)} s`)
      ticking = setInterval(tick, options.progressEveryMs ?? progressEveryMs)
    })
    const check = await readServerVersion(unfinished)
    if (check.kind !== 'fits') throw new Error(`what it gave will not do: ${refusalOf(check)}`)
    await rename(unfinished, target)
    options.say(
      `The Temporal server is ready after ${Math.round((Date.now() - beganAt) / 1000)} s and kept in ${target}.`,
    )
    return { binary: target, version: check.server, way: one.way }
  } catch (error) {
    options.signal?.throwIfAborted()
    tried.push(`the ${one.way} failed (${error instanceof Error ? error.message : String(error)})`)
    return undefined
  } finally {
    clearInterval(ticking)
    await rm(unfinished, { force: true })
  }
}

function noServerSentence(tried: readonly string[]): string {
  const wanted = `${oldestServer.major}.${oldestServer.minor}`
  return (
    `No Temporal server could be obtained: ${tried.join('; ')}. Any one of these helps: set TEMPORAL_ADDRESS to a running server, ` +
    `set TEMPORAL_CLI to a \`temporal\` binary with server ${wanted} or newer, install \`temporal\` on PATH, ` +
    'allow access to https://temporal.download, or install Go 1.26 so that it can be built from its published modules.'
  )
}

async function makeFolder(folder: string): Promise<void> {
  try {
    await mkdir(folder, { recursive: true })
    accessSync(folder, constants.W_OK)
  } catch (error) {
    throw new Error(
      `The folder ${resolve(folder)} cannot be written to, and the Temporal server is kept there: make it writable or set KOBLING_CACHE_DIR to another folder.`,
      { cause: error },
    )
  }
}

function findOnPath(name: string, path: string): string | undefined {
  return path
    .split(delimiter)
    .filter((folder) => folder !== '')
    .map((folder) => join(folder, name))
    .find((file) => {
      try {
        accessSync(file, constants.X_OK)
        return true
      } catch {
        return false
      }
    })
}
