import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Settings } from '../../flows/settings.ts'
import { commandLineOf } from '../processes/command-line.ts'
import { endOrphan, removePidFile, writePidFile } from '../processes/pid-file.ts'
import { orphanMarks } from '../temporal-server/start-server.ts'
import { entries } from './entries.ts'
import { pidFileOf } from './service.ts'

const supervisor = fileURLToPath(new URL('./main.ts', import.meta.url))
const orphanGraceMs = 10_000

/**
 * Makes this process the only `npm start` on its data folder, and ends what an earlier one left behind when it was killed: its services
 * go on without it, hold the ports and the database, and would not be supervised.
 * @returns a function that gives the data folder up again
 * @throws one sentence when another `npm start` is running on the folder
 */
export async function takeDataFolder(settings: Settings, say: (sentence: string) => void): Promise<() => void> {
  const own = pidFileOf(settings.dataDir, 'start')
  const other = Number(await readFile(own, 'utf8').catch(() => '0'))
  if (other > 0 && other !== process.pid && (await isSupervisor(other))) {
    throw new Error(
      `Another npm start (process ${other}) is running on ${settings.dataDir}: stop that one, or set KOBLING_DATA_DIR to another folder.`,
    )
  }
  try {
    writePidFile(own, process.pid)
  } catch (error) {
    throw new Error(
      `${settings.dataDir} cannot be written to: make it writable or set KOBLING_DATA_DIR to another folder.`,
      {
        cause: error,
      },
    )
  }
  await endOrphans(settings, say)
  return () => removePidFile(own)
}

/** In the order in which they would be stopped: nobody may write while what it writes to goes away. */
async function endOrphans(settings: Settings, say: (sentence: string) => void): Promise<void> {
  const database = join(settings.dataDir, 'temporal.sqlite')
  const orphans = [
    ...[...entries].reverse().map(({ name, entry }) => ({ name, marks: [entry] })),
    { name: 'temporal', marks: orphanMarks({ dbFile: database, port: settings.temporal.port }) },
  ]
  for (const { name, marks } of orphans) {
    const pid = await endOrphan(pidFileOf(settings.dataDir, name), marks, orphanGraceMs)
    if (pid !== undefined) say(`Ended the ${name} (process ${pid}) that an earlier run had left behind.`)
  }
}

async function isSupervisor(pid: number): Promise<boolean> {
  const command = await commandLineOf(pid)
  return command !== undefined && (command.includes(supervisor) || command.includes('worker/launch/main.ts'))
}
