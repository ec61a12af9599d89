import { wholeAddress } from './address.ts'
import { parseFields, patchedFields, pickWritable, refuse, withoutNulls } from './body-fields.ts'
import type { Collection, Column, UniqueRule, WriteContext } from './collection.ts'
import { moneyDecimal, unlessEqual } from './decimals.ts'
import { isJsonObject, isSameJson, type JsonObject } from './json.ts'
import type { OrderLine } from './line-schema.ts'
import { addLines, type CheckedLines, correctLines } from './order-lines.ts'
import {
  changedOrder,
  createOrderSchema,
  emptyOrder,
  headerOfShopkeeper,
  headerOfSync,
  newOrder,
  noPayment,
  type OrderFields,
  orderSchema,
  patchOrderSchema,
} from './order-schema.ts'
import { totalsOf } from './order-totals.ts'
import { type FieldError, Problem } from './problem.ts'

const asWritten = (value: string) => value

const columns: readonly Column<OrderFields>[] = [
  { name: 'erpId', indexed: true, read: (order) => order.erpId, fold: asWritten },
  { name: 'number', indexed: true, read: (order) => order.number, fold: asWritten },
  { name: 'customerId', indexed: true, read: (order) => order.customerId, fold: asWritten },
  { name: 'status', indexed: false, read: (order) => order.status, fold: asWritten },
  { name: 'departmentId', indexed: true, read: (order) => order.departmentId, fold: asWritten, isInternal: true },
]

export const orders: Collection<OrderFields> = {
  name: 'orders',
  singular: 'order',
  idPrefix: 'o',
  columns,
  schemas: { record: orderSchema, create: createOrderSchema, patch: patchOrderSchema },
  create: (body, context) => {
    const lines = Array.isArray(body['lines']) ? body['lines'].map(newLineOf) : body['lines']
    const { lines: given, ...header } = parseFields(
      withoutNulls(pickWritable({ ...body, lines }, writableBy(context))),
      newOrder,
    )
    const fields: OrderFields = { ...emptyOrder, ...storedForm(emptyOrder, header) }
    const checked = addLines([], given, context, (index) => `/lines/${index}`)
    refuse([...headerErrors(fields, emptyOrder, context), ...checked.errors])
    const numbered = fields.number === '' ? { ...fields, number: context.view.freeOrderNumber() } : fields
    return withLines(numbered, checked.lines)
  },
  patch: (current, patch, context) => {
    const { lines, ...touched } = pickWritable(patch, writableBy(context))
    const given = { ...patchedFields(current, touched), ...(lines !== undefined && { lines }) }
    const { lines: corrections, ...header } = parseFields(given, changedOrder)
    const patched: OrderFields = { ...current, ...storedForm(current, header) }
    if (corrections === undefined) {
      refuse(headerErrors(patched, current, context))
      assertAllowed(current, patched, context)
      return patched
    }
    assertOpen(current)
    const mayCorrect = patched.status === 'invoiced'
    const misplaced = { pointer: '/lines', detail: 'Lines come along only in the PATCH that sets invoiced.' }
    const checked: CheckedLines = mayCorrect
      ? correctLines(current.lines, corrections, context)
      : { lines: current.lines, errors: [misplaced] }
    refuse([...headerErrors(patched, current, context), ...checked.errors])
    assertLinesOffered(context)
    return isSameJson(checked.lines, current.lines) ? patched : withLines(patched, checked.lines)
  },
  unique: ({ erpId, number }) => {
    const rules: UniqueRule[] = [{ field: 'number', columns: { number } }]
    if (erpId !== null) rules.push({ field: 'erpId', columns: { erpId } })
    return rules
  },
  // The contract has no capability for deleting: whoever may write orders may delete them.
  offers: (settings) => ({ create: settings.createOrders, update: settings.updateOrders, delete: true }),
  assertRemovable: (order) => {
    if (order.status === 'invoiced') throw new Problem(409, 'locked', `Order ${order.number} is invoiced.`)
  },
  searchText: (order) =>
    [
      order.number,
      order.status,
      order.customerId,
      order.purchaseOrderReference,
      order.customerReference,
      order.erpOrderNumber,
      order.invoiceNumber,
      order.erpId,
      ...order.lines.flatMap((line) => [line.sku, line.description]),
    ]
      .filter((part) => part)
      .join(' '),
}

/** The order with these lines, which are sorted already, and the totals that follow from them. */
export function withLines<Order extends OrderFields>(order: Order, lines: readonly OrderLine[]): Order {
  return { ...order, ...totalsOf(lines), lines }
}

/** @throws Problem 409 for an order that nobody may edit any more */
export function assertOpen(order: OrderFields): void {
  if (!isLocked(order)) return
  throw new Problem(409, 'locked', `Order ${order.number} is ${order.status} and can no longer be edited.`)
}

/** @throws Problem 403 when the sync may not touch lines in this shop */
export function assertLinesOffered({ caller, settings }: WriteContext): void {
  if (caller === 'shopkeeper' || settings.editOrderLines) return
  throw new Problem(403, 'not-offered', 'This shop does not offer to edit the lines of orders.')
}

const isLocked = ({ status }: OrderFields) => status === 'invoiced' || status === 'cancelled'

/** A locked order takes these two, whatever happens to it in the ERP. */
const openForEver = { erpId: null, invoiceBalance: null }

/**
 * The rest of the status rules follows: open and confirmed lead everywhere, and what is locked stays as it is.
 * @throws Problem 409 | 403
 */
function assertAllowed(current: OrderFields, next: OrderFields, { caller, settings }: WriteContext): void {
  if (!isSameJson({ ...current, ...openForEver }, { ...next, ...openForEver })) assertOpen(current)
  const isCancelling = next.status === 'cancelled' && current.status !== 'cancelled'
  if (isCancelling && caller !== 'shopkeeper' && !settings.cancelOrders) {
    throw new Problem(403, 'not-offered', 'This shop does not offer to cancel orders.')
  }
}

const ofSync = headerOfSync.extend({ lines: newOrder.shape.lines })
const ofShopkeeper = headerOfShopkeeper.extend({ lines: newOrder.shape.lines })
const writableBy = ({ caller }: WriteContext) => (caller === 'shopkeeper' ? ofShopkeeper : ofSync)

const newLineOf = (line: unknown) => (isJsonObject(line) ? withoutNulls(line) : line)

type GivenHeader = Omit<ReturnType<typeof changedOrder.parse>, 'lines'>

function storedForm(before: OrderFields, given: GivenHeader): Partial<OrderFields> {
  const { orderedAt, invoiceBalance, deliveryAddress, payment, ...fields } = given
  return {
    ...(fields as Partial<OrderFields>), // JSON has no undefined, which is all that the cast removes
    ...(orderedAt !== undefined && { orderedAt: new Date(orderedAt).toISOString() }),
    ...(deliveryAddress !== undefined && { deliveryAddress: wholeAddress(deliveryAddress) }),
    ...(payment !== undefined && { payment: { ...noPayment, ...(payment as JsonObject | null) } }),
    ...(invoiceBalance !== undefined && {
      invoiceBalance: unlessEqual(before.invoiceBalance, invoiceBalance === null ? null : moneyDecimal(invoiceBalance)),
    }),
  }
}

/** Only of what this write changes: an order that holds a wrong thing may be edited elsewhere. */
function headerErrors(order: OrderFields, before: OrderFields, { caller, view }: WriteContext): FieldError[] {
  const errors: FieldError[] = []
  const reject = (field: keyof OrderFields, detail: string) => errors.push({ pointer: `/${field}`, detail })
  const { customerId, departmentId, creditsOrderId, orderedAt } = order
  if (customerId !== before.customerId) {
    const kind = view.findCustomer(customerId)?.kind
    if (kind === undefined) reject('customerId', `There is no customer ${customerId}.`)
    if (kind === 'department') reject('customerId', `Customer ${customerId} is a department and cannot order.`)
  }
  if (departmentId !== null && departmentId !== before.departmentId) {
    const kind = view.findCustomer(departmentId)?.kind
    if (kind === undefined) reject('departmentId', `There is no department ${departmentId}.`)
    else if (kind !== 'department') reject('departmentId', `Customer ${departmentId} is a ${kind} and no department.`)
  }
  if (creditsOrderId !== null && creditsOrderId !== before.creditsOrderId && !view.hasOrder(creditsOrderId)) {
    reject('creditsOrderId', `There is no order ${creditsOrderId}.`)
  }
  if (before !== emptyOrder && orderedAt !== before.orderedAt && caller !== 'shopkeeper') {
    reject('orderedAt', `The time of the order cannot be changed; it is ${before.orderedAt}.`)
  }
  return errors
}
