import { z } from 'zod'
import type { ErpScope } from '../../flows/flow-options.ts'
import { salesOrders as flow } from '../../flows/sales-orders.ts'
import { osloDayOf } from '../canonical/date-time.ts'
import type { JsonObject, ParsedRecord } from '../connector.ts'
import type { Row } from '../http/absent-property.ts'
import { idOrStandIn, unreadableOf } from '../http/unreadable.ts'
import { checkedDefinition } from './checked-definition.ts'
import { decimalOf } from './decimal-text.ts'
import type { DeliveryAddress } from './delivery-addresses.ts'
import type { DocumentedNames } from './documented-names.ts'
import { orderOutOfScope } from './erp-scope.ts'
import type { References } from './reference.ts'
import { date, integer, number, text, uuid } from './row-fields.ts'
import { msOfTicks, parseTicks } from './timestamp.ts'

export const orderNames: DocumentedNames = {
  Id: true,
  SalesOrderNo: true,
  SalesOrderStatus: true,
  SalesOrderDate: true,
  CreatedDateTimeOffset: true,
  CustomerId: true,
  DepartmentId: true,
  DepartmentCode: true,
  CurrencyCode: true,
  PurchaseOrderReference: true,
  CustomerReference: true,
  CustomerReferenceContactPersonId: true,
  ContactDeliveryAddressId: true,
  ImportedOrderNo: true,
  CustomMatchingReference: true,
  ExternalImportReference: true,
  NetAmount: true,
  TotalAmount: true,
  LineCount: true,
  LastChangedDateTimeOffset: true,
}

export const invoiceNames: DocumentedNames = {
  Id: true,
  OrderNo: true,
  OrderDate: true,
  InvoiceNo: true,
  DueDate: true,
  Balance: true,
  CustomerId: true,
  DepartmentId: true,
  DepartmentCode: true,
  CurrencyCode: true,
  PurchaseOrderReference: true,
  CustomerReference: true,
  CustomerReferenceContactPersonId: true,
  DeliveryAddress1: true,
  DeliveryAddress2: true,
  DeliveryAddressZipCode: true,
  DeliveryAddressCity: true,
  DeliveryAddressCountryCode: true,
  ImportedOrderNo: true,
  CustomMatchingReference: true,
  ExternalImportReference: true,
  NetAmount: true,
  TotalAmount: true,
  LastChangedDateTimeOffset: true,
  SentDateTimeOffset: true,
  BalanceLastChangedDateTimeOffset: true,
}

const invoiceOnly = { InvoiceNo: null, InvoiceDueDate: null, InvoiceBalance: null }
/** What the flow's composed properties are made of on rows of /SalesOrders. PaymentMethod is only ever written. */
export const checkedOrders = checkedDefinition(flow, {
  OrderDay: 'SalesOrderDate',
  Status: 'SalesOrderStatus',
  DeliveryAddress: 'ContactDeliveryAddressId',
  PaymentMethod: null,
  ...invoiceOnly,
})
/** And on rows of /OutgoingInvoices. */
export const checkedInvoices = checkedDefinition(flow, {
  OrderDay: 'OrderDate',
  Status: null,
  DeliveryAddress: 'DeliveryAddressCity',
  PaymentMethod: null,
  SalesOrderNo: 'OrderNo',
  InvoiceDueDate: 'DueDate',
  InvoiceBalance: 'Balance',
})

const shared = {
  Id: uuid,
  CustomerId: integer,
  DepartmentId: integer,
  DepartmentCode: text,
  CurrencyCode: text,
  PurchaseOrderReference: text,
  CustomerReference: text,
  CustomerReferenceContactPersonId: integer,
  ImportedOrderNo: integer,
  CustomMatchingReference: text,
  ExternalImportReference: text,
  NetAmount: number,
  TotalAmount: number,
  LastChangedDateTimeOffset: text,
}

const orderSchema = z.object({
  ...shared,
  SalesOrderNo: integer,
  SalesOrderStatus: text,
  SalesOrderDate: date,
  CreatedDateTimeOffset: text,
  ContactDeliveryAddressId: integer,
  LineCount: integer,
})

const invoiceSchema = z.object({
  ...shared,
  OrderNo: integer,
  OrderDate: date,
  InvoiceNo: text,
  DueDate: date,
  Balance: number,
  DeliveryAddress1: text,
  DeliveryAddress2: text,
  DeliveryAddressZipCode: text,
  DeliveryAddressCity: text,
  DeliveryAddressCountryCode: text,
})

export interface OrderHead {
  readonly kind: 'head'
  readonly id: string
  /** PowerOffice's order number, which the invoice keeps; null for none. */
  readonly orderNo: number | null
  readonly customerId: number | null
  /** Of an order: where its delivery address is found. An invoice carries the address itself. */
  readonly addressId: number | null
  /** @param address what `addressId` stands for */
  record(address: DeliveryAddress | null): ParsedRecord & { readonly kind: 'record' }
}

export type HeadOrUnreadable = OrderHead | (ParsedRecord & { readonly kind: 'unreadable' })

/** PowerOffice's times have come without a zone, which then is UTC, so they are not read as other systems' are. */
function dayOf(time: string | null): string | null {
  const ticks = time === null ? null : parseTicks(time)
  return ticks === null ? null : osloDayOf(msOfTicks(ticks))
}

/** `-1` says that there is explicitly none (sandbox/poweroffice/README.md). */
const noDepartment = -1

export function parseOrder(row: Row, references: References, scope: ErpScope): HeadOrUnreadable {
  const parsed = orderSchema.safeParse(row)
  if (!parsed.success) return unreadable(row, parsed.error)
  const order = parsed.data
  const reference = references.read(order.ExternalImportReference)
  const status = spelledAsDocumented(order.SalesOrderStatus)
  const raw: JsonObject = {
    ...order,
    DepartmentId: order.DepartmentId === noDepartment ? null : order.DepartmentId,
    // An order without a date gets that of its invoicing (sandbox/poweroffice/README.md); until then it is of the day when it was made.
    OrderDay: order.SalesOrderDate ?? dayOf(order.CreatedDateTimeOffset),
    Status: status,
    PaymentMethod: null,
    InvoiceNo: null,
    InvoiceDueDate: null,
    InvoiceBalance: null,
  }
  return {
    kind: 'head',
    id: order.Id,
    orderNo: order.SalesOrderNo,
    customerId: order.CustomerId,
    addressId: order.ContactDeliveryAddressId,
    record: (address) => ({
      kind: 'record',
      id: order.Id,
      raw: { ...raw, DeliveryAddress: address === null ? null : { ...address } },
      version: null,
      changedAt: order.LastChangedDateTimeOffset,
      groupChangedAt: {},
      reference,
      outOfScope: orderOutOfScope({ departmentCode: order.DepartmentCode, reference }, scope),
      isLocked: status !== 'Draft',
      isFinal: false,
      ...totalsOf(order),
      seenText: [order.LineCount, order.NetAmount, order.TotalAmount, order.LastChangedDateTimeOffset, status].join(
        '|',
      ),
    }),
  }
}

/**
 * An order that became an invoice: the same id, other names (sandbox/poweroffice/README.md).
 * @param id the order's, where the invoice did not keep it
 */
export function parseInvoice(row: Row, references: References, scope: ErpScope, id?: string): HeadOrUnreadable {
  const parsed = invoiceSchema.safeParse(row)
  if (!parsed.success) return unreadable(row, parsed.error)
  const invoice = parsed.data
  const reference = references.read(invoice.ExternalImportReference)
  const address = {
    AddressLine1: invoice.DeliveryAddress1,
    AddressLine2: invoice.DeliveryAddress2,
    ZipCode: invoice.DeliveryAddressZipCode,
    City: invoice.DeliveryAddressCity,
    CountryCode: invoice.DeliveryAddressCountryCode,
  }
  const orderId = id ?? invoice.Id
  const raw: JsonObject = {
    Id: orderId,
    InvoiceId: invoice.Id,
    CustomerId: invoice.CustomerId,
    DepartmentId: invoice.DepartmentId === noDepartment ? null : invoice.DepartmentId,
    CurrencyCode: invoice.CurrencyCode,
    OrderDay: invoice.OrderDate,
    Status: 'Invoiced',
    PurchaseOrderReference: invoice.PurchaseOrderReference,
    CustomerReference: invoice.CustomerReference,
    CustomerReferenceContactPersonId: invoice.CustomerReferenceContactPersonId,
    DeliveryAddress: Object.values(address).every((part) => part === null) ? null : address,
    ImportedOrderNo: invoice.ImportedOrderNo,
    CustomMatchingReference: invoice.CustomMatchingReference,
    PaymentMethod: null,
    SalesOrderNo: invoice.OrderNo,
    InvoiceNo: invoice.InvoiceNo,
    InvoiceDueDate: invoice.DueDate,
    InvoiceBalance: decimalOf(invoice.Balance),
    ExternalImportReference: invoice.ExternalImportReference,
    LastChangedDateTimeOffset: invoice.LastChangedDateTimeOffset,
  }
  return {
    kind: 'head',
    id: orderId,
    orderNo: invoice.OrderNo,
    customerId: invoice.CustomerId,
    addressId: null,
    record: () => ({
      kind: 'record',
      id: orderId,
      raw,
      version: null,
      changedAt: invoice.LastChangedDateTimeOffset,
      groupChangedAt: {},
      reference,
      outOfScope: orderOutOfScope({ departmentCode: invoice.DepartmentCode, reference }, scope),
      isLocked: true,
      isFinal: true,
      ...totalsOf(invoice),
      // A payment moves the invoice's change time and none of its lines.
      seenText: ['', invoice.NetAmount, invoice.TotalAmount, '', 'Invoiced'].join('|'),
    }),
  }
}

/** Enums have come in any case. A status that is not known stays as it is, and the record is listed with it. */
function spelledAsDocumented(status: string | null): string | null {
  return ['Draft', 'Confirmed'].find((known) => known.toLowerCase() === status?.toLowerCase()) ?? status
}

function totalsOf({ NetAmount, TotalAmount }: { NetAmount: number | null; TotalAmount: number | null }) {
  if (NetAmount === null || TotalAmount === null) return {}
  return { totals: { net: decimalOf(NetAmount), gross: decimalOf(TotalAmount) } }
}

/** Known by its head alone: a list of orders shows no lines, and must show the same record. */
function unreadable(
  { SalesOrderLines: _lines, ...head }: Row,
  error: z.ZodError,
): ParsedRecord & { readonly kind: 'unreadable' } {
  return unreadableOf(idOrStandIn(head['Id'], head), error, head)
}
