import { setTimeout as pause } from 'node:timers/promises'
import { commandLineOf } from './command-line.ts'

const lookAgainMs = 50

/** SIGTERM, then SIGKILL after `graceMs`. Returns when the process is gone. For processes that are not our children. */
export async function endProcess(pid: number, graceMs: number): Promise<void> {
  signal(pid, 'SIGTERM')
  if (await isGoneWithin(pid, graceMs)) return
  signal(pid, 'SIGKILL')
  await isGoneWithin(pid, graceMs)
}

/** Signals the process; false when it does not exist any more. */
export function signal(pid: number, name: NodeJS.Signals): boolean {
  try {
    return process.kill(pid, name)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ESRCH') return false
    throw error
  }
}

async function isGoneWithin(pid: number, limitMs: number): Promise<boolean> {
  const deadline = Date.now() + limitMs
  while ((await commandLineOf(pid)) !== undefined) {
    if (Date.now() > deadline) return false
    await pause(lookAgainMs)
  }
  return true
}
