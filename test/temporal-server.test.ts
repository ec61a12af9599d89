import { execFileSync } from 'node:child_process'
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import {
  cachedBinary,
  cliVersion,
  type ObtainOptions,
  obtainTemporalServer,
} from '../worker/temporal-server/obtain-server.ts'
import { parseServerVersion } from '../worker/temporal-server/server-version.ts'

const nowhere = 'http://127.0.0.1:1'
const newVersion = 'temporal version 0.0.0-DEV (Server 1.31.2, UI 2.50.1)'
const oldVersion = 'temporal version 1.5.1 (Server 1.29.1, UI 2.40.0)'

let folder: string
let said: string[]
let closing: (() => void)[]

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'kobling-obtain-'))
  said = []
  closing = []
})
afterEach(() => {
  for (const close of closing) close()
  rmSync(folder, { recursive: true, force: true })
})

const path = (name: string) => join(folder, name)
const cache = () => cachedBinary(path('cache'))

/** A shell script of that name; only what it is asked for matters. */
function script(file: string, body: string): string {
  mkdirSync(dirname(file), { recursive: true })
  writeFileSync(file, `#!/bin/sh\n${body}\n`)
  chmodSync(file, 0o755)
  return file
}

const fakeTemporal = (file: string, version = newVersion) => script(file, `echo '${version}'`)

/** A `go` that "builds" a script printing `version`, and notes each build. */
function fakeGo(options: { says?: string; version?: string; build?: string } = {}): void {
  const program = `#!/bin/sh\\necho "${options.version ?? newVersion}"\\n`
  script(
    path('bin/go'),
    `if [ "$1" = version ]; then echo "${options.says ?? 'go version go1.26.8 linux/amd64'}"; exit 0; fi
echo "$@ CGO_ENABLED=$CGO_ENABLED GOFLAGS=$GOFLAGS" >> '${path('builds')}'
${options.build ?? ''}
while [ "$1" != -o ]; do shift; done
printf '${program}' > "$2"; /bin/chmod 755 "$2"`,
  )
}

const builds = () => (existsSync(path('builds')) ? readFileSync(path('builds'), 'utf8').trim().split('\n') : [])

function obtain(options: Partial<ObtainOptions> = {}) {
  return obtainTemporalServer({
    cli: null,
    cacheDir: path('cache'),
    say: (sentence) => void said.push(sentence),
    environment: { PATH: path('bin') },
    downloadService: nowhere,
    moduleFolder: folder,
    ...options,
  })
}

describe('the binary is taken from the first way that gives one', () => {
  test('TEMPORAL_CLI before PATH and cache', async () => {
    const cli = fakeTemporal(path('chosen'))
    fakeTemporal(path('bin/temporal'))
    fakeTemporal(cache())
    expect(await obtain({ cli })).toEqual({ binary: cli, version: '1.31.2', way: 'TEMPORAL_CLI' })
  })

  test('PATH before the cache', async () => {
    const binary = fakeTemporal(path('bin/temporal'))
    fakeTemporal(cache())
    expect(await obtain()).toEqual({ binary, version: '1.31.2', way: 'PATH' })
  })

  test('the cache before download and build', async () => {
    fakeTemporal(cache())
    fakeGo()
    expect(await obtain()).toEqual({ binary: cache(), version: '1.31.2', way: 'cache' })
    expect([said, builds()]).toEqual([[], []])
  })

  test('an old one on PATH is named and passed over', async () => {
    const old = fakeTemporal(path('bin/temporal'), oldVersion)
    fakeTemporal(cache())
    expect(await obtain()).toMatchObject({ way: 'cache' })
    expect(said).toEqual([`${old} is not used: holds Temporal server 1.29.1, and 1.31 or newer is needed.`])
  })

  test('a cached one that is old or damaged is replaced', async () => {
    fakeTemporal(cache(), oldVersion)
    fakeGo()
    expect(await obtain()).toEqual({ binary: cache(), version: '1.31.2', way: 'build' })
  })

  test('the download before the build, and then kept', async () => {
    fakeGo()
    const downloadService = await serveDownload()
    expect(await obtain({ downloadService, environment: { PATH: `${path('bin')}:${process.env['PATH']}` } })).toEqual({
      binary: cache(),
      version: '1.31.2',
      way: 'download',
    })
    expect(said[0]).toBe(
      `Downloading the Temporal server ${cliVersion} (about 50 MB, happens once). Faster: install \`temporal\` (https://docs.temporal.io/cli) or set TEMPORAL_CLI to such a binary.`,
    )
    expect(builds()).toEqual([])
    expect(await obtain()).toMatchObject({ way: 'cache' })
    expect(readdirSync(path('cache'))).toEqual([`temporal-cli-${cliVersion}`])
  })
})

describe('a build', () => {
  test('says that it happens once, how long it takes and what is faster; then the result is kept', async () => {
    fakeGo()
    expect(await obtain()).toEqual({ binary: cache(), version: '1.31.2', way: 'build' })
    expect(said[0]).toBe(
      `Building the Temporal server ${cliVersion} from its Go modules: about 3 minutes and 200 MB, happens once. Faster: install \`temporal\` (https://docs.temporal.io/cli) or set TEMPORAL_CLI to such a binary.`,
    )
    expect(said.at(-1)).toMatch(/^The Temporal server is ready after \d+ s and kept in /)
    expect(await obtain()).toMatchObject({ way: 'cache' })
    expect(builds()).toHaveLength(1)
    expect(builds()[0]).toContain('github.com/temporalio/cli/cmd/temporal CGO_ENABLED=0 GOFLAGS=-mod=readonly')
  })

  test('shows while it runs that it does', async () => {
    fakeGo({ build: '/bin/sleep 0.3' })
    await obtain({ progressEveryMs: 20 })
    expect(said.filter((line) => line === '... 0 s').length).toBeGreaterThan(1)
  })

  test('happens once when two processes ask at the same time', async () => {
    fakeGo({ build: '/bin/sleep 0.3' })
    const both = await Promise.all([obtain(), obtain()])
    expect(both.map(({ way }) => way).sort()).toEqual(['build', 'cache'])
    expect(builds()).toHaveLength(1)
    expect(said).toContain('Another process is fetching the Temporal server at this moment; waiting for it.')
  })

  test('goes on where a killed one left its lock', async () => {
    fakeGo()
    const dead = Number(execFileSync('/bin/sh', ['-c', 'echo $$']).toString())
    mkdirSync(path('cache'))
    writeFileSync(`${cache()}.lock`, String(dead))
    expect(await obtain()).toMatchObject({ way: 'build' })
    expect(existsSync(`${cache()}.lock`)).toBe(false)
  })

  test('that fails leaves nothing behind that could pass for a server', async () => {
    fakeGo({ build: 'echo "cmd/temporal: disk full" >&2; exit 1' })
    await expect(obtain()).rejects.toThrow('the build failed (go build failed: cmd/temporal: disk full)')
    expect(readdirSync(path('cache'))).toEqual([])
  })

  test('that gives an old server is not used', async () => {
    fakeGo({ version: oldVersion })
    await expect(obtain()).rejects.toThrow(
      'the build failed (what it gave will not do: holds Temporal server 1.29.1, and 1.31 or newer is needed)',
    )
    expect(readdirSync(path('cache'))).toEqual([])
  })

  test('ends when the start is interrupted', async () => {
    fakeGo({ build: 'exec /bin/sleep 60' })
    const interrupt = new AbortController()
    const obtaining = obtain({ signal: interrupt.signal, say: () => interrupt.abort() })
    await expect(obtaining).rejects.toMatchObject({ name: 'AbortError' })
    expect(readdirSync(path('cache'))).toEqual([])
  })
})

describe('one sentence tells what is wrong', () => {
  test('nothing works: all ways are named, with what became of each', async () => {
    await expect(obtain()).rejects.toThrow(
      new Error(
        'No Temporal server could be obtained: there is no `temporal` on PATH; the download failed (127.0.0.1:1 cannot be reached); ' +
          'the build failed (Go is not installed). Any one of these helps: set TEMPORAL_ADDRESS to a running server, ' +
          'set TEMPORAL_CLI to a `temporal` binary with server 1.31 or newer, install `temporal` on PATH, ' +
          'allow access to https://temporal.download, or install Go 1.26 so that it can be built from its published modules.',
      ),
    )
  })

  test('a TEMPORAL_CLI that will not do ends the search, since somebody chose it', async () => {
    fakeTemporal(path('bin/temporal'))
    const rest = ': write the path of a newer `temporal`, or unset it to have one found.'
    const old = fakeTemporal(path('old'), oldVersion)
    const shell = script(path('shell'), 'echo hello')
    const sentences = [
      [old, 'holds Temporal server 1.29.1, and 1.31 or newer is needed'],
      [path('absent'), 'there is no such file'],
      [shell, 'it names no server version'],
    ] as const
    for (const [cli, why] of sentences) {
      await expect(obtain({ cli })).rejects.toThrow(new Error(`TEMPORAL_CLI is "${cli}", but ${why}${rest}`))
    }
  })

  test('Go from before it could fetch its own successor', async () => {
    fakeGo({ says: 'go version go1.19.8 linux/amd64' })
    await expect(obtain()).rejects.toThrow('the build failed (Go 1.19 is too old, and 1.21 or newer is needed)')
  })

  test('a cache folder that cannot be written to', async () => {
    writeFileSync(path('file'), '')
    const cacheDir = join(path('file'), 'cache')
    await expect(obtain({ cacheDir })).rejects.toThrow(
      new Error(
        `The folder ${cacheDir} cannot be written to, and the Temporal server is kept there: make it writable or set KOBLING_CACHE_DIR to another folder.`,
      ),
    )
  })
})

test.each([
  ['temporal version 1.8.2 (Server 1.31.2, UI 2.50.1)', { kind: 'fits', server: '1.31.2' }],
  ['temporal version 1.8.2 (Server 1.31.0, UI 2.50.1)', { kind: 'fits', server: '1.31.0' }],
  ['temporal version 9.9.9 (Server 2.0.0, UI 3.0.0)', { kind: 'fits', server: '2.0.0' }],
  ['temporal version 1.99.0 (Server 1.30.9, UI 2.50.1)', { kind: 'old', server: '1.30.9' }],
  ['temporal version 1.40.0 (Server 0.99.0, UI 2.50.1)', { kind: 'old', server: '0.99.0' }],
  ['temporal version 1.8.2', { kind: 'not-temporal', reason: 'it names no server version' }],
])('of "%s" the server part counts', (printed, check) => {
  expect(parseServerVersion(printed)).toEqual(check)
})

test('what is downloaded is the version that the Go modules pin', () => {
  const goMod = readFileSync(new URL('../tools/temporal/go.mod', import.meta.url), 'utf8')
  expect(/github\.com\/temporalio\/cli v(\S+)/.exec(goMod)?.[1]).toBe(cliVersion)
})

/** The two answers of Temporal's download service: where the archive is, and the archive. */
async function serveDownload(): Promise<string> {
  fakeTemporal(path('archive/temporal'))
  execFileSync('tar', ['-czf', path('archive.tar.gz'), '-C', path('archive'), 'temporal'])
  const server: Server = createServer((request, response) => {
    const { port } = server.address() as AddressInfo
    const asked = request.url ?? ''
    if (asked.startsWith(`/cli/v${cliVersion}?`)) {
      response.end(JSON.stringify({ archiveUrl: `http://127.0.0.1:${port}/archive`, fileToExtract: 'temporal' }))
    } else if (asked === '/archive') response.end(readFileSync(path('archive.tar.gz')))
    else response.writeHead(404).end()
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  closing.push(() => server.close())
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}
