import { consoleUrl } from '../addresses.ts'
import { CommandFailure } from '../command-failure.ts'
import { valueAt } from '../console/systems/system-records.ts'
import { powerOfficeEdit, webshopEdit } from './curl.ts'
import type { TourStep, TourWorld } from './tour-step.ts'
import { seconds, waitFor } from './wait-for.ts'

/** The sandboxes are polled every two seconds; ten times that is a failure. */
export const carriedWithinMs = 30_000

export const editLeft: TourStep = {
  name: 'An edit in PowerOffice reaches the webshop',
  async run(world) {
    const email = `tour.${world.stamp}@example.com`
    const since = await editErp(world, 'EmailAddress', email)
    await shopShows(world, { property: 'email', value: email, since })
    linkPair(world)
  },
}

export const editRight: TourStep = {
  name: 'An edit in the webshop reaches PowerOffice',
  async run(world) {
    const phone = `4${world.stamp}`
    const since = await editShop(world, 'phone', phone)
    await erpShows(world, { property: 'PhoneNumber', value: phone, since })
    linkPair(world)
  },
}

export const bothSidesDifferentFields: TourStep = {
  name: 'Both sides edited at once, in different fields: both edits survive',
  async run(world) {
    const website = `https://tour-${world.stamp}.example`
    const invoiceEmail = `invoice.${world.stamp}@example.com`
    const since = await whilePaused(world, async () => {
      await editErp(world, 'WebsiteUrl', website)
      await editShop(world, 'invoiceEmail', invoiceEmail)
    })
    await shopShows(world, { property: 'website', value: website, since })
    await erpShows(world, { property: 'InvoiceEmailAddress', value: invoiceEmail, since })
    linkPair(world)
  },
}

export const bothSidesSameField: TourStep = {
  name: 'Both sides edited at once, in the same field: one wins on both sides, and it is counted',
  async run(world) {
    const values = { erp: `https://erp-${world.stamp}.example`, shop: `https://shop-${world.stamp}.example` }
    const before = await conflicts(world)
    await whilePaused(world, async () => {
      await editErp(world, 'WebsiteUrl', values.erp)
      await editShop(world, 'website', values.shop)
    })
    const { found, afterMs } = await waitFor(
      'Both sides showing the same website',
      async () => {
        const [erp, shop] = await Promise.all([readErp(world, 'WebsiteUrl'), readShop(world, 'website')])
        return erp === shop && typeof erp === 'string' ? erp : undefined
      },
      { withinMs: carriedWithinMs, signal: world.context.signal },
    )
    const winner = Object.entries(values).find(([, value]) => value === found)?.[0]
    if (winner === undefined) throw new CommandFailure(`Both sides show "${found}", which nobody wrote.`)
    const after = await conflicts(world)
    if (after <= before) throw new CommandFailure('The conflict was settled without being counted.')
    world.saw(
      `both sides show "${found}" after ${seconds(afterMs)}: ${winner === 'erp' ? 'PowerOffice' : 'the webshop'} won; conflicts counted so far: ${after}`,
    )
    linkPair(world)
  },
}

/** @returns when the edit was done, milliseconds since 1970 */
export async function editErp(world: TourWorld, property: string, value: string): Promise<number> {
  const record = await world.erp.find(world.pair.erpId)
  if (record === undefined) throw new CommandFailure(`PowerOffice has no customer ${world.pair.erpId} any more.`)
  const edit = [{ path: property, value }]
  world.token()
  world.command(powerOfficeEdit(world.settings, record, edit))
  await world.erp.edit(record.id, edit)
  const doneAt = Date.now()
  world.saw(`PowerOffice ${record.id}: ${property} "${String(record.json[property] ?? '')}" -> "${value}"`)
  return doneAt
}

/** @returns when the edit was done, milliseconds since 1970 */
export async function editShop(world: TourWorld, property: string, value: string): Promise<number> {
  const record = await world.shop.find(world.pair.shopId)
  if (record === undefined) throw new CommandFailure(`The webshop has no customer ${world.pair.shopId} any more.`)
  const edit = [{ path: property, value }]
  world.command(webshopEdit(world.settings, record, edit))
  await world.shop.edit(record.id, edit)
  const doneAt = Date.now()
  world.saw(`webshop ${record.id}: ${property} "${String(record.json[property] ?? '')}" -> "${value}"`)
  return doneAt
}

export interface Expected {
  readonly property: string
  readonly value: string
  /** When the edit was made that leads to it. */
  readonly since: number
  readonly withinMs?: number
}

export function shopShows(world: TourWorld, expected: Expected): Promise<void> {
  return shows(world, expected, `webshop ${world.pair.shopId}`, () => readShop(world, expected.property))
}

export function erpShows(world: TourWorld, expected: Expected): Promise<void> {
  return shows(world, expected, `PowerOffice ${world.pair.erpId}`, () => readErp(world, expected.property))
}

async function shows(world: TourWorld, expected: Expected, where: string, read: () => Promise<unknown>): Promise<void> {
  const { property, value, since, withinMs = carriedWithinMs } = expected
  await waitFor(`${where} showing ${property} "${value}"`, async () => (await read()) === value, {
    withinMs,
    signal: world.context.signal,
  })
  world.saw(`${where}: ${property} is "${value}" ${seconds(Date.now() - since)} after the edit`)
}

export function linkPair({ link, settings, pair, desk }: TourWorld): void {
  link(consoleUrl(settings, `/flows/${desk.definition.name}?q=${pair.erpId}`))
}

/** Edits under a pause meet the flow together, which is what "at once" means to it. @returns when it was resumed */
async function whilePaused(world: TourWorld, edit: () => Promise<void>): Promise<number> {
  const { name } = world.desk.definition
  const by = { by: 'kobling tour', why: 'two edits at once' }
  world.command(`npx kobling pause ${name}`)
  await world.desk.pause(by)
  try {
    await edit()
  } finally {
    world.command(`npx kobling resume ${name}`)
    await world.desk.resume(by)
  }
  return Date.now()
}

async function conflicts({ desk }: TourWorld): Promise<number> {
  return (await desk.status()).counters.notes['conflict'] ?? 0
}

async function readErp({ erp, pair }: TourWorld, property: string) {
  const record = await erp.find(pair.erpId)
  return record && valueAt(record.json, property)
}

async function readShop({ shop, pair }: TourWorld, property: string) {
  const record = await shop.find(pair.shopId)
  return record && valueAt(record.json, property)
}
