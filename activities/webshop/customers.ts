import { z } from 'zod'
import { customers as definition } from '../../flows/customers.ts'
import type { JsonObject, ParsedRecord } from '../connector.ts'
import type { Row } from '../http/absent-property.ts'
import { idOrStandIn, unreadableOf } from '../http/unreadable.ts'
import { prepareCustomerCreate, prepareCustomerUpdate } from './customer-rules.ts'
import { parseErpReference, type ShopEntity } from './shop-entity.ts'

/** What becomes of guest checkouts (docs/rules.md, customers). */
export type GuestPolicy = 'create' | 'leave-out' | `collective:${string}`

const text = z
  .union([z.string(), z.number().transform(String)])
  .nullish()
  .transform((value) => value ?? null)

const id = z.union([z.string(), z.number().transform(String)]).pipe(
  // The contract's alphabet: anything else would not survive in our references.
  z.string().regex(/^[A-Za-z0-9._-]{1,40}$/, 'expected 1 to 40 characters of A-Z a-z 0-9 . _ -'),
)

const addressSchema = z.object({ line1: text, line2: text, zip: text, city: text, country: text })

const customerSchema = z.object({
  id,
  version: text,
  changedAt: text,
  erpId: text,
  kind: z.enum(definition.shopKinds.values),
  name: text,
  firstName: text,
  lastName: text,
  email: text,
  phone: text,
  organizationNumber: text,
  customerNumber: text,
  invoiceEmail: text,
  website: text,
  address: addressSchema.nullish().transform((value) => value ?? null),
  active: z
    .boolean()
    .nullish()
    .transform((value) => value ?? true),
  guest: z
    .boolean()
    .nullish()
    .transform((value) => value ?? false),
})

/** Kinds of the contract that another flow carries. */
const otherKinds = ['department']

const foreignSchema = customerSchema.pick({ id: true, version: true, changedAt: true, erpId: true })
const tombstoneSchema = z.object({ id, deleted: z.literal(true) })

export function customersEntity(guests: GuestPolicy): ShopEntity {
  return {
    definition,
    path: '/api/customers',
    offers: ({ customers }) => ({ create: customers.create, update: customers.update }),
    isOwn: (item) => item['deleted'] !== true && !otherKinds.includes(String(item['kind'])),
    parse: (item, etag) => parseCustomer(item, etag, guests),
    prepareCreate: prepareCustomerCreate,
    prepareUpdate: prepareCustomerUpdate,
  }
}

function parseCustomer(item: Row, etag: string | null, guests: GuestPolicy): ParsedRecord {
  if (item['deleted'] === true) {
    const tombstone = tombstoneSchema.safeParse(item)
    if (tombstone.success) return { kind: 'missing', id: tombstone.data.id, tombstone: true }
    return unreadableOf(idOrStandIn(item['id'], item), tombstone.error, { deleted: true })
  }
  // A record of another flow is out of scope whatever else it holds.
  if (otherKinds.includes(String(item['kind']))) return foreignRecord(item, etag)
  const parsed = customerSchema.safeParse(item)
  if (!parsed.success) return unreadableOf(idOrStandIn(item['id'], item), parsed.error, item)
  const { id: recordId, version, changedAt, guest, ...raw } = parsed.data
  return {
    kind: 'record',
    id: recordId,
    raw,
    version: version ?? etag,
    changedAt,
    groupChangedAt: {},
    reference: parseErpReference(definition, parsed.data.erpId),
    outOfScope: guest && guests !== 'create' ? 'guest' : null,
  }
}

function foreignRecord(item: Row, etag: string | null): ParsedRecord {
  const parsed = foreignSchema.safeParse(item)
  if (!parsed.success) return unreadableOf(idOrStandIn(item['id'], item), parsed.error, item)
  const { id: recordId, version, changedAt, erpId } = parsed.data
  const raw: JsonObject = { kind: String(item['kind']), erpId }
  return {
    kind: 'record',
    id: recordId,
    raw,
    version: version ?? etag,
    changedAt,
    groupChangedAt: {},
    reference: null,
    outOfScope: 'otherKind',
  }
}
