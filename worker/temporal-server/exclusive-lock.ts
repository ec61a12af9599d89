import { readFile, rm, stat, writeFile } from 'node:fs/promises'
import { setTimeout as pause } from 'node:timers/promises'

const lookAgainMs = 250
/** A lock without a readable owner is one that is being written at this moment, unless it is older than this. */
const unreadableIsStaleMs = 10_000

/**
 * Runs `work` while no other process on this machine does, by a file that holds the owner's pid. The lock of a process that
 * no longer exists is taken over. `onWait` is called once when somebody else is at it.
 */
export async function withExclusiveLock<T>(
  options: { readonly file: string; readonly onWait: () => void },
  work: () => Promise<T>,
): Promise<T> {
  let told = false
  while (!(await tryLock(options.file))) {
    if (await isStale(options.file)) {
      await rm(options.file, { force: true })
      continue
    }
    if (!told) options.onWait()
    told = true
    await pause(lookAgainMs)
  }
  try {
    return await work()
  } finally {
    await rm(options.file, { force: true })
  }
}

async function tryLock(file: string): Promise<boolean> {
  try {
    await writeFile(file, String(process.pid), { flag: 'wx' })
    return true
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false
    throw error
  }
}

async function isStale(file: string): Promise<boolean> {
  const owner = Number(await readFile(file, 'utf8').catch(() => ''))
  if (Number.isInteger(owner) && owner > 0) return !isRunning(owner)
  const age = await stat(file).then(
    (found) => Date.now() - found.mtimeMs,
    () => 0,
  )
  return age > unreadableIsStaleMs
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}
