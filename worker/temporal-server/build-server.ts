import { execFile, spawn } from 'node:child_process'
import { promisify } from 'node:util'

/** Since 1.21 Go fetches the newer toolchain that a go.mod asks for by itself. */
const oldestGoMinor = 21

/**
 * Builds the Temporal command line, which holds the server, from the published Go modules pinned in `moduleFolder`.
 * @throws one sentence when Go is missing, too old, or the build fails (with the last line that Go said)
 */
export async function buildServer(options: {
  readonly moduleFolder: string
  readonly target: string
  readonly environment: Readonly<Record<string, string | undefined>>
  readonly signal: AbortSignal
  readonly onBegin: () => void
}): Promise<void> {
  await assertGo(options.environment)
  options.onBegin()
  const args = ['build', '-trimpath', '-ldflags=-s -w', '-o', options.target, 'github.com/temporalio/cli/cmd/temporal']
  const child = spawn('go', args, {
    cwd: options.moduleFolder,
    // Read-only: a build must not rewrite the committed go.mod and go.sum. The server's SQLite is pure Go.
    env: { ...options.environment, CGO_ENABLED: '0', GOFLAGS: '-mod=readonly', GOWORK: 'off' },
    stdio: ['ignore', 'ignore', 'pipe'],
    signal: options.signal,
  })
  let said = ''
  child.stderr.setEncoding('utf8')
  child.stderr.on('data', (text: string) => {
    said = (said + text).slice(-4000)
  })
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once('error', reject)
    child.once('close', resolve)
  })
  if (code !== 0) throw new Error(`go build failed: ${said.trim().split('\n').at(-1) ?? `exit code ${code}`}`)
}

async function assertGo(environment: Readonly<Record<string, string | undefined>>): Promise<void> {
  const printed = await promisify(execFile)('go', ['version'], { env: { ...environment }, timeout: 20_000 }).catch(
    () => null,
  )
  if (printed === null) throw new Error('Go is not installed')
  const [, minor] = /\bgo1\.(\d+)/.exec(printed.stdout) ?? []
  if (minor !== undefined && Number(minor) < oldestGoMinor) {
    throw new Error(`Go 1.${minor} is too old, and 1.${oldestGoMinor} or newer is needed`)
  }
}
