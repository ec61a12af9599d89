import type { SwitchChanges, Switches } from '../../sandbox/poweroffice/settings.ts'
import type { SwitchEvent } from './switch-facts.ts'

interface Together {
  readonly set: SwitchChanges
  readonly events: readonly SwitchEvent[]
}

/**
 * Beside the first, what the others do does not show, or not as by itself: a round that has both proves less than two
 * rounds. Only where tests put positions together; what may be set together is another matter (preset worstCase).
 */
const hides: Readonly<Partial<Record<keyof Switches, readonly (keyof Switches)[]>>> = {
  // No page says that it is the last.
  xPaginationContent: ['xPaginationLastPage'],
  // Every name is in lower case already.
  responseKeyCasing: ['departmentKeyCasing'],
  // No test operation is taken.
  patchOps: ['patchTestOp'],
  // An order whose answer was lost is found another way.
  laterFilters: ['duplicateOrderReference'],
  // A token is renewed before anybody revokes it.
  tokenLifetime: ['tokenRevokedEarly', 'body401'],
  // PowerOffice's own invoicing is refused, so the order is never on its way.
  allowSendInvoice: ['invoicingDelay', 'invoicingOutcome'],
  // There is no invoice.
  invoicingOutcome: [
    'dateOnlyFields',
    'invoiceListDates',
    'orderReferenceAfterInvoicing',
    'getOrderAfterInvoicing',
    'afterInvoicingMs',
    'invoiceKeepsOrderId',
    'invoicingDelay',
  ],
}

/** A full series refuses every customer, whatever else is wrong with it. */
const hidesRefusals: readonly (keyof Switches)[] = ['numberSeriesEnd']

export function isHiddenBy(first: Together, other: Together): boolean {
  const setByFirst = Object.keys(first.set) as (keyof Switches)[]
  return setByFirst.some(
    (name) =>
      hides[name]?.some((hidden) => hidden in other.set && !(hidden in first.set)) ||
      (hidesRefusals.includes(name) && other.events.includes('refusal')),
  )
}
