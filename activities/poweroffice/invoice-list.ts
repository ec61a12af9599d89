import type { RequestContext } from '../connector.ts'
import type { HttpClient, Query } from '../http/http-client.ts'
import type { MonotonicClock } from '../http/monotonic-clock.ts'
import { createListReader, type WholeList } from './list-pages.ts'
import { invoiceNames } from './order-heads.ts'

export const invoicesPath = '/OutgoingInvoices'

/** Outgoing invoices, as far as we may see them. */
export interface InvoiceList {
  /** null without the role OutgoingInvoice. @throws VendorTrouble */
  find(query: Query, context: RequestContext): Promise<WholeList | null>
  /** Whether the latest answer was that the role is missing. */
  isForbidden(): boolean
}

/** The list is refused without both dates (sandbox/poweroffice/README.md, invoiceListDates); every voucher there is lies between. */
const everyDate = [
  ['fromDate', '2000-01-01'],
  ['toDate', '2099-12-31'],
] as const

/** A role that was missing may have been granted since: so long the orders that it kept from us wait at most. */
const roleCheckMs = 60_000

export function createInvoiceList(
  client: HttpClient,
  clock: MonotonicClock,
  options: { readonly timeoutMs: number; readonly pageSize?: number },
): InvoiceList {
  const invoices = createListReader(client, { path: invoicesPath, names: invoiceNames }, options)
  let forbiddenAtMs = Number.NEGATIVE_INFINITY
  let isForbidden = false
  return {
    isForbidden: () => isForbidden,
    find: async (query, context) => {
      if (clock.nowMs() - forbiddenAtMs <= roleCheckMs) return null
      const asked = [...everyDate, ...query]
      const list = await invoices.tryReadAll(asked, context)
      isForbidden = list === 'forbidden'
      if (list === 'forbidden') {
        forbiddenAtMs = clock.nowMs()
        return null
      }
      // A refusal of a documented list is the interface's: said as for any other.
      return list === 'refused' ? invoices.readAll(asked, context) : list
    },
  }
}
