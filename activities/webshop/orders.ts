import { z } from 'zod'
import type { FlowDefinition } from '../../flows/flow-definition.ts'
import type { CompanyOptions, ShopScope } from '../../flows/flow-options.ts'
import { salesOrderLines } from '../../flows/sales-order-lines.ts'
import { salesOrders } from '../../flows/sales-orders.ts'
import type { JsonObject, ParsedRecord, Prepared } from '../connector.ts'
import { isAbsentEverywhere, isRow, type Row } from '../http/absent-property.ts'
import type { Capabilities } from './capabilities.ts'
import type { OrderGuests } from './order-guests.ts'
import { itemsOf, linesSchema } from './order-lines.ts'
import { prepareOrderCreate, prepareOrderUpdate } from './order-rules.ts'
import { outOfScopeOf } from './order-scope.ts'
import { refuse } from './record-rules.ts'
import { absentFrom, type SchemaFault, type ShopEntity } from './shop-entity.ts'
import { isTombstone, parseRow, presentRecord, recordHead } from './shop-record.ts'
import { orderOutOfScope } from './shop-scope.ts'
import { address, amount, decimal, reference, text } from './shop-values.ts'

export const ordersPath = '/api/orders'

const payment = z
  .object({ status: text, method: text, reference: text })
  .nullish()
  .transform((value) => value ?? null)

const orderSchema = recordHead.extend({
  number: text,
  status: text,
  customerId: reference,
  departmentId: reference,
  currency: text,
  orderedAt: text,
  purchaseOrderReference: text,
  customerReference: text,
  deliveryAddress: address,
  payment,
  creditsOrderId: reference,
  erpOrderNumber: text,
  invoiceNumber: text,
  invoiceDueDate: text,
  invoiceBalance: decimal,
  totalExVat: amount,
  totalIncVat: amount,
  lines: linesSchema,
})

type OrderOptions = CompanyOptions['salesOrders'] & { readonly scope: ShopScope }

/** Orders as the flow of their headers sees them. They carry their lines, with which they are created. */
export function ordersEntity(options: OrderOptions, guests: OrderGuests | null): ShopEntity {
  return {
    ...sharedByBoth(salesOrders, options, guests),
    offers: ({ orders }) => ({ create: orders?.create === true, update: orders?.update === true }),
    refusedEdit: (body, { orders }) =>
      body['status'] === 'cancelled' && orders?.cancel !== true
        ? 'Its capabilities say that it does not cancel orders: cancel it in the shop.'
        : null,
    prepareCreate: prepareOrderCreate,
    prepareUpdate: prepareOrderUpdate,
  }
}

/** The same orders as the flow of their lines sees them: only the lines are written, one by one (line-edits.ts). */
export function orderLinesEntity(options: OrderOptions, guests: OrderGuests | null): ShopEntity {
  return {
    ...sharedByBoth(salesOrderLines, options, guests),
    offers: ({ orders }) => ({ create: false, update: orders?.editLines === true }),
    prepareCreate: () => refuse('Lines are created with their order, or one by one in an order that is there.'),
    prepareUpdate: (_current: JsonObject, _values: JsonObject, flags: string): Prepared => ({
      body: {},
      flags,
      notes: [],
      refusal: null,
    }),
  }
}

function sharedByBoth(definition: FlowDefinition, options: OrderOptions, guests: OrderGuests | null) {
  return {
    definition,
    path: ordersPath,
    notOffered: ({ orders }: Capabilities) =>
      orders
        ? null
        : 'The webshop has no orders to offer: add them to its lists and capabilities to have them kept equal.',
    findSchemaFault: findOrderFault,
    parse: (item: Row, etag: string | null) => parseOrder(definition, options, item, etag),
    ...(guests && { complete: guests.complete }),
  }
}

/** An order that does not say its lines is unreadable, never one without lines; where none says them, the shop has dropped them (E16). */
function findOrderFault(rows: readonly Row[]): SchemaFault | undefined {
  const own = rows.filter((row) => !isTombstone(row))
  if (isAbsentEverywhere('lines', own)) return { property: 'lines', where: 'on any order' }
  // What has no id is no line, and says nothing of what lines have.
  const isLine = (line: unknown): line is Row => isRow(line) && Object.hasOwn(line, 'id')
  const lines = own.flatMap((row) => (Array.isArray(row['lines']) ? row['lines'].filter(isLine) : []))
  const ofLines = absentFrom(salesOrderLines, lines)
  return absentFrom(salesOrders, own) ?? (ofLines && { ...ofLines, where: 'on any line' })
}

function parseOrder(definition: FlowDefinition, options: OrderOptions, item: Row, etag: string | null): ParsedRecord {
  return parseRow(item, orderSchema, ({ lines, totalExVat, totalIncVat, creditsOrderId, ...fields }) => {
    const { id, version, changedAt, erpId, ...raw } = fields
    const record = presentRecord(definition, { id, version, changedAt, erpId }, raw, { etag, outOfScope: null })
    const { reference: named } = record
    const scope = { status: raw.status, paymentStatus: raw.payment?.status ?? null, orderedAt: raw.orderedAt }
    return {
      ...record,
      outOfScope: outOfScopeOf({ ...scope, reference: named }, options) ?? orderOutOfScope(scope, options.scope),
      items: itemsOf(lines),
      isLocked: locked.includes(raw.status ?? ''),
      ...(creditsOrderId !== null && { credits: creditsOrderId }),
      invoice: { number: raw.invoiceNumber, isExpected: raw.invoiceNumber === null && isOpen(raw.status) },
      ...(totalExVat !== null && totalIncVat !== null && { totals: { net: totalExVat, gross: totalIncVat } }),
    }
  })
}

function isOpen(status: string | null): boolean {
  return status === 'open' || status === 'confirmed'
}

/** Nothing leaves these, and the shop refuses edits of such an order (409 locked). */
const locked = ['invoiced', 'cancelled']
