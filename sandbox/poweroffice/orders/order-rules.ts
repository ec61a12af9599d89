import type { SandboxState } from '../sandbox-state.ts'
import { contactPerson } from './contact-persons.ts'
import { assertOrderReferenceFree } from './import-reference.ts'
import type { OrderDto, OrderWithLines } from './order-dto.ts'
import { refusedOrder, unknownInOrder } from './refusals.ts'

interface Rule {
  readonly properties: readonly string[]
  /** Throws a Problem. */
  assert(state: SandboxState, order: OrderDto): void
}

// PowerOffice API v2 description, March 2025, as told in README.md; wording is ours.
const rules: readonly Rule[] = [
  {
    properties: ['CustomerId'],
    assert(state, order) {
      if (order.CustomerId === null && state.settings.current().orderCustomerRequired === '400') {
        throw refusedOrder('CustomerId or CustomerNo is required.')
      }
    },
  },
  { properties: ['ExternalImportReference'], assert: assertOrderReferenceFree },
  {
    properties: ['ImportedOrderNo'],
    assert(_, order) {
      if (order.ImportedOrderNo !== null && !order.IsCreatedByCurrentIntegration) {
        throw refusedOrder('ImportedOrderNo can only be set on orders created by import or API.')
      }
    },
  },
  {
    properties: ['CurrencyCode'],
    assert(_, { CurrencyCode: code }) {
      if (code !== null && !/^[A-Z]{3}$/i.test(code)) throw refusedOrder('CurrencyCode must be a code of ISO 4217.')
    },
  },
  {
    properties: ['CurrencyExchangeRate'],
    assert(_, { CurrencyExchangeRate: rate }) {
      if (rate !== null && rate <= 0) throw refusedOrder('CurrencyExchangeRate must be positive.')
    },
  },
  {
    properties: ['ContactDeliveryAddressId', 'CustomerId'],
    assert(state, { ContactDeliveryAddressId: id, CustomerId: customerId }) {
      if (id !== null && state.deliveryAddresses.get(id)?.ContactId !== customerId) {
        throw refusedOrder(`ContactDeliveryAddressId ${id} is no delivery address of the customer.`)
      }
    },
  },
  {
    properties: ['CustomerReferenceContactPersonId'],
    assert(state, { CustomerReferenceContactPersonId: id }) {
      if (id !== null && !contactPerson(state.database, id)) {
        throw unknownInOrder(state)(`Contact person with id = ${id} not found.`)
      }
    },
  },
  {
    properties: ['RelatedInvoiceNo'],
    assert(state, { RelatedInvoiceNo: number, TotalAmount: total }) {
      if (number === null) return
      if (total >= 0) throw refusedOrder('RelatedInvoiceNo can only be set on credit note drafts.')
      if (!state.outgoingInvoices.find({ sql: 'invoiceNo = ?', values: [number] })) {
        throw unknownInOrder(state)(`Outgoing invoice with number = ${number} not found.`)
      }
    },
  },
]

/** @param written properties named by the request: rules about others stay quiet, so old records remain editable */
export function assertOrderAllowed(
  state: SandboxState,
  { order }: OrderWithLines,
  written: ReadonlySet<string> | 'all',
): void {
  for (const rule of rules) {
    if (written === 'all' || rule.properties.some((property) => written.has(property))) rule.assert(state, order)
  }
}
