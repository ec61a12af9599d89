import { wholeAddress } from './address.ts'
import { parseFields, patchedFields, pickWritable, refuse, withoutNulls } from './body-fields.ts'
import type { Collection, Column, UniqueRule, WriteContext } from './collection.ts'
import {
  type CustomerFields,
  createCustomerSchema,
  customerSchema,
  emptyCustomer,
  patchCustomerSchema,
  shopkeeperCustomer,
  writableCustomer,
} from './customer-schema.ts'
import type { JsonObject } from './json.ts'
import type { FieldError } from './problem.ts'

const asWritten = (value: string) => value
const lowerCased = (value: string) => value.toLowerCase()

const columns: readonly Column<CustomerFields>[] = [
  { name: 'erpId', indexed: true, read: (customer) => customer.erpId, fold: asWritten },
  { name: 'email', indexed: true, read: (customer) => customer.email, fold: lowerCased },
  { name: 'organizationNumber', indexed: true, read: (customer) => customer.organizationNumber, fold: asWritten },
  { name: 'customerNumber', indexed: true, read: (customer) => customer.customerNumber, fold: asWritten },
  { name: 'kind', indexed: false, read: (customer) => customer.kind, fold: asWritten },
]

export const customers: Collection<CustomerFields> = {
  name: 'customers',
  singular: 'customer',
  idPrefix: 'c',
  columns,
  schemas: { record: customerSchema, create: createCustomerSchema, patch: patchCustomerSchema },
  create: (body, context) => {
    const given = withoutNulls(pickWritable(body, writableBy(context)))
    const fields = { ...emptyCustomer, ...parseGiven(given, newCustomer) }
    refuse(missingFields(fields, Object.keys(fields), context))
    return fields
  },
  patch: (current, patch, context) => {
    const given = patchedFields(current, pickWritable(patch, writableBy(context)))
    const touched = Object.keys(given)
    const next = { ...current, ...parseGiven(given, changedCustomer) }
    if (next.kind !== current.kind && context.caller !== 'shopkeeper') {
      refuse([{ pointer: '/kind', detail: `The kind cannot be changed; it is ${current.kind}.` }])
    }
    refuse(missingFields(next, next.kind === current.kind ? touched : Object.keys(next), context))
    return next
  },
  unique: (customer, settings) => {
    const rules: UniqueRule[] = []
    const { erpId, customerNumber, kind, email } = customer
    if (erpId !== null) rules.push({ field: 'erpId', columns: { erpId } })
    if (customerNumber !== null) rules.push({ field: 'customerNumber', columns: { customerNumber, kind } })
    if (email !== null && settings.emailUnique) rules.push({ field: 'email', columns: { email: lowerCased(email) } })
    return rules
  },
  offers: (settings) => ({
    create: settings.createCustomers,
    update: settings.updateCustomers,
    delete: settings.deleteCustomers,
  }),
  usedBy: (customer, view) => view.findOrderOfCustomer(customer.id),
  searchText: (customer) =>
    [
      customer.name,
      customer.firstName,
      customer.lastName,
      customer.email,
      customer.phone,
      customer.organizationNumber,
      customer.customerNumber,
      customer.address?.city,
      customer.erpId,
    ]
      .filter((part) => part)
      .join(' '),
}

const writableBy = ({ caller }: WriteContext) => (caller === 'shopkeeper' ? shopkeeperCustomer : writableCustomer)

// Built once: zod compiles a schema at its first use, which costs more than a thousand uses.
const changedCustomer = shopkeeperCustomer.partial()
const newCustomer = changedCustomer.required({ kind: true })

function parseGiven(given: JsonObject, schema: typeof changedCustomer | typeof newCustomer): Partial<CustomerFields> {
  const { address, ...fields } = parseFields(given, schema)
  const known = fields as Partial<CustomerFields> // JSON has no undefined, which is all that the cast removes
  return address === undefined ? known : { ...known, address: wholeAddress(address) }
}

/** Only among the fields that were written: a record that was incomplete before may be edited elsewhere. */
function missingFields(customer: CustomerFields, written: readonly string[], context: WriteContext): FieldError[] {
  const { customerKinds, emailRequired } = context.settings
  const required: (keyof CustomerFields)[] = customer.kind === 'person' ? ['firstName', 'lastName'] : ['name']
  if (emailRequired && customer.kind !== 'department') required.push('email')
  const errors = required
    .filter((name) => written.includes(name) && customer[name] === null)
    .map((name) => ({ pointer: `/${name}`, detail: `Required of a ${customer.kind}.` }))
  if (!written.includes('kind') || customerKinds.includes(customer.kind)) return errors
  return [...errors, { pointer: '/kind', detail: `This shop has ${customerKinds.join(', ')} and no ${customer.kind}.` }]
}
