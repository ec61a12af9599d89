import { dtoCompleter } from '../complete-dto.ts'
import { departmentReference } from '../departments/dto.ts'
import { type EntityTable, textId } from '../entity-store.ts'
import { deliveryTermReference, paymentTermReference } from '../reference-lists/term-references.ts'
import type { Reference } from '../references.ts'
import type { JsonObject } from '../schema.ts'
import { searchText } from '../search-text.ts'
import type { LineDto } from './line-dto.ts'

/**
 * SalesOrderDto as stored: what people or clients wrote, null where a value is inherited (inherited.ts). CustomerReference is the
 * text somebody typed, though answers may show a contact person's name in its place (shown-order.ts).
 */
export interface OrderDto {
  readonly Id: string
  readonly SalesOrderNo: number
  readonly SalesOrderStatus: 'Draft' | 'Confirmed'
  readonly CustomerId: number | null
  readonly CustomerNo: number | null
  readonly CustomerReference: string | null
  readonly CustomerReferenceContactPersonId: number | null
  readonly ContactDeliveryAddressId: number | null
  readonly ContractNo: string | null
  readonly CurrencyCode: string | null
  readonly CurrencyExchangeRate: number | null
  readonly CustomMatchingReference: string | null
  readonly DeliveryDate: string | null
  readonly DeliveryTerm: string | null
  readonly DeliveryTermId: number | null
  /** -1: explicitly none */
  readonly DepartmentId: number | null
  readonly DepartmentCode: string | null
  readonly ExternalImportReference: string | null
  readonly ImportedOrderNo: number | null
  readonly IsCreatedByCurrentIntegration: boolean
  readonly LineCount: number
  readonly NetAmount: number
  readonly TotalAmount: number
  readonly PaymentTerm: number | null
  readonly PaymentTermId: number | null
  readonly PurchaseOrderReference: string | null
  readonly RelatedInvoiceNo: number | null
  readonly SalesOrderDate: string | null
  readonly CreatedDateTimeOffset: string
  readonly LastChangedDateTimeOffset: string
  readonly [property: string]: unknown
}

/** Head and lines, the lines in their order. What one write reads and stores. */
export interface OrderWithLines {
  readonly order: OrderDto
  readonly lines: readonly LineDto[]
}

const customerReference: Reference = {
  id: 'CustomerId',
  column: 'customerId',
  to: 'customers',
  noun: 'Customer',
  key: { property: 'CustomerNo', of: 'Number', column: 'number', word: 'number' },
}

const deliveryAddressReference: Reference = {
  id: 'ContactDeliveryAddressId',
  column: 'contactDeliveryAddressId',
  to: 'deliveryAddresses',
  noun: 'Contact delivery address',
}

export const orderTable: EntityTable<OrderDto, string> = {
  name: 'sales_orders',
  id: textId,
  columns: {
    salesOrderNo: { type: 'INTEGER', of: (order) => order.SalesOrderNo },
    orderStatus: { type: 'TEXT', of: (order) => order.SalesOrderStatus, isUnindexed: true },
    customerId: { type: 'INTEGER', of: (order) => order.CustomerId },
    customerNo: { type: 'INTEGER', of: (order) => order.CustomerNo },
    departmentId: { type: 'INTEGER', of: (order) => order.DepartmentId },
    departmentCode: { type: 'TEXT', of: (order) => order.DepartmentCode, isUnindexed: true },
    paymentTermId: { type: 'INTEGER', of: (order) => order.PaymentTermId, isUnindexed: true },
    deliveryTermId: { type: 'INTEGER', of: (order) => order.DeliveryTermId, isUnindexed: true },
    contactDeliveryAddressId: { type: 'INTEGER', of: (order) => order.ContactDeliveryAddressId },
    externalImportReference: { type: 'TEXT', of: (order) => order.ExternalImportReference },
    importedOrderNo: { type: 'INTEGER', of: (order) => order.ImportedOrderNo },
    isOwn: { type: 'INTEGER', of: (order) => Number(order.IsCreatedByCurrentIntegration), isUnindexed: true },
    changed: { type: 'TEXT', of: (order) => order.LastChangedDateTimeOffset },
    search: {
      type: 'TEXT',
      of: (order) =>
        searchText(
          order.Id,
          order.SalesOrderNo,
          order.CustomerNo,
          order.ImportedOrderNo,
          order.ExternalImportReference,
          order.PurchaseOrderReference,
          order.CustomerReference,
        ),
      isUnindexed: true,
    },
  },
  references: [
    customerReference,
    departmentReference,
    paymentTermReference,
    deliveryTermReference,
    deliveryAddressReference,
  ],
}

const complete = dtoCompleter('SalesOrderDto')

export function completeOrder(properties: JsonObject): OrderDto {
  // Read back as the object that was just assembled from the description; rules check the rest.
  return complete(properties) as unknown as OrderDto
}
