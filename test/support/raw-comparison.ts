import type { ErpSandbox } from './world.ts'

/** What both systems hold after a run, compared record by record without a line of the engine. */
export interface RawComparison {
  /** PowerOffice ids that two or more customers of the shop name. */
  readonly namedTwice: readonly string[]
  /** Customers of the shop that name somebody who does not exist. */
  readonly namesNobody: readonly string[]
  readonly pairs: number
  /** Fields in which a pair differs: `erp 12, shop c-7: phone "…" and "…"`. */
  readonly differences: readonly string[]
  readonly unpairedErp: readonly ErpRecord[]
  readonly unpairedShop: readonly ShopRecord[]
  /** Unpaired records of both sides that share an e-mail or a number with exactly one other: they ought to be a pair. */
  readonly missed: readonly string[]
}

type ErpRecord = ReturnType<ErpSandbox['customers']['all']>[number]

export interface ShopRecord {
  readonly id: string
  readonly kind: string
  readonly name: string | null
  readonly firstName: string | null
  readonly lastName: string | null
  readonly email: string | null
  readonly phone: string | null
  readonly organizationNumber: string | null
  readonly customerNumber: string | null
  readonly invoiceEmail: string | null
  readonly address: { readonly line1: string | null; readonly zip: string | null } | null
  readonly active: boolean
  readonly erpId: string | null
}

/** The id that a webshop customer names as its counterpart in PowerOffice (`customer:1042`). */
export function namedErpId(record: ShopRecord): string | null {
  return record.erpId === null ? null : record.erpId.slice(record.erpId.indexOf(':') + 1)
}

/** Every customer of the webshop as its own people see it. */
export async function rawShopRecords(baseUrl: string): Promise<ShopRecord[]> {
  const byId = new Map<string, ShopRecord>()
  for (let after = ''; ; ) {
    const address = `${baseUrl}/api/customers?limit=500${after === '' ? '' : `&changedSince=${encodeURIComponent(after)}`}`
    const answer = await fetch(address, { headers: { authorization: 'Bearer sandbox-shopkeeper' } })
    if (!answer.ok) throw new Error(`the webshop refused its list: ${await answer.text()}`)
    const page = (await answer.json()) as { items: (ShopRecord & { deleted?: true })[]; next: string; hasMore: boolean }
    for (const record of page.items) {
      if (record.deleted === true) byId.delete(record.id)
      else byId.set(record.id, record)
    }
    if (!page.hasMore) return [...byId.values()]
    after = page.next
  }
}

export function compareRaw(erp: readonly ErpRecord[], shop: readonly ShopRecord[]): RawComparison {
  const erpById = new Map(erp.map((record) => [String(record.Id), record]))
  const namedBy = new Map<string, ShopRecord[]>()
  for (const record of shop) {
    const erpId = namedErpId(record)
    if (erpId !== null) namedBy.set(erpId, [...(namedBy.get(erpId) ?? []), record])
  }
  const differences: string[] = []
  let pairs = 0
  for (const [erpId, [record]] of namedBy) {
    const counterpart = erpById.get(erpId)
    if (counterpart === undefined || record === undefined) continue
    pairs += 1
    const [left, right] = [comparedErp(counterpart), comparedShop(record)]
    for (const field of Object.keys(left) as (keyof Compared)[]) {
      if (left[field] !== right[field])
        differences.push(`erp ${erpId}, shop ${record.id}: ${field} "${left[field]}" and "${right[field]}"`)
    }
  }
  const unpairedErp = erp.filter((record) => !namedBy.has(String(record.Id)))
  const unpairedShop = shop.filter((record) => record.erpId === null)
  return {
    namedTwice: [...namedBy].filter(([, records]) => records.length > 1).map(([erpId]) => erpId),
    namesNobody: [...namedBy].filter(([erpId]) => !erpById.has(erpId)).map(([erpId]) => erpId),
    pairs,
    differences,
    unpairedErp,
    unpairedShop,
    missed: missedPairs(unpairedErp.map(comparedErp), unpairedShop.map(comparedShop)),
  }
}

type Compared = ReturnType<typeof comparedErp>

/** The plainest reading of each field: digits of numbers, letters without case or double blanks. */
function comparedErp(record: ErpRecord) {
  return {
    kind: record.IsPerson ? 'person' : 'company',
    name: record.IsPerson ? tidy(`${record.FirstName ?? ''} ${record.LastName ?? ''}`) : tidy(record.Name),
    email: tidy(record.EmailAddress).toLowerCase(),
    phone: lastDigits(record.PhoneNumber),
    organizationNumber: digits(record.OrganizationNumber),
    number: digits(String(record.Number ?? '')),
    invoiceEmail: tidy(record.InvoiceEmailAddress).toLowerCase(),
    zip: digits(record.MailAddress?.ZipCode),
    active: record.IsActive && !record.IsArchived,
  }
}

function comparedShop(record: ShopRecord): Compared {
  return {
    kind: record.kind,
    name: record.kind === 'person' ? tidy(`${record.firstName ?? ''} ${record.lastName ?? ''}`) : tidy(record.name),
    email: tidy(record.email).toLowerCase(),
    phone: lastDigits(record.phone),
    organizationNumber: digits(record.organizationNumber),
    number: digits(record.customerNumber),
    invoiceEmail: tidy(record.invoiceEmail).toLowerCase(),
    zip: digits(record.address?.zip),
    active: record.active,
  }
}

function missedPairs(erp: readonly Compared[], shop: readonly Compared[]): string[] {
  const missed: string[] = []
  for (const key of ['email', 'organizationNumber'] as const) {
    for (const record of shop) {
      if (record[key] === '') continue
      const candidates = erp.filter((other) => other[key] === record[key] && other.kind === record.kind && other.active)
      if (candidates.length === 1) missed.push(`${key} ${record[key]}`)
    }
  }
  return missed
}

function tidy(text: string | null | undefined): string {
  return (text ?? '').replaceAll(/\s+/g, ' ').trim()
}

function digits(text: string | null | undefined): string {
  return (text ?? '').replaceAll(/\D/g, '')
}

/** Norwegian numbers have eight digits; whether the country stands before them does not matter here. */
function lastDigits(text: string | null | undefined): string {
  return digits(text).slice(-8)
}
