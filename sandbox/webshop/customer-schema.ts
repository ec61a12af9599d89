import { z } from '@hono/zod-openapi'
import { type Address, address } from './address.ts'
import { erpId, recordBase, text } from './field-schemas.ts'
import { customerKinds } from './settings.ts'

// One @, no white space, a dot in the domain. Letters beyond ASCII are fine: post@blåbærgården.no is a real kind of address.
const emailPattern = /^[^\s@"(),:;<>[\\\]]{1,64}@[^\s@.,]+(\.[^\s@.,]+)+$/
const email = z.string().max(254).regex(emailPattern, 'Must be an e-mail address.').nullable()

/** What the sync may write: W and R of the contract. Texts arrive here tidied (json.ts). */
export const writableCustomer = z.object({
  kind: z
    .enum(customerKinds)
    .describe(
      'Does not change later. A `department` is the seller’s own: no login, no e-mail, no mailing list, not in the ' +
        'customer search.',
    ),
  name: text.describe('Required of a company and a department; null of a person.'),
  firstName: text.describe('Required of a person.'),
  lastName: text.describe('Required of a person.'),
  email: email.describe(
    'May be null unless the capabilities say `emailRequired`; compared in lower case; unique across all kinds while ' +
      'they say `emailUnique`.',
  ),
  phone: text.describe('Stored as written.'),
  organizationNumber: text.describe('Stored as written.'),
  customerNumber: text.describe('The customer’s number in the ERP, a department’s code; unique within the kind.'),
  invoiceEmail: email.describe('Where invoices go.'),
  website: text.describe('Stored as written.'),
  address,
  active: z.boolean().describe('False: no longer a customer. The sync archives by this and deletes nothing.'),
  erpId,
})

/** What only the shop's own users may write: S and not computed. */
export const shopkeeperCustomer = writableCustomer.extend({
  guest: z.boolean().describe('Set by the shop: a checkout without an account. One customer for each guest e-mail.'),
})

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
    active: z.boolean().nullable().describe('True when not given.'),
  })
  .partial()
  .required({ kind: true })
  .openapi('NewCustomer', {
    description: 'What a POST takes. null and absent mean the same; unknown fields are ignored.',
  })

export const patchCustomerSchema = writableCustomer
  .partial()
  .openapi('CustomerPatch', { description: 'A merge patch (RFC 7396): absent leaves a field, null clears it.' })

export const customerSchema = recordBase
  .extend(shopkeeperCustomer.shape)
  .openapi('Customer', { description: 'A company, a person or a department of the seller.' })
