import type { World } from './world.ts'

/**
 * Whether both sandboxes hold the same linked customers, judged from their raw records alone. It shares no code with
 * the canonical forms of the sync, so that a misunderstanding there shows here.
 */
export interface Comparison {
  /** One line for each value that differs between two records of a link. */
  readonly differences: readonly string[]
  readonly linked: number
  /** Records that no webshop customer names, and webshop customers that name nobody. */
  readonly unlinked: { readonly erp: readonly string[]; readonly shop: readonly string[] }
}

export type Raw = Readonly<Record<string, unknown>>

export async function compareSystems(world: World): Promise<Comparison> {
  const shop = await shopCustomers(world)
  const erpById = new Map(world.erp.customers.all().map((record) => [String(record.Id), record as Raw]))
  const unlinkedErp = new Set(erpById.keys())
  const unlinkedShop: string[] = []
  const differences: string[] = []
  for (const record of shop) {
    const erpId = /^customer:(.+)$/.exec(String(record['erpId'] ?? ''))?.[1]
    if (erpId === undefined) {
      unlinkedShop.push(String(record['id']))
      continue
    }
    const counterpart = erpById.get(erpId)
    if (!counterpart) {
      differences.push(`${record['id']} names PowerOffice ${erpId}, which does not exist`)
      continue
    }
    if (!unlinkedErp.delete(erpId)) differences.push(`PowerOffice ${erpId} is named twice in the webshop`)
    const [left, right] = [ofErp(counterpart), ofShop(record)]
    for (const [field, value] of Object.entries(left))
      if (value !== right[field]) differences.push(`${erpId} ${field}: ${value} <> ${right[field]}`)
  }
  return {
    differences,
    linked: erpById.size - unlinkedErp.size,
    unlinked: { erp: [...unlinkedErp].sort(), shop: unlinkedShop.sort() },
  }
}

/** Every living customer of the webshop, read as its own users read it. */
export async function shopCustomers(world: World): Promise<Raw[]> {
  const byId = new Map<string, Raw>()
  for (let next = ''; ; ) {
    const answer = await fetch(`${world.shop.baseUrl}/api/customers?limit=500${next}`, {
      headers: { authorization: 'Bearer sandbox-shopkeeper' },
    })
    const page = (await answer.json()) as { items: Raw[]; next: string; hasMore: boolean }
    for (const item of page.items)
      if (item['deleted'] === true) byId.delete(String(item['id']))
      else byId.set(String(item['id']), item)
    if (!page.hasMore) return [...byId.values()]
    next = `&changedSince=${encodeURIComponent(page.next)}`
  }
}

/** The fields of a PowerOffice customer as a person would compare them; `ofShop` gives the same of the webshop's. */
export function ofErp(record: Raw): Record<string, string> {
  const address = (record['MailAddress'] ?? {}) as Raw
  const isPerson = record['IsPerson'] === true
  return {
    kind: isPerson ? 'person' : 'company',
    // A dash is what PowerOffice holds where a person has one name only.
    name: isPerson
      ? `${text(record['FirstName']).replace(/^-$/, '')}|${text(record['LastName'])}`
      : text(record['Name']),
    email: text(record['EmailAddress']).toLowerCase(),
    phone: phone(record['PhoneNumber']),
    organizationNumber: digits(record['OrganizationNumber']),
    customerNumber: String(record['Number']),
    invoiceEmail: text(record['InvoiceEmailAddress']).toLowerCase(),
    website: website(record['WebsiteUrl']),
    address: [
      address['AddressLine1'],
      address['AddressLine2'],
      address['ZipCode'],
      address['City'],
      place(address, 'CountryCode'),
    ]
      .map(text)
      .join('|'),
    active: String(record['IsActive'] === true && record['IsArchived'] !== true),
  }
}

export function ofShop(record: Raw): Record<string, string> {
  const address = (record['address'] ?? {}) as Raw
  const isPerson = record['kind'] === 'person'
  return {
    kind: String(record['kind']),
    name: isPerson ? `${text(record['firstName'])}|${text(record['lastName'])}` : text(record['name']),
    email: text(record['email']).toLowerCase(),
    phone: phone(record['phone']),
    organizationNumber: digits(record['organizationNumber']),
    customerNumber: text(record['customerNumber']),
    invoiceEmail: text(record['invoiceEmail']).toLowerCase(),
    website: website(record['website']),
    address: [address['line1'], address['line2'], address['zip'], address['city'], place(address, 'country')]
      .map(text)
      .join('|'),
    active: String(record['active'] === true),
  }
}

/** Without what no eye tells apart: spelling of Unicode, runs of blanks. */
export function text(value: unknown): string {
  return String(value ?? '')
    .normalize('NFC')
    .replace(/\s+/g, ' ')
    .trim()
}

function digits(value: unknown): string {
  return text(value).replace(/\D/g, '')
}

/** The last eight digits: what a Norwegian number has without its country code. */
function phone(value: unknown): string {
  return digits(value).slice(-8)
}

function website(value: unknown): string {
  return text(value)
    .toLowerCase()
    .replace(/^https?:\/\//, '')
    .replace(/\/$/, '')
}

/** No country is Norway, and no address has no country. */
export function place(address: Raw, name: string): string {
  const isEmpty = Object.entries(address).every(
    ([key, value]) => key === name || key.endsWith('Id') || key.endsWith('Offset') || text(value) === '',
  )
  return isEmpty ? '' : text(address[name]).toUpperCase() || 'NO'
}
