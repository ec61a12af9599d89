import { html } from 'hono/html'
import { mountForm } from '../../pages/form-routes.ts'
import { linkButton, shownTime } from '../../pages/frame.ts'
import { withNotice } from '../../pages/notices.ts'
import type { Pages } from '../../pages/pages.ts'
import { idOf, type RecordPages } from '../../pages/record-pages.ts'
import { table } from '../../pages/table.ts'
import { invoiceHelpers } from '../orders/helpers.ts'
import type { InvoiceDto, InvoiceLineDto } from '../orders/invoice-dto.ts'
import { bookPayment, existingInvoice } from '../orders/payment.ts'
import type { SandboxState } from '../sandbox-state.ts'
import { customerLink } from './customer-link.ts'
import { containingOrOf } from './lookups.ts'
import { amount } from './order-pages.ts'

const path = '/outgoing-invoices'

/** To look at: nothing of an invoice changes but its balance. */
export function invoicePages(state: SandboxState): RecordPages<InvoiceDto> {
  return {
    path,
    title: 'Outgoing invoices',
    singular: 'outgoing invoice',
    plural: 'outgoing invoices',
    list: {
      placeholder: 'Number, order number, customer, reference',
      filters: [
        {
          name: 'show',
          label: 'Paid or not',
          options: [
            { value: 'all', label: 'paid or not' },
            { value: 'open', label: 'unpaid' },
          ],
        },
      ],
      columns: [
        { title: 'Number', isNumber: true },
        { title: 'Customer' },
        { title: 'Order', isNumber: true },
        { title: 'Date', isNumber: true },
        { title: 'Due', isNumber: true },
        { title: 'Total', isNumber: true },
        { title: 'Balance', isNumber: true },
      ],
      find: ({ words, filters: { show = 'all' }, limit, offset }) =>
        state.outgoingInvoices.seen({
          where: [
            ...containingOrOf('customerId', words),
            ...(show === 'open' ? [{ sql: 'isOpen = 1', values: [] }] : []),
          ],
          orderBy: 'invoiceNo DESC',
          limit,
          offset,
        }),
      row: (invoice) => ({
        cells: [
          html`<a href="${path}/${invoice.Id}">${invoice.InvoiceNo}</a>${invoice.VoucherType === 'OutgoingCreditNote' ? ' (credit note)' : ''}`,
          customerLink(state, invoice.CustomerId),
          invoice.OrderNo,
          invoice.VoucherDate,
          invoice.DueDate,
          amount(invoice.TotalAmount),
          amount(invoice.Balance),
        ],
        isQuiet: invoice.Balance === 0,
      }),
    },
    get: (id) => existingInvoice(state, id.toLowerCase()),
    nameOf: (invoice) => String(invoice.InvoiceNo),
    facts: (invoice) => [
      ['Customer', customerLink(state, invoice.CustomerId)],
      ['Order', invoice.OrderNo],
      ['Invoice date', invoice.VoucherDate],
      ['Due', invoice.DueDate],
      ['Net', amount(invoice.NetAmount)],
      ['Total', amount(invoice.TotalAmount)],
      ['Balance', amount(invoice.Balance)],
      ['Sent', shownTime(invoice.SentDateTimeOffset)],
      ['Sent by', invoice.InvoiceDeliveryType],
      ['Imported order number', invoice.ImportedOrderNo],
      ['External import reference', invoice.ExternalImportReference],
      ['Id', invoice.Id],
    ],
    fields: () => [],
    values: () => ({}),
    buttons: (invoice) => linkButton(`${path}/${invoice.Id}/payment`, 'Register a payment'),
    below: (invoice) =>
      html`<h2>Lines</h2>${table(lineColumns, invoiceHelpers(state).linesOf(invoice.Id).map(lineRow))}`,
  }
}

export function mountPayments(pages: Pages, state: SandboxState): void {
  mountForm(pages, {
    path: `${path}/:id/payment`,
    view: (context) => {
      const invoice = existingInvoice(state, idOf(context).toLowerCase())
      return {
        title: `Payment of invoice ${invoice.InvoiceNo}`,
        place: path,
        fields: [
          { name: 'amount', label: 'Amount', kind: 'decimal', required: true, hint: 'What the balance goes down by.' },
        ],
        values: { amount: amount(invoice.Balance) },
        isNew: true,
        submit: 'Register the payment',
        above: html`<p class="back"><a href="${path}/${invoice.Id}">Back to the invoice</a></p>`,
      }
    },
    save: (context, given) => {
      const { Id: id } = bookPayment(state, idOf(context).toLowerCase(), Number(given['amount']))
      return withNotice(`${path}/${id}`, 'paid')
    },
  })
}

const lineColumns = [
  { title: 'Product' },
  { title: 'Description' },
  { title: 'Quantity', isNumber: true },
  { title: 'Price', isNumber: true },
  { title: 'Net', isNumber: true },
  { title: 'Total', isNumber: true },
] as const

function lineRow(line: InvoiceLineDto) {
  const shown = (name: string) => {
    const value = line[name]
    return typeof value === 'string' || typeof value === 'number' ? value : null
  }
  return {
    cells: [
      shown('ProductCode'),
      shown('Description'),
      shown('Quantity'),
      shown('ProductUnitPrice') ?? shown('UnitPrice'),
      shown('NetAmount'),
      shown('TotalAmount'),
    ],
  }
}
