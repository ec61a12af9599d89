import { hostileJson } from './hostile-values.ts'
import { seededRandom } from './seeded-random.ts'

export interface HostileRecord {
  /** Under which its sandbox knows it. */
  readonly id: string
  /** The one property that is not as agreed. */
  readonly field: string
  /** What stands there, as JSON text: some of it no JavaScript value can say. '' where it is the record's form that is hostile. */
  readonly json: string
}

type Shown = Record<string, unknown>

/** For a rewriting proxy: records of a sandbox that answer with one hostile value each, and always with the same one. */
export interface HostileRecords {
  readonly all: readonly HostileRecord[]
  rewrite(record: Shown): Shown
  spell(text: string): string
}

/** One hostile thing about a record. */
export interface HostileValue {
  readonly field: string
  readonly json: () => string
  /** What becomes of an answer. @param mark stands for the value until the answer's text is spelled */
  readonly place: (record: Shown, mark: string) => Shown
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
export const large = (megabytes: number) => () => `"${'x'.repeat(megabytes * MEGABYTE)}"`
export const deep = () => `${'{"a":'.repeat(50_000)}1${'}'.repeat(50_000)}`
export const shadows = () => '{"__proto__":{"line1":"x"},"constructor":null,"line1":{"__proto__":null}}'

/** A value of the record itself. */
export function hostileField(field: string, json: () => string): HostileValue {
  return { field, json, place: (record, mark) => ({ ...record, [field]: mark }) }
}

export function hostileErpRecords(ids: readonly string[]): HostileRecords {
  return hostileRecords({ ids, idField: 'Id', seed: 7, values: drawn(erpFields) }, [
    hostileField('Name', large(2)),
    hostileField('MailAddress', deep),
    hostileField('MailAddress', shadows),
  ])
}

export function hostileShopRecords(ids: readonly string[]): HostileRecords {
  return hostileRecords({ ids, idField: 'id', seed: 7, values: drawn(shopFields) }, [
    hostileField('name', large(10)),
    hostileField('email', large(1)),
    hostileField('address', deep),
    hostileField('address', shadows),
  ])
}

type Draw = (dice: ReturnType<typeof seededRandom>) => HostileValue

/** Any hostile value in each of these fields in turn. */
export function drawn(fields: readonly string[]): readonly Draw[] {
  return fields.map((field) => (dice) => hostileField(field, () => hostileJson(dice)))
}

export interface HostileRecordsOptions {
  readonly ids: readonly string[]
  readonly idField: 'Id' | 'id'
  readonly seed: number
  /** Taken in turn. */
  readonly values: readonly Draw[]
}

/** @param chosen what the first of the records show */
export function hostileRecords(
  { ids, idField, seed, values }: HostileRecordsOptions,
  chosen: readonly HostileValue[] = [],
): HostileRecords {
  const dice = seededRandom(seed)
  const all = ids.map((id, at) => {
    const value = chosen[at] ?? values[at % values.length]?.(dice)
    if (!value) throw new Error('nothing hostile is known of these records')
    return { id, field: value.field, json: value.json(), place: value.place }
  })
  const byId = new Map(all.map((record, at) => [record.id, { ...record, at }]))
  // Several sets of records may share a proxy, each with marks of its own.
  const mark = (at: number | string) => `@hostile-${idField}-${seed}-${at}@`
  const marks = new RegExp(`"${mark('(\\d+)')}"`, 'g')
  return {
    all,
    rewrite: (record) => {
      const found = byId.get(String(record[idField]))
      return found === undefined ? record : found.place(record, mark(found.at))
    },
    spell: (text) => text.replace(marks, (_whole, at) => all[Number(at)]?.json ?? 'null'),
  }
}
