import { z } from '@hono/zod-openapi'
import { wholeAddress } from './address.ts'
import { decimal, type GivenDecimal, moneyDecimal, plainDecimal } from './decimals.ts'
import { type OrderLine, writableLine } from './line-schema.ts'
import { sortedLines } from './order-lines.ts'
import { emptyOrder, headerOfShopkeeper, noPayment, type OrderFields } from './order-schema.ts'
import { totalsOf } from './order-totals.ts'
import { fieldErrors, invalidFields } from './problem.ts'
import type { Shop } from './shop.ts'

/** A line to put in as it is. The sku is the product's where none is given. */
export type BulkLine = Partial<Omit<OrderLine, 'id'>> & Pick<OrderLine, 'kind' | 'description'>

/**
 * An order to put in as it is. The shop gives the number, positions and totals that are not given; an order that
 * comes with totals keeps them until its lines change, as in a shop that charged with VAT.
 */
export type BulkOrder = Partial<Omit<OrderFields, 'lines'>> &
  Pick<OrderFields, 'customerId'> & { readonly lines?: readonly BulkLine[] }

const anyText = z.string().nullable()

// Types are checked, contents are not: dirty data is the point. What the API promises its readers still holds.
const bulkSchema = z.array(
  headerOfShopkeeper
    .extend({
      number: z.string(),
      totalExVat: decimal,
      totalIncVat: decimal,
      lines: z.array(
        writableLine
          .extend({ sku: anyText, description: z.string(), position: z.int() })
          .partial()
          .required({ kind: true, description: true })
          .strict(),
      ),
    })
    .partial()
    .required({ customerId: true })
    .strict(),
)

/**
 * Puts orders in as they are: no rule checked, customers and products that are not there welcome, no webhooks sent.
 * They appear in the change feed like any others. All in one transaction.
 * @returns the new ids, in the order of the list
 */
export function insertOrders(shop: Shop, list: readonly BulkOrder[]): string[] {
  const { view, settings } = shop.writeContext('shopkeeper')
  // Orders of one list share products; looking each up once is most of the speed.
  const skus = new Map<string, string | null>()
  const skuOf = (productId: string): string | null => {
    const sku = skus.get(productId) ?? view.findProduct(productId)?.sku ?? null
    skus.set(productId, sku)
    return sku
  }
  const lineOf = (line: BulkLine, index: number): OrderLine => {
    const { kind, productId = null, description, quantity = null, unit = null } = line
    const { unitPriceExVat = null, discountPercent = null, vatRate = null } = line
    const { sku = productId === null ? null : skuOf(productId), position = settings.positionsFrom + index } = line
    const id = view.nextLineId()
    return {
      ...{ id, kind, sku, productId, description, quantity, unit },
      ...{ unitPriceExVat, discountPercent, vatRate, position },
    }
  }
  return shop.inTransaction(() =>
    list.map((order) => {
      const lines = sortedLines((order.lines ?? []).map(lineOf))
      const number = order.number ?? view.freeOrderNumber()
      const { orderedAt = new Date().toISOString() } = order
      return shop.stores.orders.insert({ ...emptyOrder, ...totalsOf(lines), ...order, number, orderedAt, lines }).id
    }),
  )
}

/** @throws Problem 422 that names each wrong field by its place in the list */
export function parseBulkOrders(list: unknown): BulkOrder[] {
  const parsed = bulkSchema.safeParse(list)
  if (!parsed.success) throw invalidFields(fieldErrors(parsed.error).slice(0, 20))
  // JSON has no undefined, which is all that the casts remove.
  return parsed.data.map(({ invoiceBalance, totalExVat, totalIncVat, payment, deliveryAddress, lines, ...order }) => ({
    ...(order as BulkOrder),
    payment: { ...noPayment, ...(payment as Partial<OrderFields['payment']>) },
    deliveryAddress: wholeAddress(deliveryAddress ?? null),
    invoiceBalance: asText(invoiceBalance, moneyDecimal) ?? null,
    ...(totalExVat !== undefined && { totalExVat: moneyDecimal(totalExVat) }),
    ...(totalIncVat !== undefined && { totalIncVat: moneyDecimal(totalIncVat) }),
    lines: (lines ?? []).map(({ quantity, unitPriceExVat, discountPercent, vatRate, ...line }) => ({
      ...(line as BulkLine),
      quantity: asText(quantity, plainDecimal),
      unitPriceExVat: asText(unitPriceExVat, moneyDecimal),
      discountPercent: asText(discountPercent, plainDecimal),
      vatRate: asText(vatRate, plainDecimal),
    })),
  }))
}

/** Text stays as it was written; only a JSON number needs a form. */
function asText(value: GivenDecimal | null | undefined, form: (value: number) => string): string | null {
  return typeof value === 'number' ? form(value) : (value ?? null)
}
