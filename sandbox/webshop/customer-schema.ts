import { z } from '@hono/zod-openapi'
import { customerKinds } from './settings.ts'

/** Generous and the same for all: the contract names no lengths but those of ids and erpId. */
const maxTextLength = 1000

const text = z.string().max(maxTextLength).nullable()

// One @, no white space, a dot in the domain. Letters beyond ASCII are fine: post@blåbærgården.no is a real kind of address.
const emailPattern = /^[^\s@"(),:;<>[\\\]]{1,64}@[^\s@.,]+(\.[^\s@.,]+)+$/
const email = z.string().max(254).regex(emailPattern, 'Must be an e-mail address.').nullable()

const address = z
  .object({ line1: text, line2: text, zip: text, city: text, country: text })
  .partial()
  .nullable()
  .openapi('Address')

/** What the sync may write: W and R of the contract. Texts arrive here tidied (json.ts). */
export const writableCustomer = z.object({
  kind: z.enum(customerKinds),
  name: text,
  firstName: text,
  lastName: text,
  email,
  phone: text,
  organizationNumber: text,
  customerNumber: text,
  invoiceEmail: email,
  website: text,
  address,
  active: z.boolean(),
  erpId: z.string().max(60).nullable(),
})

/** What only the shop's own users may write: S and not computed. */
export const shopkeeperCustomer = writableCustomer.extend({ guest: z.boolean() })

export interface CustomerAddress {
  readonly line1: string | null
  readonly line2: string | null
  readonly zip: string | null
  readonly city: string | null
  readonly country: string | null
}

export type CustomerFields = Readonly<Omit<z.infer<typeof shopkeeperCustomer>, 'address'>> & {
  readonly address: CustomerAddress | null
}

/** In the order in which people read a customer; answers keep it. */
export const emptyCustomer: CustomerFields = {
  kind: 'company',
  name: null,
  firstName: null,
  lastName: null,
  email: null,
  phone: null,
  organizationNumber: null,
  customerNumber: null,
  invoiceEmail: null,
  website: null,
  address: null,
  active: true,
  guest: false,
  erpId: null,
}

/** null and absent are the same in a POST, so that `active` may be null here and nowhere else. */
export const createCustomerSchema = writableCustomer
  .extend({
    name: text.describe('required of company and department'),
    firstName: text.describe('required of person'),
    lastName: text.describe('required of person'),
    active: z.boolean().nullable().describe('true when not given'),
  })
  .partial()
  .required({ kind: true })
  .openapi('NewCustomer')

export const patchCustomerSchema = writableCustomer.partial().openapi('CustomerPatch')

export const customerSchema = z
  .object({ id: z.string().max(40), version: z.string(), createdAt: z.iso.datetime(), changedAt: z.iso.datetime() })
  .extend(shopkeeperCustomer.shape)
  .openapi('Customer')
