import { dtoCompleter } from '../complete-dto.ts'
import { departmentReference } from '../departments/dto.ts'
import { type EntityTable, numberId, textId } from '../entity-store.ts'
import type { Reference } from '../references.ts'
import type { JsonObject } from '../schema.ts'
import { searchText } from '../search-text.ts'
import { productReference } from './line-dto.ts'

/** OutgoingInvoiceDto as stored. Nothing of it changes later but the balance. */
export interface InvoiceDto {
  readonly Id: string
  readonly InvoiceNo: number
  readonly VoucherNo: number
  readonly VoucherDate: string
  readonly VoucherType: 'OutgoingInvoice' | 'OutgoingCreditNote'
  readonly OrderNo: number
  readonly OrderDate: string
  readonly DueDate: string
  readonly CustomerId: number
  readonly CustomerNo: number | null
  readonly DepartmentId: number | null
  readonly DepartmentCode: string | null
  readonly CustomMatchingReference: string | null
  readonly ExternalImportReference: string | null
  readonly ImportedOrderNo: number | null
  readonly InvoiceDeliveryType?: string
  readonly IsCreatedByCurrentIntegration: boolean
  readonly NetAmount: number
  readonly TotalAmount: number
  readonly Balance: number
  readonly BalanceLastChangedDateTimeOffset: string
  readonly SentDateTimeOffset: string
  readonly LastChangedDateTimeOffset: string
  readonly [property: string]: unknown
}

/** OutgoingInvoiceLineDto as stored, and the invoice that it belongs to. */
export interface InvoiceLineDto {
  /** Not the order line's: invoice lines are made anew. */
  readonly Id: number
  readonly InvoiceId: string
  readonly SortOrder: number
  readonly ProductId: number | null
  readonly DepartmentId: number | null
  readonly AccountId: number | null
  readonly [property: string]: unknown
}

/** A posted invoice keeps what it was sent with: it points to records, and shows none of their later codes and numbers. */
function posted(reference: Reference): Reference {
  const { id, column, to, noun } = reference
  return { id, column, to, noun }
}

export const invoiceTable: EntityTable<InvoiceDto, string> = {
  name: 'outgoing_invoices',
  id: textId,
  columns: {
    invoiceNo: { type: 'INTEGER', of: (invoice) => invoice.InvoiceNo },
    voucherNo: { type: 'INTEGER', of: (invoice) => invoice.VoucherNo },
    voucherDate: { type: 'TEXT', of: (invoice) => invoice.VoucherDate },
    customerId: { type: 'INTEGER', of: (invoice) => invoice.CustomerId },
    customerNo: { type: 'INTEGER', of: (invoice) => invoice.CustomerNo },
    departmentId: { type: 'INTEGER', of: (invoice) => invoice.DepartmentId },
    departmentCode: { type: 'TEXT', of: (invoice) => invoice.DepartmentCode, isUnindexed: true },
    customMatchingReference: { type: 'TEXT', of: (invoice) => invoice.CustomMatchingReference },
    externalImportReference: { type: 'TEXT', of: (invoice) => invoice.ExternalImportReference },
    isOwn: { type: 'INTEGER', of: (invoice) => Number(invoice.IsCreatedByCurrentIntegration), isUnindexed: true },
    isOpen: { type: 'INTEGER', of: (invoice) => Number(invoice.Balance !== 0), isUnindexed: true },
    balanceChanged: { type: 'TEXT', of: (invoice) => invoice.BalanceLastChangedDateTimeOffset },
    sent: { type: 'TEXT', of: (invoice) => invoice.SentDateTimeOffset },
    changed: { type: 'TEXT', of: (invoice) => invoice.LastChangedDateTimeOffset, isUnindexed: true },
    search: {
      type: 'TEXT',
      of: (invoice) =>
        searchText(invoice.Id, invoice.InvoiceNo, invoice.OrderNo, invoice.CustomerNo, invoice.ExternalImportReference),
      isUnindexed: true,
    },
  },
  references: [
    { id: 'CustomerId', column: 'customerId', to: 'customers', noun: 'Customer' },
    posted(departmentReference),
  ],
}

export const invoiceLineTable: EntityTable<InvoiceLineDto> = {
  name: 'outgoing_invoice_lines',
  id: numberId,
  columns: {
    invoiceId: { type: 'TEXT', of: (line) => line.InvoiceId },
    sortOrder: { type: 'INTEGER', of: (line) => line.SortOrder, isUnindexed: true },
    productId: { type: 'INTEGER', of: (line) => line.ProductId },
    departmentId: { type: 'INTEGER', of: (line) => line.DepartmentId },
    accountId: { type: 'INTEGER', of: (line) => line.AccountId },
  },
  references: [
    posted(productReference),
    posted(departmentReference),
    { id: 'AccountId', column: 'accountId', to: 'accounts', noun: 'General ledger account' },
  ],
}

const complete = dtoCompleter('OutgoingInvoiceDto')
const completeLine = dtoCompleter('OutgoingInvoiceLineDto')

export function completeInvoice(properties: JsonObject): InvoiceDto {
  return complete(properties) as unknown as InvoiceDto
}

/** What answers show of a line. */
export function shownInvoiceLine(line: JsonObject): JsonObject {
  return completeLine(line)
}

export function storedInvoiceLine(properties: JsonObject & { readonly InvoiceId: string }): InvoiceLineDto {
  return { ...completeLine(properties), InvoiceId: properties.InvoiceId } as unknown as InvoiceLineDto
}
