import { refusalOf, takenBy } from '../entity-kind.ts'
import type { Problem } from '../problem.ts'
import type { SandboxState } from '../sandbox-state.ts'
import { isJsonObject, type JsonObject } from '../schema.ts'
import type { ProductDto } from './dto.ts'

/** @param written properties named by the request; rules about others stay quiet */
export function assertProductAllowed(
  state: SandboxState,
  product: ProductDto,
  written: ReadonlySet<string> | 'all',
): void {
  const { productCodeUnique, gtinLength } = state.settings.current()
  const isWritten = (name: string) => written === 'all' || written.has(name)
  if (isWritten('Name') && (product.Name ?? '').trim() === '') throw refused('Name is required.')
  if (isWritten('Gtin') && product.Gtin && gtinLength === '13' && !/^\d{13}$/.test(product.Gtin)) {
    throw refused(`Gtin '${product.Gtin}' is not valid.`)
  }
  if (!isWritten('Code') || !product.Code || productCodeUnique === 'duplicates') return
  const other = state.products.find({ sql: 'code = ?', values: [product.Code] }, product.Id)
  if (other) throw refused(takenBy('Code', product.Code, other))
}

/** Stock on hand can be set of stock items only (README.md). */
export function assertStockAllowed(sent: JsonObject, { isStockItem }: { isStockItem: boolean }): void {
  if (typeof sent.StockOnHand === 'number' && !isStockItem) throw needsStockItem()
}

/** The order of operations counts too (switch stockOpOrder): a product must be a stock item by the time its stock is set. */
export function assertStockOperations(state: SandboxState, product: ProductDto, operations: unknown): void {
  const { stockOpOrder, patchPathCasing } = state.settings.current()
  if (stockOpOrder === 'any' || !Array.isArray(operations)) return
  const addresses = (path: unknown, property: string) =>
    typeof path === 'string' &&
    (path === `/${property}` ||
      (patchPathCasing === 'insensitive' && path.toLowerCase() === `/${property.toLowerCase()}`))
  let isStockItem = product.IsStockItem === true
  for (const operation of operations as readonly unknown[]) {
    if (!isJsonObject(operation) || operation.op === 'test') continue
    if (addresses(operation.path, 'IsStockItem')) isStockItem = operation.value === true
    if (addresses(operation.path, 'StockOnHand') && typeof operation.value === 'number' && !isStockItem) {
      throw needsStockItem()
    }
  }
}

function needsStockItem(): Problem {
  return refused('StockOnHand can only be set when IsStockItem is true.')
}

function refused(detail: string): Problem {
  return refusalOf({ noun: 'Product' }, detail)
}
