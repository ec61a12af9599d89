import Big from 'big.js'
import type { FieldNote } from '../../flows/decision.ts'
import type { ParsedRecord } from '../connector.ts'

type Totals = (ParsedRecord & { readonly kind: 'record' })['totals']

/**
 * Both systems compute an order's totals from its lines, each in its own way: a few øre apart is rounding, more is a line
 * that the other side understood otherwise. Tolerance: the larger of 0.05 and 0.01 a line.
 * @returns a note with both figures; null when they agree or a side says nothing
 */
export function totalsNote(erp: Totals, shop: Totals, lines: number): FieldNote | null {
  if (!erp || !shop || areClose(erp, shop, lines)) return null
  return {
    field: 'totals',
    kind: 'asks',
    detail: `The totals differ: ${erp.net} without and ${erp.gross} with VAT in PowerOffice, ${shop.net} and ${shop.gross} in the webshop; the order stays a draft until a person has looked.`,
  }
}

/**
 * What PowerOffice's order lacks to the sum that the webshop's customer pays, where that is rounding and nothing else; null:
 * nothing, or more than rounding.
 */
export function roundingRest(erp: Totals, shop: Totals, lines: number): string | null {
  if (!erp || !shop || !areClose(erp, shop, lines)) return null
  const rest = Big(shop.gross).minus(erp.gross)
  return rest.eq(0) ? null : rest.toFixed()
}

function areClose(erp: NonNullable<Totals>, shop: NonNullable<Totals>, lines: number): boolean {
  const tolerance = Big('0.01').times(lines)
  const allowed = tolerance.gt('0.05') ? tolerance : Big('0.05')
  const isClose = (a: string, b: string): boolean => Big(a).minus(b).abs().lte(allowed)
  return isClose(erp.net, shop.net) && isClose(erp.gross, shop.gross)
}
