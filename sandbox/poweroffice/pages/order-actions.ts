import { html } from 'hono/html'
import { type Field, FormRefused } from '../../pages/field.ts'
import { type FormRoute, mountAction, mountForm } from '../../pages/form-routes.ts'
import { carefulButton } from '../../pages/frame.ts'
import { withNotice } from '../../pages/notices.ts'
import type { Pages } from '../../pages/pages.ts'
import { idOf } from '../../pages/record-pages.ts'
import { invoiceIdOf, requestedInvoicing } from '../orders/invoicing-state.ts'
import { requestInvoice } from '../orders/request-invoice.ts'
import { addLine, editLine, lineOf, removeLine } from '../orders/write-line.ts'
import { editOrder, existingOrder } from '../orders/write-order.ts'
import type { SandboxState } from '../sandbox-state.ts'
import { bodyOf, describedFields } from './described-fields.ts'
import { shownValues } from './lookups.ts'
import { lineFields } from './order-fields.ts'
import { lockedBecause, orderAt, ordersPath } from './order-pages.ts'

/** Add, edit and remove one line of an order. */
export function mountOrderLines(pages: Pages, state: SandboxState): void {
  const fields = lineFields(state)
  mountForm(pages, {
    path: `${ordersPath}/:id/lines/new`,
    view: (context) => {
      const order = orderAt(state, idOf(context))
      return {
        title: `New line of sales order ${order.SalesOrderNo}`,
        place: ordersPath,
        fields: fields.filter(({ only }) => only !== 'edit'),
        values: { Quantity: '1' },
        isNew: true,
        submit: 'Add the line',
        locked: lockedBecause(state, order),
        above: back(order.Id),
      }
    },
    save: (context, given) => {
      const { Id: id } = orderAt(state, idOf(context))
      addLine(state, id, bodyOf('SalesOrderLinePostDto', given))
      return withNotice(`${ordersPath}/${id}`, 'saved')
    },
  })

  const line: FormRoute = {
    path: `${ordersPath}/:id/lines/:line`,
    view: (context) => {
      const order = orderAt(state, idOf(context))
      const found = lineOf(existingOrder(state, order.Id), idOf(context, 'line').toLowerCase())
      return {
        title: `Line ${found.SortOrder + 1} of sales order ${order.SalesOrderNo}`,
        place: ordersPath,
        fields,
        values: shownValues(fields, found),
        isNew: false,
        submit: 'Save',
        locked: lockedBecause(state, order),
        buttons: carefulButton(`${ordersPath}/${order.Id}/lines/${found.Id}/delete`, {
          label: 'Delete',
          question: `${found.Description ?? 'The line'} will be taken out of order ${order.SalesOrderNo}.`,
          yes: 'Delete this line',
        }),
        above: back(order.Id),
      }
    },
    save: (context, given) => {
      const { Id: id } = orderAt(state, idOf(context))
      editLine(state, id, idOf(context, 'line').toLowerCase(), bodyOf('SalesOrderLinePatchDto', given))
      return withNotice(`${ordersPath}/${id}`, 'saved')
    },
  }
  mountForm(pages, line)
  mountAction(pages, {
    path: `${ordersPath}/:id/lines/:line/delete`,
    on: line,
    act: (context) => {
      const { Id: id } = orderAt(state, idOf(context))
      removeLine(state, id, idOf(context, 'line').toLowerCase())
      return withNotice(`${ordersPath}/${id}`, 'deleted')
    },
  })
}

/** Confirm, set back to draft, invoice. */
export function mountOrderActions(pages: Pages, state: SandboxState, on: FormRoute): void {
  const statusButton = (word: string, status: 'Confirmed' | 'Draft', notice: 'confirmed' | 'reopened') =>
    mountAction(pages, {
      path: `${ordersPath}/:id/${word}`,
      on,
      act: (context) => {
        const { Id: id } = orderAt(state, idOf(context))
        editOrder(state, id, { SalesOrderStatus: status })
        return withNotice(`${ordersPath}/${id}`, notice)
      },
    })
  statusButton('confirm', 'Confirmed', 'confirmed')
  statusButton('reopen', 'Draft', 'reopened')

  mountForm(pages, {
    path: `${ordersPath}/:id/invoice`,
    view: (context) => {
      const order = orderAt(state, idOf(context))
      return {
        title: `Invoice sales order ${order.SalesOrderNo}`,
        place: ordersPath,
        fields: describedFields('SendInvoiceRequestPostDto', invoiceFields),
        values: { DeliveryType: 'Auto' },
        isNew: true,
        submit: 'Create and send the invoice',
        above: back(order.Id),
      }
    },
    save: (context, given) => {
      const { Id: id } = orderAt(state, idOf(context))
      requestInvoice(state, id, bodyOf('SendInvoiceRequestPostDto', given), { isByIntegration: false })
      const failure = requestedInvoicing(state, id)?.error ?? null
      if (failure !== null) throw new FormRefused({ general: [failure], fields: {} })
      const invoiceId = invoiceIdOf(state, id)
      if (invoiceId === null) return withNotice(`${ordersPath}/${id}`, 'requested')
      return withNotice(`/outgoing-invoices/${invoiceId}`, 'invoiced')
    },
  })
}

const invoiceFields: readonly Field[] = [
  { name: 'DeliveryType', label: 'Send it', kind: 'choice', options: [], hint: 'Auto: as the customer gets invoices.' },
  { name: 'EmailAddress', label: 'E-mail', kind: 'email', hint: 'That of the customer where empty.' },
  { name: 'VoucherDate', label: 'Invoice date', kind: 'date', hint: 'Today where empty.' },
  { name: 'OverrideDueDate', label: 'Due date', kind: 'date', hint: 'By the payment term where empty.' },
]

function back(orderId: string) {
  return html`<p class="back"><a href="${ordersPath}/${orderId}">Back to the order</a></p>`
}
