import type { Switches } from './settings.ts'

// README.md: a read role for GET, `_Full` for writes.
const areas = [
  'CommonServices',
  'ContactDeliveryAddress',
  'Customer',
  'Department',
  'GeneralLedgerAccount',
  'OutgoingInvoice',
  'Product',
  'SalesOrderAttachment',
  'SalesOrders',
] as const

/** All roles but those of the switches missingPrivileges and outgoingInvoiceRole. */
export function grantedPrivileges(switches: Switches): readonly string[] {
  return areas
    .filter((area) => area !== 'OutgoingInvoice' || switches.outgoingInvoiceRole === 'granted')
    .flatMap((area) => [area, `${area}_Full`])
    .filter((role) => !switches.missingPrivileges.includes(role))
}

/** A route without roles needs no more than a token. */
export function isPermitted(anyOf: readonly string[], switches: Switches): boolean {
  return anyOf.length === 0 || anyOf.some((role) => grantedPrivileges(switches).includes(role))
}
