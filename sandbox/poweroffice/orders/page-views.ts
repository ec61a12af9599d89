import { changedColumn, idColumn, type ListView, newestFirst, shownTime } from '../page-view.ts'
import type { SandboxState } from '../sandbox-state.ts'
import type { InvoiceDto } from './invoice-dto.ts'
import type { OrderDto } from './order-dto.ts'

const number = { title: 'Number', isNumber: true } as const
const customer = { title: 'Customer' } as const
const total = { title: 'Total', isNumber: true } as const

/** Searched by what stands in the order itself: a customer by its number. */
export const orderView: ListView = {
  name: 'orders',
  title: 'Orders',
  searchHint: 'Number, customer number, reference',
  columns: [
    idColumn,
    number,
    customer,
    { title: 'Lines', isNumber: true },
    { title: 'Net', isNumber: true },
    total,
    changedColumn,
  ],
  rows: (state) =>
    newestFirst<OrderDto>(state.salesOrders).map((order) => ({
      cells: () => [
        order.Id,
        order.SalesOrderNo,
        customerName(state, order.CustomerId),
        order.LineCount,
        order.NetAmount,
        order.TotalAmount,
        shownTime(order.LastChangedDateTimeOffset),
      ],
      remark: order.SalesOrderStatus.toLowerCase(),
      searched: [order.SalesOrderNo, order.CustomerNo, order.ImportedOrderNo, order.ExternalImportReference],
    })),
}

export const invoiceView: ListView = {
  name: 'invoices',
  title: 'Invoices',
  searchHint: 'Number, order number, customer number, reference',
  columns: [
    idColumn,
    number,
    customer,
    { title: 'Order', isNumber: true },
    total,
    { title: 'Balance', isNumber: true },
    changedColumn,
  ],
  rows: (state) =>
    newestFirst<InvoiceDto>(state.outgoingInvoices).map((invoice) => ({
      cells: () => [
        invoice.Id,
        invoice.InvoiceNo,
        customerName(state, invoice.CustomerId),
        invoice.OrderNo,
        invoice.TotalAmount,
        invoice.Balance,
        shownTime(invoice.LastChangedDateTimeOffset),
      ],
      remark: invoice.VoucherType === 'OutgoingCreditNote' ? 'credit note' : null,
      searched: [invoice.InvoiceNo, invoice.OrderNo, invoice.CustomerNo, invoice.ExternalImportReference],
    })),
}

function customerName(state: SandboxState, id: number | null): string | null {
  return id === null ? null : (state.customers.get(id)?.Name ?? null)
}
