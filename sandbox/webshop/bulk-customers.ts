import { z } from '@hono/zod-openapi'
import { wholeAddress } from './address.ts'
import { type CustomerFields, emptyCustomer, shopkeeperCustomer } from './customer-schema.ts'
import { fieldErrors, invalidFields } from './problem.ts'
import type { Shop } from './shop.ts'

/** A customer to put in as it is: only `kind` must be there, the rest is null, active and no guest. */
export type BulkCustomer = Partial<CustomerFields> & Pick<CustomerFields, 'kind'>

const anyText = z.string().nullable()

// Types are checked, contents are not: dirty data is the point. What the API promises its readers still holds.
const bulkSchema = z.array(
  shopkeeperCustomer.extend({ email: anyText, invoiceEmail: anyText }).partial().required({ kind: true }).strict(),
)

/**
 * Puts customers in as they are: not trimmed, no rule checked, taken e-mails and numbers welcome, no webhooks sent.
 * They appear in the change feed like any others. All in one transaction.
 * @returns the new ids, in the order of the list
 */
export function insertCustomers(shop: Shop, list: readonly BulkCustomer[]): string[] {
  return shop.inTransaction(() =>
    list.map((customer) => shop.stores.customers.insert({ ...emptyCustomer, ...customer }).id),
  )
}

/** @throws Problem 422 that names each wrong field by its place in the list */
export function parseBulkCustomers(list: unknown): BulkCustomer[] {
  const parsed = bulkSchema.safeParse(list)
  if (!parsed.success) throw invalidFields(fieldErrors(parsed.error).slice(0, 20))
  return parsed.data.map((customer) => ({
    ...(customer as BulkCustomer), // JSON has no undefined, which is all that the cast removes
    address: wholeAddress(customer.address ?? null),
  }))
}
