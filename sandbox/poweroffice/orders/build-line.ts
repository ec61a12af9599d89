import { randomUUID } from 'node:crypto'
import { withDefaults } from '../complete-dto.ts'
import { effectiveProduct } from '../products/effective.ts'
import { settleReferences, settleWritten } from '../references.ts'
import type { SandboxState } from '../sandbox-state.ts'
import type { JsonObject } from '../schema.ts'
import { settledAccrual } from './accrual.ts'
import { refuseAbsent, splitExplicitNone } from './dimensions.ts'
import { type LineDto, lineTable, storedLine } from './line-dto.ts'
import { unknownInOrder } from './refusals.ts'

const references = lineTable.references ?? []

/** A new line of an order, unpriced. `sent` has passed the POST schema. */
export function builtLine(
  state: SandboxState,
  orderId: string,
  sent: JsonObject,
  earlier: readonly LineDto[],
): LineDto {
  const unknown = unknownInOrder(state)
  const { named, none } = splitExplicitNone(sent)
  refuseAbsent(named, unknown)
  const settled = settleReferences(state, references, named, unknown)
  return storedLine({
    ...withDefaults(
      { ...named, ...settled, ...none },
      {
        ...copiedFromProduct(state, settled.ProductId),
        LineType: 'Normal',
        SortOrder: nextAfter(earlier, 'SortOrder'),
      },
    ),
    Accrual: settledAccrual(state, sent.Accrual),
    Id: randomUUID(),
    SalesOrderId: orderId,
    Sequence: nextAfter(earlier, 'Sequence'),
  })
}

/** The line with checked changes in it. A new product brings its code along, and neither price nor text: those are copied at creation (README.md). */
export function changedLine(state: SandboxState, current: LineDto, changes: JsonObject): LineDto {
  const unknown = unknownInOrder(state)
  const { named, none } = splitExplicitNone(changes)
  refuseAbsent(named, unknown)
  const accrual = 'Accrual' in changes ? { Accrual: settledAccrual(state, changes.Accrual) } : {}
  const written = { ...named, ...settleWritten(state, references, named, unknown), ...none, ...accrual }
  const next = withDefaults({ ...current, ...written }, { LineType: 'Normal', SortOrder: current.SortOrder })
  return storedLine({ ...next, Sequence: current.Sequence })
}

/** What a line takes over from its product where it says nothing itself. */
function copiedFromProduct(state: SandboxState, productId: unknown): JsonObject {
  const product = typeof productId === 'number' ? state.products.get(productId) : null
  if (!product) return {}
  const { unitPrice, unitCost, unitOfMeasureCode } = effectiveProduct(state, product)
  return {
    Description: product.Name,
    ProductUnitPrice: unitPrice,
    ProductUnitCost: unitCost,
    UnitOfMeasureCode: unitOfMeasureCode,
  }
}

/** From 0 on. */
function nextAfter(lines: readonly LineDto[], property: 'SortOrder' | 'Sequence'): number {
  return lines.reduce((next, line) => Math.max(next, line[property] + 1), 0)
}
