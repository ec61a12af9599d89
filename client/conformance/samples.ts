import { validOrganisationNumber } from '../tour/organisation-number.ts'
import type { CollectionName, Json } from './collections.ts'
import type { Declared } from './declared.ts'

/** Text fields that may be empty, with two valid values each: what merge patches are tried with. */
export const plainFields: Readonly<Record<CollectionName, readonly (readonly [string, string, string])[]>> = {
  customers: [
    ['phone', '+47 22 00 00 01', '+47 22 00 00 02'],
    ['website', 'https://one.example', 'https://two.example'],
  ],
  products: [
    ['description', 'First description', 'Second description'],
    ['unit', 'stk', 'kg'],
  ],
  orders: [
    ['purchaseOrderReference', 'Order 1', 'Order 2'],
    ['customerReference', 'Kari', 'Ola'],
  ],
}

/** The body of a POST that any shop of the contract accepts. @param name unique, and carries the run's mark */
export function newCustomer(declared: Declared, name: string, kind = buyerKind(declared)): Json {
  const named = kind === 'person' ? { firstName: name, lastName: 'Test' } : { name }
  return { kind, ...named, ...(kind !== 'department' && { email: emailOf(name) }) }
}

export function newProduct(name: string): Json {
  return { sku: name, name, type: 'product', priceExVat: '100.00', vatRate: '25', published: false }
}

/** A line that needs no product. */
export function newLine(fields: Json = {}): Json {
  const line = { kind: 'shipping', description: 'Freight', quantity: '1', unitPriceExVat: '100.00', vatRate: '25' }
  return { ...line, ...fields }
}

export function newOrder(declared: Declared, name: string, customerId: string, lines: readonly Json[]): Json {
  const reference = { purchaseOrderReference: name }
  return { customerId, currency: declared.currency, orderedAt: '2026-11-23T08:15:30Z', ...reference, lines }
}

/** A domain that belongs to nobody (RFC 2606) and that shops take for one. */
export const emailOf = (name: string): string => `${name}@example.com`

/** The kind that places orders. */
export function buyerKind({ customers }: Declared): string {
  return customers.kinds.find((kind) => kind !== 'department') ?? 'department'
}

/** A valid organisation number made of the digits that a mark holds. */
export const organizationNumberOf = (name: string): string => validOrganisationNumber(`9${name.replace(/\D/g, '')}`)
