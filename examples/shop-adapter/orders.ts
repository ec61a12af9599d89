import { isDeepStrictEqual } from 'node:util'
import Big from 'big.js'
import { collecting, type FieldError, Problem, refuse } from './problem.ts'
import { changed, type Fields, isObject, type JsonObject, type Line } from './records.ts'

/** What makes an order an order: lines, totals, and the moment from which nobody may touch it (section 6). */

export type Order = Fields<'orders'> & {
  readonly totalExVat: string
  readonly totalIncVat: string
  readonly lines: readonly Line[]
}

/** What an order may name: read in the same transaction that writes the order. */
export interface Shelf {
  /** The kind of a customer that exists. */
  customerKind(id: string): string | undefined
  /** The sku of a product that exists. */
  sku(id: string): string | undefined
  orderExists(id: string): boolean
  /** Never handed out twice. */
  nextId(prefix: string): string
}

interface By {
  readonly bySync: boolean
  readonly shelf: Shelf
}

/** @throws Problem 422 */
export function newOrder(body: JsonObject, by: By): Order {
  const errors: FieldError[] = []
  const header = collecting(errors, () => changed('orders', body, { before: null, bySync: by.bySync }))
  const given = body['lines']
  if (!Array.isArray(given)) errors.push({ pointer: '/lines', detail: 'Must be a list of lines.' })
  let lines: readonly Line[] = []
  for (const [index, line] of (Array.isArray(given) ? given : []).entries())
    lines = collecting(errors, () => withLine(lines, line, by, `/lines/${index}`)) ?? lines
  if (header) errors.push(...strangers(header, null, by.shelf))
  refuse(errors)
  if (!header) throw new Error('an order without a header was not refused')
  // Orders of the sync come without a number: the shop gives them one of its own.
  return totalled({ ...header, number: header.number ?? by.shelf.nextId('N') }, lines)
}

/** @throws Problem 409 | 422 */
export function changedOrder(order: Order, patch: JsonObject, by: By): Order {
  const { lines: corrections, ...rest } = patch
  const { lines, totalExVat, totalIncVat, ...before } = order
  const header = changed('orders', rest, { before, bySync: by.bySync })
  // An invoiced order still learns what was paid of it, and which record of the ERP it is; nothing else.
  const sealed = { ...header, erpId: order.erpId, invoiceBalance: order.invoiceBalance }
  if (corrections !== undefined || !isDeepStrictEqual(sealed, changed('orders', {}, { before, bySync: false })))
    assertOpen(order)
  refuse(strangers(header, order, by.shelf))
  if (corrections === undefined) return { ...header, lines, totalExVat, totalIncVat }
  // The one PATCH that may carry lines: the order is locked right after it, so they cannot come later.
  if (header.status !== 'invoiced' || !Array.isArray(corrections))
    throw refusal('/lines', 'Lines come along only in the PATCH that sets invoiced.')
  return totalled(header, corrected(lines, corrections, by))
}

/** `lines` here is no new list of lines: it names what changes, and a line that it does not name stays. */
function corrected(before: readonly Line[], corrections: readonly unknown[], by: By): readonly Line[] {
  const named = new Set<unknown>()
  return corrections.reduce<readonly Line[]>((lines, correction, index) => {
    const at = `/lines/${index}`
    if (!isObject(correction)) throw refusal(at, 'Must be an object.')
    const { id, deleted, ...change } = correction
    if (id === undefined) return withLine(lines, change, by, at)
    const line = before.find((each) => each.id === id)
    if (!line || named.has(id)) throw refusal(`${at}/id`, line ? 'Named twice.' : 'The order has no such line.')
    named.add(id)
    return deleted === true
      ? lines.filter((each) => each.id !== id)
      : replaced(lines, changedLine(line, change, by, at))
  }, before)
}

/** @throws Problem 422 */
export function withLine(lines: readonly Line[], body: unknown, by: By, at = ''): readonly Line[] {
  if (!isObject(body)) throw refusal(at, 'Must be an object.')
  const given = changed('lines', body, { before: null, bySync: by.bySync, at })
  const last = Math.max(0, ...lines.map((line) => line.position ?? 0))
  const blank = { ...given, position: given.position ?? last + 1, id: by.shelf.nextId('l'), sku: null, productId: null }
  return replaced([...lines, blank], named(blank, given.productId, by.shelf, at))
}

/** @throws Problem 422 */
export function changedLine(line: Line, patch: JsonObject, by: By, at = ''): Line {
  const { id, sku, ...before } = line
  const next = changed('lines', patch, { before, bySync: by.bySync, at })
  return named({ ...next, id, sku, productId: line.productId }, next.productId, by.shelf, at)
}

/** A line that gets a product gets its sku; what the product is called later does not reach the line. */
function named(line: Line, productId: string | null, shelf: Shelf, at: string): Line {
  if (productId === line.productId) return line
  if (productId === null) return { ...line, productId, sku: null }
  if (line.kind !== 'product') throw refusal(`${at}/productId`, 'Only a line of kind product names one.')
  const sku = shelf.sku(productId)
  if (sku === undefined) throw refusal(`${at}/productId`, 'There is no such product.')
  return { ...line, productId, sku }
}

export function replaced(lines: readonly Line[], line: Line): readonly Line[] {
  return lines.map((each) => (each.id === line.id ? line : each))
}

/** Sorted by position, the sums along with them. Each line is rounded by itself, and so is its VAT. */
export function totalled(header: Fields<'orders'>, lines: readonly Line[]): Order {
  const sorted = lines.toSorted((a, b) => (a.position ?? 0) - (b.position ?? 0))
  let [net, vat] = [new Big(0), new Big(0)]
  for (const { quantity, unitPriceExVat, discountPercent, vatRate } of sorted) {
    const share = new Big(100).minus(discountPercent ?? 0).times('0.01')
    // Big rounds a half away from zero, so that a credit takes back exactly what the order charged.
    const ofLine = new Big(quantity ?? 1)
      .times(unitPriceExVat ?? 0)
      .times(share)
      .round(2, Big.roundHalfUp)
    net = net.plus(ofLine)
    vat = vat.plus(
      ofLine
        .times(vatRate ?? 0)
        .times('0.01')
        .round(2, Big.roundHalfUp),
    )
  }
  return { ...header, totalExVat: net.toFixed(2), totalIncVat: net.plus(vat).toFixed(2), lines: sorted }
}

/** @throws Problem 409 */
export function assertOpen({ status }: Pick<Order, 'status'>): void {
  if (status === 'invoiced' || status === 'cancelled')
    throw new Problem(409, 'locked', `The order is ${status} and takes no edits.`)
}

/** References to what is not there; only of what this write changes, or an old order could not be edited any more. */
function strangers(header: Fields<'orders'>, before: Order | null, shelf: Shelf): FieldError[] {
  const errors: FieldError[] = []
  const { customerId, departmentId, creditsOrderId } = header
  const buyer = shelf.customerKind(customerId)
  if (customerId !== before?.customerId && (buyer === undefined || buyer === 'department'))
    errors.push({ pointer: '/customerId', detail: 'There is no such customer.' })
  const isMoved = departmentId !== null && departmentId !== before?.departmentId
  if (isMoved && shelf.customerKind(departmentId) !== 'department')
    errors.push({ pointer: '/departmentId', detail: 'There is no such department.' })
  if (creditsOrderId !== null && creditsOrderId !== before?.creditsOrderId && !shelf.orderExists(creditsOrderId))
    errors.push({ pointer: '/creditsOrderId', detail: 'There is no such order.' })
  return errors
}

function refusal(pointer: string, detail: string): Problem {
  return new Problem(422, 'invalid-fields', 'Some fields cannot be stored.', { errors: [{ pointer, detail }] })
}
