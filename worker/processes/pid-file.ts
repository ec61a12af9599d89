import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { dirname } from 'node:path'
import { commandLineOf } from './command-line.ts'
import { endProcess } from './end-process.ts'

export function writePidFile(file: string, pid: number): void {
  mkdirSync(dirname(file), { recursive: true })
  writeFileSync(file, `${pid}\n`)
}

export function removePidFile(file: string): void {
  rmSync(file, { force: true })
}

/**
 * Ends the process that an earlier run left behind, if the pid in the file is still ours: its command line must hold every
 * one of `marks`, because a pid is given to somebody else sooner or later.
 * @returns the pid that was ended; `undefined` when there was nothing to end
 */
export async function endOrphan(file: string, marks: readonly string[], graceMs: number): Promise<number | undefined> {
  const text = await readFile(file, 'utf8').catch(() => '')
  const pid = /^\d+$/.test(text.trim()) ? Number(text.trim()) : undefined
  if (pid === undefined || pid === process.pid) return undefined
  const command = await commandLineOf(pid)
  const ours = command !== undefined && marks.every((mark) => command.includes(mark))
  if (ours) await endProcess(pid, graceMs)
  removePidFile(file)
  return ours ? pid : undefined
}
