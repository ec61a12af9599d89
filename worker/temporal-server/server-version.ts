import { execFile } from 'node:child_process'
import { promisify } from 'node:util'

/** Upgrade at continue-as-new needs server 1.31. */
export const oldestServer = { major: 1, minor: 31 } as const

export type VersionCheck =
  | { readonly kind: 'fits'; readonly server: string }
  | { readonly kind: 'old'; readonly server: string }
  /** It did not start, or what it printed names no server. */
  | { readonly kind: 'not-temporal'; readonly reason: string }

/**
 * Asks a binary for its version. The `Server x.y.z` part counts: a binary built from the Go modules calls its own version
 * 0.0.0-DEV.
 */
export async function readServerVersion(binary: string): Promise<VersionCheck> {
  try {
    const { stdout } = await promisify(execFile)(binary, ['--version'], { timeout: 20_000 })
    return parseServerVersion(stdout)
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code
    if (code === 'ENOENT') return { kind: 'not-temporal', reason: 'there is no such file' }
    if (code === 'EACCES') return { kind: 'not-temporal', reason: 'it is not executable' }
    return { kind: 'not-temporal', reason: 'it cannot say its version' }
  }
}

export function parseServerVersion(printed: string): VersionCheck {
  const [, major, minor, patch] = /\bServer (\d+)\.(\d+)\.(\d+)/.exec(printed) ?? []
  if (major === undefined || minor === undefined) return { kind: 'not-temporal', reason: 'it names no server version' }
  const newer =
    Number(major) > oldestServer.major || (Number(major) === oldestServer.major && Number(minor) >= oldestServer.minor)
  return { kind: newer ? 'fits' : 'old', server: `${major}.${minor}.${patch}` }
}

/** Why a binary will not do, in words that follow its name. */
export function refusalOf(check: Exclude<VersionCheck, { kind: 'fits' }>): string {
  const wanted = `${oldestServer.major}.${oldestServer.minor}`
  return check.kind === 'old' ? `holds Temporal server ${check.server}, and ${wanted} or newer is needed` : check.reason
}
