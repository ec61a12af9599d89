import { answerList } from '../list-answer.ts'
import { notFound } from '../problem.ts'
import { type ApiRequest, type Route, readGuid } from '../route.ts'
import type { SandboxState } from '../sandbox-state.ts'
import { propertyNames } from '../schema.ts'
import { shapeJson } from '../shape.ts'
import { type InvoiceDto, shownInvoiceLine } from './invoice-dto.ts'
import { invoiceFilters } from './invoice-filters.ts'
import { isInvoiceHidden } from './invoicing-state.ts'
import { existingInvoice } from './payment.ts'
import { rowsBelow } from './rows-below.ts'

/** Their own role: those of orders do not include it, so a probe after a vanished order may be a 403 (README.md). */
const roles = ['OutgoingInvoice', 'OutgoingInvoice_Full']
const path = '/OutgoingInvoices'

/** Read only: invoices come from orders. */
export function invoiceRoutes(state: SandboxState): readonly Route[] {
  const switches = () => state.settings.current()
  const listed = {
    store: state.outgoingInvoices,
    properties: propertyNames('OutgoingInvoiceDto'),
    filters: invoiceFilters(state),
    orders: { creation: 'invoiceNo', lastChanged: 'changed, invoiceNo' },
  }
  return [
    { method: 'GET', path, roles, handle: ({ url }) => answerList(listed, url, switches()) },
    {
      method: 'GET',
      path: `${path}/{id}`,
      roles,
      handle: (request) => ({ status: 200, body: shapeJson(readableInvoice(state, request), switches()) }),
    },
    {
      method: 'GET',
      path: `${path}/{id}/Lines`,
      roles,
      handle(request) {
        const { Id: id } = readableInvoice(state, request)
        const lines = {
          store: rowsBelow(state.outgoingInvoiceLines, { column: 'invoiceId', id }, shownInvoiceLine),
          properties: propertyNames('OutgoingInvoiceLineDto'),
          filters: [],
          orders: { creation: 'sortOrder, id', lastChanged: 'sortOrder, id' },
        }
        return answerList(lines, request.url, switches())
      },
    },
  ]
}

function readableInvoice(state: SandboxState, request: ApiRequest): InvoiceDto {
  const id = readGuid(request)
  if (isInvoiceHidden(state, id)) throw notFound(`OutgoingInvoice with id = ${id} not found.`)
  return existingInvoice(state, id)
}
