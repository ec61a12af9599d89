import { execFileSync } from 'node:child_process'
import { availableParallelism, cpus, loadavg, totalmem } from 'node:os'

export interface Conditions {
  readonly date: string
  readonly revision: string
  readonly cores: number
  readonly processor: string
  readonly memoryGiB: number
  readonly node: string
  /** Runnable processes over the last minute, before the run: above the cores, others were at work. */
  readonly loadBefore: number
}

export function readConditions(): Conditions {
  return {
    date: new Date().toISOString().slice(0, 16).replace('T', ' '),
    revision: gitRevision(),
    cores: availableParallelism(),
    processor: cpus()[0]?.model ?? 'unknown',
    memoryGiB: Math.round(totalmem() / 2 ** 30),
    node: process.version,
    loadBefore: Number((loadavg()[0] ?? 0).toFixed(2)),
  }
}

/** With a plus where the engine's files differ from that revision. */
function gitRevision(): string {
  try {
    const git = (...words: string[]): string =>
      execFileSync('git', words, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).trim()
    const changed = git('status', '--porcelain', '--', 'flows', 'workflows', 'activities', 'worker', 'sandbox')
    return `${git('rev-parse', '--short', 'HEAD')}${changed === '' ? '' : '+'}`
  } catch {
    return 'unknown'
  }
}
