import { Big } from 'big.js'
import type { SandboxDatabase } from '../database.ts'
import type { SandboxState } from '../sandbox-state.ts'
import type { ProductDto } from './dto.ts'

/** What confirmed orders hold back, per product; kept for products without stock too, as they may get one later. */
export function createReservationTable(database: SandboxDatabase): void {
  database.exec('CREATE TABLE IF NOT EXISTS product_reservations (id INTEGER PRIMARY KEY, quantity TEXT)')
}

/**
 * An order confirmed (positive) or opened, deleted or invoiced again (negative). Moves StockAvailable and no change time:
 * the stock's own follows the stock on hand only (README.md).
 */
export function moveReservation(state: SandboxState, productId: number, quantityDelta: number): void {
  const quantity = reserved(state.database, productId).plus(quantityDelta)
  state.database.run(
    'INSERT OR REPLACE INTO product_reservations (id, quantity) VALUES (?, ?)',
    productId,
    quantity.toFixed(),
  )
  const product = state.products.get(productId)
  if (product?.IsStockItem) save(state, { ...product, StockAvailable: available(state.database, product) })
}

/** Goods sent (negative) or received; nothing happens to a product that is no stock item. LastChanged does not move (README.md). */
export function moveStock(state: SandboxState, productId: number, quantityDelta: number): void {
  const product = state.products.get(productId)
  if (!product?.IsStockItem || quantityDelta === 0) return
  const onHand = new Big(product.StockOnHand ?? 0).plus(quantityDelta).toNumber()
  save(state, withStockOnHand(state.database, product, onHand, state.clock.next()))
}

/** The three stock properties after a count of `onHand`; null: the product is no stock item. */
export function withStockOnHand(
  database: SandboxDatabase,
  product: ProductDto,
  onHand: number | null,
  now: string,
): ProductDto {
  const counted = { ...product, StockOnHand: onHand, StockOnHandLastChangedDatetimeOffset: now }
  return { ...counted, StockAvailable: available(database, counted) }
}

export function forgetReservation(database: SandboxDatabase, productId: number): void {
  database.run('DELETE FROM product_reservations WHERE id = ?', productId)
}

function available(database: SandboxDatabase, product: ProductDto): number | null {
  return product.StockOnHand === null
    ? null
    : new Big(product.StockOnHand).minus(reserved(database, product.Id)).toNumber()
}

function reserved(database: SandboxDatabase, productId: number): Big {
  const row = database.row('SELECT quantity FROM product_reservations WHERE id = ?', productId)
  return new Big(typeof row?.quantity === 'string' ? row.quantity : 0)
}

function save(state: SandboxState, product: ProductDto): void {
  state.products.save(product, { lateMs: state.settings.current().lateVisibility })
}
