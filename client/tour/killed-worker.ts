import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { temporalUrl } from '../addresses.ts'
import { CommandFailure } from '../command-failure.ts'
import { editErp, editShop, erpShows, shopShows } from './edits.ts'
import type { TourStep, TourWorld } from './tour-step.ts'
import { seconds, waitFor } from './wait-for.ts'

/** A new worker has to be started, and the dead one's watches are missed only after their heartbeat timeout (15 s). */
const recoveredWithinMs = 120_000

export const killedWorker: TourStep = {
  name: 'kill -9 of the worker in the middle of two edits: another worker goes on, nothing is lost or doubled',
  async run(world) {
    const pidFile = join(world.settings.dataDir, 'run', 'worker.pid')
    const pid = await readPid(pidFile)
    if (pid === undefined) {
      throw new CommandFailure(
        `No worker of \`npm start\` is running here (${pidFile} names none), so there is nothing to kill: start everything with \`npm start\`.`,
      )
    }
    const email = `survivor.${world.stamp}@example.com`
    const phone = `9${world.stamp}`
    const since = await editErp(world, 'EmailAddress', email)
    world.command(`kill -9 $(cat ${pidFile})`)
    process.kill(pid, 'SIGKILL')
    world.saw(`the worker (process ${pid}) is dead`)
    await editShop(world, 'phone', phone)

    const { found, afterMs } = await waitFor(
      'Another worker being started',
      async () => {
        const next = await readPid(pidFile)
        return next !== pid && next !== undefined ? next : undefined
      },
      { withinMs: recoveredWithinMs, signal: world.context.signal },
    )
    world.saw(`npm start has begun another worker (process ${found}) after ${seconds(afterMs)}`)
    await shopShows(world, { property: 'email', value: email, since, withinMs: recoveredWithinMs })
    await erpShows(world, { property: 'PhoneNumber', value: phone, since, withinMs: recoveredWithinMs })
    await assertNotDoubled(world, email)
    world.saw('each side has the record once')
    const url = temporalUrl(world.settings, world.desk.workflowId)
    if (url !== null) world.link(url)
  },
}

async function assertNotDoubled({ erp, shop }: TourWorld, email: string): Promise<void> {
  const [left, right] = await Promise.all([erp.readAll(), shop.readAll()])
  const counts = [
    [...left.values()].filter((record) => record.json['EmailAddress'] === email).length,
    [...right.values()].filter((record) => record.json['email'] === email).length,
  ]
  if (counts.some((count) => count !== 1)) {
    throw new CommandFailure(
      `${email} is there ${counts[0]} times in PowerOffice and ${counts[1]} times in the webshop.`,
    )
  }
}

/** undefined: there is no file, or nobody lives under its number. */
async function readPid(file: string): Promise<number | undefined> {
  const pid = Number(await readFile(file, 'utf8').catch(() => '0'))
  if (!Number.isSafeInteger(pid) || pid <= 1) return undefined
  try {
    process.kill(pid, 0)
    return pid
  } catch {
    return undefined
  }
}
