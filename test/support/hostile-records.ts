import { hostileJson } from './hostile-values.ts'
import { seededRandom } from './seeded-random.ts'

export interface HostileRecord {
  /** Under which its sandbox knows it. */
  readonly id: string
  /** The one property that is not as agreed. */
  readonly field: string
  /** What stands there, as JSON text: some of it no JavaScript value can say. */
  readonly json: string
}

/** For a rewriting proxy: records of a sandbox that answer with one hostile value each, and always with the same one. */
export interface HostileRecords {
  readonly all: readonly HostileRecord[]
  rewrite(record: Record<string, unknown>): Record<string, unknown>
  spell(text: string): string
}

const erpFields = [
  'Id',
  'IsPerson',
  'Name',
  'EmailAddress',
  'PhoneNumber',
  'OrganizationNumber',
  'Number',
  'InvoiceEmailAddress',
  'WebsiteUrl',
  'MailAddress',
  'IsActive',
  'IsArchived',
  'ContactGroupIds',
  'ExternalImportReference',
  'LastChangedDateTimeOffset',
]
const shopFields = [
  'id',
  'version',
  'changedAt',
  'erpId',
  'kind',
  'name',
  'email',
  'phone',
  'organizationNumber',
  'customerNumber',
  'invoiceEmail',
  'website',
  'address',
  'active',
]

const MEGABYTE = 1_000_000
/** Sizes that no list of hostile values holds, since they would be drawn again and again. */
const large = (megabytes: number) => () => `"${'x'.repeat(megabytes * MEGABYTE)}"`
const deep = () => `${'{"a":'.repeat(50_000)}1${'}'.repeat(50_000)}`
const shadows = () => '{"__proto__":{"line1":"x"},"constructor":null,"line1":{"__proto__":null}}'

export function hostileErpRecords(ids: readonly string[]): HostileRecords {
  return hostileRecords(ids, 'Id', erpFields, [
    ['Name', large(2)],
    ['MailAddress', deep],
    ['MailAddress', shadows],
  ])
}

export function hostileShopRecords(ids: readonly string[]): HostileRecords {
  return hostileRecords(ids, 'id', shopFields, [
    ['name', large(10)],
    ['email', large(1)],
    ['address', deep],
    ['address', shadows],
  ])
}

type Chosen = readonly [field: string, json: () => string]

function hostileRecords(
  ids: readonly string[],
  idField: string,
  fields: readonly string[],
  chosen: readonly Chosen[],
): HostileRecords {
  const dice = seededRandom(7)
  const all = ids.map((id, at): HostileRecord => {
    const [field, json] = chosen[at] ?? [fields[at % fields.length] ?? '', () => hostileJson(dice)]
    return { id, field, json: json() }
  })
  const byId = new Map(all.map((record, at) => [record.id, { ...record, at }]))
  return {
    all,
    rewrite: (record) => {
      const found = byId.get(String(record[idField]))
      return found === undefined ? record : { ...record, [found.field]: `@hostile-${found.at}@` }
    },
    spell: (text) => text.replace(/"@hostile-(\d+)@"/g, (_whole, at) => all[Number(at)]?.json ?? 'null'),
  }
}
