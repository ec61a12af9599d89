import type { NamedExamples } from './answers.ts'
import * as customers from './customer-examples.ts'
import type { Level } from './operation.ts'
import * as orders from './order-examples.ts'
import * as products from './product-examples.ts'

/** What the document shows of one collection. */
export interface CollectionExamples {
  readonly records: NamedExamples
  readonly deleted: unknown
  readonly creations: NamedExamples
  readonly created: NamedExamples
  readonly patches: NamedExamples
  readonly patched: NamedExamples
  readonly createLevel: Level
  /** What is to be known of the PATCH of this collection. */
  readonly patchNote: string
  readonly deleteNote: string
}

export const collectionExamples = {
  customers: {
    records: { 'a company': customers.company, 'a person': customers.person, 'a department': customers.department },
    deleted: customers.deletedCustomer,
    creations: {
      'a company': customers.newCompany,
      'a person': customers.newPerson,
      'a department': customers.newDepartment,
    },
    created: { 'a company': customers.company },
    patches: {
      'another name and no phone': { name: 'Nordlys Kaffe og Te AS', phone: null },
      'one part of the address': { address: { line2: 'Oppgang B' } },
      archived: { active: false },
      'our reference': { erpId: '4711' },
    },
    patched: {
      'another name and no phone': {
        ...customers.company,
        name: 'Nordlys Kaffe og Te AS',
        phone: null,
        version: '4-e71c05d8',
        changedAt: '2026-11-24T10:02:17.640Z',
      },
    },
    createLevel: 3,
    patchNote: '`kind` does not change (422).',
    deleteNote:
      'A customer or department that an order names is 409. Offered where the capabilities say `customers.delete`.',
  },
  products: {
    records: { 'a product': products.product },
    deleted: products.deletedProduct,
    creations: { 'a product': products.newProduct },
    created: { 'a product': { ...products.product, published: false } },
    patches: {
      'a new price': { priceExVat: '549.00' },
      'stock of the ERP': { erpStock: '36' },
      archived: { active: false },
    },
    patched: {
      'a new price': {
        ...products.product,
        priceExVat: '549.00',
        version: '8-1c0d77ef',
        changedAt: '2026-11-24T10:05:40.018Z',
      },
    },
    createLevel: 3,
    patchNote: '`published` is not written: somebody in the shop decides.',
    deleteNote: 'A product that an order names is 409. The sync never does it.',
  },
  orders: {
    records: { 'a confirmed order': orders.order, 'an invoiced order': orders.invoicedOrder },
    deleted: orders.deletedOrder,
    creations: { 'an order with freight': orders.newOrder },
    created: { 'an order with freight': { ...orders.order, status: 'open', version: '1-aa3c91f4' } },
    patches: {
      confirmed: { status: 'confirmed', erpOrderNumber: '30455' },
      'invoiced, with corrected lines': orders.invoicing,
      'what is still to be paid': { invoiceBalance: '0.00' },
      cancelled: { status: 'cancelled' },
    },
    patched: { confirmed: orders.order, 'invoiced, with corrected lines': orders.invoicedOrder },
    createLevel: 4,
    patchNote:
      'An invoiced or cancelled order takes `erpId` and `invoiceBalance` and no other edit (409). `lines` comes along only ' +
      'in the PATCH that sets `invoiced`, and names what changes: here the document departs from RFC 7396. A line that ' +
      'no entry names stays as it is. All of it is one change: one version, one change time, one webhook.',
    deleteNote: 'An invoiced order is 409. The sync never does it.',
  },
} satisfies Readonly<Record<string, CollectionExamples>>
