import { execFile } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import { promisify } from 'node:util'

/** A running process's command line, its arguments joined by blanks; `undefined` when it does not run or cannot be read. */
export async function commandLineOf(pid: number): Promise<string | undefined> {
  const fromProc = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => undefined)
  // Empty for a process that ended and was not yet reaped: it holds nothing any more.
  if (fromProc !== undefined) return fromProc.replaceAll('\0', ' ').trim() || undefined
  if (process.platform === 'linux') return undefined
  const listed = await promisify(execFile)('ps', ['-ww', '-o', 'args=', '-p', String(pid)]).catch(() => undefined)
  return listed?.stdout.trim() || undefined
}
