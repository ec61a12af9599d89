import type { InboxEntry } from '../../workflows/messages.ts'
import { consoleUrl } from '../addresses.ts'
import { CommandFailure } from '../command-failure.ts'
import type { SystemRecord } from '../console/systems/system-records.ts'
import { plainText } from '../text/plain-text.ts'
import { webshopCreate, webshopEdit } from './curl.ts'
import { carriedWithinMs } from './edits.ts'
import { validOrganisationNumber } from './organisation-number.ts'
import type { TourStep, TourWorld } from './tour-step.ts'
import { seconds, waitFor } from './wait-for.ts'

/** The seed holds three companies whose organisation number is wrong; when all are mended, the tour makes another. */
export const refusedRecord: TourStep = {
  name: 'A record that PowerOffice refuses waits in the inbox, and goes through once it is corrected',
  async run(world) {
    const { name } = world.desk.definition
    const entry = (await findRefused(world)) ?? (await makeRefused(world))
    world.command(`npx kobling inbox ${name}`)
    world.saw(`${plainText(entry.label || entry.id)} needs you: ${plainText(entry.detail)}`)

    const record = await shopRecord(world, entry.shopId)
    const edit = [{ path: 'organizationNumber', value: correctedNumber(record) }]
    world.command(webshopEdit(world.settings, record, edit))
    await world.shop.edit(record.id, edit)
    world.saw(
      `webshop ${record.id}: organizationNumber "${String(record.json['organizationNumber'])}" -> "${edit[0]?.value}"`,
    )

    const { found, afterMs } = await waitFor(
      `${record.id} being created in PowerOffice`,
      async () => {
        const erpId = (await shopRecord(world, record.id)).json['erpId']
        return typeof erpId === 'string' ? erpId : undefined
      },
      { withinMs: carriedWithinMs, signal: world.context.signal },
    )
    await waitFor(
      `The inbox entry of ${record.id} closing`,
      async () => !(await world.desk.inbox()).some((open) => open.id === entry.id),
      { withinMs: carriedWithinMs, signal: world.context.signal },
    )
    world.saw(`it is ${found} in PowerOffice after ${seconds(afterMs)}, and its inbox entry has closed by itself`)
    world.link(consoleUrl(world.settings, `/flows/${name}?q=${record.id}`))
  },
}

async function findRefused({ desk }: TourWorld): Promise<InboxEntry | undefined> {
  const entries = await desk.inbox()
  return entries.find(
    (entry) => entry.reason === 'refused' && entry.shopId !== null && /organi[sz]ation/i.test(entry.detail),
  )
}

async function makeRefused(world: TourWorld): Promise<InboxEntry> {
  const right = validOrganisationNumber(`9${world.stamp}`)
  const wrong = `${right.slice(0, 8)}${(Number(right[8]) + 1) % 10}`
  const json = { kind: 'company', name: `Tour ${world.stamp} AS`, organizationNumber: wrong }
  world.command(webshopCreate(world.settings, 'customers', json))
  const { id } = await world.shop.create(json)
  const { found } = await waitFor(
    `${id} being refused`,
    async () => (await world.desk.inbox()).find((entry) => entry.shopId === id && entry.reason === 'refused'),
    { withinMs: carriedWithinMs, signal: world.context.signal },
  )
  return found
}

async function shopRecord({ shop }: TourWorld, id: string | null): Promise<SystemRecord> {
  const record = id === null ? undefined : await shop.find(id)
  if (record === undefined) throw new CommandFailure(`The webshop has no customer ${id} any more.`)
  return record
}

/** The check digit may be right already, where the number was refused for another reason: then a new one is taken. */
function correctedNumber({ json }: SystemRecord): string {
  const before = String(json['organizationNumber'] ?? '').replace(/\D/g, '')
  const corrected = validOrganisationNumber(before)
  return corrected === before ? validOrganisationNumber(String(Number(before.slice(0, 8)) + 1)) : corrected
}
