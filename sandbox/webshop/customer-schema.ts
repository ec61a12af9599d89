import { z } from '@hono/zod-openapi'
import { type Address, address } from './address.ts'
import { erpId, recordBase, text } from './field-schemas.ts'
import { customerKinds } from './settings.ts'

// One @, no white space, a dot in the domain. Letters beyond ASCII are fine: post@blåbærgården.no is a real kind of address.
const emailPattern = /^[^\s@"(),:;<>[\\\]]{1,64}@[^\s@.,]+(\.[^\s@.,]+)+$/
const email = z.string().max(254).regex(emailPattern, 'Must be an e-mail address.').nullable()

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
  erpId,
})

/** What only the shop's own users may write: S and not computed. */
export const shopkeeperCustomer = writableCustomer.extend({ guest: z.boolean() })

export type CustomerFields = Readonly<Omit<z.infer<typeof shopkeeperCustomer>, 'address'>> & {
  readonly address: Address | null
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

export const customerSchema = recordBase.extend(shopkeeperCustomer.shape).openapi('Customer')
