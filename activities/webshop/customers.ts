import { z } from 'zod'
import { customers as definition } from '../../flows/customers.ts'
import type { CompanyOptions, ShopScope } from '../../flows/flow-options.ts'
import type { Row } from '../http/absent-property.ts'
import { prepareCustomerCreate, prepareCustomerUpdate } from './customer-rules.ts'
import { absentFrom, type ShopEntity } from './shop-entity.ts'
import { isTombstone, parseOtherKind, parseRow, presentRecord, recordHead } from './shop-record.ts'
import { customerOutOfScope } from './shop-scope.ts'
import { active, address, text } from './shop-values.ts'

export const customersPath = '/api/customers'

/** What becomes of guest checkouts (docs/rules.md, customers). */
export type GuestPolicy = CompanyOptions['customers']['guests']

const customerSchema = recordHead.extend({
  kind: z.enum(definition.shopKinds?.values ?? []),
  name: text,
  firstName: text,
  lastName: text,
  email: text,
  phone: text,
  organizationNumber: text,
  customerNumber: text,
  invoiceEmail: text,
  website: text,
  address,
  active,
  guest: z
    .boolean()
    .nullish()
    .transform((value) => value ?? false),
})

/** Kinds of the contract that another flow carries. */
const otherKinds = ['department']

export function customersEntity(guests: GuestPolicy, scope: ShopScope): ShopEntity {
  return {
    definition,
    path: customersPath,
    offers: ({ customers }) => ({ create: customers.create, update: customers.update }),
    notOffered: () => null,
    findSchemaFault: (rows) => absentFrom(definition, rows.filter(isOwn)),
    parse: (item, etag) => {
      if (!isTombstone(item) && isOfOtherKind(item)) return parseOtherKind(item, etag)
      return parseRow(item, customerSchema, ({ id, version, changedAt, erpId, guest, ...raw }) =>
        presentRecord(definition, { id, version, changedAt, erpId }, raw, {
          etag,
          outOfScope: guest && guests !== 'create' ? 'guest' : customerOutOfScope(raw.kind, scope),
        }),
      )
    },
    prepareCreate: prepareCustomerCreate,
    prepareUpdate: prepareCustomerUpdate,
  }
}

function isOwn(item: Row): boolean {
  return !isTombstone(item) && !isOfOtherKind(item)
}

function isOfOtherKind(item: Row): boolean {
  // Not made text: a list in a list in a list, ten thousands deep, cannot be.
  return typeof item['kind'] === 'string' && otherKinds.includes(item['kind'])
}
