import { readFileSync } from 'node:fs'
import type { Figure } from './figure.ts'
import { spreadOf } from './statistics.ts'

/** Processor seconds by who used them. */
export type CpuSeconds = Readonly<Record<string, number>>

/** The kernel counts processor time for others in hundredths of a second (USER_HZ), whatever its own clock. */
const TICKS_A_SECOND = 100

/**
 * What each process has used since it started, in its own code and in the kernel's, all of its threads.
 * @returns null where there is no /proc to read (macOS, Windows)
 */
export function cpuSecondsOf(pids: Readonly<Record<string, number>>): CpuSeconds | null {
  try {
    return Object.fromEntries(Object.entries(pids).map(([name, pid]) => [name, cpuSecondsIn(statOf(pid))]))
  } catch {
    return null
  }
}

/** What was used from one reading to a later one of the same processes; null when either is missing. */
export function cpuUsedBetween(before: CpuSeconds | null, after: CpuSeconds | null): CpuSeconds | null {
  if (before === null || after === null) return null
  return Object.fromEntries(Object.entries(after).map(([name, seconds]) => [name, seconds - (before[name] ?? 0)]))
}

/** From one line of /proc/<pid>/stat (proc(5)): utime and stime are the 14th and 15th field. */
export function cpuSecondsIn(stat: string): number {
  // The second field is the command's name in brackets and may hold blanks and brackets itself.
  const afterName = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  return (Number(afterName[11]) + Number(afterName[12])) / TICKS_A_SECOND
}

/** One line of the table: what all processes used together, the middle of all runs, and each one's share; none without readings. */
export function cpuFigure(name: string, runs: readonly { readonly cpu: CpuSeconds | null }[]): Figure[] {
  const readings = runs.flatMap(({ cpu }) => (cpu === null ? [] : [cpu]))
  const [first] = readings
  if (first === undefined) return []
  const medianOf = (of: (cpu: CpuSeconds) => number): number => spreadOf(readings.map(of)).median
  const shares = Object.keys(first).map((who) => `${who} ${medianOf((cpu) => cpu[who] ?? Number.NaN).toFixed(1)}`)
  const total = medianOf((cpu) => Object.values(cpu).reduce((sum, seconds) => sum + seconds, 0))
  return [{ name, value: total, unit: 's', how: 'measured', target: null, note: shares.join(', ') }]
}

function statOf(pid: number): string {
  return readFileSync(`/proc/${pid}/stat`, 'utf8')
}
