import { expect } from 'vitest'
import { organizationNumberCheckDigit } from '../../sandbox/seed/identity.ts'
import type { FlowStatus, InboxEntry } from '../../workflows/messages.ts'
import { compareSystems, shopCustomers } from './compare-systems.ts'
import { until, type World } from './world.ts'

/** Records for tests: invented, told apart by a number, spelled alike on both sides unless a test changes something. */

export function organizationNumber(number: number): string {
  for (let firstEight = 90_000_000 + number * 100; ; firstEight++) {
    const digit = organizationNumberCheckDigit(String(firstEight))
    if (digit !== null) return `${firstEight}${digit}`
  }
}

export function erpCompany(number: number, changes: Readonly<Record<string, unknown>> = {}) {
  return {
    IsPerson: false,
    Name: `Bedrift ${number} AS`,
    EmailAddress: `post${number}@bedrift${number}.example`,
    PhoneNumber: `2200${String(number).padStart(4, '0')}`,
    OrganizationNumber: organizationNumber(number),
    InvoiceEmailAddress: `faktura${number}@bedrift${number}.example`,
    WebsiteUrl: `https://bedrift${number}.example`,
    MailAddress: { AddressLine1: `Storgata ${number}`, ZipCode: '0155', City: 'Oslo', CountryCode: 'NO' },
    ...changes,
  }
}

export function shopCompany(number: number, changes: Readonly<Record<string, unknown>> = {}) {
  return {
    kind: 'company' as const,
    name: `Bedrift ${number} AS`,
    email: `post${number}@bedrift${number}.example`,
    phone: `2200${String(number).padStart(4, '0')}`,
    organizationNumber: organizationNumber(number),
    invoiceEmail: `faktura${number}@bedrift${number}.example`,
    website: `https://bedrift${number}.example`,
    address: { line1: `Storgata ${number}`, line2: null, zip: '0155', city: 'Oslo', country: 'NO' },
    ...changes,
  }
}

export function erpPerson(number: number, changes: Readonly<Record<string, unknown>> = {}) {
  return {
    IsPerson: true,
    FirstName: 'Kari',
    LastName: `Nordmann ${number}`,
    EmailAddress: `kari${number}@person.example`,
    PhoneNumber: `9100${String(number).padStart(4, '0')}`,
    ...changes,
  }
}

export function shopPerson(number: number, changes: Readonly<Record<string, unknown>> = {}) {
  return {
    kind: 'person' as const,
    firstName: 'Kari',
    lastName: `Nordmann ${number}`,
    email: `kari${number}@person.example`,
    phone: `9100${String(number).padStart(4, '0')}`,
    ...changes,
  }
}

export interface Ids {
  readonly erpId: string
  readonly shopId: string
}

/** Puts both records of a pair in; the flow links them by their keys. */
export function insertPair(world: World, erp: object, shop: object): Ids {
  const [inErp] = world.erp.insertCustomers([erp])
  const [shopId] = world.shop.insertCustomers([shop as never])
  return { erpId: String(inErp?.Id), shopId: String(shopId) }
}

export function erpRecord(world: World, erpId: string): Readonly<Record<string, unknown>> {
  const record = world.erp.customers.get(Number(erpId))
  if (!record) throw new Error(`PowerOffice has no customer ${erpId}`)
  return record
}

export function editInErp(world: World, erpId: string, changes: Readonly<Record<string, unknown>>): void {
  world.erp.customers.edit(Number(erpId), changes)
}

/** The webshop customer that names the PowerOffice record. */
export async function shopOf(world: World, erpId: string): Promise<Readonly<Record<string, unknown>> | undefined> {
  return (await shopCustomers(world)).find((record) => record['erpId'] === `customer:${erpId}`)
}

/** The PowerOffice customer that was created for a webshop customer. */
export async function erpOf(world: World, shopId: string): Promise<Readonly<Record<string, unknown>> | undefined> {
  const erpId = /^customer:(.+)$/.exec(String((await world.shopCustomer(shopId))['erpId'] ?? ''))?.[1]
  return erpId === undefined ? undefined : (world.erp.customers.get(Number(erpId)) ?? undefined)
}

export interface Writes {
  readonly erp: number
  readonly shop: number
}

export async function writesSinceReset(world: World): Promise<Writes> {
  return { erp: world.erp.counts.report().writes, shop: (await world.shopCounts()).writes }
}

/**
 * Everything that follows from what was done has happened: each side was polled twice more, nothing waits, and no write
 * came meanwhile. An echo of our own write would have been written by then.
 */
export async function quiet(world: World, polled: readonly ('erp' | 'shop')[] = ['erp', 'shop']): Promise<FlowStatus> {
  const polls = async () => ({
    erp: world.erp.counts.report().byRoute['GET /v2/Customers'] ?? 0,
    shop: (await world.shopCounts()).byRoute['GET /api/customers'] ?? 0,
  })
  for (;;) {
    const before = await polls()
    const writes = await writesSinceReset(world)
    await until('two more polls of each side', async () => {
      const now = await polls()
      return polled.every((side) => now[side] >= before[side] + 2)
    })
    const status = await world.settled()
    const after = await writesSinceReset(world)
    if (after.erp === writes.erp && after.shop === writes.shop) return status
  }
}

export async function entryOf(world: World, id: string): Promise<InboxEntry | undefined> {
  return (await world.inbox()).find((entry) => entry.erpId === id || entry.shopId === id)
}

/** Both systems hold the same linked customers; what is not linked is named by the test. */
export async function expectEqualSystems(
  world: World,
  unlinked: { readonly erp?: readonly string[]; readonly shop?: readonly string[] } = {},
): Promise<void> {
  const { differences, unlinked: found } = await compareSystems(world)
  expect(differences).toEqual([])
  expect(found).toEqual({ erp: [...(unlinked.erp ?? [])].sort(), shop: [...(unlinked.shop ?? [])].sort() })
}

export function notesOf(status: FlowStatus, kind: string): number {
  return status.counters.notes[kind] ?? 0
}
